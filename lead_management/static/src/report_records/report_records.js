import {registry} from "@web/core/registry";

/** Open exactly the records behind a number of a report that was mailed. */
export function reportRecords(env, action) {
    const {report, start, what} = action.params || {};
    return env.services.orm.call("lead.report.subscription", "action_show", [
        Number(report) || 0,
        String(start || ""),
        String(what || ""),
    ]);
}
reportRecords.path = "lead-report";

registry.category("actions").add("lead_report_records", reportRecords);

import {AttendeeCalendarCommonPopover} from "@calendar/views/attendee_calendar/common/attendee_calendar_common_popover";
import {patch} from "@web/core/utils/patch";

/** What came of a meeting with a lead is logged where one meets it: in the calendar. */
patch(AttendeeCalendarCommonPopover.prototype, {
    get isWithLead() {
        return Boolean(this.props.record.rawRecord.opportunity_id);
    },

    async onLogOutcome() {
        const {close, model, record} = this.props;
        const {actionService} = this;
        const action = await this.orm.call("calendar.event", "action_log_touch", [[record.id]]);
        close();
        await actionService.doAction(action, {onClose: () => model.load()});
    },
});

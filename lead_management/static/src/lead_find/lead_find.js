import {Component} from "@odoo/owl";
import {DefaultCommandItem} from "@web/core/commands/command_palette";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {user} from "@web/core/user";
import {useService} from "@web/core/utils/hooks";

const MIN_LENGTH = 3;
const DELAY = 150;
const CATEGORY = "lead_find";

/** A lead that was found: who it is, where it is, and whose. */
export class FoundLead extends Component {
    static template = "lead_management.FoundLead";
    static props = {
        ...DefaultCommandItem.props,
        lead: Object,
        slots: {type: Object, optional: true},
    };
}

async function provide(env, {searchValue = ""}) {
    const text = searchValue.trim();
    if (text.length < MIN_LENGTH || !(await isSalesperson())) {
        return [];
    }
    const {action, orm} = env.services;
    const leads = await orm.silent.call("crm.lead", "action_find", [text]);
    return leads.map((lead) => ({
        Component: FoundLead,
        category: CATEGORY,
        // the palette sorts out what does not contain what was typed: a number may be
        // written in another way
        name: `${searchValue} ${lead.name}`,
        href: `/odoo/crm.lead/${lead.id}`,
        props: {lead},
        action: () =>
            action.doAction({
                type: "ir.actions.act_window",
                res_model: "crm.lead",
                res_id: lead.id,
                views: [[false, "form"]],
                target: "current",
                context: {active_test: false},
            }),
    }));
}

function isSalesperson() {
    return user.hasGroup("sales_team.group_sale_salesman");
}

export const leadProvider = {provide};

registry.category("command_categories").add(CATEGORY, {}, {sequence: 5});
registry.category("command_provider").add("lead_management.find", leadProvider);

/** In the top bar: finds a lead by what one knows of it. */
export class FindLead extends Component {
    static template = "lead_management.FindLead";
    static props = {};

    setup() {
        this.command = useService("command");
    }

    open() {
        this.command.openPalette({
            providers: [leadProvider],
            configByNamespace: {
                default: {
                    categories: [CATEGORY],
                    categoryNames: {},
                    debounceDelay: DELAY,
                    emptyMessage: _t("No lead found. Type a name, a number or an email."),
                    placeholder: _t("Find a lead: name, number, email or company"),
                },
            },
        });
    }
}

registry
    .category("systray")
    .add(
        "lead_management.FindLead",
        {Component: FindLead, isDisplayed: () => user.isInternalUser},
        {sequence: 31},
    );

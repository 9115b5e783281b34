import {registry} from "@web/core/registry";
import {FormRenderer} from "@web/views/form/form_renderer";
import {StatusBarButtons} from "@web/views/form/status_bar_buttons/status_bar_buttons";
import {findLaterFields, LeadNotebook} from "@lead_management/lead_form/lead_tabs";
// lead_form is Odoo's own form of leads, with another header and tabs
import "@crm/views/crm_form/crm_form";

const crmFormView = registry.category("views").get("crm_form");

/** What is due now and what is used all day; all others stand behind a menu. */
const SHOWN = 2;

/**
 * At most three buttons, on a desk as on the phone. The others keep their keys: they are
 * there, too, for the keyboard alone.
 */
export class LeadHeaderButtons extends StatusBarButtons {
    static template = "lead_management.LeadHeaderButtons";

    get shown() {
        return this.visibleSlotNames.slice(0, SHOWN);
    }

    get others() {
        return this.visibleSlotNames.slice(SHOWN);
    }
}

export class LeadFormRenderer extends FormRenderer {
    static components = {
        ...FormRenderer.components,
        Notebook: LeadNotebook,
        StatusBarButtons: LeadHeaderButtons,
    };
}

/** What stands on tabs is read when one of these is opened. */
export class LeadFormModel extends crmFormView.Model {
    setup() {
        super.setup(...arguments);
        /** Names of the fields of the tabs; null: they are read with the others. */
        this.laterFields = null;
    }

    _getNextConfig(currentConfig, params) {
        const config = super._getNextConfig(currentConfig, params);
        if (this.allFields === undefined) {
            this.allFields = config.activeFields;
        }
        const entries = Object.entries(this.allFields);
        config.activeFields =
            config.resId && this.laterFields
                ? Object.fromEntries(entries.filter(([name]) => !this.laterFields.has(name)))
                : this.allFields;
        return config;
    }

    /** Read what was left out; what was changed meanwhile stays so. */
    loadLater() {
        const names = this.laterFields;
        this.laterFields = null;
        if (!names || this.root.isNew) {
            return;
        }
        return this.mutex.exec(async () => {
            const record = this.root;
            const entries = Object.entries(this.allFields).filter(([name]) => names.has(name));
            const activeFields = Object.fromEntries(entries);
            let values = null;
            try {
                [values] = await this._loadRecords({...record.config, activeFields});
            } catch (error) {
                this.laterFields = names;
                throw error;
            }
            await this._updateConfig(
                record.config,
                {activeFields: {...record.activeFields, ...activeFields}},
                {reload: false},
            );
            record._applyValues(values);
        });
    }
}

export class LeadFormController extends crmFormView.Controller {
    setup() {
        super.setup();
        // who comes back finds the tab open that was
        const pages = Object.keys(this.props.state?.activeNotebookPages || {});
        if (!pages.length) {
            this.model.laterFields = findLaterFields(this.archInfo, this.props.fields);
        }
    }
}

registry.category("views").add("lead_form", {
    ...crmFormView,
    Controller: LeadFormController,
    Model: LeadFormModel,
    Renderer: LeadFormRenderer,
});

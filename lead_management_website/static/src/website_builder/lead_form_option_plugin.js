import {BaseOptionComponent} from "@html_builder/core/utils";
import {Plugin} from "@html_editor/plugin";
import {onWillStart} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";

export class LeadFormOption extends BaseOptionComponent {
    static template = "lead_management_website.LeadFormOption";
    static selector = ".s_lead_form";
    static dependencies = ["leadFormOption"];

    setup() {
        super.setup();
        this.forms = [];
        onWillStart(async () => {
            this.forms = await this.dependencies.leadFormOption.fetchForms();
        });
    }
}

/** Puts the first web form into a block that is dropped, and lets another be chosen. */
class LeadFormOptionPlugin extends Plugin {
    static id = "leadFormOption";
    static shared = ["fetchForms"];
    resources = {
        builder_options: [LeadFormOption],
        so_content_addition_selector: [".s_lead_form"],
        on_snippet_dropped_handlers: this.onSnippetDropped.bind(this),
    };

    fetchForms() {
        this.forms ||= this.services.orm.call("website", "get_lead_forms", [], {
            context: {website_id: this.services.website.currentWebsite.id},
        });
        return this.forms;
    }

    async onSnippetDropped({snippetEl}) {
        if (!snippetEl.matches(".s_lead_form")) {
            return;
        }
        const [form] = await this.fetchForms();
        if (form) {
            snippetEl.querySelector("iframe").setAttribute("src", form.url);
            return;
        }
        this.services.notification.add(
            _t("Create a web form in CRM first: Configuration, Capture Sources."),
            {type: "warning"},
        );
        return true;
    }
}

registry.category("website-plugins").add(LeadFormOptionPlugin.id, LeadFormOptionPlugin);

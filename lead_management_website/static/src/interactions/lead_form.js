import {Interaction} from "@web/public/interaction";
import {registry} from "@web/core/registry";

/** A form within a page is as high as what stands in it. */
export class LeadForm extends Interaction {
    static selector = ".s_lead_form";
    dynamicContent = {
        iframe: {"t-on-load": this.fit},
    };

    start() {
        this.fit();
    }

    fit() {
        const frame = this.el.querySelector("iframe");
        let height = 0;
        try {
            height = frame.contentDocument?.querySelector("main")?.offsetHeight;
        } catch {
            // a page of another site came after sending
        }
        if (height) {
            frame.style.height = `${height + 16}px`;
        }
    }
}

registry.category("public.interactions").add("lead_management_website.lead_form", LeadForm);

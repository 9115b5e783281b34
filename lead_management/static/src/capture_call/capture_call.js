import {Component, useRef, useState} from "@odoo/owl";
import {scanBarcode} from "@web/core/barcode/barcode_dialog";
import {isBarcodeScannerSupported} from "@web/core/barcode/barcode_video_scanner";
import {Dialog} from "@web/core/dialog/dialog";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {user} from "@web/core/user";
import {useAutofocus, useService} from "@web/core/utils/hooks";
import {useDebounced} from "@web/core/utils/timing";

const WAIT = 250;
const LONGEST_CARD = 4000;

/** A lead while somebody is on the phone: who is it, do we know them, what is needed? */
export class CaptureCallDialog extends Component {
    static template = "lead_management.CaptureCallDialog";
    static components = {Dialog};
    static props = {close: Function};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        this.file = useRef("file");
        useAutofocus({refName: "first"});
        this.canScan = isBarcodeScannerSupported();
        this.state = useState({
            values: {
                phone: "",
                contact_name: "",
                partner_name: "",
                email_from: "",
                description: "",
                is_mine: true,
            },
            known: [],
            photo: "",
            isBusy: false,
        });
        this.asked = 0;
        this.lookUp = useDebounced((text) => this.find(text), WAIT);
    }

    get title() {
        return _t("New Lead from a Call");
    }

    get canSave() {
        const {contact_name, partner_name} = this.state.values;
        return Boolean(contact_name.trim() || partner_name.trim()) && !this.state.isBusy;
    }

    set(name, value) {
        this.state.values[name] = value;
        if (name !== "description") {
            this.lookUp(value);
        }
    }

    async find(text) {
        const asked = ++this.asked;
        const known = await this.orm.silent.call("crm.lead", "action_capture_lookup", [text]);
        // an answer that is late is one to an older question
        if (asked === this.asked) {
            this.state.known = known;
        }
    }

    async open(lead) {
        this.props.close();
        await this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "crm.lead",
            res_id: lead.id,
            views: [[false, "form"]],
        });
    }

    async scan() {
        const text = await scanBarcode(this.env);
        if (text) {
            await this.readCard(text);
        }
    }

    /** Fill in what a card says: the text of its code, or of a file of contacts. */
    async readCard(text) {
        const card = await this.orm.call("crm.lead", "action_capture_card", [text]);
        if (!Object.keys(card).length) {
            this.notification.add(_t("This code is not a business card."), {
                type: "warning",
            });
        }
        Object.assign(this.state.values, card);
        this.lookUp(card.phone || card.email_from || card.contact_name || "");
    }

    async onContact(event) {
        const [file] = event.target.files;
        if (file) {
            await this.readCard((await file.text()).slice(0, LONGEST_CARD));
        }
    }

    onPhoto(event) {
        const [file] = event.target.files;
        if (!file) {
            return;
        }
        const reader = new FileReader();
        reader.onload = () => {
            this.image = reader.result;
            this.state.photo = file.name;
        };
        reader.readAsDataURL(file);
    }

    async save() {
        this.state.isBusy = true;
        try {
            const values = {...this.state.values, image: this.image || false};
            const action = await this.orm.call("crm.lead", "action_capture_call", [values]);
            this.props.close();
            await this.action.doAction(action);
        } finally {
            this.state.isBusy = false;
        }
    }
}

/** The button in the top bar. */
export class CaptureCall extends Component {
    static template = "lead_management.CaptureCall";
    static props = {};

    setup() {
        this.dialog = useService("dialog");
    }

    open() {
        this.dialog.add(CaptureCallDialog, {});
    }
}

registry.category("services").add("lead_capture_call", {
    async start() {
        if (await user.hasGroup("sales_team.group_sale_salesman")) {
            registry
                .category("systray")
                .add("lead_management.capture_call", {Component: CaptureCall}, {sequence: 101});
        }
    },
});

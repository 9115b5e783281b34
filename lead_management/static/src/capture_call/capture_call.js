import {Component, useState} from "@odoo/owl";
import {scanBarcode} from "@web/core/barcode/barcode_dialog";
import {isBarcodeScannerSupported} from "@web/core/barcode/barcode_video_scanner";
import {Dialog} from "@web/core/dialog/dialog";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {user} from "@web/core/user";
import {useAutofocus, useService} from "@web/core/utils/hooks";
import {useDebounced} from "@web/core/utils/timing";
import {getDataURLFromFile} from "@web/core/utils/urls";
import {readCode} from "./card_code";

const WAIT = 250;
const LONGEST_CARD = 200_000;
const LARGEST_PHOTO = 10 * 1024 * 1024;

/** A lead while somebody is on the phone: who is it, do we know them, what is needed? */
export class CaptureCallDialog extends Component {
    static template = "lead_management.CaptureCallDialog";
    static components = {Dialog};
    static props = {close: Function};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        useAutofocus({refName: "first"});
        this.canScan = isBarcodeScannerSupported();
        this.state = useState({
            values: {
                phone: "",
                contact_name: "",
                partner_name: "",
                email_from: "",
                description: "",
                function: "",
                website: "",
                is_mine: true,
            },
            known: [],
            photo: "",
            told: "",
            isReading: false,
            isBusy: false,
        });
        // names of fields somebody typed something into: no card changes those
        this.typed = new Set();
        this.asked = 0;
        this.lookUp = useDebounced((text) => this.find(text), WAIT);
    }

    get title() {
        return _t("New Lead from a Call");
    }

    get canSave() {
        const {contact_name, partner_name} = this.state.values;
        const isBusy = this.state.isBusy || this.state.isReading;
        return Boolean(contact_name.trim() || partner_name.trim()) && !isBusy;
    }

    /** What a card says that has no field here. */
    get more() {
        const {function: position, website} = this.state.values;
        return [position, website].filter(Boolean).join(" · ");
    }

    set(name, value) {
        this.state.values[name] = value;
        this.typed[value ? "add" : "delete"](name);
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
        if (text && !(await this.readCard(text))) {
            this.state.told = _t("This code is not a business card.");
        }
    }

    /**
     * Fill in what a card says: the text of its code, or of a file of contacts.
     *
     * @returns {Promise<boolean>} whether it says something of a person
     */
    async readCard(text) {
        this.state.told = "";
        const card = await this.orm.call("crm.lead", "action_capture_card", [
            text.slice(0, LONGEST_CARD),
        ]);
        for (const [name, value] of Object.entries(card)) {
            if (!this.typed.has(name)) {
                this.state.values[name] = value;
            }
        }
        this.lookUp(card.phone || card.email_from || card.contact_name || "");
        return Object.keys(card).length > 0;
    }

    async onContact(event) {
        const file = this.takeFile(event);
        if (file && !(await this.readCard(await file.text()))) {
            this.state.told = _t("This file holds no contact.");
        }
    }

    /** Keep the photo for the lead, and read the code on it, if there is one. */
    async onPhoto(event) {
        const file = this.takeFile(event);
        if (!file) {
            return;
        }
        if (file.size > LARGEST_PHOTO) {
            this.state.told = _t("Choose a photo (JPEG, PNG or WebP) of up to 10 MB.");
            return;
        }
        this.state.told = _t("Reading the photo…");
        this.state.isReading = true;
        try {
            const text = await readCode(file);
            if (text === null) {
                this.state.told = _t("Choose a photo (JPEG, PNG or WebP) of up to 10 MB.");
                return;
            }
            this.image = await getDataURLFromFile(file);
            this.state.photo = file.name;
            if (text && (await this.readCard(text))) {
                this.state.told = _t("The code on the photo was read.");
            } else if (text) {
                this.state.told = _t(
                    "The code on the photo is not a business card. The photo is kept with the lead.",
                );
            } else {
                this.state.told = _t(
                    "There is no readable QR code on the photo. The photo is kept with the lead.",
                );
            }
        } finally {
            this.state.isReading = false;
        }
    }

    takeFile(event) {
        const [file] = event.target.files;
        event.target.value = ""; // so that the same file can be chosen again
        return file;
    }

    removePhoto() {
        this.image = false;
        this.state.photo = "";
        this.state.told = "";
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

import {Component, onWillStart, useState} from "@odoo/owl";
import {Dialog} from "@web/core/dialog/dialog";
import {deserializeDateTime, formatDate} from "@web/core/l10n/dates";
import {_t} from "@web/core/l10n/translation";
import {user} from "@web/core/user";
import {useService} from "@web/core/utils/hooks";
import {formatFloat} from "@web/views/fields/formatters";

const TITLES = {
    created: _t("Leads"),
    qualified: _t("Qualified"),
    won: _t("Won"),
    open: _t("Still Open"),
};

/** A share in percent as the language of the reader writes it. */
export function formatShare(value) {
    return new Intl.NumberFormat(user.lang, {style: "percent", maximumFractionDigits: 0}).format(
        value,
    );
}

/** Why a campaign gets how much of which lead. */
export class CampaignCredit extends Component {
    static template = "lead_management.CampaignCredit";
    static components = {Dialog};
    static props = {
        campaign: String,
        campaignId: [Number, Boolean],
        what: String,
        request: Array,
        onOpen: Function,
        onOpenLead: Function,
        close: Function,
    };

    setup() {
        this.orm = useService("orm");
        this.state = useState({credit: null});
        onWillStart(async () => {
            const {campaignId, what, request} = this.props;
            this.state.credit = await this.orm.call("lead.campaign.report", "get_credit", [
                campaignId,
                what,
                ...request,
            ]);
        });
    }

    get title() {
        return `${this.props.campaign}: ${TITLES[this.props.what]}`;
    }

    share(value) {
        return formatFloat(value, {digits: [16, 2]});
    }

    percent(value) {
        return formatShare(value);
    }

    day(value) {
        return formatDate(deserializeDateTime(value));
    }

    open() {
        this.props.close();
        this.props.onOpen(this.state.credit.lead_ids);
    }

    openLead(id) {
        this.props.close();
        this.props.onOpenLead(id);
    }
}

import {Component, onWillStart, onWillUpdateProps, useState} from "@odoo/owl";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";
import {isVeto, signed, vetoesFirst} from "@lead_management/score_reasons/score_reasons";

const SHOWN_ON_CARD = 1;

/**
 * The reasons of the scores of leads, read for all cards of a page at once, after the
 * cards are shown: opening a pipeline does not wait for them.
 */
export const leadScoreReasons = {
    dependencies: ["orm"],
    start(env, {orm}) {
        let waiting = null;

        async function readAll(ids) {
            await Promise.resolve();
            // the cards of a page are created in one go
            await new Promise((resolve) => setTimeout(resolve));
            waiting = null;
            const leads = await orm.silent.read("crm.lead", [...ids], ["score_reasons"]);
            return new Map(leads.map((lead) => [lead.id, lead.score_reasons || []]));
        }

        return {
            /** @returns {Promise<Array>} the reasons of one lead */
            async read(id) {
                if (!waiting) {
                    const ids = new Set();
                    waiting = {ids, reasons: readAll(ids)};
                }
                waiting.ids.add(id);
                return (await waiting.reasons).get(id) || [];
            },
        };
    },
};

registry.category("services").add("lead_score_reasons", leadScoreReasons);

/**
 * The strongest reason of the score of a lead, on its card.
 */
export class ScoreCard extends Component {
    static template = "lead_management.ScoreCard";
    static props = {...standardWidgetProps};

    setup() {
        this.service = useService("lead_score_reasons");
        this.state = useState({reasons: []});
        onWillStart(() => this.load(this.props.record));
        onWillUpdateProps(({record}) => this.load(record));
    }

    load(record) {
        const id = record.resId;
        if (!id) {
            return;
        }
        // not awaited: the card is shown first
        this.service.read(id).then(
            (reasons) => {
                this.state.reasons = vetoesFirst(reasons).slice(0, SHOWN_ON_CARD);
            },
            () => {}, // a card without reasons is still a card
        );
    }

    get hasVeto() {
        return this.state.reasons.some(isVeto);
    }

    get text() {
        return this.state.reasons
            .map((reason) =>
                isVeto(reason) ? reason.name : `${signed(reason.points)} ${reason.name}`,
            )
            .join(" · ");
    }
}

registry.category("view_widgets").add("lead_score_card", {component: ScoreCard});

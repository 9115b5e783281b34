import {registry} from "@web/core/registry";
import {GraphModel} from "@web/views/graph/graph_model";
import {graphView} from "@web/views/graph/graph_view";

/**
 * Scores over time: milestones and temperatures in their own order, and no score where
 * there was none, instead of 0.
 */
export class ScoreGraphModel extends GraphModel {
    _getData() {
        const data = super._getData(...arguments);
        const {fields, groupBy, mode} = this.metaData;
        if (mode !== "line") {
            return data;
        }
        for (const dataset of data.datasets) {
            dataset.data = dataset.data.map((value, index) =>
                dataset.domains[index].length ? value : null,
            );
        }
        const last = groupBy.length && fields[groupBy[groupBy.length - 1].fieldName];
        if (last?.selection) {
            const order = last.selection.map(([, label]) => label);
            const place = ({label}) => order.indexOf(label);
            data.datasets.sort((one, other) => place(one) - place(other));
        }
        return data;
    }
}

registry.category("views").add("lead_score_graph", {
    ...graphView,
    Model: ScoreGraphModel,
});

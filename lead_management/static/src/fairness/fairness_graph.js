import {registry} from "@web/core/registry";
import {GraphModel} from "@web/views/graph/graph_model";
import {graphView} from "@web/views/graph/graph_view";

const GOT = "got";
const EXPECTED = "share";

/** The same points, as those of a data set of their own. */
function ofMeasure(points, measure, {measures}) {
    const label = measures[measure].string;
    return points.map((point) => ({
        ...point,
        labels: [...point.labels, label],
        identifier: `${measure} ${point.identifier}`,
    }));
}

/**
 * Beside the leads each one got: how many went with the weights.
 */
export class FairnessGraphModel extends GraphModel {
    async _loadDataPoints(metaData) {
        const {measure, mode, groupBy} = metaData;
        const [points, currencies] = await super._loadDataPoints(metaData);
        if (measure !== GOT || mode === "pie" || groupBy.length !== 1) {
            return [points, currencies];
        }
        const [expected] = await super._loadDataPoints({...metaData, measure: EXPECTED});
        metaData.allIntegers = false;
        const both = [
            ...ofMeasure(points, GOT, metaData),
            ...ofMeasure(expected, EXPECTED, metaData),
        ];
        return [both, currencies];
    }
}

registry.category("views").add("lead_fairness_graph", {
    ...graphView,
    Model: FairnessGraphModel,
});

import {BaseImportModel} from "@base_import/import_model";
import {patch} from "@web/core/utils/patch";

/**
 * The server leaves out the rows of leads that have an error and imports the others.
 * In a file that is sent in parts, the parts after such a row follow all the same;
 * what is wrong is shown together at the end.
 */
patch(BaseImportModel.prototype, {
    async executeImport() {
        if (this.resModel !== "crm.lead") {
            return super.executeImport(...arguments);
        }
        const startRow = this.importOptions.skip;
        if (!startRow) {
            this.leadImportMessages = [];
        }
        const result = await super.executeImport(...arguments);
        if (result.res.hasError) {
            this.setOption("skip", startRow);
        }
        return result;
    },

    async _callImport() {
        const result = await super._callImport(...arguments);
        if (this.resModel === "crm.lead" && result.messages && result.ids) {
            this.leadImportMessages = [...(this.leadImportMessages || []), ...result.messages];
            result.messages = result.nextrow ? [] : this.leadImportMessages;
        }
        return result;
    },
});

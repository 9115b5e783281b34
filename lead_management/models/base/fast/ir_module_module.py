from odoo import api, models


class IrModuleModule(models.Model):
    _inherit = "ir.module.module"

    @api.model
    def _load_module_terms(self, modules, langs, overwrite=False):
        """Load our names of the adopted stages first: names that are there are kept.

        Their records bear an external id of ``crm`` as well, with the names of the
        stock stages; a language added later would show those.
        """
        if "crm" in modules and "lead_management" in modules:
            super()._load_module_terms(["lead_management"], langs, overwrite)
        return super()._load_module_terms(modules, langs, overwrite)

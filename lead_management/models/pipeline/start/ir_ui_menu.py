from odoo import api, models

from .start_page import get_start_action

APP = "crm.crm_menu_root"
OURS = "lead_management.crm_lead_pipeline_menu"
# Odoo's entries that ours take the place of.
REPLACED = ("crm.menu_crm_opportunities", "crm.menu_crm_lead_stage_act")


class IrUiMenu(models.Model):
    _inherit = "ir.ui.menu"

    @api.model
    def _load_menus_blacklist(self):
        """Leave out what our own entries show: there is one pipeline."""
        hidden = super()._load_menus_blacklist()
        ours = self.env.ref(OURS, raise_if_not_found=False)
        # sudo: which menus there are decides nothing about rights
        if not ours or not ours.sudo().active:
            return hidden
        menus = (self.env.ref(name, raise_if_not_found=False) for name in REPLACED)
        return [*hidden, *(menu.id for menu in menus if menu)]

    @api.model
    def load_web_menus(self, debug):
        """Let the app open where its user starts."""
        menus = super().load_web_menus(debug)
        app = self.env.ref(APP, raise_if_not_found=False)
        action = get_start_action(self.env)
        if app and app.id in menus and action:
            menus[app.id] |= {
                "actionID": action.id,
                "actionModel": action._name,
                "actionPath": action.path,
            }
        return menus

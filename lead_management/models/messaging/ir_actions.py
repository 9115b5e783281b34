from odoo import api, models

# What Odoo offers for selected leads, and one of ours stands for: Send, Unqualify.
REPLACED = (
    "crm.crm_lead_lost_action",
    "crm.action_lead_mail_compose",
    "crm.action_lead_mass_mail",
    "crm_sms.crm_lead_act_window_sms_composer_single",
    "crm_sms.crm_lead_act_window_sms_composer_multi",
)


class IrActionsActions(models.Model):
    _inherit = "ir.actions.actions"

    @api.model
    def get_bindings(self, model_name):
        """Offer one way to do a thing with leads.

        The actions themselves stay, for other modules, and are back when we are gone.
        """
        bindings = super().get_bindings(model_name)
        if model_name != "crm.lead":
            return bindings
        found = (self.env.ref(name, raise_if_not_found=False) for name in REPLACED)
        replaced = {action.id for action in found if action}
        kept = {
            kind: [action for action in actions if action["id"] not in replaced]
            for kind, actions in bindings.items()
        }
        return {kind: actions for kind, actions in kept.items() if actions}

from odoo import models
from odoo.tools.safe_eval import safe_eval

PIPELINE = "lead_management.crm_lead_action_pipeline"
MINE, TEAM = "search_default_assigned_to_me", "search_default_lead_my_team"


class IrActionsActWindow(models.Model):
    _inherit = "ir.actions.act_window"

    def _get_action_dict(self):
        """Open the pipeline on the team of those who lead one, else on one's own."""
        values = super()._get_action_dict()
        pipeline = self.env.ref(PIPELINE, raise_if_not_found=False)
        if self == pipeline and self._is_of_leader():
            context = safe_eval(values.get("context") or "{}", {"uid": self.env.uid})
            if context.pop(MINE, None):
                values["context"] = str(context | {TEAM: 1})
        return values

    def _is_of_leader(self):
        """Return whether the user is a manager with a team."""
        user = self.env.user
        if not user.has_group("sales_team.group_sale_manager"):
            return False
        # sudo: one's own teams
        Team = self.env["crm.team"].sudo()
        domain = ["|", ("user_id", "=", user.id), ("member_ids", "in", user.ids)]
        return bool(Team.search_count(domain, limit=1))

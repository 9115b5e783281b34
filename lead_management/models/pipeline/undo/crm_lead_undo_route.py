from odoo import models
from odoo.tools import SQL

from ...base.actor import Actor
from ...base.apart import READ_COMMITTED, apart
from .undo_recording import Recording


class CrmLead(models.Model):
    """Letting the rules assign leads again can be undone."""

    _inherit = "crm.lead"

    def _get_undo_tables(self):
        """Who is still to be told of a lead is told no more."""
        return {
            **super()._get_undo_tables(),
            "lead_assignment_notice": SQL("lead_id = ANY(%s)", self.ids),
        }

    def action_route(self):
        """Let the rules decide now, with a way back; turns are given back as well."""
        # the rules decide in a transaction of their own: what they do is not seen in
        # this one
        with apart(self.env.registry, Actor.of(self.env), READ_COMMITTED) as env:
            # sudo: what belongs to the leads is put back whoever may read it
            recording = Recording(env["crm.lead"].browse(self.ids).sudo())
            # sudo: turns are dealt by the rules, and so given back
            Turn = env["lead.assignment.turn"].sudo()
            recording.watch(Turn.search([("rule_id.active", "=", True)]))
        action = super().action_route()
        with apart(self.env.registry, Actor.of(self.env), READ_COMMITTED) as env:
            recording.env = env
            recording.finish()
        if not recording.changes["rows"].get(self._table):
            return action
        params = action["params"]
        offer = self.env["lead.undo"]._offer(recording, params["message"])
        if params["type"] == "success":
            offer["params"]["type"] = "success"
            return offer
        params["next"] = offer
        return action

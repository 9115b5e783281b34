from odoo import api, fields, models

from ..constants import LIVE, PARKED, PAUSED


class CrmLead(models.Model):
    """Whether a lead is in a sequence, told where salespeople work all day.

    Nothing is asked where no sequence was ever on.
    """

    _inherit = "crm.lead"

    sequence_mark = fields.Json(
        string="In Sequence",
        compute="_compute_sequence_mark",
        help="The sequence the lead is in now, and when its next step is due.",
    )

    @api.depends("enrollment_ids")
    @api.depends_context("lang")
    def _compute_sequence_mark(self):
        runs = self._read_live_sequences()
        for lead in self:
            run = runs.get(lead.id)
            lead.sequence_mark = run and {
                "name": run.sequence_id.name,
                "state": run.state,
                "due": fields.Datetime.to_string(run.due) if run.due else False,
            }

    def _read_live_sequences(self):
        """Return the enrollment that each of these leads is in now, by lead."""
        if not self.ids or not self.env["lead.sequence"]._is_used():
            return {}
        # sudo: whoever sees a lead sees what it is in
        runs = (
            self.env["lead.enrollment"]
            .sudo()
            .search([("lead_id", "in", self.ids), ("state", "in", LIVE)], order="id")
        )
        return {run.lead_id.id: run for run in runs}

    @api.model
    def _day_prepare_lines(self, scope, found):
        """Tell in My Day what comes next in a sequence, or why nothing does."""
        groups = super()._day_prepare_lines(scope, found)
        lines = [line for group in groups.values() for line in group]
        leads = self.browse(line["id"] for line in lines)
        runs = leads._read_live_sequences()
        if runs:
            # whose sequence may be changed is asked for the user
            mine = self.env["lead.enrollment"].browse(run.id for run in runs.values())
            allowed = {run.lead_id.id for run in mine if run.may_act}
            for line in lines:
                if run := runs.get(line["id"]):
                    line["sequence"] = {
                        "id": run.id,
                        "name": run.sequence_id.name,
                        "text": run.explanation,
                        "may_act": line["id"] in allowed,
                        "is_paused": run.state in (PAUSED, PARKED),
                    }
        return groups

from odoo import api, fields, models
from odoo.tools import SQL

from ...base.context import LEAVES_LOST
from ...base.stage_types import INACTIVE, UNQUALIFIED


class CrmLead(models.Model):
    """Stages with a meaning.

    An unqualified lead is lost for Odoo (status, probability, prediction) but stays
    active, so that its column shows it. It remembers the stage it fell from: that is
    where reopening puts it, and what Odoo's prediction learns from.
    """

    _inherit = "crm.lead"

    stage_type = fields.Selection(related="stage_id.stage_type")
    stage_revisit_date = fields.Date(
        string="Revisit Date",
        copy=False,
        index="btree_not_null",
        help="Date on which a disqualified lead is reopened.",
    )
    stage_before_id = fields.Many2one(
        "crm.stage",
        string="Previous Stage",
        readonly=True,
        copy=False,
        ondelete="set null",
        help="Stage of a disqualified lead before it was disqualified.",
    )

    @api.model
    def _score_get_left_out_fields(self):
        return super()._score_get_left_out_fields() | {"stage_before_id"}

    # ------------------------------------------------------------
    # Won, lost, open
    # ------------------------------------------------------------

    # Neither depends on the type of the stage: giving a type to the stages of a large
    # database must not recompute its leads. crm.stage does it where the type matters.

    def _compute_won_status(self):
        super()._compute_won_status()
        self._filter_unqualified().won_status = "lost"

    def _compute_probabilities(self):
        unqualified = self._filter_unqualified()
        unqualified.probability = 0
        unqualified.automated_probability = 0
        if others := self - unqualified:
            super(CrmLead, others)._compute_probabilities()

    def _filter_unqualified(self):
        return self.filtered(lambda lead: lead.stage_id.stage_type == UNQUALIFIED)

    # ------------------------------------------------------------
    # Changes
    # ------------------------------------------------------------

    def _stage_prepare(self, change):
        if not change.is_new:
            change.split(lambda leads, vals: leads._split_unqualified(vals))

    def _stage_changed(self, change):
        if change.is_new:
            return self._stage_complete()
        if stage_id := change.get("stage_id"):
            return self._stage_leave(change, self.env["crm.stage"].browse(stage_id))
        return ()

    def _stage_complete(self):
        """Yield what makes those of these new leads lost that are unqualified."""
        unqualified = self._filter_unqualified()
        for group in unqualified.grouped(
            lambda lead: bool(lead.lost_reason_id)
        ).values():
            values = group._prepare_unqualified_values()
            yield group.filtered(lambda lead: not lead.date_closed), values

    def _stage_leave(self, change, stage):
        """Yield what is written on leads that were unqualified, or won, before."""
        if stage.stage_type == UNQUALIFIED:
            return
        leaving = self.filtered(
            lambda lead: change.was(lead).stage_id.stage_type == UNQUALIFIED
        )
        if leaving:
            # kept until here: the prediction forgets the loss where it learned it
            yield (
                leaving,
                {
                    "stage_before_id": False,
                    "lost_reason_id": False,
                    "stage_revisit_date": False,
                },
            )
            leaving._compute_probabilities()
        if not stage.stage_type or stage.is_won or change.wrote("probability"):
            return
        # else Odoo leaves them as good as won, with some settings of its prediction
        for lead in self.filtered(lambda lead: change.was(lead).stage_id.is_won):
            if lead.probability >= 100:
                yield lead, {"probability": min(lead.automated_probability, 99)}

    def _split_unqualified(self, vals):
        """Return what to write on which of these leads, to make them unqualified.

        Those that are so already stay so; the others remember where they fell from.

        :return: list of pairs (leads, values)
        """
        stage = self.env["crm.stage"].browse(vals.get("stage_id") or ())
        if not stage or stage.stage_type != UNQUALIFIED:
            return [(self, vals)]
        known = self._filter_unqualified()
        groups = (self - known).grouped(
            lambda lead: (lead.stage_id, bool(lead.lost_reason_id))
        )
        return [(known, vals)] * bool(known) + [
            (
                group,
                {
                    **group._prepare_unqualified_values(stage.id),
                    **vals,
                    "stage_before_id": before.id,
                    "probability": 0,
                },
            )
            for (before, __), group in groups.items()
        ]

    def _prepare_unqualified_values(self, stage_id=None):
        """Return what makes a lead lost, besides its stage.

        :param stage_id: the stage people move it to, who may be asked why
        """
        Requirement = self.env["lead.stage.requirement"]
        values = {
            "probability": 0,
            "automated_probability": 0,
            "date_closed": fields.Datetime.now(),
        }
        reason = self.env.ref(
            "lead_management.lost_reason_no_match", raise_if_not_found=False
        )
        is_asked = not self._gate_is_open() and Requirement._requires_lost_reason(
            stage_id
        )
        if reason and not self.lost_reason_id and not is_asked:
            values["lost_reason_id"] = reason.id
        return values

    # ------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------

    def action_set_won(self):
        """Leave customers, dormant ones included, where they are.

        An unqualified lead goes back to the stage it fell from first: Odoo looks for
        the won stage that follows the current one.
        """
        todo = self.filtered(lambda lead: lead.won_status != "won")
        todo._filter_unqualified()._reopen()
        return super(CrmLead, todo).action_set_won()

    def action_restore(self):
        """Put an unqualified lead back to the stage it fell from."""
        unqualified = self._filter_unqualified()
        archived = self.filtered(lambda lead: not lead.active)
        unqualified._reopen()
        todo = archived | (self - unqualified)
        return super(CrmLead, todo).action_restore() if todo else None

    def _reopen(self):
        """Put leads where they fell from, or where leads of their team start."""
        for (stage, team), leads in self.grouped(
            lambda lead: (lead.stage_before_id, lead.team_id)
        ).items():
            if not stage or not stage._fits_team(team):
                stage = leads._find_start_stage()
            leads.write({"stage_id": stage.id})

    def _stage_find(self, team_id=False, domain=None, order="sequence, id", limit=1):
        """Never propose a dormant customer's stage as the one to win a lead into."""
        stages = super()._stage_find(team_id, domain, order, limit)
        if limit is None:
            return stages.filtered(lambda s: s.stage_type != INACTIVE) or stages
        return stages

    # ------------------------------------------------------------
    # Odoo's predicted probability
    # ------------------------------------------------------------

    def _pls_increment_frequencies(self, from_state=None, to_state=None):
        if from_state == "lost":
            self = LEAVES_LOST.set(self)
        return super()._pls_increment_frequencies(from_state, to_state)

    def _pls_get_lead_pls_values(self, domain=None):
        """Let the prediction learn a loss at the stage the lead fell from."""
        values_by_lead = super()._pls_get_lead_pls_values(domain=domain)
        if domain:
            stages_before = self._get_stages_before(list(values_by_lead))
        else:
            # few leads, in memory: no reason to write them first
            stages_before = [
                (lead.id, lead.stage_before_id.id)
                for lead in self._filter_unqualified()
                if lead.stage_before_id
            ]
        for lead_id, stage_id in stages_before:
            values = values_by_lead[lead_id]["values"]
            values[:] = [
                (fname, stage_id if fname == "stage_id" else value)
                for fname, value in values
            ]
        return values_by_lead

    def _get_stages_before(self, lead_ids):
        """Return pairs (lead id, id of the stage it was lost in)."""
        condition = SQL("stage.stage_type = %s", UNQUALIFIED)
        if LEAVES_LOST.get(self.env):
            condition = SQL("TRUE")
        self.env["crm.lead"].flush_model(["stage_id", "stage_before_id"])
        return self.env.execute_query(
            SQL(
                """
                SELECT lead.id, lead.stage_before_id
                FROM crm_lead lead JOIN crm_stage stage ON stage.id = lead.stage_id
                WHERE lead.id = ANY(%s) AND lead.stage_before_id IS NOT NULL AND %s
                """,
                lead_ids,
                condition,
            )
        )

from odoo import api, models

from ..base import stage_types
from ..base.apart import run_apart
from ..base.context import AT_COMMIT
from ..base.work import note, peek, take
from .crm_lead import LEAD_SCORE
from .lead_score_snapshot import ASSIGNMENT, CAPTURE, CONTACT, LOST, QUALIFIED, WON
from .lead_score_snapshot_values import PERSON, PERSONAL

MOMENTS, CROSSINGS = "moments", "crossings"


class CrmLead(models.Model):
    """Moments to record, temperatures that are crossed, and events that count."""

    _inherit = "crm.lead"

    # ------------------------------------------------------------
    # Moments
    # ------------------------------------------------------------

    def _moments_prepare(self, change):
        if not change.is_new:
            for leads, vals in change.groups:
                leads._score_forget_values(vals)

    def _moments_changed(self, change):
        if change.is_new:
            for lead in self:
                lead._score_reach({CAPTURE, *lead._get_score_state()})
            return
        touched = self._get_state_fields() & change.names
        if not touched:
            return
        for lead in self:
            before = change.was(lead)
            # won and lost depend on the stage: as long as it stays, the probability of
            # each group of leads that gets an owner need not be worked out by itself
            if touched == {"user_id"} and lead.stage_id == before.stage_id:
                moments = {ASSIGNMENT} if lead.user_id else set()
            else:
                moments = lead._get_score_state()
            lead._score_reach(moments - lead._get_score_state(before))

    def _score_forget_values(self, vals):
        """Forget at capture, too, what is taken off these leads."""
        emptied = {name for name in PERSONAL & vals.keys() if not vals[name]}
        if not emptied:
            return
        Snapshot = self.env["lead.score.snapshot"]

        def is_erased(lead):
            known = {name for name in PERSON if lead[name]}
            return bool(known) and known <= emptied

        if erased := self.filtered(is_erased):
            Snapshot._erase(erased.ids)
        if texts := emptied & set(Snapshot._get_kept()[0]):
            Snapshot._forget((self - erased).ids, texts)

    @api.model
    def _score_get_left_out_fields(self):
        """Hook: fields of later rooms that are filled in by working on a lead.

        They tell nothing of how it will end: no points are suggested for them.
        """
        return set()

    @api.model
    def _get_state_fields(self):
        """Return the fields whose change may be a moment of the life of a lead."""
        return {"user_id", "stage_id", "active", "probability", "won_status"}

    def _get_score_state(self, before=None):
        """Return the moments that the lead has reached.

        :param before: the lead as it was, instead of as it is now
        """
        lead = before or self
        stage_type = lead.stage_id.stage_type
        reached = {
            ASSIGNMENT: lead.user_id,
            CONTACT: stage_type == stage_types.CONTACTED,
            QUALIFIED: stage_type == stage_types.QUALIFIED,
            WON: lead.won_status == "won",
            LOST: lead.won_status == "lost",
        }
        return {moment for moment, is_reached in reached.items() if is_reached}

    def _score_reach(self, moments):
        """Record moments of this lead before the commit, with its score then."""
        for moment in moments:
            note(self.env, MOMENTS, self.ids, moment)

    @api.model
    def _score_get_moments(self, lead_ids):
        """Return the moments to record with the scores worked out now.

        At the commit only, since more may come before.

        :return: dict of moment to a set of lead ids
        """
        if not AT_COMMIT.get(self.env):
            return {}
        reached = {
            moment: set(ids) if lead_ids is None else set(ids) & set(lead_ids)
            for moment, ids in peek(self.env.cr, MOMENTS).items()
        }
        return {moment: ids for moment, ids in reached.items() if ids}

    @api.model
    def _score_forget_moments(self, reached):
        """Take moments off the list, which are recorded now."""
        if not reached:
            return
        for moment, ids in take(self.env.cr, MOMENTS).items():
            if left := ids.keys() - reached.get(moment, set()):
                note(self.env, MOMENTS, left, moment)
        self.env["crm.lead"].invalidate_model(["score_snapshot_ids"], flush=False)

    @api.model
    def _work_refresh(self, pending):
        super(CrmLead, AT_COMMIT.set(self))._work_refresh(pending)

    @api.model
    def _work_moments(self, pending):
        """Record moments of leads whose scores nothing changed."""
        reached = {moment: set(ids) for moment, ids in pending.items()}
        self.env["lead.score.snapshot"]._record(reached)

    # ------------------------------------------------------------
    # Temperatures
    # ------------------------------------------------------------

    @api.model
    def _score_note_crossings(self, crossings):
        """Note that leads turned colder or hotter, to act before the commit.

        :param crossings: list of (lead id, temperature before, temperature now, score)
        """
        if crossings:
            note(
                self.env,
                CROSSINGS,
                {lead_id: tuple(crossing) for lead_id, *crossing in crossings},
            )

    @api.model
    def _work_crossings(self, pending):
        """Record that leads turned colder or hotter: automated actions start there.

        One lead whose actions fail does not keep the others from theirs.
        """
        crossed = {
            lead_id: crossing
            for lead_id, crossing in pending[None].items()
            if crossing[0] != crossing[1]
        }
        leads = self.with_context(active_test=False).browse(crossed).exists()
        run_apart(
            leads, lambda leads: leads._score_record_crossings(crossed), "Turning"
        )
        self.env.flush_all()

    def _score_record_crossings(self, crossed):
        self.env["lead.score.change"].create(
            [
                {
                    "lead_id": lead.id,
                    "before": crossed[lead.id][0],
                    "temperature": crossed[lead.id][1],
                    "total": crossed[lead.id][2],
                }
                for lead in self
            ]
        )

    # ------------------------------------------------------------
    # Events
    # ------------------------------------------------------------

    def _message_post_after_hook(self, message, msg_vals):
        """A message may be an event that gives points."""
        result = super()._message_post_after_hook(message, msg_vals)
        self._score_mark_events()
        return result

    def _score_touch(self):
        """Record the first contact with each of these leads."""
        for lead in self:
            lead._score_reach({CONTACT})

    def _score_mark_events(self):
        """Score these leads again where events give points."""
        if self and self._score_counts_events():
            self._derived_mark([LEAD_SCORE])

    @api.model
    def _score_counts_events(self):
        """Return whether events give points at all."""
        models_ = self.env["lead.score.model"]._get_active()
        return any(rule.codes for model in models_ for rule in model.rules)

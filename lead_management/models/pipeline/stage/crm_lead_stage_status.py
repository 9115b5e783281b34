from collections import namedtuple
from contextlib import contextmanager

from odoo import api, models
from odoo.tools import SQL

from ...base.fast.sql_rows import sql_rows
from ...base.stage_types import UNQUALIFIED

PENDING = "pending"
WON = "won"
LOST = "lost"

# Leads whose status changes with the meaning of their stage.
Turn = namedtuple("Turn", "before after is_active lead_ids")

# What a change of meaning may write on a lead.
STAGE_STATUS_FIELDS = (
    "stage_id",
    "stage_before_id",
    "active",
    "probability",
    "automated_probability",
    "won_status",
    "lost_reason_id",
    "stage_revisit_date",
    "date_closed",
    "date_last_stage_update",
)


def get_stage_status(stage_type, is_won):
    """Return the status of the leads in such a stage."""
    if stage_type == UNQUALIFIED:
        return LOST
    return WON if is_won else PENDING


class CrmLead(models.Model):
    """Leads follow when a stage changes its meaning.

    Nothing has happened to these leads: stages are told what they mean. So they are
    not tracked, no automated action runs, and no moment of their life is recorded; what
    is worked out of them follows. A constant number of statements serves any number of
    leads, of all companies, since stages belong to none.
    """

    _inherit = "crm.lead"

    @api.model
    @contextmanager
    def _follow_stages(self, changes, kept_ids=()):
        """Let leads follow stages whose meaning changes within the block.

        :param changes: dict of stage id to its meaning from now on
        :param kept_ids: leads that the block itself takes care of
        """
        if not changes:
            yield []
            return
        # sudo: the leads of all companies are in these stages
        CrmLead = self.sudo().with_context(active_test=False, prefetch_fields=False)
        turns = CrmLead._get_turns(changes, set(kept_ids))
        with CrmLead._learning(turns):
            yield turns
            self.env.flush_all()
            for turn in turns:
                CrmLead._turn(turn)
            CrmLead._predict(
                [
                    lead_id
                    for turn in turns
                    if turn.after == PENDING and turn.is_active
                    for lead_id in turn.lead_ids
                ]
            )
            lead_ids = [lead_id for turn in turns for lead_id in turn.lead_ids]
            CrmLead.browse(lead_ids)._stage_status_follow()

    @api.model
    def _get_turns(self, changes, kept_ids):
        self.flush_model(["stage_id", "active", "won_status"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT stage_id, active, won_status, array_agg(id) FROM (
                    SELECT id, stage_id, active IS TRUE AS active, won_status
                    FROM crm_lead WHERE stage_id = ANY(%s)
                    ORDER BY id FOR NO KEY UPDATE
                ) AS lead
                GROUP BY stage_id, active, won_status
                """,
                list(changes),
            )
        )
        turns = {}
        for stage_id, active, before, lead_ids in rows:
            after = _follow(changes[stage_id], active, before)
            if after != before:
                turns.setdefault((before, after, active), []).extend(lead_ids)
        return [
            Turn(*key, sorted(set(lead_ids) - kept_ids))
            for key, lead_ids in turns.items()
        ]

    @api.model
    @contextmanager
    def _learning(self, turns):
        """Let Odoo's prediction forget what these leads were, and learn what they are.

        It forgets before the block: where it learned is read from the lead as it is.
        """
        for status in (WON, LOST):
            self._browse_status_changes(
                [turn for turn in turns if turn.before == status]
            )._pls_increment_frequencies(from_state=status)
        yield
        for status in (WON, LOST):
            self._browse_status_changes(
                [turn for turn in turns if turn.after == status]
            )._pls_increment_frequencies(to_state=status)

    @api.model
    def _browse_status_changes(self, turns):
        lead_ids = [lead_id for turn in turns for lead_id in turn.lead_ids]
        if not lead_ids:
            return self.browse()
        # what the prediction asks of each lead, in one statement
        return self.search_fetch(
            [("id", "in", lead_ids)], ["create_date", "team_id"], order="id"
        )

    @api.model
    def _turn(self, turn):
        """Write the new status of leads, with what belongs to it."""
        assignments = [SQL("won_status = %s", turn.after)]
        probability = {WON: 100, LOST: 0}.get(turn.after)
        if probability is not None:
            # closed when they got there, not today: reports look at this date
            assignments += [
                SQL("probability = %s", probability),
                SQL("automated_probability = %s", probability),
                SQL(
                    "date_closed = COALESCE(date_closed, date_last_stage_update, %s)",
                    self.env.cr.now(),
                ),
            ]
        elif turn.is_active:
            assignments.append(SQL("date_closed = NULL"))
        if turn.before == LOST:
            assignments += [
                SQL("stage_before_id = NULL"),
                SQL("lost_reason_id = NULL"),
                SQL("stage_revisit_date = NULL"),
            ]
        self._write_leads(assignments, SQL("id = ANY(%s)", turn.lead_ids))

    @api.model
    def _predict(self, lead_ids):
        """Give open leads the probability that Odoo predicts, or none."""
        if not lead_ids:
            return
        leads = self.browse(lead_ids)
        found, __ = leads._pls_get_naive_bayes_probabilities(batch_mode=True)
        # without statistics Odoo predicts nothing; 100 % of a former win is wrong
        rows = [(lead_id, found.get(lead_id, 0)) for lead_id in lead_ids]
        self._write_leads(
            [
                SQL("probability = predicted.value"),
                SQL("automated_probability = predicted.value"),
            ],
            SQL("crm_lead.id = predicted.id"),
            SQL("FROM (%s) AS predicted(id, value)", sql_rows(("int", "float"), rows)),
        )

    @api.model
    def _write_leads(self, assignments, condition, source=SQL()):  # noqa: B008
        assignments = [
            *assignments,
            SQL("write_date = %s", self.env.cr.now()),
            SQL("write_uid = %s", self.env.uid),
        ]
        self.env.cr.execute(
            SQL(
                "UPDATE crm_lead SET %s %s WHERE %s",
                SQL(", ").join(assignments),
                source,
                condition,
            )
        )
        self.invalidate_model(flush=False)

    def _stage_status_follow(self):
        """Let follow what is worked out of these leads: they were written by SQL."""
        if not self:
            return
        leads = self.with_context(prefetch_fields=True)
        leads._recompute_dependents()
        leads._derived_mark_by(STAGE_STATUS_FIELDS)
        leads.search_fetch(
            [("id", "in", leads.ids)],
            ["active", "won_status", "user_id", "assignment_pool_id"],
        )
        is_open = leads.filtered(
            lambda lead: lead.active and lead.won_status == PENDING
        )
        (leads - is_open)._close_assignment()
        is_open._pool_return()
        leads._clock_note()
        self._assignment_trigger_retry()

    def _recompute_dependents(self):
        """Recompute the stored fields that depend on what was written, but not these.

        In Odoo's base class: automated actions and tracking start from its extensions.
        """
        self.modified(STAGE_STATUS_FIELDS)
        for fname in STAGE_STATUS_FIELDS:
            self.env.remove_to_compute(self._fields[fname], self)
        fields_ = [f for f in self._fields.values() if f.store and f.compute]
        for field in fields_:
            leads = self.env.records_to_compute(field) & self
            if not leads:
                continue
            together = self.pool.field_computed[field]
            for other in together:
                self.env.remove_to_compute(other, leads)
            with self.env.protecting(together, leads):
                models.BaseModel._compute_field_value(leads, field)
        self.env.flush_all()


def _follow(meaning, active, status):
    """Return the status of a lead whose stage means something from now on.

    Archived leads stay what they are, as with Odoo, except in an unqualified stage,
    where all are lost, and where a win is none any more.

    >>> _follow(WON, True, LOST), _follow(WON, False, LOST)
    ('won', 'lost')
    >>> _follow(LOST, False, PENDING), _follow(PENDING, False, WON)
    ('lost', 'pending')
    """
    if active or meaning == LOST:
        return meaning
    return PENDING if status == WON and meaning != WON else status

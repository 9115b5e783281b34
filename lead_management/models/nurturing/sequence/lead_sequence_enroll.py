from collections import namedtuple
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...base.fast.sql_rows import sql_rows
from ...messaging.constants import MARKETING
from ...messaging.gate.gate_case import HOLD
from ..constants import BOUNCE, LIVE, REPLACED, STOPPED
from ..engine.clock import Clock
from ..engine.step_message import UNREACHABLE
from .step_kind import KINDS

# What would happen to a lead: why it is not enrolled, or when its first step is due.
Entry = namedtuple(
    "Entry", "lead code reason at channel", defaults=(None, "", None, "")
)


class LeadSequence(models.Model):
    """Who enters, who does not, and why: shown first, then done the same way."""

    _inherit = "lead.sequence"

    def _enroll(self, leads, user=None):
        """Let leads in, those that may be; in a constant number of statements.

        :param user: who does it, by default nobody: they enter by themselves
        :return: the enrollments, with all rights
        :raises UserError: when the sequence is off
        """
        self.ensure_one()
        if not (self.is_on and self.version_id):
            raise UserError(self.env._("Turn “%s” on first.", self.name))
        entries = [entry for entry in self._get_entries(leads) if not entry.code]
        # sudo: who is in a sequence is nobody's to write by hand
        enrollments = self.sudo()._insert_entries(entries, user)
        self._wake_engine()
        return enrollments

    def _get_entries(self, leads):
        """Return an :class:`Entry` for each lead, in their order."""
        self.ensure_one()
        # sudo: what a lead is in is asked whoever may see it
        sequence, leads = self.sudo(), leads.sudo()
        refused = sequence._get_refusals(leads)
        asked = leads.filtered(lambda lead: lead.id not in refused)
        channels, unreached = sequence._get_channels_of(asked)
        refused |= unreached
        clock = Clock(sequence.env, leads)
        version = sequence._get_entry_version()
        first = version.step_ids.browse(version._get_plan().first or ())
        entries, number = [], 0
        for lead in leads:
            if lead.id in refused:
                entries.append(Entry(lead, *refused[lead.id]))
                continue
            start = clock.now + timedelta(seconds=number * 60 // sequence.pace)
            at = clock.plan(lead, sequence, first, start, lead.id) if first else start
            entries.append(Entry(lead, None, "", at, channels.get(lead.id, "")))
            number += 1
        return entries

    def _get_entry_version(self):
        return self.version_id or self._get_shown_version()

    # ------------------------------------------------------------
    # Who does not
    # ------------------------------------------------------------

    def _get_refusals(self, leads):
        """Return why leads do not enter, by lead id: code and reason."""
        runs = self.env["lead.enrollment"].search([("lead_id", "in", leads.ids)])
        by_lead = runs.grouped("lead_id")
        refused = {}
        for lead in leads:
            found = self._refuse_lead(lead) or self._refuse_runs(
                by_lead.get(lead, runs.browse())
            )
            if found:
                refused[lead.id] = found
        return refused

    def _refuse_lead(self, lead):
        if not lead.active:
            return "closed", self.env._("The lead is archived.")
        if lead.won_status == "lost":
            return "closed", self.env._("The lead is lost.")
        if lead.won_status == "won" and not self.takes_won:
            return "closed", self.env._("The lead is a customer already.")
        if self.company_id and lead.company_id - self.company_id:
            return "company", self.env._("The lead belongs to another company.")
        if not lead.user_id.active:
            return "owner", self.env._("The lead has no salesperson.")
        return None

    def _refuse_runs(self, runs):
        """Return why the runs a lead has had keep it out, or None."""
        live = runs.filtered(lambda run: run.state in LIVE)
        if live.filtered(lambda run: run.sequence_id == self):
            return "inside", self.env._("The lead is in this sequence already.")
        for run in live:
            if run.sequence_id.priority >= self.priority:
                return "other", self.env._(
                    "In “%(sequence)s”, of the same or a higher priority.",
                    sequence=run.sequence_id.name,
                )
        ended = runs.filtered(
            lambda run: run.sequence_id == self and run.state not in LIVE
        )
        if not ended:
            return None
        if not self.reentry_days:
            return "again", self.env._("The lead was in this sequence before.")
        last = max(run.end_date or run.date for run in ended)
        free = last + timedelta(days=self.reentry_days)
        if free > fields.Datetime.now():
            day = fields.Date.to_date(fields.Datetime.context_timestamp(self, free))
            return "again", self.env._(
                "May enter again on %(day)s.",
                day=self.env["ir.qweb.field.date"].value_to_html(day, {}),
            )
        return None

    def _get_channels_of(self, leads):
        """Return on which channel each lead would be written to first, and who cannot.

        :return: dicts of lead id: to a channel; to code and reason
        """
        step = self._get_first_message()
        if not (leads and step):
            return {}, {}
        channels, unreached = {}, {}
        rest, dead = leads, self._read_dead(leads)
        for template in (step.template_id, step.fallback_id):
            if not (template and rest):
                continue
            decisions = self._ask_gate(rest, template)
            unreached = {}
            for lead, decision in zip(rest, decisions, strict=True):
                if decision.outcome == HOLD and decision.code in UNREACHABLE:
                    unreached[lead.id] = decision.code, decision.reason
                elif (lead.id, template.channel) in dead:
                    unreached[lead.id] = BOUNCE, self.env._("A message came back.")
                else:
                    channels[lead.id] = template.channel
            rest = rest.filtered(lambda lead, held=unreached: lead.id in held)
        return channels, unreached

    @api.model
    def _read_dead(self, leads):
        """Return pairs of a lead and a channel on which messages came back."""
        for model in ("crm.lead", "lead.message"):
            self.env[model].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT lead.id, dead.channel FROM crm_lead lead
                JOIN lead_message dead
                    ON dead.recipient IN (lead.email_normalized, lead.phone_sanitized)
                WHERE lead.id = ANY(%s) AND dead.is_address_dead
                  AND dead.state = 'failed'
                """,
                leads.ids,
            )
        )
        return set(rows)

    def _get_first_message(self):
        version = self._get_entry_version()
        plan = version._get_plan()
        order = [plan.first, *plan.later(plan.first)] if plan.first else []
        steps = version.step_ids.browse(order)
        return steps.filtered(lambda step: KINDS.get(step.kind).is_sent)[:1]

    def _ask_gate(self, leads, template):
        is_marketing = self.purpose == MARKETING
        rows = [
            {
                "lead_id": lead.id,
                "channel": template.channel,
                "purpose": "introduction" if is_marketing else "follow_up",
                "is_marketing": is_marketing,
                "user_id": lead.user_id.id,
            }
            for lead in leads
        ]
        return self.env["lead.message.gate"]._decide(rows)

    # ------------------------------------------------------------
    # Writing
    # ------------------------------------------------------------

    def _insert_entries(self, entries, user):
        """Write enrollments; somebody else may have been faster."""
        Enrollment = self.env["lead.enrollment"]
        if not entries:
            return Enrollment
        leads = self.env["crm.lead"].concat(*(entry.lead for entry in entries))
        weaker = Enrollment.search(
            [("lead_id", "in", leads.ids), ("state", "in", LIVE)]
        ).filtered(lambda run: run.sequence_id != self)
        weaker._end(STOPPED, REPLACED)
        self.env.flush_all()
        rows = [(entry.lead.id, entry.at) for entry in entries]
        found = self.env.execute_query(
            SQL(
                """
                INSERT INTO lead_enrollment
                    (lead_id, sequence_id, version_id, step_id, run, state, date, since,
                     due, user_id, failures)
                SELECT new.lead_id, %(sequence)s, %(version)s, %(step)s,
                       COALESCE(max(old.run), 0) + 1, 'waiting', %(now)s, %(now)s,
                       new.due, %(user)s, 0
                FROM (%(rows)s) AS new (lead_id, due)
                LEFT JOIN lead_enrollment old
                    ON old.lead_id = new.lead_id AND old.sequence_id = %(sequence)s
                GROUP BY new.lead_id, new.due
                ON CONFLICT DO NOTHING
                RETURNING id
                """,
                sequence=self.id,
                version=self.version_id.id,
                step=self.version_id._get_plan().first,
                now=fields.Datetime.now(),
                user=user.id if user else None,
                rows=sql_rows(("int4", "timestamp"), rows),
            )
        )
        Enrollment.invalidate_model(flush=False)
        leads.invalidate_recordset(["enrollment_ids"], flush=False)
        return Enrollment.browse([id_ for (id_,) in found])

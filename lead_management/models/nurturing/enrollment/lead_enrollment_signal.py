from collections import namedtuple

from odoo import api, models
from odoo.tools import SQL

from ..constants import (
    BOUNCE,
    CONDITION,
    CUSTOMER,
    FORM,
    GOAL_SIGNALS,
    HOT,
    LIVE,
    MEETING,
    OPTOUT,
    REACHED,
    REPLY,
    STAGE,
)

# Something a person did, or that happened to them, which a sequence heeds.
Signal = namedtuple("Signal", "code date detail")
# Who gets so far needs no sequence any more, nor does who falls out.
LEFT_STAGES = ("qualified", "negotiation", "customer", "inactive", "unqualified")
# Leads without a company are of each of them.
SAME_COMPANY = """
    COALESCE(other.company_id, lead.company_id, 0)
        = COALESCE(lead.company_id, other.company_id, 0)
"""
# Leads of the same person, in the same company, by whatever they are known by.
SAME_PERSON = f"""
    SELECT lead.id UNION
    SELECT other.id FROM crm_lead other
    WHERE other.email_normalized = lead.email_normalized
      AND lead.email_normalized IS NOT NULL AND {SAME_COMPANY}
    UNION SELECT other.id FROM crm_lead other
    WHERE other.phone_sanitized = lead.phone_sanitized
      AND lead.phone_sanitized IS NOT NULL AND {SAME_COMPANY}
    UNION SELECT other.id FROM crm_lead other
    WHERE other.partner_id = lead.partner_id
      AND lead.partner_id IS NOT NULL AND {SAME_COMPANY}
"""


class LeadEnrollment(models.Model):
    """What people did since they are in a sequence: rows that others wrote.

    They are asked for when a step is due, and again when its message is sent. Whoever
    writes them waits for nobody, and what is committed before is not missed.
    """

    _inherit = "lead.enrollment"

    def _read_signals(self):
        """Return what the people behind did since they are in, in one statement.

        Whatever lead of the person it happened on, in the same company.

        :return: dict of id to a list of :class:`Signal`, the earliest first
        """
        if not self.ids:
            return {}
        for model in (
            "crm.lead",
            "lead.touch",
            "lead.stage.transition",
            "lead.consent",
            "lead.message",
        ):
            self.env[model].flush_model()
        for model in ("lead.score.change", "calendar.event", self._name):
            self.env[model].flush_model()
        signals = {}
        for id_, *signal in self.env.execute_query(self._sql_signals(self.ids)):
            signals.setdefault(id_, []).append(Signal(*signal))
        return signals

    @api.model
    def _sql_signals(self, ids):
        return SQL(
            """
            WITH asked AS MATERIALIZED (
                SELECT enrollment.id, enrollment.lead_id, enrollment.since,
                       lead.email_normalized, lead.phone_sanitized, lead.partner_id,
                       lead.company_id
                FROM lead_enrollment enrollment
                JOIN crm_lead lead ON lead.id = enrollment.lead_id
                WHERE enrollment.id = ANY(%(ids)s)
            ), person AS MATERIALIZED (
                SELECT asked.id, asked.since, asked.lead_id AS own_id,
                       same.id AS lead_id
                FROM asked JOIN crm_lead lead ON lead.id = asked.lead_id
                CROSS JOIN LATERAL (%(same)s) same
            )
            SELECT found.id, found.code, found.date, found.detail FROM (
                SELECT person.id, touch.date, touch.channel AS detail,
                       CASE WHEN touch.direction = 'in' THEN %(reply)s
                            WHEN touch.channel = 'meeting' THEN %(meeting)s
                            ELSE %(reached)s END AS code
                FROM person JOIN lead_touch touch ON touch.lead_id = person.lead_id
                LEFT JOIN mail_message message ON message.id = touch.message_id
                WHERE (touch.direction = 'in' OR touch.is_contact)
                  -- clocks of others are wrong: it counts when it came in, too
                  AND GREATEST(touch.date, message.create_date) >= person.since
                UNION ALL
                SELECT person.id, event.create_date, NULL, %(meeting)s
                FROM person JOIN calendar_event event
                    ON event.opportunity_id = person.lead_id
                WHERE event.create_date >= person.since AND event.active
                UNION ALL
                SELECT person.id, move.date, move.stage_type, %(stage)s
                FROM person JOIN lead_stage_transition move
                    ON move.lead_id = person.lead_id
                WHERE move.date >= person.since AND move.stage_type = ANY(%(left)s)
                  AND move.origin NOT IN ('history', 'mapping', 'created')
                UNION ALL
                SELECT person.id, other.create_date, NULL, %(form)s
                FROM person JOIN crm_lead other ON other.id = person.lead_id
                WHERE other.id <> person.own_id
                  AND other.create_date >= person.since
                UNION ALL
                SELECT asked.id, consent.date, NULL, %(optout)s
                FROM asked CROSS JOIN LATERAL (
                    SELECT * FROM lead_consent
                    WHERE email_normalized = asked.email_normalized
                    UNION SELECT * FROM lead_consent
                    WHERE phone_sanitized = asked.phone_sanitized
                    UNION SELECT * FROM lead_consent
                    WHERE partner_id = asked.partner_id
                ) consent
                WHERE consent.state = 'withdrawn' AND consent.date >= asked.since
                  AND COALESCE(consent.company_id, asked.company_id, 0)
                      = COALESCE(asked.company_id, consent.company_id, 0)
                  AND NOT EXISTS (SELECT FROM lead_consent undo
                                  WHERE undo.undoes_id = consent.id)
                UNION ALL
                SELECT asked.id, change.date, NULL, %(hot)s
                FROM asked JOIN lead_score_change change
                    ON change.lead_id = asked.lead_id
                WHERE change.temperature = 'hot' AND change.date >= asked.since
                UNION ALL
                -- whenever it was: as long as the lead has this address
                SELECT asked.id, dead.queued_date, dead.channel, %(bounce)s
                FROM asked JOIN lead_message dead
                    ON dead.recipient IN (asked.email_normalized, asked.phone_sanitized)
                WHERE dead.is_address_dead AND dead.state = 'failed'
            ) found
            ORDER BY found.id, found.date
            """,
            ids=list(ids),
            same=SQL(SAME_PERSON),
            reply=REPLY,
            meeting=MEETING,
            reached=REACHED,
            stage=STAGE,
            left=list(LEFT_STAGES),
            form=FORM,
            optout=OPTOUT,
            hot=HOT,
            bounce=BOUNCE,
        )

    @api.model
    def _find_of_people(self, lead_ids, states=LIVE):
        """Return the enrollments of the people behind leads, on whatever lead."""
        if not lead_ids:
            return self.browse()
        for model in ("crm.lead", self._name):
            self.env[model].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT enrollment.id FROM crm_lead lead
                CROSS JOIN LATERAL (%s) same
                JOIN lead_enrollment enrollment ON enrollment.lead_id = same.id
                WHERE lead.id = ANY(%s) AND enrollment.state = ANY(%s)
                """,
                SQL(SAME_PERSON),
                list(lead_ids),
                list(states),
            )
        )
        return self.browse(sorted(id_ for (id_,) in rows))

    # ------------------------------------------------------------
    # Goals
    # ------------------------------------------------------------

    @api.model
    def _find_stop(self, signals, channels=()):
        """Return the first signal that ends it, and else that it turned hot.

        :param channels: those the sequence writes on; when the contact can be reached
          on none of them any more, that ends it
        """
        acts = [one for one in signals if one.code not in (HOT, BOUNCE)]
        if acts:
            return acts[0]
        if channels and set(channels) <= self._find_dead(signals):
            return next(one for one in signals if one.code == BOUNCE)
        return next((one for one in signals if one.code == HOT), None)

    @api.model
    def _find_dead(self, signals):
        """Return the channels on which messages came back from where the lead is."""
        return {one.detail for one in signals if one.code == BOUNCE}

    def _find_goal(self, signals):
        """Return when the goal of the sequence was reached by one of the signals."""
        goal = self.sequence_id.goal
        for signal in signals:
            is_customer = signal.code == STAGE and signal.detail == CUSTOMER
            is_lost = signal.code == STAGE and signal.detail in (
                "inactive",
                "unqualified",
            )
            if goal == CUSTOMER and is_customer:
                return signal.date
            if signal.code in GOAL_SIGNALS.get(goal, ()) and not is_lost:
                return signal.date
        return False

    def _get_at_goal(self):
        """Return those whose lead meets the condition that is the goal."""
        asked = self.filtered(lambda one: one.sequence_id.goal == CONDITION)
        return asked._filter_leads("goal_domain")

    def _get_leaving(self):
        """Return those whose lead meets the condition to leave the sequence."""
        asked = self.filtered("sequence_id.is_exit_on")
        return asked._filter_leads("exit_domain")

    def _filter_leads(self, fname):
        """Return those whose lead meets a condition of their sequence."""
        found = self.browse()
        for sequence, enrollments in self.grouped("sequence_id").items():
            domain = sequence._parse_domain(sequence[fname])
            leads = enrollments.lead_id.filtered_domain(domain)
            found += enrollments.filtered(lambda one, leads=leads: one.lead_id in leads)
        return found

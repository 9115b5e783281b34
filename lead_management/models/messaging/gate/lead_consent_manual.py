from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..constants import ALL
from ..outbox.lead_message_queue import clean_text
from ..person import Person
from .lead_consent import GIVEN, MANUALLY, UNDONE, WITHDRAWN

# Who records a consent after a withdrawal, and for a person rather than for one lead.
MANAGER = "sales_team.group_sale_manager"
ALL_LEADS = "sales_team.group_sale_salesman_all_leads"
# So long may who recorded something by mistake take it back.
UNDO = timedelta(hours=1)
LINE, TEXT = 500, 10_000
# What people write, and how long it may be.
WRITTEN = {"source": LINE, "text": TEXT, "proof": TEXT}


class LeadConsent(models.Model):
    """What people told a salesperson, who writes it down."""

    _inherit = "lead.consent"

    @api.model
    def _record_manually(self, leads, state, purpose=ALL, channel=ALL, **written):
        """Record what the people behind leads told the user about messages.

        Withdrawing is taken from whoever may write the lead, and counts for the person.
        Agreeing needs its origin and its words; from a salesperson it counts for that
        lead alone, since the person may be a colleague's customer. After a withdrawal
        it takes a sales manager, and a proof.

        :param state: ``given`` or ``withdrawn``
        :param written: ``source``, ``text`` and ``proof``, texts
        :return: what was recorded; nothing for leads without address and number
        :raises UserError: for arguments that are none, and for what is missing
        :raises AccessError: when a lead is not the user's to write
        """
        self._check_statement(state, purpose, channel)
        written = self._clean_written(written)
        leads.check_access("write")
        if state == GIVEN:
            self._check_given(leads, purpose, channel, written)
        now = fields.Datetime.now()
        values_list = [
            {
                **self._prepare_manual(lead, state),
                "purpose": purpose,
                "channel": channel,
                "date": now,
                **written,
            }
            for lead in self._get_reachable(leads)
        ]
        # sudo: nobody writes the history but by what is checked above
        records = self.sudo().create(values_list)
        records._post_notes()
        return records

    @api.model
    def _prepare_manual(self, lead, state):
        values = self._prepare_values(lead, state, how=MANUALLY, lead_id=lead.id)
        if state == GIVEN:
            values["is_of_lead"] = not self.env.user.has_group(ALL_LEADS)
            # what was agreed to with one company is nothing to another
            values["company_id"] = lead.company_id.id or self.env.company.id
        return values

    @api.model
    def _get_reachable(self, leads):
        """Return the leads of which is known who they are."""
        return leads.filtered(
            lambda lead: (
                lead.partner_id
                or any(
                    self._prepare_values(lead, None)[name]
                    for name in ("email_normalized", "phone_sanitized")
                )
            )
        )

    @api.model
    def _get_withdrawn_before(self, leads, purpose, channel):
        """Return the leads whose people withdrew what they are to agree to now."""
        # sudo: who they are is asked for whoever may write the lead
        people = list(Person.load(self.sudo().env, leads.ids).values())
        pairs = self._get_pairs(purpose, channel)
        asked = [
            (person, person.company_id or self.env.company.id, *pair, None)
            for person in people
            for pair in pairs
        ]
        # sudo: what people want is asked for whoever may write the lead
        states = iter(self.sudo()._get_states(asked))
        found = {
            person.lead_id
            for person in people
            if WITHDRAWN in [next(states) for __ in pairs]
        }
        return leads.filtered(lambda lead: lead.id in found)

    # ------------------------------------------------------------
    # What is refused
    # ------------------------------------------------------------

    @api.model
    def _check_statement(self, state, purpose=ALL, channel=ALL):
        """Refuse values that are none, with a sentence.

        :raises UserError: which one it is
        """
        for name, value in (
            ("state", state),
            ("purpose", purpose),
            ("channel", channel),
        ):
            field = self._fields[name]
            known = [key for key, __ in field.selection if key != UNDONE]
            if value not in known:
                raise UserError(
                    self.env._(
                        "“%(value)s” cannot be used for “%(field)s”. Choose one of: "
                        "%(known)s",
                        value=str(value)[:50],
                        field=field._description_string(self.env),
                        known=", ".join(known),
                    )
                )

    @api.model
    def _clean_written(self, written):
        """Return texts without what no text contains; refuse what is none.

        :raises UserError: for other values, and for texts that are too long
        """
        cleaned = {}
        for name, limit in WRITTEN.items():
            text = written.get(name) or ""
            label = self._fields[name]._description_string(self.env)
            if not isinstance(text, str):
                raise UserError(self.env._("“%s” must be a text.", label))
            if len(text) > limit:
                raise UserError(
                    self.env._(
                        "“%(field)s” is too long. Shorten it to %(limit)s characters.",
                        field=label,
                        limit=limit,
                    )
                )
            text = clean_text(text).encode(errors="ignore").decode().strip()
            cleaned[name] = text or False
        return cleaned

    @api.model
    def _check_given(self, leads, purpose, channel, written):
        if not (written["source"] and written["text"]):
            raise UserError(
                self.env._(
                    "To record an opt-in, enter its origin and the exact text the "
                    "person agreed to."
                )
            )
        before = self._get_withdrawn_before(leads, purpose, channel)
        if not before:
            return
        if not self.env.user.has_group(MANAGER):
            raise UserError(
                self.env._(
                    "%s has withdrawn the consent before. A sales manager can record "
                    "a new consent with a proof, or the person can agree on the "
                    "preference page.",
                    before[0].display_name,
                )
            )
        if not written["proof"]:
            raise UserError(
                self.env._(
                    "%s has withdrawn the consent before. Enter the proof of the new "
                    "consent.",
                    before[0].display_name,
                )
            )

    # ------------------------------------------------------------
    # Back
    # ------------------------------------------------------------

    def _undo(self):
        """Take back what the user recorded by mistake a moment ago.

        A row is added that takes one back; the history keeps both. What people said
        themselves, before or since, stands.

        :return: the rows that are taken back
        """
        # sudo: the history is nobody's to write, these rows are the user's own
        own = self.sudo().search(
            Domain("id", "in", self.ids)
            & Domain("how", "=", MANUALLY)
            & Domain("state", "in", (GIVEN, WITHDRAWN))
            & Domain("user_id", "=", self.env.uid)
            & Domain("date", ">", fields.Datetime.now() - UNDO)
            & Domain("undo_ids", "=", False)
        )
        copied = ("email_normalized", "phone_sanitized", "purpose", "channel")
        # sudo: the history is nobody's to write
        undone = self.sudo().create(
            [
                {
                    **{name: record[name] for name in copied},
                    "partner_id": record.partner_id.id,
                    "company_id": record.company_id.id,
                    "lead_id": record.lead_id.id,
                    "is_of_lead": record.is_of_lead,
                    "state": UNDONE,
                    "how": MANUALLY,
                    "user_id": self.env.uid,
                    "undoes_id": record.id,
                }
                for record in own
            ]
        )
        undone._post_notes()
        return own

    # ------------------------------------------------------------
    # Who hears of it
    # ------------------------------------------------------------

    def _post_notes(self):
        """Note in the leads what was recorded, in those of colleagues too.

        A withdrawal counts for the person on all leads of the company: whoever works
        on another one sees where it comes from.
        """
        bodies = {}
        others = self.filtered(lambda record: not record.is_of_lead)._get_open_leads()
        for record in self:
            body = record._describe()
            leads = record.lead_id
            if not record.is_of_lead:
                leads |= others.filtered(record._is_about)
            bodies |= {lead.id: body for lead in leads}
        if bodies:
            # sudo: a note in a colleague's lead, which the user may not read
            self.env["crm.lead"].sudo().browse(bodies)._message_log_batch(bodies)

    def _get_open_leads(self):
        """Return the open leads with the same addresses and numbers."""
        # sudo: leads of colleagues; what is said of a person is noted in them
        found = self.env["crm.lead"].sudo()
        for name in ("email_normalized", "phone_sanitized"):
            if values := set(self.mapped(name)) - {False}:
                domain = Domain(name, "in", values)
                domain &= Domain("won_status", "=", "pending")
                found |= found.search(domain)
        return found

    def _is_about(self, lead):
        """Return whether what was said counts for a lead with the same address."""
        companies = self.company_id, lead.company_id.browse()
        if self.company_id and lead.company_id not in companies:
            return False
        return any(
            self[name] and self[name] == lead[name]
            for name in ("email_normalized", "phone_sanitized")
        )

    def _describe(self):
        """Return what was said, and by whom it was written down, as HTML."""
        labels = {
            name: dict(self._fields[name]._description_selection(self.env))[self[name]]
            for name in ("state", "purpose", "channel")
        }
        lines = [
            self.env._(
                "Consent to messages: %(state)s (%(purpose)s, %(channel)s)", **labels
            ),
            self.source and self.env._("Origin: %s", self.source),
            self.text and f"“{self.text}”",
        ]
        return Markup("<br/>").join(line for line in lines if line)

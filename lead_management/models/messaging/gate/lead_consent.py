import re

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ....tools.addresses import clean_email, clean_number, get_mailbox
from ....tools.verdicts import EMAIL, PHONE
from ....tools.whatsapp_payload import get_variants
from ...base.fast.sql_rows import sql_rows
from ..channel.channel import get_channel
from ..constants import ALL, CHANNELS, CONSENT_PURPOSES, MARKETING, SERVICE

GIVEN, WITHDRAWN, UNDONE = "given", "withdrawn", "undone"
NO_DIGITS = re.compile(r"\D")
# How it came to be known.
MANUALLY, PAGE = "hand", "page"

# The mailbox of an address in SQL, as `get_mailbox` has it in Python.
MAILBOX = r"regexp_replace(email_normalized, '(.)\+[^@]*@', '\1@')"


class LeadConsent(models.Model):
    """Whether a person wants messages: a history nobody rewrites, the last one counts.

    It is kept for a person, known by address, number or contact, not for a lead: who
    withdrew it has done so on all the leads of the company.
    """

    _name = "lead.consent"
    _description = "Consent"
    _order = "date desc, id desc"
    _log_access = False

    email_normalized = fields.Char(string="Email", readonly=True)
    phone_sanitized = fields.Char(string="Phone", readonly=True)
    partner_id = fields.Many2one(
        "res.partner", string="Contact", readonly=True, ondelete="set null", index=True
    )
    company_id = fields.Many2one(
        "res.company", readonly=True, ondelete="cascade", index=True
    )
    purpose = fields.Selection(
        CONSENT_PURPOSES, required=True, readonly=True, default=ALL
    )
    channel = fields.Selection(
        [*CHANNELS, (ALL, "All channels")], required=True, readonly=True, default=ALL
    )
    state = fields.Selection(
        [(GIVEN, "Given"), (WITHDRAWN, "Withdrawn"), (UNDONE, "Reverted")],
        required=True,
        readonly=True,
    )
    date = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now)
    how = fields.Selection(
        [
            ("form", "Form"),
            (MANUALLY, "Manually"),
            (PAGE, "Preference page"),
            ("one_click", "One click in the mail program"),
            ("import", "Import"),
            ("reply", "Reply"),
        ],
        required=True,
        readonly=True,
        default=MANUALLY,
        string="Collected Via",
    )
    text = fields.Text(
        string="Text Shown",
        readonly=True,
        help="The exact text the person agreed to.",
    )
    source = fields.Char(
        readonly=True, help="The form, page or file the consent comes from."
    )
    proof = fields.Text(
        readonly=True, help="Proof of the new consent after an earlier withdrawal."
    )
    lead_id = fields.Many2one(
        "crm.lead",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
        help="The lead the consent was recorded on.",
    )
    is_of_lead = fields.Boolean(
        string="For This Lead Only",
        readonly=True,
        help="A salesperson recorded this consent. The contact may be a customer of "
        "another salesperson, so it counts for this lead only and ends with it.",
    )
    undoes_id = fields.Many2one(
        "lead.consent", string="Reverted Consent", readonly=True, ondelete="cascade"
    )
    undo_ids = fields.One2many("lead.consent", "undoes_id", string="Reverted By")
    ip = fields.Char(string="IP Address", readonly=True)
    user_id = fields.Many2one(
        "res.users", string="Recorded By", readonly=True, ondelete="set null"
    )

    _has_person = models.Constraint(
        "CHECK(email_normalized IS NOT NULL OR phone_sanitized IS NOT NULL "
        "OR partner_id IS NOT NULL)",
        "A consent needs an email address, a phone number or a contact.",
    )
    _undoes_uniq = models.UniqueIndex("(undoes_id) WHERE undoes_id IS NOT NULL")
    _mailbox_idx = models.Index(f"({MAILBOX}) WHERE email_normalized IS NOT NULL")
    _email_idx = models.Index("(email_normalized) WHERE email_normalized IS NOT NULL")
    _phone_idx = models.Index("(phone_sanitized) WHERE phone_sanitized IS NOT NULL")
    _date_idx = models.Index("(date)")

    @api.model
    def _personal_fields(self):
        return ("ip", "proof")

    @api.model
    def _record(self, lead, state, **values):
        """Record what the person behind a lead wants.

        :param state: ``given`` or ``withdrawn``
        :param values: purpose, channel, how, text, source, ip …
        """
        # sudo: nobody writes the history by hand
        return self.sudo().create(self._prepare_values(lead, state, **values))

    @api.model
    def _prepare_values(self, lead, state, **values):
        return {
            "email_normalized": clean_email(lead.email_from, first=True),
            "phone_sanitized": clean_number(lead.phone_sanitized),
            "partner_id": lead.partner_id.id,
            "company_id": lead.company_id.id,
            "state": state,
            "user_id": self.env.uid,
            **values,
        }

    @api.model
    def _get_pairs(self, purpose, channel):
        """Return the single purposes and channels that a statement is about."""
        purposes = (MARKETING, SERVICE) if purpose == ALL else (purpose,)
        channels = [name for name, __ in CHANNELS] if channel == ALL else (channel,)
        return [(one, other) for one in purposes for other in channels]

    @api.model
    def _get_domain(self, person):
        """Return the domain of all that was said by a person.

        :param person: has ``email``, ``phone`` and ``partner_id``, or None for each
        """
        return Domain.OR(
            Domain(name, "=", value)
            for name, value in (
                ("email_normalized", person.email),
                ("phone_sanitized", person.phone),
                ("partner_id", person.partner_id),
            )
            if value
        )

    @api.model
    def _get_states(self, asked):
        """Return what people want, in one statement: for each, the last thing said.

        What was said by an email address counts for emails to its mailbox, what was
        said by a phone number for text messages to it; where only the other one is
        known, or only the contact, that does.

        :param asked: tuples (person, company id, purpose, channel, recipient)
        :return: list of ``given``, ``withdrawn`` or None
        """
        return [state for state, *__ in self._get_last(asked)]

    @api.model
    def _get_last(self, asked):
        """Return the last thing said, as `_get_states` does, with when and how it was.

        :return: list of tuples (state, date, how), of None where nothing was said
        """
        self.flush_model()
        rows = []
        for number, (person, company_id, purpose, channel, recipient) in enumerate(
            asked
        ):
            datum = PHONE if channel == ALL else get_channel(channel).datum
            known = {EMAIL: person.email, PHONE: person.phone}
            if recipient:
                known[datum] = recipient
            numbers = " ".join(get_variants(NO_DIGITS.sub("", known[PHONE] or "")))
            what = datum == EMAIL, company_id, purpose, channel, person.lead_id
            mailbox = get_mailbox(known[EMAIL])
            rows.append((number, mailbox, numbers, person.partner_id, *what))
        types = "int4 varchar varchar int4 bool int4 varchar varchar int4".split()
        found = self.env.execute_query(
            SQL(
                """
                WITH asked (number, mailbox, phones, partner_id, is_mail, company_id,
                            purpose, channel, lead_id) AS (%s)
                SELECT asked.number, last.state, last.date, last.how
                FROM asked CROSS JOIN LATERAL (
                    SELECT consent.state, consent.date, consent.how FROM (
                        SELECT * FROM lead_consent
                        WHERE %s = asked.mailbox
                          AND (asked.is_mail OR phone_sanitized IS NULL)
                        UNION
                        SELECT * FROM lead_consent
                        WHERE phone_sanitized = ANY(string_to_array(asked.phones, ' '))
                          AND (NOT asked.is_mail OR email_normalized IS NULL)
                        UNION
                        SELECT * FROM lead_consent
                        WHERE partner_id = asked.partner_id
                          AND email_normalized IS NULL AND phone_sanitized IS NULL
                    ) consent
                    WHERE (consent.company_id IS NULL
                           OR consent.company_id = asked.company_id)
                      AND consent.purpose IN ('all', asked.purpose)
                      AND consent.channel IN ('all', asked.channel)
                      AND (consent.is_of_lead IS NOT TRUE
                           OR consent.lead_id = asked.lead_id)
                      AND consent.state <> 'undone'
                      AND NOT EXISTS (SELECT 1 FROM lead_consent undo
                                      WHERE undo.undoes_id = consent.id)
                    ORDER BY consent.date DESC, consent.id DESC LIMIT 1
                ) last
                """,
                sql_rows(types, rows),
                SQL(MAILBOX),
            )
        )
        last = {number: said for number, *said in found}
        unsaid = (None, None, None)
        return [last.get(number, unsaid) for number in range(len(asked))]

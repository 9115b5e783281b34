from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.addresses import clean_email
from ...tools.verdicts import CONFIRMED, WRONG
from .channel.channel import get_channel
from .constants import ALL, CHANNELS, EMAIL, MARKETING, SERVICE
from .gate.lead_consent import WITHDRAWN
from .gate.preference_token import make_token
from .person import Person


class CrmLead(models.Model):
    """What was, and will be, sent to a lead, and what the lead wants of it."""

    _inherit = "crm.lead"

    lead_message_ids = fields.One2many(
        "lead.message", "lead_id", string="Messages Sent", readonly=True
    )
    lead_message_count = fields.Integer(
        string="Number of Messages", compute="_compute_lead_message_count"
    )

    lead_consent = fields.Char(
        string="Opt-Outs",
        compute="_compute_lead_consent",
        help="Messages the contact has opted out of.",
    )

    lead_timezone = fields.Char(
        string="Time Zone",
        compute="_compute_lead_consent",
        help="Where the lead is, as far as it is certain what time it is there.",
    )

    def _compute_lead_consent(self):
        # sudo: as for what they want, below
        people = Person.load_of(self.sudo()._origin)
        wishes = self._read_withdrawn(
            [
                (purpose, channel)
                for purpose in (MARKETING, SERVICE)
                for channel, __ in CHANNELS
            ],
            people,
        )
        for lead in self:
            person = people.get(lead._origin.id)
            lead.lead_timezone = person and person.get_zone()
            lead.lead_consent = lead._describe_unwanted(
                {pair for pair, ids in wishes.items() if lead._origin.id in ids}
            )

    def _describe_unwanted(self, pairs):
        """Return what is not wanted, in words.

        :param pairs: set of purposes and channels
        """
        if len(pairs) == 2 * len(CHANNELS):
            return self.env._("Opted out of all messages")
        labels = dict(
            self.env["lead.message"]._fields["channel"]._description_selection(self.env)
        )
        parts = []
        for channel, __ in CHANNELS:
            if (SERVICE, channel) in pairs:
                parts.append(self.env._("all messages by %s", labels[channel]))
            elif (MARKETING, channel) in pairs:
                parts.append(self.env._("news and offers by %s", labels[channel]))
        return self.env._("Opted out of: %s", ", ".join(parts)) if parts else False

    def _compute_lead_message_count(self):
        counts = dict(
            self.env["lead.message"]._read_group(
                [("lead_id", "in", self.ids)], ["lead_id"], ["__count"]
            )
        )
        for lead in self:
            lead.lead_message_count = counts.get(lead._origin, 0)

    def action_view_messages(self):
        """Open the messages sent, or to be sent, to this lead."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "lead_management.lead_message_action"
        )
        return {
            **action,
            "domain": [("lead_id", "=", self.id)],
            "context": {"default_lead_id": self.id},
        }

    def action_record_consent(
        self, state, purpose=ALL, channel=ALL, source=None, text=None, proof=None
    ):
        """Record what the lead told a salesperson about messages.

        :param state: ``given`` or ``withdrawn``
        :param source: where it comes from
        :param text: what was said or agreed to, word for word
        :param proof: what proves it
        :raises UserError: when something is missing, or is none of the values there are
        """
        if not self:
            raise UserError(self.env._("Choose at least one lead."))
        self.env["lead.consent"]._record_manually(
            self, state, purpose, channel, source=source, text=text, proof=proof
        )

    def action_ask_consent(self, state):
        """Open the dialog to record what these leads told a salesperson.

        :param state: ``given`` or ``withdrawn``
        """
        if not self:
            raise UserError(self.env._("Choose at least one lead."))
        self.env["lead.consent"]._check_statement(state)
        self.check_access("write")
        action = self.env["lead.consent.dialog"]._get_action()
        return {
            **action,
            "context": {"default_lead_ids": self.ids, "default_state": state},
        }

    # ------------------------------------------------------------
    # Preferences
    # ------------------------------------------------------------

    def _get_preference_url(self, recipient=None):
        """Return the page on which the person behind this lead says what is wanted.

        The link holds for the person: it works when the lead is merged, or gone.

        :param recipient: the address it is sent to, by default that of the lead; at
          another one the link is for whoever is there, and says nothing of the lead
        """
        self.ensure_one()
        # sudo: made with the secret of the database
        token = make_token(self.env(su=True), self._get_preference_person(recipient))
        return f"{self.get_base_url()}/lead/preferences/{token}"

    def _get_preference_person(self, recipient=None):
        """Return whom a link is for: company, email address, number and contact."""
        # sudo: whoever sends may not read the contact
        lead = self.sudo()
        email, phone = clean_email(lead.email_from, first=True), lead.phone_sanitized
        if not recipient or recipient in (email, phone):
            return [lead.company_id.id, email, phone, lead.partner_id.id]
        at = (recipient, False) if "@" in recipient else (False, recipient)
        return [lead.company_id.id, *at, False]

    def _get_withdrawn(self, channel=EMAIL, purpose=SERVICE):
        """Return the leads that do not want such messages."""
        return self.browse(self._read_withdrawn([(purpose, channel)])[purpose, channel])

    def _read_withdrawn(self, pairs, people=None):
        """Return who does not want what, in two statements for all.

        :param pairs: list of purposes and channels
        :param people: dict of lead id to a :class:`Person`, where they are known
        :return: dict of each pair to a list of lead ids
        """
        if people is None:
            # sudo: consent is read for all who send
            people = Person.load(self.sudo().env, self._origin.ids)
        asked = [
            (person, person.company_id or self.env.company.id, *pair, None)
            for pair in pairs
            for person in people.values()
        ]
        # sudo: what they want holds for all who send
        states = self.env["lead.consent"].sudo()._get_states(asked)
        withdrawn = {pair: [] for pair in pairs}
        for (person, __, *pair, __), state in zip(asked, states, strict=True):
            if state == WITHDRAWN:
                withdrawn[tuple(pair)].append(person.lead_id)
        return withdrawn

    # ------------------------------------------------------------
    # Hooks
    # ------------------------------------------------------------

    @api.model
    def _get_dead_address_field(self, channel):
        """Return the field of a lead that holds the address of a channel."""
        return get_channel(channel).lead_field

    def _message_address_dead(self, channel, recipient, error):
        """Hook: an address or number does not exist; rooms extend it to act on it.

        The salesperson is asked to find the right one, once a lead and channel.
        """
        Activity = self.env["mail.activity"]
        fname = self._get_dead_address_field(channel)
        datum = get_channel(channel).datum
        self._verify_evidence(datum, "bounce", WRONG, CONFIRMED, value=recipient)
        label = self._fields[fname]._description_string(self.env)
        summary = self.env._("Find the correct details: %s", label)
        for lead in self:
            email = clean_email(lead.email_from, first=True)
            known = {email, lead.phone_sanitized, lead._get_whatsapp_number()}
            if not lead.user_id or recipient not in known:
                continue
            if not Activity.search_count(
                [
                    ("res_model", "=", "crm.lead"),
                    ("res_id", "=", lead.id),
                    ("verification_datum", "=", datum),
                ],
                limit=1,
            ):
                lead.with_context(mail_activity_quick_update=True).activity_schedule(
                    "mail.mail_activity_data_todo",
                    summary=summary,
                    verification_datum=datum,
                    note=self.env._(
                        "%(recipient)s does not exist: %(error)s",
                        recipient=recipient,
                        error=error or "",
                    ),
                    user_id=lead.user_id.id,
                )

    @api.model
    def _merge_get_rows(self):
        """Who wrote on WhatsApp writes to the lead that stays."""
        names = ("lead.whatsapp.contact", "lead.whatsapp.event")
        return {**super()._merge_get_rows(), **dict.fromkeys(names, {})}

from dataclasses import dataclass

from odoo import api, fields, models
from odoo.fields import Domain

from ..channel.channel import get_channel
from ..constants import ALL, CHANNELS, MARKETING, SERVICE
from .lead_consent import GIVEN, MANUALLY, PAGE, WITHDRAWN
from .preference_token import make_token, read_token

# What one person, and one network address, may agree to within an hour. Withdrawing has
# no limit: behind a proxy everybody is one address, and it always counts.
PERSON_LIMIT = 30
ADDRESS_LIMIT = 300


@dataclass(frozen=True)
class Visitor:
    """Who holds a signed link."""

    company: models.BaseModel
    email: str | None
    phone: str | None
    partner_id: int | None
    lead_id: int | None = None
    # of the link to go on with: one that tells nobody who it is
    token: str | None = None

    @property
    def masked(self):
        """What tells people who is meant, and strangers nothing new."""
        if self.email:
            name, __, domain = self.email.partition("@")
            return f"{name[:1]}…@{domain}"
        return f"…{self.phone[-3:]}" if self.phone else ""


class LeadConsent(models.Model):
    """What the preference page asks."""

    _inherit = "lead.consent"

    @api.model
    def _read_token(self, token):
        """Return the :class:`Visitor` a link was made for, None for any other link."""
        # sudo: made with the secret of the database
        env = self.env(su=True)
        values, is_sealed = read_token(env, token)
        if not values:
            return None
        company_id, email, phone, partner_id = values
        if not (email or phone or partner_id):
            return None
        company = self.env["res.company"].browse(company_id or ()).exists()
        partner = self.env["res.partner"].browse(partner_id or ()).exists()
        return Visitor(
            company,
            email or None,
            phone or None,
            partner.id or None,
            token=token if is_sealed else make_token(env, values),
        )

    @api.model
    def _get_choices(self, visitor):
        """Return what can be chosen: purposes by the channels that reach the visitor.

        :return: list of dicts: name, purpose, channel, text, state, is_said
        """
        channels = [
            channel
            for channel, __ in CHANNELS
            if getattr(visitor, get_channel(channel).datum)
        ]
        pairs = [
            (purpose, channel)
            for purpose in (MARKETING, SERVICE)
            for channel in channels
        ]
        company_id = visitor.company.id or None
        last = self._get_last([(visitor, company_id, *pair, None) for pair in pairs])
        return [
            {
                "name": f"{purpose}_{channel}",
                "purpose": purpose,
                "channel": channel,
                "text": self._get_choice_text(purpose, channel),
                "state": state or self._get_default_state(purpose, channel, visitor),
                # what a salesperson wrote down may be taken back; what is said here not
                "is_said": how != MANUALLY,
            }
            for (purpose, channel), (state, __, how) in zip(pairs, last, strict=True)
        ]

    @api.model
    def _get_choice_text(self, purpose, channel):
        """Return the words that are agreed to."""
        channels = dict(self._fields["channel"]._description_selection(self.env))
        if purpose == MARKETING:
            return self.env._("News and offers by %s", channels[channel])
        return self.env._("Messages about my inquiries by %s", channels[channel])

    @api.model
    def _get_default_state(self, purpose, channel, visitor):
        """Return what holds as long as nobody has said anything."""
        company = visitor.company or self.env.company
        if purpose == MARKETING and company[f"message_optin_{channel}"]:
            return WITHDRAWN
        return GIVEN

    @api.model
    def _save_choices(self, visitor, wanted, **proof):
        """Record what a visitor chose, as far as it is something new.

        :param wanted: names of the choices that are wanted
        :param proof: values that tell how it came to be known
        :return: whether all of it counts; too much that is given must wait
        """
        changes = {GIVEN: [], WITHDRAWN: []}
        for choice in self._get_choices(visitor):
            state = GIVEN if choice["name"] in wanted else WITHDRAWN
            is_new = state != choice["state"]
            if is_new or (state == WITHDRAWN and not choice["is_said"]):
                changes[state].append(choice)
        may_give = not changes[GIVEN] or self._may_give(visitor, proof.get("ip"))
        if not may_give:
            del changes[GIVEN]
        for state, choices in changes.items():
            for choice in choices:
                self._record_person(
                    visitor,
                    state,
                    choice["purpose"],
                    choice["channel"],
                    text=choice["text"],
                    **proof,
                )
        return may_give

    @api.model
    def _withdraw_person(self, visitor, channel, **proof):
        """Record that a visitor wants nothing on a channel, or on all of them.

        Whoever has withdrawn that already adds nothing: nobody can fill the table.
        """
        asked = [
            (visitor, visitor.company.id or None, *pair, None)
            for pair in self._get_pairs(ALL, channel)
        ]
        last = self._get_last(asked)
        # what a salesperson wrote down may be taken back, so it is said again
        if any(state != WITHDRAWN or how == MANUALLY for state, __, how in last):
            self._record_person(visitor, WITHDRAWN, ALL, channel, **proof)

    @api.model
    def _record_person(self, visitor, state, purpose, channel, **proof):
        return self.create(
            {
                "email_normalized": visitor.email,
                "phone_sanitized": visitor.phone,
                "partner_id": visitor.partner_id,
                "company_id": visitor.company.id,
                "state": state,
                "purpose": purpose,
                "channel": channel,
                "text": proof.pop("text", None) or self._get_all_text(purpose, channel),
                **proof,
            }
        )

    @api.model
    def _get_all_text(self, purpose, channel):
        purposes = dict(self._fields["purpose"]._description_selection(self.env))
        channels = dict(self._fields["channel"]._description_selection(self.env))
        return f"{purposes[purpose]}: {channels[channel]}"

    @api.model
    def _may_give(self, visitor, ip):
        """Return whether so little was given of late that these may be people."""
        since = fields.Datetime.subtract(fields.Datetime.now(), hours=1)
        given = Domain("date", ">", since) & Domain("state", "=", GIVEN)
        given &= Domain("how", "=", PAGE)
        limits = (
            (self._get_domain(visitor), PERSON_LIMIT),
            (Domain("ip", "=", ip or False), ADDRESS_LIMIT),
        )
        return all(
            self.search_count(given & domain, limit=limit or 1) < limit
            for domain, limit in limits
        )

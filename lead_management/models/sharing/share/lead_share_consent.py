from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...messaging.channel.channel import get_channel
from ...messaging.gate.lead_consent import WITHDRAWN as NO
from ...messaging.person import Person
from ..policy.constants import COMPANY, HELD, PARTNER
from . import lead_share_event as events


class LeadShare(models.Model):
    """A "no" travels with a lead, and after it; a "yes" stays where it was given."""

    _inherit = "lead.share"

    def _copy_withdrawals(self, copies):
        """Record for copies what the people withdrew with who gave the leads."""
        said = self._get_withdrawn(self.lead_id)
        vals_list = []
        for share, copy in zip(self, copies, strict=True):
            vals_list += share._prepare_refusals(copy, said.get(share.lead_id.id, ()))
        # sudo: nobody writes the history of consents by hand
        self.env["lead.consent"].sudo().create(vals_list)

    def _prepare_refusals(self, copy, pairs):
        """Return the values of consents that a person withdrew, for our lead.

        :param pairs: purposes and channels
        """
        if not (copy.email_normalized or copy.phone_sanitized):
            return []
        return [
            {
                **self.env["lead.consent"]._prepare_values(copy, NO),
                "purpose": purpose,
                "channel": channel,
                "how": "share",
                "lead_id": copy.id,
                "source": self.env._("Shared by %s", self.giver_name),
            }
            for purpose, channel in pairs
        ]

    @api.model
    def _get_withdrawn(self, leads, is_far=False):
        """Return what the people behind leads do not want: pairs by lead id.

        :param is_far: whether the blacklists of this database count as well, which
            those who work in it see anyway
        """
        people = Person.load(self.env, leads.ids) if leads else {}
        Consent = self.env["lead.consent"]
        pairs = Consent._get_pairs("all", "all")
        blocked = self._get_blacklisted(people.values()) if is_far else ()
        asked, keys, withdrawn = [], [], {}
        for lead_id, person in people.items():
            for purpose, channel in pairs:
                address = getattr(person, get_channel(channel).datum)
                if address in blocked:
                    withdrawn.setdefault(lead_id, []).append((purpose, channel))
                    continue
                asked.append((person, person.company_id, purpose, channel, None))
                keys.append((lead_id, (purpose, channel)))
        if asked:
            states = Consent._get_states(asked)
            for (lead_id, pair), state in zip(keys, states, strict=True):
                if state == NO:
                    withdrawn.setdefault(lead_id, []).append(pair)
        return withdrawn

    @api.model
    def _get_blacklisted(self, people):
        """Return the addresses and numbers that are on a blacklist of this database."""
        addresses = [a for one in people for a in (one.email, one.phone) if a]
        self.env["mail.blacklist"].flush_model()
        self.env["phone.blacklist"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT email FROM mail_blacklist WHERE active AND email = ANY(%(all)s)
                UNION ALL
                SELECT number FROM phone_blacklist
                WHERE active AND number = ANY(%(all)s)
                """,
                all=addresses,
            )
        )
        return {address for (address,) in rows}

    # ------------------------------------------------------------
    # Later
    # ------------------------------------------------------------

    @api.model
    def _forward_withdrawals(self, said):
        """Tell whoever has leads of these people what they withdrew just now.

        :param said: records of consents
        """
        # sudo: whoever takes a withdrawal down passes it on, whatever they see
        Share = self.sudo()
        for one in said.sudo():  # sudo: as above
            person = Domain.OR(
                Domain(f"lead_id.{name}", "=", value)
                for name, value in (
                    ("email_normalized", one.email_normalized),
                    ("phone_sanitized", one.phone_sanitized),
                    ("partner_id", one.partner_id.id),
                )
                if value
            )
            company = Domain.TRUE
            if one.company_id:
                company = Domain("company_id", "=", one.company_id.id)
            shares = Share.search(person & company & Domain("state", "in", HELD))
            pairs = one._get_pairs(one.purpose, one.channel)
            for share in shares:
                share._notify_withdrawal(pairs)

    def _notify_withdrawal(self, pairs):
        """Tell the receiver what the person withdrew; connections extend it."""
        self.ensure_one()
        self.env["lead.share.event"]._record(self, events.CONSENT)
        if self.kind == COMPANY and self.copy_id:
            # sudo: nobody writes the history of consents by hand
            Consent = self.env["lead.consent"].sudo()
            Consent.create(self._prepare_refusals(self.copy_id, pairs))
        elif self.kind == PARTNER:
            self._send_link("corrected")

    @api.model
    def _describe_refused(self, pairs):
        """Return in words what somebody does not want."""
        Consent = self.env["lead.consent"]
        purposes, channels = (
            dict(Consent._fields[name]._description_selection(self.env))
            for name in ("purpose", "channel")
        )
        by_channel = {}
        for purpose, channel in pairs:
            by_channel.setdefault(channels[channel], []).append(purposes[purpose])
        return " · ".join(
            f"{channel}: {', '.join(names)}" for channel, names in by_channel.items()
        )

from datetime import datetime

from odoo import SUPERUSER_ID, api, fields, models
from odoo.tools import SQL

from ....tools.quiet_hours import get_next_moment
from ..channel.channel import get_channel
from ..constants import CHANNELS, MARKETING, consent_purpose
from ..person import Person
from .gate_case import HOLD, LATER, SEND, Batch, Case, Decision
from .lead_consent import GIVEN, WITHDRAWN

SUNDAY = 6
# In their order; whether each may be overridden with a reason.
CHECKS = {
    "copy": False,
    "company": False,
    "recipient": False,
    "blacklist": False,
    "consent": False,
    "duplicate": True,
    "cap": True,
    "quiet": True,
}


class LeadMessageGate(models.AbstractModel):
    """The one decision every outgoing message passes.

    A check is a method `_check_<code>(case)` that returns why a message is held back,
    the moment it may go, or None; `_get_checks` lists them, the first that holds a
    message back decides.
    """

    _name = "lead.message.gate"
    _description = "Sending Rules"

    @api.model
    def _get_checks(self):
        """Return the checks in order: code to whether it may be overridden."""
        return CHECKS

    @api.model
    def _decide(self, rows):
        """Decide on messages, in a constant number of statements.

        :param rows: dicts of the fields of ``lead.message``, completed in place by
          ``recipient``, ``company_id`` and ``is_marketing``; they are one sending: what
          has no purpose and goes to several people is advertising
        :return: list of :class:`Decision`
        """
        cases = self._get_cases(rows)
        to_several = len({row["recipient"] for row in rows} - {None}) > 1
        for row in rows:
            kind = consent_purpose(row.get("purpose"), to_several)
            row["is_marketing"] = row.get("is_marketing") or kind == MARKETING
        self._read_consents(cases)
        return self._decide_cases(cases)

    @api.model
    def _decide_again(self, messages):
        """Decide on messages about to be sent: since they were queued, consent may be
        withdrawn, and others may have written."""
        names = [
            "lead_id",
            "channel",
            "purpose",
            "is_marketing",
            "template_id",
            "account_id",
            "recipient",
            "user_id",
            "fingerprint",
            "override_reason",
        ]
        rows = [
            {
                "id": message.id,
                **{
                    name: message._fields[name].convert_to_write(message[name], message)
                    for name in names
                },
            }
            for message in messages
        ]
        cases = self._get_cases(rows)
        self._read_consents(cases)
        return self._decide_cases(cases)

    @api.model
    def _decide_cases(self, cases):
        batch = Batch()
        decisions = []
        for case in cases:
            case.batch = batch
            decision = self._decide_case(case)
            if decision.outcome != HOLD:
                batch.add(case)
            decisions.append(decision)
        return decisions

    @api.model
    def _decide_case(self, case):
        advice = self._get_advice(case)
        for code, overridable in self._get_checks().items():
            if overridable and case.row.get("override_reason"):
                continue
            found = getattr(self, f"_check_{code}")(case)
            if isinstance(found, datetime):
                reason = self.env._("Outside the allowed hours for this lead.")
                zone = case.zones[0]
                return Decision(LATER, found, code, reason, overridable, advice, zone)
            if found:
                return Decision(HOLD, None, code, found, overridable, advice)
        if case.at > case.now:
            return Decision(LATER, case.at, "scheduled", advice=advice)
        return Decision(SEND, advice=advice)

    # ------------------------------------------------------------
    # What is known
    # ------------------------------------------------------------

    @api.model
    def _complete(self, rows):
        """Add recipients and companies; return the people behind the leads.

        A recipient becomes what will be sent to, however it is written: that is what
        is looked up.
        """
        people = Person.load(self.env, {row["lead_id"] for row in rows})
        for row in rows:
            person, channel = people[row["lead_id"]], row["channel"]
            row["company_id"] = person.company_id
            written = row.get("recipient") or person.get_address(channel)
            row["recipient"] = get_channel(channel).clean(written) or written
        return people

    @api.model
    def _get_cases(self, rows):
        # sudo: the gate sees what the sender may not, and tells no more than a reason
        self = self.sudo()
        people = self._complete(rows)
        Users, Companies = self.env["res.users"], self.env["res.company"]
        users = Users.browse({row.get("user_id") for row in rows} - {None, False})
        users.fetch(["company_id", "company_ids", "active", "name"])
        silence, now = self._get_silence(), fields.Datetime.now()
        cases = []
        for row in rows:
            user = Users.browse(row.get("user_id") or ())
            company_id = row["company_id"] or user.company_id.id or self.env.company.id
            company = Companies.browse(company_id)
            person = people[row["lead_id"]]
            cases.append(Case(row, person, user, company, now, silence))
        self._read_blacklists(cases)
        self._read_past(cases)
        return cases

    @api.model
    def _read_blacklists(self, cases):
        recipients = list({case.row["recipient"] for case in cases} - {None})
        self.env["mail.blacklist"].flush_model()
        self.env["phone.blacklist"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT email FROM mail_blacklist WHERE active AND email = ANY(%s)
                UNION ALL
                SELECT number FROM phone_blacklist WHERE active AND number = ANY(%s)
                """,
                recipients,
                recipients,
            )
        )
        blacklisted = {recipient for (recipient,) in rows}
        for case in cases:
            case.is_blacklisted = case.row["recipient"] in blacklisted

    @api.model
    def _read_consents(self, cases):
        asked = [
            (
                case.person,
                case.company.id,
                case.kind,
                case.row["channel"],
                case.row["recipient"],
            )
            for case in cases
        ]
        states = self.env["lead.consent"]._get_states(asked)
        for case, state in zip(cases, states, strict=True):
            case.consent = state

    @api.model
    def _read_past(self, cases):
        past = self.env["lead.message"]._get_past(cases)
        for case, (in_day, in_week, is_repeated) in zip(cases, past, strict=True):
            case.in_day, case.in_week = in_day, in_week
            case.is_repeated = is_repeated

    # ------------------------------------------------------------
    # Checks
    # ------------------------------------------------------------

    @api.model
    def _check_copy(self, case):
        return case.silence

    @api.model
    def _check_company(self, case):
        user = case.user
        if not user or user.id == SUPERUSER_ID:
            return None
        if not user.active:
            return self.env._("%(sender)s is no longer a user.", sender=user.name)
        if case.company not in user.company_ids:
            return self.env._(
                "The lead belongs to %(company)s, but %(sender)s does not.",
                company=case.company.name,
                sender=user.name,
            )
        return None

    @api.model
    def _check_recipient(self, case):
        recipient, channel = case.row["recipient"], get_channel(case.row["channel"])
        if not recipient:
            return channel.get_refusal(self.env)
        if not channel.clean(recipient):
            return self.env._(
                "“%s” is not a valid address for this channel.", recipient
            )
        return None

    @api.model
    def _check_blacklist(self, case):
        if case.is_blacklisted:
            return self.env._("%s is on the blacklist.", case.row["recipient"])
        return None

    @api.model
    def _check_consent(self, case):
        if case.consent == WITHDRAWN:
            return self.env._("The contact has opted out of these messages.")
        channel = case.row["channel"]
        needed = case.kind == MARKETING and case.company[f"message_optin_{channel}"]
        if needed and case.consent != GIVEN:
            return self.env._(
                "News and offers by %(channel)s require the consent of the contact.",
                channel=self._get_channel_label(channel),
            )
        return None

    @api.model
    def _check_duplicate(self, case):
        if case.company.message_duplicate_hours and (
            case.is_repeated or case.texts & case.batch.texts
        ):
            return self.env._(
                "The same message was sent within the last %s hours.",
                case.company.message_duplicate_hours,
            )
        return None

    @api.model
    def _check_cap(self, case):
        company = case.company
        before = case.batch.count(case)
        if company.message_cap_day and case.in_day + before >= company.message_cap_day:
            return self.env._(
                "The daily limit of messages for this contact is reached (%s).",
                company.message_cap_day,
            )
        week = company.message_cap_week
        if week and case.in_week + before >= week:
            return self.env._(
                "The weekly limit of messages for this contact is reached (%s).", week
            )
        return None

    @api.model
    def _check_quiet(self, case):
        company = case.company
        if not company.message_quiet_on:
            return None
        quiet_field = get_channel(case.row["channel"]).quiet_field
        if quiet_field and not company[quiet_field]:
            return None
        moment = get_next_moment(
            case.at,
            case.zones,
            company.message_quiet_start,
            company.message_quiet_end,
            (SUNDAY,) if company.message_quiet_sunday else (),
        )
        return moment if moment > case.at else None

    @api.model
    def _get_advice(self, case):
        preferred = case.person.preferred_channel
        if not preferred or preferred == case.row["channel"]:
            return None
        labels = dict(
            self.env["crm.lead"]
            ._fields["preferred_channel"]
            ._description_selection(self.env)
        )
        return self.env._("Preferred channel: %s", labels.get(preferred, preferred))

    @api.model
    def _get_channel_label(self, channel):
        field_ = self.env["lead.message"]._fields["channel"]
        return dict(field_._description_selection(self.env)).get(
            channel, dict(CHANNELS).get(channel)
        )

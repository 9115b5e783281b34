import json
from datetime import timedelta

from markupsafe import Markup

from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL, plaintext2html

from ....tools.capture_values import digest
from ..source.lead_capture_source import ASK, ATTACH
from .lead_capture_entry import ATTACHED, DONE, PARKED, QUARANTINED
from .reading import Reading

# Two submissions of one person at once are one lead: this says who is next.
PERSON_LOCK = 0x63617074
OPEN_LEADS = 50


class Plan:
    """What is to become of an entry, as far as it is known."""

    def __init__(self, entry, reading, known):
        self.entry, self.reading, self.known = entry, reading, known
        # what is written on the entry, where no lead comes of it
        self.result = None
        # of a lead that is to be made
        self.values = None
        self.lead = entry.env["crm.lead"]

    @property
    def people(self):
        """What two entries have in common that are of one person in a company."""
        who = self.known["email_normalized"], self.known["phone_sanitized"]
        company = self.entry.company_id.id if self.entry else 0
        return {(company, text) for text in who if text}


class LeadCaptureEntry(models.Model):
    """From a submission to a lead: a new one, or one of the same person."""

    _inherit = "lead.capture.entry"

    def _run(self):
        """Make a lead of the entry, or say why not.

        :return: what is to be written on the entry, its state among it
        """
        plan = self._plan()
        self._lock_people([plan])
        self._decide(plan)
        if plan.values is not None:
            plan.lead = self.env["crm.lead"].create(plan.values)
        result = self._conclude(plan)
        self._note_touches([plan])
        return result

    def _plan(self):
        """Return the :class:`Plan` of the entry: what stands in it, and what is wrong.

        Nothing is looked up yet that others may be changing.
        """
        reading = self._read()
        plan = Plan(self, reading, self._prepare_person(reading))
        points = [] if self.is_cleared else self._get_spam(reading)
        total = sum(values.get("points", 0) for __, values in points)
        limit = self.source_id.spam_limit
        if limit and total >= limit:
            plan.result = {"state": QUARANTINED, "outcome": points}
            return plan
        self.source_id._learn(reading.unmapped)
        if problem := self._get_problem(reading):
            plan.result = {"state": PARKED, "outcome": [problem]}
        return plan

    def _decide(self, plan):
        """Decide whether a plan becomes a lead, or belongs to one, or waits."""
        if plan.result:
            return
        lead = self._find_known(plan.known)
        if lead and self.source_id.known == ASK:
            outcome = [["known", {"lead": lead.name}]]
            plan.result = {"state": PARKED, "outcome": outcome}
        elif lead:
            plan.lead = lead
        else:
            plan.values = self._prepare_lead(plan.reading)

    def _conclude(self, plan):
        """Return what is to be written on the entry, once there is a lead or none."""
        lead = plan.lead
        if plan.result:
            return {**plan.known, "next_try": False, **plan.result}
        if plan.values is None:
            result = self._attach(lead, plan.reading)
        else:
            result = {"state": DONE, "lead_id": lead.id, "outcome": [["created", {}]]}
        lead._capture_done(self, plan.reading, plan.values is not None)
        return {**plan.known, "next_try": False, **result}

    def _process_batch(self):
        """Bring entries that are locked to their ends, their leads made all at once."""
        plans, single = [], []
        for entry in self:
            entry = entry._for_company()
            if entry._get_facts("erases") or entry._get_facts("is_test"):
                single.append(entry)
            else:
                plans.append(entry._plan())
        self._lock_people(plans)
        seen = set()
        for plan in plans:
            # the second one of a person belongs to the lead of the first
            if plan.people & seen:
                single.append(plan.entry)
                plan.entry = None
                continue
            seen |= plan.people
            plan.entry._decide(plan)
        plans = [plan for plan in plans if plan.entry]
        self._make_batch([plan for plan in plans if plan.values is not None])
        for plan in plans:
            plan.entry._end(**plan.entry._conclude(plan))
        self._note_touches(plans)
        for entry in single:
            entry._process()

    def _make_batch(self, plans):
        """Make the leads of plans, those of a company together."""
        by_company = {}
        for plan in plans:
            by_company.setdefault(plan.entry.company_id, []).append(plan)
        for group in by_company.values():
            leads = group[0].entry.env["crm.lead"]
            leads = leads._capture_create([plan.values for plan in group])
            for plan, lead in zip(group, leads, strict=True):
                plan.lead = lead

    # ------------------------------------------------------------
    # What stands in it
    # ------------------------------------------------------------

    def _read(self):
        """Return the :class:`Reading` of the entry, by the mapping of its source."""
        door = self.source_id._get_door()
        payload = json.loads(self.payload or "{}")
        detail = json.loads(self.detail) if self.detail else None
        texts = door.read_texts(payload, detail)
        reading = Reading()
        lines = {line._get_name(): line for line in self.source_id.field_ids}
        for name, text in texts.items():
            if name in lines and (lines[name].target or lines[name]._is_input()):
                lines[name]._put(reading, text)
            elif target := door.get_meaning(name):
                reading.put(target, text, name)
            elif door.keeps_unknown:
                reading.add_note(name, text)
                reading.unmapped[name] = text
        return reading

    def _prepare_person(self, reading):
        company = self.company_id
        return {
            "person": reading.person[:100],
            "email_normalized": reading.email,
            "phone_sanitized": reading.get_number(self.env, company),
        }

    def _get_problem(self, reading):
        """Return the reason why no lead can be made of it, or None."""
        if reading.is_anybody:
            return None
        if text := reading.texts.get("email_from"):
            return ["bad_email", {"email": text[:100]}]
        if reading.unmapped:
            name, text = next(iter(reading.unmapped.items()))
            return ["unmapped", {"name": name, "example": text[:80]}]
        return ["nobody", {}]

    # ------------------------------------------------------------
    # Known people
    # ------------------------------------------------------------

    def _lock_people(self, plans):
        """Wait for whoever is working on something of the same people.

        In one order, whoever asks: two that wait for each other would never end.
        """
        numbers = {
            int(digest(*who)[:7], 16)
            for plan in plans
            if not plan.result
            for who in plan.people
        }
        if numbers:
            self.env.cr.execute(
                SQL(
                    "SELECT pg_advisory_xact_lock(%s, number) FROM unnest(%s) number",
                    PERSON_LOCK,
                    sorted(numbers),
                )
            )

    def _find_known(self, known):
        """Return the open lead of the person in the company, or none."""
        leads = self.env["crm.lead"]
        if self.source_id.known not in (ATTACH, ASK) or self.is_new_wanted:
            return leads
        return leads._capture_find(
            self.company_id,
            known["email_normalized"],
            known["phone_sanitized"],
            self.source_id.known_days,
        )

    def _attach(self, lead, reading):
        """Tell the salesperson of an open lead that the person asked again."""
        message = lead._capture_post(self, self._describe(reading))
        outcome = [["attached", {"lead": lead.name}]]
        if lead.user_id:
            outcome.append(["told", {"user": lead.user_id.name}])
        return {
            "state": ATTACHED,
            "lead_id": lead.id,
            "mail_message_id": message.id,
            "outcome": outcome,
        }

    # ------------------------------------------------------------
    # New leads
    # ------------------------------------------------------------

    def _prepare_lead(self, reading):
        """Return the values of a new lead. Whose it is, nobody outside says."""
        source = self.source_id
        utm = self._find_utm(reading)
        partner = self._find_partner(reading)
        return {
            **reading.get_values(self.env, self.company_id),
            "name": reading.texts.get("subject") or self._get_title(reading),
            "type": "lead" if source.team_id.use_leads else "opportunity",
            "description": self._describe(reading),
            "user_id": False,
            "team_id": source.team_id.id,
            "company_id": self.company_id.id,
            "tag_ids": [fields.Command.set(source.tag_ids.ids)],
            "campaign_id": utm["campaign_id"] or source.campaign_id.id,
            "medium_id": utm["medium_id"] or source.medium_id.id,
            "source_id": utm["source_id"] or source.utm_source_id.id,
            "capture_source_id": source.id,
            "lang_id": self._find_lang().id,
            "partner_id": partner.id,
        }

    def _get_title(self, reading):
        who = reading.texts.get("partner_name") or reading.person
        name = self.source_id._get_title()
        return f"{name}: {who}"[:150] if who else name

    def _find_partner(self, reading):
        """Return the one contact of the company with the address, if there is one."""
        partners = self.env["res.partner"]
        if not reading.email:
            return partners
        companies = Domain("company_id", "in", [False, self.company_id.id])
        found = partners.search(
            Domain("email_normalized", "=", reading.email) & companies, limit=2
        )
        # a colleague is nobody's customer
        found = found.filtered(lambda one: one.partner_share)
        return found if len(found) == 1 else partners

    def _find_lang(self):
        code = self._get_facts("lang")
        langs = self.env["res.lang"]
        return langs.search([("code", "=", code)], limit=1) if code else langs

    def _describe(self, reading):
        """Return what was written, and what has no field of its own, as HTML."""
        parts = []
        if text := reading.texts.get("description"):
            parts.append(plaintext2html(text))
        if notes := reading.get_notes():
            lines = [Markup("<li>%s: %s</li>") % (label, text) for label, text in notes]
            parts.append(Markup("<ul>%s</ul>") % Markup().join(lines))
        return Markup().join(parts)


def get_oldest(days):
    """Return the date from which on a lead counts as one of a known person."""
    return fields.Datetime.now() - timedelta(days=days)

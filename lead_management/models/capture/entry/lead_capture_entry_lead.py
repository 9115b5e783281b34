import json
from datetime import timedelta

from markupsafe import Markup

from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL, plaintext2html

from ....tools.capture_values import digest
from ..source.lead_capture_source import ASK, ATTACH
from .lead_capture_entry import ATTACHED, DONE, PARKED, QUARANTINED
from .reading import UTM, Reading

# Two submissions of one person at once are one lead: this says who is next.
PERSON_LOCK = 0x63617074
OPEN_LEADS = 50


class LeadCaptureEntry(models.Model):
    """From a submission to a lead: a new one, or one of the same person."""

    _inherit = "lead.capture.entry"

    def _run(self):
        """Make a lead of the entry, or say why not.

        :return: what is to be written on the entry, its state among it
        """
        reading = self._read()
        known = self._prepare_person(reading)
        points = [] if self.is_cleared else self._get_spam(reading)
        total = sum(values.get("points", 0) for __, values in points)
        limit = self.source_id.spam_limit
        if limit and total >= limit:
            return {**known, "state": QUARANTINED, "outcome": points}
        self.source_id._learn(reading.unmapped)
        if problem := self._get_problem(reading):
            return {**known, "state": PARKED, "outcome": [problem]}
        self._lock_person(known)
        lead = self._find_known(known)
        if lead and self.source_id.known == ASK:
            outcome = [["known", {"lead": lead.name}]]
            return {**known, "state": PARKED, "outcome": outcome}
        if lead:
            result = self._attach(lead, reading)
        else:
            result = self._make(reading)
        self._note_touch(result["lead_id"], reading)
        lead = self.env["crm.lead"].browse(result["lead_id"])
        lead._capture_done(self, reading, result["state"] == DONE)
        return {**known, "next_try": False, **result}

    # ------------------------------------------------------------
    # What stands in it
    # ------------------------------------------------------------

    def _read(self):
        """Return the :class:`Reading` of the entry, by the mapping of its source."""
        door = self.source_id._get_door()
        payload = json.loads(self.payload or "{}")
        detail = json.loads(self.detail) if self.detail else None
        texts = door.read(payload, detail)
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

    def _lock_person(self, known):
        """Wait for whoever is working on something of the same person."""
        who = known["email_normalized"], known["phone_sanitized"]
        numbers = sorted(
            int(digest(self.company_id.id, text)[:7], 16) for text in who if text
        )
        for number in numbers:
            self.env.cr.execute(
                SQL("SELECT pg_advisory_xact_lock(%s, %s)", PERSON_LOCK, number)
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

    def _make(self, reading):
        lead = self.env["crm.lead"].create(self._prepare_lead(reading))
        return {"state": DONE, "lead_id": lead.id, "outcome": [["created", {}]]}

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
            lines = [
                Markup("<li>%s: %s</li>") % (label, text) for label, text in notes
            ]
            parts.append(Markup("<ul>%s</ul>") % Markup().join(lines))
        return Markup().join(parts)

    # ------------------------------------------------------------
    # Campaigns
    # ------------------------------------------------------------

    def _find_utm(self, reading):
        """Return the campaign, source and medium of ours that were named."""
        models_ = {
            "campaign_id": ("utm.campaign", "utm_campaign"),
            "source_id": ("utm.source", "utm_source"),
            "medium_id": ("utm.medium", "utm_medium"),
        }
        found = {}
        for fname, (model, name) in models_.items():
            text = reading.texts.get(name)
            records = self.env[model]
            found[fname] = (
                records.search([("name", "=ilike", _escape(text))], limit=1).id
                if text
                else False
            )
        return found

    def _note_touch(self, lead_id, reading):
        utm = self._find_utm(reading)
        source = self.source_id
        named = {name: reading.texts[name] for name in UTM if reading.texts.get(name)}
        self.env["lead.campaign.touch"].create(
            {
                "lead_id": lead_id,
                "date": self.submitted_date or self.date,
                "campaign_id": utm["campaign_id"] or source.campaign_id.id,
                "source_id": utm["source_id"] or source.utm_source_id.id,
                "medium_id": utm["medium_id"] or source.medium_id.id,
                "how": source.kind,
                "capture_source_id": source.id,
                "page": (self._get_facts("page") or "")[:500] or False,
                "utm": named or False,
            }
        )


def _escape(text):
    return text.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")


def get_oldest(days):
    """Return the date from which on a lead counts as one of a known person."""
    return fields.Datetime.now() - timedelta(days=days)

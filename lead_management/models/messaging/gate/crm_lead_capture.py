import json

from odoo import models

from ..constants import ALL
from ..person import Person
from .lead_consent import GIVEN, WITHDRAWN


class CrmLead(models.Model):
    """What people agree to in a form, with the very text that was shown."""

    _inherit = "crm.lead"

    def _capture_done(self, entry, reading, is_new):
        super()._capture_done(entry, reading, is_new)
        consent = json.loads(entry.payload or "{}")
        consent = consent.get("consent") if isinstance(consent, dict) else None
        if isinstance(consent, dict) and entry.source_id._get_door().has_page:
            self._capture_consent(entry, reading, consent)

    def _capture_consent(self, entry, reading, consent):
        """Record a consent whose text is proven to be the one of the form.

        Anybody can type the address of somebody else: who has withdrawn it is not made
        to agree again by a form.
        """
        source = entry.source_id
        texts = {consent["text"]} if consent.get("signed") else set()
        shown = " ".join(str(consent.get("text") or "").split())
        for code, __ in self.env["res.lang"].get_installed():
            text = source.with_context(lang=code).consent_text or ""
            texts.add(" ".join(text.split()))
        known = {" ".join(str(text).split()) for text in texts}
        email = reading.email
        number = entry.phone_sanitized
        if not shown or shown not in known or not (email or number):
            return
        company = entry.company_id
        person = Person(
            self.id, company.id, None, email, number, number, None, None, None
        )
        Consent = self.env["lead.consent"]
        asked = [
            (person, company.id, purpose, channel, None)
            for purpose, channel in Consent._get_pairs(
                source.consent_purpose or ALL, source.consent_channel or ALL
            )
        ]
        if WITHDRAWN in Consent._get_states(asked):
            return
        Consent._record(
            self,
            GIVEN,
            lead_id=self.id,
            email_normalized=email,
            phone_sanitized=number,
            partner_id=False,
            purpose=source.consent_purpose,
            channel=source.consent_channel,
            how="form",
            text=consent["text"],
            source=f"{source.name} ({consent.get('version')})"[:200],
            ip=entry.ip,
            user_id=False,
        )

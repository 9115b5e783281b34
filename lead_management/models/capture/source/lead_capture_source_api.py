import json

from odoo import models

# What every source of this type understands.
USUAL = {
    "name": "contact_name",
    "email": "email_from",
    "phone": "phone",
    "company": "partner_name",
    "message": "description",
}
EXAMPLES = {
    "contact_name": "Ada Lovelace",
    "first_name": "Ada",
    "last_name": "Lovelace",
    "email_from": "ada@example.com",
    "phone": "+32 470 12 34 56",
    "partner_name": "Analytical Engines",
    "function": "Director",
    "street": "12 St James's Square",
    "zip": "1000",
    "city": "Brussels",
    "country": "BE",
    "website": "https://www.example.com",
    "subject": "An offer for ten machines",
    "description": "Please call me back.",
    "utm_campaign": "spring",
    "utm_source": "newsletter",
    "utm_medium": "email",
}


class LeadCaptureSource(models.Model):
    """The documentation of the API of a source, made of its mapping."""

    _inherit = "lead.capture.source"

    def _prepare_api_page(self):
        """Return the values of the template of the documentation.

        Whoever has the address reads it: what came in is no example there.
        """
        names = {
            line.key: line.target
            for line in self.field_ids
            if line.key and line.target not in (False, "ignore")
        }
        known = set(names.values())
        names |= {name: target for name, target in USUAL.items() if target not in known}
        labels = {line.key: line._get_label() for line in self.field_ids}
        targets = dict(
            self.env["lead.capture.field"]
            ._fields["target"]
            ._description_selection(self.env)
        )
        fields_ = [
            {
                "name": name,
                "label": labels.get(name) or targets[target],
                "example": EXAMPLES.get(target, "…"),
            }
            for name, target in names.items()
        ]
        row = {field["name"]: field["example"] for field in fields_}
        url = f"{self.get_base_url()}/lead/api/{self.token}"
        body = json.dumps({"leads": [row]}, ensure_ascii=False, indent=2)
        quoted = body.replace("'", "'\\''")
        return {
            "source": self,
            "fields": fields_,
            "url": url,
            "curl": f"curl -X POST '{url}' \\\n"
            "  -H 'Content-Type: application/json' \\\n"
            '  -H "Authorization: Bearer $LEAD_KEY" \\\n'
            "  -H 'Idempotency-Key: 1' \\\n"
            f"  -d '{quoted}'",
            "page_lang": (self.env.lang or "en").replace("_", "-"),
        }

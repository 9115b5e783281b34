import json

from odoo import models


class LeadCaptureSource(models.Model):
    """The documentation of the API of a source, made of its mapping."""

    _inherit = "lead.capture.source"

    def _prepare_api_page(self):
        """Return the values of the template of the documentation."""
        lines = self.field_ids.filtered(lambda line: line.key and line.target)
        fields_ = [
            {"name": line.key, "label": line._get_label(), "example": line.example}
            for line in lines
            if line.target != "ignore"
        ]
        known = {line.target for line in lines}
        standard = ("contact_name", "email_from", "phone", "partner_name")
        targets = dict(
            self.env["lead.capture.field"]
            ._fields["target"]
            ._description_selection(self.env)
        )
        names = {"contact_name": "name", "email_from": "email", "phone": "phone"}
        names |= {"partner_name": "company", "description": "message"}
        examples = {
            "name": "Ada Lovelace",
            "email": "ada@example.com",
            "phone": "+32 470 12 34 56",
            "company": "Analytical Engines",
            "message": "Please call me back.",
        }
        fields_ += [
            {"name": names[target], "label": targets[target], "example": ""}
            for target in (*standard, "description")
            if target not in known
        ]
        row = {
            field["name"]: field["example"] or examples.get(field["name"], "…")
            for field in fields_
        }
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

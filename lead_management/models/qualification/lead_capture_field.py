from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .lead_qualifier import CHOICE, LEAD_FIELDS, MULTIPLE, NUMBER, TEXT, YES_NO

QUESTION = "question"
# Of the records a question lets choose from, a form shows so many.
MOST_OPTIONS = 30
INPUTS = {
    YES_NO: "radio",
    CHOICE: "radio",
    MULTIPLE: "checkbox",
    NUMBER: "number",
    "date": "date",
    TEXT: "textarea",
    "product": "checkbox",
    "segment": "radio",
    "tag": "checkbox",
    "deal_size": "number",
}


class LeadCaptureField(models.Model):
    """Fields of a form that are questions, whose answers are those of the lead."""

    _inherit = "lead.capture.field"

    target = fields.Selection(
        selection_add=[(QUESTION, "Qualification question")],
        ondelete={QUESTION: "cascade"},
    )
    qualifier_id = fields.Many2one(
        "lead.qualifier",
        string="Question",
        ondelete="cascade",
        index="btree_not_null",
        domain="[('company_id', 'in', [company_id, False])]",
    )

    @api.constrains("target", "qualifier_id", "source_id")
    def _check_qualifier(self):
        for line in self.filtered(lambda line: line.target == QUESTION):
            company = line.qualifier_id.company_id
            if not line.qualifier_id or (company and company != line.company_id):
                raise ValidationError(
                    self.env._(
                        "Choose a qualification question of the company of “%s”.",
                        line.source_id.name,
                    )
                )

    @api.onchange("qualifier_id")
    def _onchange_qualifier_id(self):
        if self.qualifier_id:
            self.target = QUESTION

    @api.model_create_multi
    def create(self, vals_list):
        return super().create(
            [
                {**vals, "target": QUESTION} if vals.get("qualifier_id") else vals
                for vals in vals_list
            ]
        )

    def _get_data(self):
        """Return the question as plain data, or None when it is asked no more."""
        data = self.env["lead.qualifier"]._get_all().get(self.qualifier_id.id)
        return data if data and data.active else None

    def _get_label(self):
        data = self.target == QUESTION and self._get_data()
        return self.label or data.question if data else super()._get_label()

    def _get_name(self):
        if self.target == QUESTION:
            return self.key or f"question_{self.qualifier_id.id}"
        return super()._get_name()

    def _is_input(self):
        if self.target == QUESTION:
            return bool(self._get_data())
        return super()._is_input()

    def _get_input(self):
        data = self.target == QUESTION and self._get_data()
        if not data:
            return super()._get_input()
        return {
            **super()._get_input(),
            "kind": INPUTS.get(data.kind, "text"),
            "options": [
                {"value": key, "label": label} for key, label in self._get_options(data)
            ],
        }

    def _get_options(self, data):
        """Return pairs of what is posted and what is shown."""
        if data.options or data.kind not in LEAD_FIELDS or data.kind == "deal_size":
            return [(option.key, option.name) for option in data.options]
        Lead = self.env["crm.lead"]
        # sudo: a visitor may not read what there is to choose from, and is shown it
        records = self.env[Lead._fields[data.field].comodel_name].sudo()
        companies = [self.company_id.id, False]
        domain = (
            [("company_id", "in", companies)] if "company_id" in records._fields else []
        )
        found = records.search(domain, limit=MOST_OPTIONS)
        return [(str(record.id), record.display_name) for record in found]

    def _put(self, reading, text):
        """Take the answer, if it is one; else it is told in the notes."""
        data = self.target == QUESTION and self._get_data()
        if not data:
            super()._put(reading, text)
            return
        try:
            value = self._read_answer(data, text)
        except (UserError, ValueError, TypeError):
            reading.add_note(self._get_label(), text)
            return
        if value is not None:
            reading.more.setdefault("answers", {})[data.id] = value

    def _read_answer(self, data, text):
        """Return the answer as the question takes it.

        :raise UserError, ValueError: when it is none
        """
        if data.kind in LEAD_FIELDS and data.kind != "deal_size":
            offered = {}
            for key, label in self._get_options(data):
                offered.update({key: int(key), label.lower(): int(key)})
            parts = [part.strip().lower() for part in text.split("\n") if part.strip()]
            ids = [offered[part] for part in parts if part in offered]
            if not ids:
                raise ValueError(text)
            return ids
        if data.kind in (YES_NO, CHOICE, MULTIPLE):
            names = {}
            for option in data.options:
                names.update({option.key: option.key, option.name.lower(): option.key})
            separator = "\n" if "\n" in text else ","
            parts = text.split(separator) if data.kind == MULTIPLE else [text]
            parts = [part.strip() for part in parts if part.strip()]
            text = [names.get(part.lower(), part) for part in parts]
            text = text if data.kind == MULTIPLE else text[0]
        if data.kind == "deal_size":
            self.env["crm.lead"]._parse_amount(data, text)
            return text
        # checked here: what is no answer is kept as a note
        self.env["lead.qualifier.answer"]._parse(data, text)
        return text

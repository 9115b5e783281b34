from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..engine.step_other import ChangeStep
from .lead_sequence_step import FIELD_CHANGE

TYPES = (
    *("boolean", "char", "text", "integer", "float", "monetary"),
    *("date", "selection", "many2one"),
)
NUMBERS = ("float", "monetary")
# What has a step, a way or an owner of its own.
KEPT = {
    *("stage_id", "user_id", "team_id", "company_id", "active", "type", "name"),
    *("probability", "partner_id", "email_from", "phone", "lost_reason_id"),
    "segment_manual_id",
}
MOST = 100


class LeadSequenceStep(models.Model):
    """A step that writes one field of the lead, whatever it is."""

    _inherit = "lead.sequence.step"

    field_name = fields.Char(string="Field")
    field_value = fields.Char(
        string="New Value",
        help="Empty: the field is cleared. Dates: a number of days from then on.",
    )
    field_choice = fields.Json(compute="_compute_field_choice")
    label = fields.Char(string="Name of the Field", compute="_compute_field_choice")

    @api.depends("field_name")
    @api.depends_context("lang", "uid")
    def _compute_field_choice(self):
        labels = self.env["ir.model.fields"].get_field_string("crm.lead")
        for step in self:
            field = self.env["crm.lead"]._fields.get(step.field_name or "")
            step.label = labels.get(step.field_name) or step.field_name or ""
            step.field_choice = field and {
                "type": field.type,
                "choices": step._get_field_choices(field),
            }

    def _get_field_choices(self, field):
        """Return what the field may hold, as pairs of a key and a label."""
        if field.type == "boolean":
            return [["1", self.env._("Yes")], ["", self.env._("No")]]
        if field.type == "selection":
            pairs = field._description_selection(self.env)
            return [[str(key), label] for key, label in pairs]
        if field.type == "many2one":
            found = self.env[field.comodel_name].search([], limit=MOST)
            return [[str(record.id), record.display_name] for record in found]
        return []

    @api.constrains("field_name", "field_value", "change", "kind")
    def _check_field_change(self):
        CrmLead = self.env["crm.lead"].with_user(self.env.uid)
        for step in self:
            if step.kind != ChangeStep.name or step.change != FIELD_CHANGE:
                continue
            field = CrmLead._fields.get(step.field_name or "")
            if field is None:
                continue  # the version tells what is missing
            if (
                field.type not in TYPES
                or step.field_name in KEPT
                or (field.readonly and not field.inverse)
                or not CrmLead._has_field_access(field, "write")
            ):
                raise ValidationError(
                    self.env._(
                        "“%s” cannot be changed by a step. Choose another field.",
                        step.label,
                    )
                )
            step._read_field_value()

    def _read_field_value(self):
        """Return what is written to the field.

        :raise UserError: when the field cannot hold it, or it is gone
        """
        field = self.env["crm.lead"]._fields.get(self.field_name)
        text = (self.field_value or "").strip()
        if field is None:
            raise UserError(
                self.env._("The field “%s” no longer exists.", self.field_name)
            )
        if field.type == "boolean":
            return text == "1"
        if not text:
            return False
        try:
            return self._parse_field_value(field, text)
        except ValueError as error:
            raise ValidationError(
                self.env._(
                    "“%(field)s” cannot be “%(value)s”. Choose another value.",
                    field=self.label,
                    value=text,
                )
            ) from error

    def _parse_field_value(self, field, text):
        """Return the value that a text stands for.

        :raise ValueError: when there is none
        """
        if field.type == "integer":
            return int(text)
        if field.type in NUMBERS:
            return float(text)
        if field.type == "date":
            return fields.Date.today() + timedelta(days=int(text))
        if field.type == "selection":
            if text not in [key for key, __ in self._get_field_choices(field)]:
                raise ValueError(text)
        if field.type == "many2one":
            record = self.env[field.comodel_name].browse(int(text)).exists()
            if not record:
                raise ValueError(text)
            return record.id
        return text

    def _describe_field_value(self):
        """Return what the card tells of the change."""
        choice = self.field_choice or {"type": "", "choices": []}
        value = self.field_value or ""
        if choice["type"] == "date" and value.lstrip("-").isdigit():
            value = self.env._("%s days from then on", value)
        value = dict(map(tuple, choice["choices"])).get(value, value)
        return f"{self.label} → {value or self.env._('empty')}"

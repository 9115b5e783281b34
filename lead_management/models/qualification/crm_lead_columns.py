from functools import partial

from odoo import api, models
from odoo.exceptions import AccessError, ValidationError

from ...tools.choices import ChoiceChange
from .lead_qualifier import (
    COLUMN_PREFIX,
    MULTIPLE,
    OPTION_KINDS,
    TEXT_SUFFIX,
)


class CrmLead(models.Model):
    """One column per question: lists, filters, conditions, imports and templates.

    The columns are custom fields (``ir_model_fields.py``) that are read from the
    answers, joined where they are searched, sorted or grouped, and whose values are
    taken out of ``create`` and ``write`` and noted as answers.
    """

    _inherit = "crm.lead"

    # ------------------------------------------------------------
    # Access
    # ------------------------------------------------------------

    @api.model
    def _get_question(self, fname):
        """Return the question whose column this is, or None."""
        if not fname.startswith(COLUMN_PREFIX):
            return None
        by_column = self.env["lead.qualifier"]._get_by_column()
        return by_column.get(fname) or by_column.get(fname.removesuffix(TEXT_SUFFIX))

    # Not by _has_field_access: the ORM asks it each time a field of a record is read,
    # which would cost a list a tenth of its time.

    @api.model
    def fields_get(self, allfields=None, attributes=None):
        """Tell nobody of a question of another company."""
        description = super().fields_get(allfields, attributes)
        visible = self.env["lead.qualifier"]._is_visible
        return {
            fname: values
            for fname, values in description.items()
            if not (data := self._get_question(fname)) or visible(data)
        }

    @api.model
    def _check_question_access(self, data):
        """Refuse to search, sort, group or write by a question of another company."""
        if not self.env["lead.qualifier"]._is_visible(data):
            raise AccessError(self.env._("You cannot use the field “%s”.", data.column))

    # ------------------------------------------------------------
    # Reading
    # ------------------------------------------------------------

    @api.depends("qualifier_answer_ids")
    @api.depends_context("uid", "allowed_company_ids", "lang")
    def _compute_qualifier_columns(self):
        Answer = self.env["lead.qualifier.answer"]
        answers = Answer._read_current(self.ids) if self.ids else {}
        for column, data in self.env["lead.qualifier"]._get_by_column().items():
            if column not in self._fields:
                continue  # never in service
            has_text = f"{column}{TEXT_SUFFIX}" in self._fields
            visible = self.env["lead.qualifier"]._is_visible(data)
            for lead in self:
                answer = visible and answers.get((lead._origin.id, data.id))
                value = answer["value"] if answer else None
                lead[column] = self._to_column(data, value)
                if has_text:
                    shown = Answer._show(data, value) if answer else False
                    lead[f"{column}{TEXT_SUFFIX}"] = shown

    @api.model
    def _to_column(self, data, value):
        """Return what the column of a question holds for an answer, None for none."""
        if data.kind == MULTIPLE:
            return self.env["lead.qualifier.option"].browse(value or [])
        if data.kind in OPTION_KINDS:
            return next((o.key for o in data.options if o.id == value), False)
        return value if value is not None else False

    def _get_qualifier_selection(self, column):
        data = self._get_question(column)
        return [(option.key, option.name) for option in data.options] if data else []

    # ------------------------------------------------------------
    # Writing
    # ------------------------------------------------------------

    def _answers_prepare(self, change):
        given = change.own["answers"] = []
        change.split(partial(self._take_answers, given))

    def _take_answers(self, given, leads, vals):
        """Take the answers out of what is written, and add them to those given."""
        values, answers = self._split_answers(vals)
        given.append((leads, answers))
        # where somebody only answers, Odoo has nothing to write
        return [] if answers and leads and not values else [(leads, values)]

    def _answers_changed(self, change):
        given = change.own["answers"]
        if change.is_new:
            given = [
                (lead, answers) for lead, (__, answers) in zip(self, given, strict=True)
            ]
        given = {
            lead.id: answers for leads, answers in given if answers for lead in leads
        }
        if given and not change.is_new:
            self.check_access("write")
        if given:
            self._record_answers_of(given)

    @api.model
    def _split_answers(self, vals):
        """Return the values of fields, and the answers by question."""
        columns = [fname for fname in vals if fname.startswith(COLUMN_PREFIX)]
        if not columns:
            return vals, {}
        others = {fname: vals[fname] for fname in vals if fname not in columns}
        answers = {}
        for column in columns:
            data = self._get_question(column)
            if not data or data.column != column:
                continue
            self._check_question_access(data)
            value = vals[column]
            if data.kind == MULTIPLE:
                value = self._read_choices(data, value)
            answers[data.id] = value
        return others, answers

    @api.model
    def _read_choices(self, data, value):
        """Return how somebody changes the choices of an answer, or their names."""
        names = value if isinstance(value, list) else [value]
        if any(isinstance(name, str) for name in names):
            return value
        try:
            return ChoiceChange(value)
        except (ValueError, TypeError) as error:
            raise ValidationError(
                self.env._(
                    "This choice is not available for “%s”. You can add or remove "
                    "the existing choices on the lead, and create new ones on the "
                    "question.",
                    data.name,
                )
            ) from error

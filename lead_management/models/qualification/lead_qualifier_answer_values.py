from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.tools.misc import format_date

from ...tools.answers import (
    TEXT_LENGTH,
    clean_date,
    clean_number,
    clean_text,
    show_number,
)
from .lead_qualifier import DATE, MULTIPLE, NUMBER, OPTION_KINDS
from .lead_qualifier_answer import VALUE_COLUMNS


class LeadQualifierAnswer(models.Model):
    """What people say, as it is stored, and what is stored, as people read it."""

    _inherit = "lead.qualifier.answer"

    def _get_value(self, data):
        """Return the answer: the id or ids of options, a number, a date or a text."""
        value = self[VALUE_COLUMNS[data.kind]]
        if data.kind == MULTIPLE:
            return value.ids
        return value.id if data.kind in OPTION_KINDS else value

    @api.model
    def _show(self, data, value):
        """Return an answer as people read it."""
        if data.kind in OPTION_KINDS:
            ids = value if data.kind == MULTIPLE else [value]
            return ", ".join(option.name for option in data.options if option.id in ids)
        if data.kind == NUMBER:
            return f"{show_number(value)} {data.unit}".strip()
        if data.kind == DATE:
            return format_date(self.env, value)
        return value

    @api.model
    def _parse(self, data, value):
        """Return what to store for what somebody answered, or None for no answer.

        :param value: for choices, the technical name, the label or the id of an option
          (or a list of them); else a number, a date or a text
        :raise ValidationError: saying what is wrong and what to do
        """
        if value is None or value is False or value == "" or value == []:
            return None
        try:
            if data.kind in OPTION_KINDS:
                return self._parse_options(data, value)
            if data.kind == NUMBER:
                return clean_number(value)
            if data.kind == DATE:
                return clean_date(value)
            return clean_text(value) or None
        except (ValueError, TypeError) as error:
            raise ValidationError(
                self._explain_wrong_value(data, str(value)[:100])
            ) from error

    @api.model
    def _parse_options(self, data, value):
        by_name = {}
        for option in data.options:
            by_name.update({option.name: option.id, option.key: option.id})
        known = set(by_name.values())

        def find(item):
            option_id = item if item in known else by_name.get(item)
            if isinstance(item, bool) or not option_id:
                raise ValueError(item)
            return option_id

        if data.kind != MULTIPLE:
            return find(value)
        items = value if isinstance(value, (list, tuple, set)) else [value]
        return sorted({find(item) for item in items})

    @api.model
    def _explain_wrong_value(self, data, value):
        if data.kind in OPTION_KINDS:
            return self.env._(
                "“%(value)s” cannot be used as an answer to “%(question)s”. Use one "
                "of these: %(options)s.",
                value=value,
                question=data.name,
                options=", ".join(option.name for option in data.options),
            )
        if data.kind == NUMBER:
            return self.env._(
                "“%(value)s” cannot be used as an answer to “%(question)s”. Enter a "
                "number.",
                value=value,
                question=data.name,
            )
        if data.kind == DATE:
            return self.env._(
                "“%(value)s” cannot be used as an answer to “%(question)s”. Enter a "
                "date between 1900 and 2199, such as 2026-12-31.",
                value=value,
                question=data.name,
            )
        return self.env._(
            "The answer to “%(question)s” is too long. Shorten it to %(length)s "
            "characters.",
            question=data.name,
            length=TEXT_LENGTH,
        )

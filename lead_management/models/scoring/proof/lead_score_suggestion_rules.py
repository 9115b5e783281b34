from math import ceil

from odoo import api, models
from odoo.fields import Command
from odoo.tools.i18n import format_list

from ....tools.answers import show_number
from ..model.lead_score_rule import BANDS, FIELD
from .lead_score_history import OTHER

# The points of one rule, either sign.
LARGEST = 100


class LeadScoreSuggestion(models.TransientModel):
    """Suggestions written down as rules that can be read."""

    _inherit = "lead.score.suggestion"

    def _create_rules(self, draft, found, columns):
        """Create the rules of a draft: numbers as ranges, all else as conditions."""
        by_name = {column.name: column for column in columns}

        def is_range(suggestion):
            return not suggestion.also and by_name[suggestion.column].kind == "number"

        rules = [self._prepare_rule(s, by_name) for s in found if not is_range(s)]
        for name in dict.fromkeys(s.column for s in found if is_range(s)):
            own = [s for s in found if s.column == name and is_range(s)]
            rules.append(self._prepare_band_rule(by_name[name], own))
        self.env["lead.score.rule"].create(
            [
                {**vals, "model_id": draft.id, "sequence": 10 * number}
                for number, vals in enumerate(rules, 1)
            ]
        )

    # ------------------------------------------------------------
    # Conditions
    # ------------------------------------------------------------

    def _prepare_rule(self, suggestion, by_name):
        parts = [suggestion, *filter(None, [suggestion.also])]
        columns = [by_name[part.column] for part in parts]
        pairs = list(zip(parts, columns, strict=True))
        domain = [leaf for pair in pairs for leaf in self._get_part_domain(*pair)]
        names = [self._describe(*pair) for pair in pairs]
        return {
            "name": format_list(self.env, names),
            "kind": FIELD,
            "domain": str(domain),
            "points": suggestion.points,
        }

    def _get_part_domain(self, part, column):
        """Return the conditions of one part of a suggestion, all to be met."""
        name = part.column
        field = self.env["crm.lead"]._fields[name]
        if part.kind == "unset":
            return [(name, "=", False)]
        if part.kind == "band":
            borders = ((">=", part.low), ("<", part.high))
            return [
                (name, operator, ceil(border) if field.type == "integer" else border)
                for operator, border in borders
                if border is not None
            ]
        values, others = self._split_values(part, column)
        if others:
            return [(name, "!=", False), (name, "not in", others)]
        if values == [True] and field.type != "boolean":
            return [(name, "!=", False)]
        if len(values) > 1:
            return [(name, "in", values)]
        return [(name, "=", values[0])]

    @api.model
    def _split_values(self, part, column):
        """Return the values of a part, and those it is about all others but.

        Only one of the two lists is filled.
        """
        values = list(part.value) if part.kind == "in" else [part.value]
        if OTHER not in values:
            return values, []
        known = dict.fromkeys(column.values)
        return [], [v for v in known if v not in (None, OTHER) and v not in values]

    def _describe(self, part, column):
        """Return the field of a part, and its values in words."""
        field = self.env["crm.lead"]._fields[part.column]
        label = field._description_string(self.env)
        return f"{label}: {self._describe_values(field, part, column)}"

    def _describe_values(self, field, part, column):
        if part.kind == "unset":
            return self.env._("not set")
        if part.kind == "band":
            return self._describe_band(part)
        values, others = self._split_values(part, column)
        texts = [str(self._describe_value(field, value)) for value in values or others]
        if others:
            return self.env._("other than %s", format_list(self.env, texts, "or"))
        return format_list(self.env, texts, "or")

    def _describe_band(self, part):
        if part.low is None:
            return self.env._("below %s", show_number(part.high))
        if part.high is None:
            return self.env._("%s and more", show_number(part.low))
        return self.env._(
            "%(low)s to below %(high)s",
            low=show_number(part.low),
            high=show_number(part.high),
        )

    def _describe_value(self, field, value):
        if field.type == "boolean":
            return self.env._("yes") if value else self.env._("no")
        if value is True:
            return self.env._("given")
        if field.type == "many2one":
            return self.env[field.comodel_name].browse(value).exists().display_name
        return self._get_labels(field).get(value, value)

    @api.model
    def _get_labels(self, field):
        data = self.env["lead.qualifier"]._get_by_column().get(field.name)
        if data:
            return {option.key: option.name for option in data.options}
        if field.type == "selection":
            return dict(field._description_selection(self.env))
        return {}

    # ------------------------------------------------------------
    # Ranges
    # ------------------------------------------------------------

    def _prepare_band_rule(self, column, suggestions):
        """Return one rule with the ranges of a number; what lies between gives 0.

        Suggested ranges may overlap: each piece gets the points of all that hold it.
        The first is open to below: new leads may have smaller numbers than all before.
        """
        ranges = [s for s in suggestions if s.kind == "band"]
        borders = {border for s in ranges for border in (s.low, s.high)} - {None}
        lowest = min([0, *borders, *(v for v in column.values if v is not None)])
        bands = [{"value_from": lowest, "and_less": True}]
        bands += [{"value_from": low} for low in sorted(borders - {lowest})]
        for band in bands:
            band["points"] = self._sum_points(ranges, band["value_from"])
        unset = sum(s.points for s in suggestions if s.kind == "unset")
        field = self.env["crm.lead"]._fields[column.name]
        return {
            "name": field._description_string(self.env),
            "kind": BANDS,
            "field_path": column.name,
            "band_ids": [
                Command.create({"is_unset": True, "points": unset}),
                *map(Command.create, bands),
            ],
        }

    @api.model
    def _sum_points(self, ranges, number):
        points = sum(
            s.points
            for s in ranges
            if (s.low is None or s.low <= number)
            and (s.high is None or number < s.high)
        )
        return max(-LARGEST, min(LARGEST, points))

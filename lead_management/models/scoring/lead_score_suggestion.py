from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ...tools import scorecard
from .lead_score_backtest import ENOUGH_CLOSED
from .lead_score_rule import BANDS, FIELD

# As many leads as the look for fields that give the outcome away takes.
SAMPLE = 10_000
# Fewer closed leads than this are better judged rule by rule.
ENOUGH_JOINT = 1_000
# The part of the closed leads that a suggested version calls hot, and warm or hot.
HOT_PART, WARM_PART = 0.2, 0.5
# The points that span a score of 0 to 100 leave out so many extreme leads at each end.
EXTREME = 0.01


class LeadScoreSuggestion(models.TransientModel):
    """Rules and points that would have told won from lost leads."""

    _name = "lead.score.suggestion"
    _description = "Suggest Points"

    model_id = fields.Many2one("lead.score.model", required=True)
    closed_count = fields.Integer(string="Closed Leads", compute="_compute_counts")
    won_count = fields.Integer(string="Won", compute="_compute_counts")
    is_few = fields.Boolean(compute="_compute_counts")
    rule_limit = fields.Selection(
        [("10", "10"), ("20", "20"), ("40", "40")],
        string="Rules at Most",
        required=True,
        default="20",
    )
    method = fields.Selection(
        [
            ("independent", "Each rule by itself"),
            ("joint", "All rules together"),
        ],
        compute="_compute_method",
        store=True,
        readonly=False,
        help="By itself: the weight of evidence of each rule; robust, best for few "
        "closed leads. Together: rules that say the same share their points; a little "
        "better where there is much history.",
    )
    field_line_ids = fields.One2many(
        "lead.score.suggestion.field",
        "suggestion_id",
        string="Fields",
        compute="_compute_field_line_ids",
        store=True,
        readonly=False,
    )

    @api.depends("model_id")
    def _compute_counts(self):
        for suggestion in self:
            model = suggestion.model_id
            __, won = model._read_history([]) if model else ([], [])
            suggestion.closed_count = len(won)
            suggestion.won_count = sum(won)
            suggestion.is_few = len(won) < ENOUGH_CLOSED

    @api.depends("closed_count")
    def _compute_method(self):
        for suggestion in self:
            much = suggestion.closed_count >= ENOUGH_JOINT
            suggestion.method = "joint" if much else "independent"

    @api.depends("model_id")
    def _compute_field_line_ids(self):
        for suggestion in self:
            suggestion.field_line_ids = [
                Command.clear(),
                *map(Command.create, suggestion._prepare_field_lines()),
            ]

    def _prepare_field_lines(self):
        """Return the fields that can be used, with a warning where one looks wrong."""
        if not self.model_id:
            return []
        candidates = self.model_id._get_candidates()
        columns, won = self.model_id._read_history(list(candidates), SAMPLE)
        leaks = {}
        if won and any(won) and not all(won):
            leaks = scorecard.fields_that_leak(columns, won)
        lines = [
            self._prepare_field_line(column, candidates[column.name], leaks)
            for column in columns
            if len(set(column.values)) > 1
        ]
        return sorted(lines, key=lambda line: (not line["is_used"], line["label"]))

    @api.model
    def _prepare_field_line(self, column, at_capture, leaks):
        known = sum(value is not None for value in column.values)
        warning = False
        if not at_capture:
            warning = self.env._("Asked after the lead came in.")
        elif leaks.get(column.name) == "set_by_outcome":
            warning = self.env._("Almost only filled in for leads of one outcome.")
        elif column.name in leaks:
            warning = self.env._("Tells the outcome too well: filled in afterwards?")
        field = self.env["crm.lead"]._fields[column.name]
        return {
            "field_name": column.name,
            "label": field._description_string(self.env),
            "known": known / len(column.values),
            "warning": warning,
            "is_used": not warning,
        }

    # ------------------------------------------------------------
    # Suggesting
    # ------------------------------------------------------------

    def action_suggest(self):
        """Open a draft with the suggested rules; nothing is scored by it yet."""
        self.ensure_one()
        candidates = self.model_id._get_candidates()
        names = [
            line.field_name
            for line in self.field_line_ids
            if line.is_used and line.field_name in candidates
        ]
        columns, won = self.model_id._read_history(names)
        if not any(won) or all(won):
            raise UserError(
                self.env._(
                    "Points are learnt from leads that were won and leads that were "
                    "lost: there are none of one kind yet."
                )
            )
        found = scorecard.suggest(columns, won, int(self.rule_limit), self.method)
        if not found:
            raise UserError(
                self.env._(
                    "Nothing in these fields separates won from lost leads. Choose "
                    "more fields, or keep the rules you have."
                )
            )
        draft = self._create_draft(found, columns)
        draft._set_scale(found, columns)
        return draft._get_form_action()

    def _create_draft(self, found, columns):
        model = self.model_id
        draft = model._copy_empty()
        numbers = {column.name for column in columns if column.kind == "number"}
        rules, position = [], 0
        for suggestion in found:
            if suggestion.column in numbers:
                continue
            position += 10
            rules.append(self._prepare_rule(suggestion, position))
        for name in dict.fromkeys(s.column for s in found if s.column in numbers):
            position += 10
            own = [s for s in found if s.column == name]
            values = next(c.values for c in columns if c.name == name)
            rules.append(self._prepare_band_rule(name, own, values, position))
        self.env["lead.score.rule"].create(
            [{**vals, "model_id": draft.id} for vals in rules]
        )
        return draft

    def _prepare_rule(self, suggestion, position):
        field = self.env["crm.lead"]._fields[suggestion.column]
        if suggestion.kind == "unset":
            domain = [(field.name, "=", False)]
        elif suggestion.value is True and field.type != "boolean":
            domain = [(field.name, "!=", False)]
        else:
            domain = [(field.name, "=", suggestion.value)]
        return {
            "name": self._describe(field, suggestion),
            "sequence": position,
            "kind": FIELD,
            "domain": str(domain),
            "points": suggestion.points,
        }

    def _describe(self, field, suggestion):
        """Return the name of a rule: the field, and its value in words."""
        value = suggestion.value
        if suggestion.kind == "unset":
            text = self.env._("not set")
        elif field.type == "boolean":
            text = self.env._("yes") if value else self.env._("no")
        elif value is True:
            text = self.env._("given")
        elif field.type == "many2one":
            text = self.env[field.comodel_name].browse(value).exists().display_name
        else:
            text = self._get_labels(field).get(value, value)
        return f"{field._description_string(self.env)}: {text}"

    @api.model
    def _get_labels(self, field):
        data = self.env["lead.qualifier"]._get_by_column().get(field.name)
        if data:
            return {option.key: option.name for option in data.options}
        if field.type == "selection":
            return dict(field._description_selection(self.env))
        return {}

    def _prepare_band_rule(self, name, suggestions, values, position):
        """Return one rule with the ranges of a number; what lies between gives 0."""
        field = self.env["crm.lead"]._fields[name]
        lowest = min([0, *(value for value in values if value is not None)])
        points = {}
        for suggestion in suggestions:
            if suggestion.kind != "band":
                continue
            low = lowest if suggestion.low is None else suggestion.low
            points[low] = suggestion.points
            if suggestion.high is not None:
                points.setdefault(suggestion.high, 0)
        for (
            suggestion
        ) in suggestions:  # a range of its own wins over the end of another
            if suggestion.kind == "band" and suggestion.low is not None:
                points[suggestion.low] = suggestion.points
        unset = sum(s.points for s in suggestions if s.kind == "unset")
        bands = [{"is_unset": True, "points": unset}]
        bands += [{"value_from": low, "points": points[low]} for low in sorted(points)]
        return {
            "name": field._description_string(self.env),
            "sequence": position,
            "kind": BANDS,
            "field_path": name,
            "band_ids": [Command.create(band) for band in bands],
        }


class LeadScoreModel(models.Model):
    _inherit = "lead.score.model"

    def _copy_empty(self):
        """Return a new draft version without rules."""
        draft = self.with_context(without_rules=True).copy()
        draft._become_version_of(self)
        return draft.with_context(without_rules=False)

    def _set_scale(self, suggestions, columns):
        """Let the points span the score from 0 to 100 as closed leads do.

        A fifth of the closed leads would have been hot, half of them warm or hot.
        """
        rows = zip(*(column.values for column in columns), strict=True)
        names = [column.name for column in columns]
        totals = sorted(
            scorecard.total_of(suggestions, dict(zip(names, row, strict=True)))
            for row in rows
        )
        last = len(totals) - 1
        low = max(-1_000, min(1_000, totals[int(EXTREME * last)]))
        full = max(1, totals[round((1 - EXTREME) * last)] - low)

        def score(part):
            points = totals[round((1 - part) * last)]
            return max(1, min(100, round(100 * (points - low) / full)))

        hot, warm = score(HOT_PART), score(WARM_PART)
        self.write(
            {
                "base_points": -low,
                "full_points": full,
                "hot_from": hot,
                "warm_from": min(warm, hot),
                "fit_a_from": hot,
                "fit_b_from": min(warm, hot),
            }
        )

    def action_open_suggestion(self):
        """Open the dialog that looks for rules in the closed leads."""
        self.ensure_one()
        self.check_access("write")
        suggestion = self.env["lead.score.suggestion"].create({"model_id": self.id})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Suggest Points"),
            "res_model": "lead.score.suggestion",
            "res_id": suggestion.id,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
        }

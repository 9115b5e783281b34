from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools.misc import formatLang

from ....tools import scorecard, scorecard_check, scorecard_scale
from .lead_score_backtest import ENOUGH_CLOSED

# As many leads as the look for fields that give the outcome away takes.
SAMPLE = 10_000
BEST, INDEPENDENT, JOINT = "best", "independent", "joint"
# The ways of finding points among which each choice leaves.
METHODS = {
    BEST: scorecard_check.PLAINEST,
    INDEPENDENT: ("independent",),
    JOINT: ("joint", "pairs"),
}


class LeadScoreSuggestion(models.TransientModel):
    """Rules and points that would have told won from lost leads."""

    _name = "lead.score.suggestion"
    _description = "Suggest Points"

    model_id = fields.Many2one("lead.score.model", required=True)
    closed_count = fields.Integer(string="Closed Leads", compute="_compute_counts")
    won_count = fields.Integer(string="Won Leads", compute="_compute_counts")
    is_few = fields.Boolean(string="Few Closed Leads", compute="_compute_counts")
    unknown_count = fields.Integer(
        string="Current Values Only", compute="_compute_counts"
    )
    edited_count = fields.Integer(string="Changed Later", compute="_compute_counts")
    history_note = fields.Text(compute="_compute_history_note")
    rule_limit = fields.Selection(
        [("10", "10"), ("20", "20"), ("40", "40")],
        string="Maximum Rules",
        required=True,
        default="20",
    )
    method = fields.Selection(
        [
            (BEST, "Whichever proves better"),
            (INDEPENDENT, "Each rule separately"),
            (JOINT, "All rules together"),
        ],
        required=True,
        default=BEST,
        help="Separately: robust, best for few closed leads. Together: rules that "
        "overlap share their points and can have two conditions; slightly better "
        "with a long history. “Whichever proves better” tests both on unseen "
        "leads.",
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
            counts = model._count_history() if model else (0,) * 4
            (
                suggestion.closed_count,
                suggestion.won_count,
                suggestion.unknown_count,
                suggestion.edited_count,
            ) = counts
            suggestion.is_few = suggestion.closed_count < ENOUGH_CLOSED

    @api.depends("unknown_count", "edited_count")
    def _compute_history_note(self):
        """Say what is not known of the past, and what follows."""
        for suggestion in self:
            note = self.env._(
                "For %(unknown)s of the closed leads only today's values are known "
                "(changed afterwards: %(edited)s). Fields that were probably filled "
                "in later are not selected, and the reason is shown. Their values "
                "are not known for new leads.",
                unknown=formatLang(self.env, suggestion.unknown_count, digits=0),
                edited=formatLang(self.env, suggestion.edited_count, digits=0),
            )
            suggestion.history_note = note if suggestion.unknown_count else False

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
        history = self.model_id._read_history(list(candidates), SAMPLE)
        warnings = self.model_id._find_leaks(history, candidates)
        lines = [
            self._prepare_field_line(column, warnings.get(column.name))
            for column in history.columns
            if len(set(column.values)) > 1
        ]
        return sorted(lines, key=lambda line: (not line["is_used"], line["label"]))

    @api.model
    def _prepare_field_line(self, column, warning):
        known = sum(value is not None for value in column.values)
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
        history = self._read_chosen()
        if not any(history.won) or all(history.won):
            raise UserError(
                self.env._(
                    "There are not enough closed leads. Both won and lost leads are "
                    "needed to suggest points."
                )
            )
        history, learnt = self._validate(history)
        limit, columns = int(self.rule_limit), history.columns
        found = scorecard.suggest(columns, history.won, limit, learnt["method"])
        if not found:
            raise UserError(
                self.env._(
                    "These fields do not separate won leads from lost leads. Choose "
                    "more fields or keep your current rules."
                )
            )
        draft = self.model_id._copy_empty()
        self._create_rules(draft, found, columns)
        scale = scorecard_scale.scale_of(scorecard.totals_of(found, columns))
        draft._set_scale(scale)
        draft.learnt = {**learnt, "hot": scale.hot_share, "warm": scale.warm_share}
        return draft._get_form_action()

    def _read_chosen(self):
        """Return the history of the fields that were chosen."""
        candidates = self.model_id._get_candidates()
        return self.model_id._read_history(
            [
                line.field_name
                for line in self.field_line_ids
                if line.is_used and line.field_name in candidates
            ]
        )

    def _validate(self, history):
        """Return the leads to learn from, and what rules made of them are worth.

        That is measured on leads that were left out. Those from before the times
        changed are left out for good where the rest does better without them.
        """
        limit, methods = int(self.rule_limit), METHODS[self.method]
        columns, won = history.columns, history.won
        proof = scorecard_check.check(columns, won, limit, methods)
        learnt = {"method": proof.method if proof else methods[0]}
        change = proof and scorecard_check.find_change(won)
        if change:
            found = self._validate_since(history, learnt["method"], change)
            learnt["change"] = found
            if found["used"]:
                columns, won = scorecard_check.pick(
                    columns, won, range(change.since, len(won))
                )
                history = history._replace(columns=columns, won=won)
                proof = scorecard_check.check(columns, won, limit, methods)
                learnt["method"] = proof.method
        learnt.update(leads=len(won), won=sum(won))
        return history, {**(proof._asdict() if proof else {}), **learnt}

    def _validate_since(self, history, method, change):
        """Return what is to be told of a change of the win rate, and what follows."""
        areas = scorecard_check.compare_since(
            history.columns, history.won, int(self.rule_limit), method, change
        )
        every, since, error = areas or (None, None, None)
        return {
            "date": fields.Date.to_string(history.dates[change.since]),
            "before": change.rate_before,
            "after": change.rate_after,
            "all": every,
            "since": since,
            # most of the history is given up only for what chance does not explain
            "used": bool(areas) and since > every + error,
        }

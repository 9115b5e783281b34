from odoo import api, fields, models
from odoo.tools.misc import format_date, formatLang

from ...base.context import WITHOUT_RULES
from .lead_score_backtest import SIGNIFICANT

# Half the width of an interval of the AUC up to which a figure is good, or a hint.
GOOD, HINT = 0.03, 0.06


class LeadScoreModel(models.Model):
    """Versions whose rules were suggested, and what these are worth on new leads."""

    _inherit = "lead.score.model"

    learnt = fields.Json(
        string="Suggestion Data",
        readonly=True,
        copy=False,
        help="How well the suggested rules sorted unseen leads.",
    )
    learnt_summary = fields.Text(
        string="Suggestion Summary", compute="_compute_learnt_summary"
    )

    def _copy_empty(self):
        """Return a new draft version without rules."""
        draft = WITHOUT_RULES.set(self).copy().with_env(self.env)
        draft._become_version_of(self)
        return draft

    def _set_scale(self, scale):
        """Let points span the score as they do for the closed leads.

        :param scale: a ``scorecard_scale.Scale``; the suggested rules are all about who
          the leads are, so that the grade goes by the same scores as the temperature
        """
        self.write(
            {
                "base_points": scale.base,
                "full_points": scale.full,
                "hot_from": scale.hot,
                "warm_from": scale.warm,
                "fit_a_from": scale.hot,
                "fit_b_from": scale.warm,
            }
        )

    def _get_proof(self):
        """Return what suggested rules did on leads they were not learnt from.

        That of this version itself is measured on the leads it learnt from, mostly.
        """
        learnt = self.learnt or {}
        if learnt.get("crossed") is None:
            return []
        return [
            {
                "key": "crossed",
                "name": self.env._("As suggested, on unseen leads"),
                "leads": learnt["leads"],
                "auc": learnt["crossed"],
                "error": learnt["error"],
                "low": learnt["low"],
                "high": learnt["high"],
                "lift10": None,
                "lift20": None,
                "separates": learnt["crossed"] - 0.5 > SIGNIFICANT * learnt["error"],
                "bands": [],
            }
        ]

    def _get_shares(self, scores):
        """Return which part of the closed leads would be hot, and warm or hot."""
        leads = sum(won + lost for __, won, lost in scores)

        def share(threshold):
            reached = sum(won + lost for s, won, lost in scores if s >= threshold)
            return reached / leads if leads else None

        return {"hot": share(self.hot_from), "warm": share(self.warm_from)}

    # ------------------------------------------------------------
    # In words
    # ------------------------------------------------------------

    @api.depends("learnt")
    @api.depends_context("lang")
    def _compute_learnt_summary(self):
        for model in self:
            lines = model._describe_learnt(model.learnt) if model.learnt else []
            model.learnt_summary = "\n".join(lines)

    def _describe_learnt(self, learnt):
        """Return sentences on what to expect of suggested rules."""
        return [
            self.env._(
                "Suggested from closed leads: %(leads)s (won: %(won)s).",
                leads=self._show_number(learnt["leads"]),
                won=self._show_number(learnt["won"]),
            ),
            *self._describe_proof(learnt),
            *self._describe_change(learnt.get("change")),
            self._describe_shares(learnt),
        ]

    def _describe_shares(self, learnt):
        if not learnt["hot"]:
            return self.env._(
                "Too many of these leads have the same score, so none is hot. Add "
                "rules that separate the best ones, or lower “Hot from”."
            )
        return self.env._(
            "Hot leads: %(hot)s%%. Warm or hot leads: %(warm)s%%.",
            hot=round(100 * learnt["hot"]),
            warm=round(100 * learnt["warm"]),
        )

    def _describe_proof(self, learnt):
        if learnt.get("crossed") is None:
            return [self.env._("There are too few leads to measure the quality.")]
        sentences = [
            self.env._(
                "AUC on unseen leads: %(area)s. Expect %(low)s to %(high)s on new "
                "leads.",
                area=self._show_area(learnt["crossed"]),
                low=self._show_area(learnt["low"]),
                high=self._show_area(learnt["high"]),
            ),
            self._describe_width((learnt["high"] - learnt["low"]) / 2),
        ]
        if learnt.get("newest") is not None:
            sentences.append(self._describe_newest(learnt))
        return sentences

    def _describe_width(self, width):
        if width <= GOOD:
            return self.env._("There are enough leads to rely on this value.")
        if width <= HINT:
            return self.env._("More closed leads would make this value more exact.")
        return self.env._(
            "This is only a rough estimate because there are few closed leads."
        )

    def _describe_newest(self, learnt):
        area = self._show_area(learnt["newest"])
        if learnt["drifts"]:
            return self.env._(
                "Trained on the older leads and tested on the newest 30%%, the AUC "
                "is only %(area)s. Suggest points again soon.",
                area=area,
            )
        return self.env._(
            "Trained on the older leads and tested on the newest 30%%, the AUC is "
            "%(area)s.",
            area=area,
        )

    def _describe_change(self, change):
        """Return what is to be told of a change of the win rate, in a list."""
        if not change:
            return []
        sentences = [
            self.env._(
                "The win rate changed around %(date)s: %(after)s%% since then, "
                "%(before)s%% before.",
                date=format_date(self.env, change["date"]),
                after=round(100 * change["after"]),
                before=round(100 * change["before"]),
            )
        ]
        if change["since"] is not None:
            areas = {
                "since": self._show_area(change["since"]),
                "every": self._show_area(change["all"]),
            }
            text = (
                self.env._(
                    "Rules based only on leads since then sort better (%(since)s) "
                    "than rules based on the full history (%(every)s). Older leads "
                    "were left out.",
                    **areas,
                )
                if change["used"]
                else self.env._(
                    "Rules based only on leads since then sort no better (%(since)s) "
                    "than rules based on the full history (%(every)s). Older leads "
                    "were used, too.",
                    **areas,
                )
            )
            sentences.append(text)
        return sentences

    @api.model
    def _show_area(self, area):
        return formatLang(self.env, area, digits=2)

    @api.model
    def _show_number(self, number):
        return formatLang(self.env, number, digits=0)

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

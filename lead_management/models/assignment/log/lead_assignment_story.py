from odoo import api, fields, models

from ..rule.lead_assignment_decision import OUTSIDE


class LeadAssignmentLog(models.Model):
    """Decisions told in words, in the language of whoever reads them."""

    _inherit = "lead.assignment.log"

    explanation = fields.Char(compute="_compute_explanation")
    story = fields.Json(string="Explanation Details", compute="_compute_story")

    # ------------------------------------------------------------
    # Explanation
    # ------------------------------------------------------------

    @api.depends("outcome", "rule_id", "user_id", "candidate_count", "detail")
    def _compute_explanation(self):
        for log in self:
            log.explanation = getattr(log, f"_explain_{log.outcome}")()

    @api.depends("outcome", "rule_id", "user_id", "candidates", "detail")
    def _compute_story(self):
        for log in self:
            log.story = [log._get_story()]

    def _get_rule_name(self):
        return self.rule_id.name or self.env._("A deleted rule")

    def _explain_assigned(self):
        names = {"rule": self._get_rule_name(), "user": self.user_id.name or "?"}
        if self.trigger == "hand":
            return self.env._(
                "%(actor)s assigned the lead to %(user)s.",
                actor=self.actor_id.name or "?",
                user=names["user"],
            )
        if self.basis == "turn":
            return self.env._(
                "“%(rule)s” assigned the lead to %(user)s, next in turn (candidates: "
                "%(count)s).",
                count=self.candidate_count,
                **names,
            )
        if self.basis in ("load", "load_turn"):
            return self.env._(
                "“%(rule)s” assigned the lead to %(user)s, the least loaded "
                "(candidates: %(count)s).",
                count=self.candidate_count,
                **names,
            )
        if self.basis in ("fit", "fit_turn"):
            return self.env._(
                "“%(rule)s” assigned the lead to %(user)s, the best fit (candidates: "
                "%(count)s).",
                count=self.candidate_count,
                **names,
            )
        return self._explain_assigned_alone(names)

    def _explain_assigned_alone(self, names):
        if self.basis == "previous":
            return self.env._(
                "“%(rule)s” assigned the lead to %(user)s, who knows this customer.",
                **names,
            )
        if self.basis == "capturer":
            return self.env._(
                "“%(rule)s” assigned the lead to %(user)s, who created it.", **names
            )
        if self.basis == "leader" and not self.rule_version:
            return self.env._(
                "The lead was received for “%(team)s”, where no rule applies. It was "
                "assigned to the team leader, %(user)s.",
                team=self.team_id.name or "?",
                user=names["user"],
            )
        if self.basis == "leader":
            return self.env._(
                "No one was available, so “%(rule)s” assigned the lead to the team "
                "leader, %(user)s.",
                **names,
            )
        return self.env._("“%(rule)s” assigned the lead to %(user)s.", **names)

    def _explain_pooled(self):
        return self.env._(
            "“%(rule)s” added the lead to the pool “%(pool)s”, where salespeople can "
            "claim it.",
            rule=self._get_rule_name(),
            pool=self.pool_id.name or "?",
        )

    def _explain_claimed(self):
        names = {"user": self.user_id.name or "?", "pool": self.pool_id.name or "?"}
        if self.trigger == "pull":
            return self.env._(
                "%(user)s claimed the lead from “%(pool)s”: the best of %(count)s.",
                count=self.candidate_count,
                **names,
            )
        if not self.pool_id:
            return self.env._("%s claimed the lead (unassigned).", names["user"])
        return self.env._("%(user)s claimed the lead from “%(pool)s”.", **names)

    def _explain_released(self):
        return self.env._(
            "%(user)s released the lead: %(reason)s",
            user=self.user_before_id.name or "?",
            reason=self.detail or "-",
        )

    def _explain_expired(self):
        return self.env._(
            "%(user)s did not contact the lead in time. It is back in the pool "
            "“%(pool)s”.",
            user=self.user_before_id.name or "?",
            pool=self.pool_id.name or "?",
        )

    def _explain_taken_back(self):
        if not self.user_before_id:
            return self.env._(
                "No one was assigned in time. The rules assign the lead again."
            )
        return self.env._(
            "%(user)s did not contact the lead in time. The rules assign it again.",
            user=self.user_before_id.name,
        )

    def _explain_no_rule(self):
        return self.env._(
            "No assignment rule matches this lead. Add a last rule without a "
            "condition for all remaining leads."
        )

    def _explain_no_candidate(self):
        if self.candidates and self.candidates.get("out"):
            return self.env._(
                "“%(rule)s” has no one available: %(reasons)s. The lead waits in the "
                "queue.",
                rule=self._get_rule_name(),
                reasons="; ".join(
                    f"{person['name']} {person['state']}"
                    for person in self._get_people()[:5]
                ),
            )
        return self.env._(
            "“%s” has no member who can receive this lead: they are archived or "
            "belong to another company.",
            self._get_rule_name(),
        )

    def _explain_failed(self):
        return self.env._("The lead could not be assigned: %s", self.detail)

    def _get_people(self):
        """Return everybody this decision looked at, who got the lead first.

        :return: list of dicts: ``id``, ``name``, ``state``, ``share``, ``chosen``
        """
        people = self.candidates or {}
        out = people.get("out", [])
        inside = people.get("in", [])
        users = self.env["res.users"].browse([row[0] for row in (*inside, *out)])
        # sudo: names of colleagues, also of those archived or removed since
        names = {user.id: user.name for user in users.sudo().exists()}
        Capacity = self.env["lead.assignment.capacity"]
        rows = [
            {
                "id": user_id,
                "name": names.get(user_id, "?"),
                "state": self._format_comparison(value),
                "share": share,
                "chosen": user_id == self.user_id.id,
            }
            for user_id, share, value in inside
        ]
        rows += [
            {
                "id": user_id,
                "name": names.get(user_id, "?"),
                "state": Capacity._format_absence(
                    reason, until and fields.Datetime.to_datetime(until)
                ),
                "share": 0,
                "chosen": False,
            }
            for user_id, reason, until in out
        ]
        return sorted(rows, key=lambda row: (not row["chosen"], not row["share"]))

    def _format_comparison(self, value):
        """Return in words what was compared between the candidates."""
        if self.basis in ("load", "load_turn"):
            return self.env._("workload %s", f"{value:g}")
        if self.basis in ("fit", "fit_turn"):
            return self.env._("%s matches", f"{value:g}")
        if self.basis == "turn":
            return self.env._("balance %s", f"{value:+.2f}")
        return self.env._("available")

    def _get_story(self):
        """Return this decision for the widget that tells it."""
        labels = {
            name: dict(self._fields[name]._description_selection(self.env))
            for name in ("trigger", "outcome")
        }
        # sudo: rules of other companies may have been asked, too
        rules = self.env["lead.assignment.rule"].sudo()
        passed = (self.candidates or {}).get("passed", [])
        return {
            "id": self.id,
            "date": fields.Datetime.to_string(self.date),
            "trigger": labels["trigger"][self.trigger],
            "outcome": self.outcome,
            "outcome_label": labels["outcome"][self.outcome],
            "text": self.explanation,
            "merged": self.is_merged,
            "rule": self.rule_id.name or "",
            "version": self.rule_version,
            "people": self._get_people(),
            "passed": [
                {
                    "rule": rules.browse(rule_id).exists().name or "?",
                    "reason": self._format_skip_reason(reason),
                }
                for rule_id, reason in passed
            ],
        }

    def _format_skip_reason(self, reason):
        if reason == "nobody":
            return self.env._("no one had a lead of this customer before")
        if reason == "failed":
            return self.env._("failed")
        if reason == OUTSIDE:
            return self.env._("no one belongs to the company of the lead")
        if reason == "team":
            return self.env._("the lead was received for another team")
        return self.env._("no one available")

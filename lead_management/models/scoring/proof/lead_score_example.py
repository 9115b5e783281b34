from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from ...base.apart import rehearsal
from ...base.fast.sql_rows import sql_rows
from ..lead_score import GRADES, TEMPERATURES

PASSED, FAILED = "passed", "failed"
ALLOWED_OPERATORS = ("=", "in")


class LeadScoreExample(models.Model):
    """A lead as it may come in, and what it must score.

    The lead is described by conditions that are all equalities, such as *Country =
    France*: what a condition can say, an example can. It is tried in the database
    itself, by the statements that score real leads, and leaves nothing behind.
    """

    _name = "lead.score.example"
    _description = "Scoring Example"
    _order = "sequence, id"

    model_id = fields.Many2one(
        "lead.score.model", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="model_id.company_id", store=True)
    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    lead_values = fields.Char(
        string="Example Lead",
        required=True,
        default="[]",
        help="Use only conditions with “is equal to”, such as Country = France. All "
        "of them must match.",
    )
    event_line_ids = fields.One2many(
        "lead.score.example.event", "example_id", string="Events", copy=True
    )
    # Expected
    min_total = fields.Integer(string="Minimum Score", default=0)
    max_total = fields.Integer(string="Maximum Score", default=100)
    temperature = fields.Selection(TEMPERATURES)
    grade = fields.Selection([(grade, grade) for grade in GRADES])
    expectation = fields.Char(string="Expected", compute="_compute_expectation")
    # Found
    state = fields.Selection(
        [(PASSED, "Passed"), (FAILED, "Failed")], compute="_compute_result"
    )
    total = fields.Integer(string="Score", compute="_compute_result")
    message = fields.Char(string="Explanation", compute="_compute_result")
    passed_points = fields.Json(
        string="Points When Last Passed", readonly=True, copy=True
    )

    _range = models.Constraint(
        "CHECK(min_total >= 0 AND min_total <= max_total AND max_total <= 100)",
        "Scores must be between 0 and 100, and the minimum cannot be higher than the "
        "maximum.",
    )

    @api.depends("min_total", "max_total", "temperature", "grade")
    def _compute_expectation(self):
        labels = dict(self._fields["temperature"]._description_selection(self.env))
        for example in self:
            parts = []
            if example.min_total > 0 and example.max_total < 100:
                parts.append(f"{example.min_total} … {example.max_total}")
            elif example.min_total > 0:
                parts.append(f"≥ {example.min_total}")
            elif example.max_total < 100:
                parts.append(f"≤ {example.max_total}")
            parts += [labels.get(example.temperature), example.grade]
            example.expectation = ", ".join(filter(None, parts))

    @api.constrains("lead_values")
    def _check_lead_values(self):
        for example in self:
            example._parse_values()

    def _parse_values(self):
        """Return the values of the lead, by the name of the field.

        :raise ValidationError: when something else than equalities is written
        """
        Rule = self.env["lead.score.rule"]
        rule = Rule.new({"name": self.name, "domain": self.lead_values})
        rule._try_condition(self.lead_values)
        rule._check_domain_settles()
        values = {}
        domain = Rule._parse_domain(self.lead_values)
        equal = domain.is_true() or all(
            isinstance(leaf, (list, tuple)) or leaf == "&" for leaf in domain
        )
        for condition in domain.iter_conditions():
            if not equal or not self._is_equality(condition):
                raise ValidationError(
                    self.env._(
                        "“%s”: describe the lead with “is equal to” conditions only. "
                        "All of them must match.",
                        self.name,
                    )
                )
            values[condition.field_expr] = condition.value
        return values

    @api.model
    def _is_equality(self, condition):
        field = self.env["crm.lead"]._fields.get(condition.field_expr)
        return (
            condition.operator in ALLOWED_OPERATORS
            and field
            and (condition.operator == "=" or field.type == "many2many")
        )

    # ------------------------------------------------------------
    # Trying
    # ------------------------------------------------------------

    @api.depends(
        "lead_values",
        "event_line_ids",
        "min_total",
        "max_total",
        "temperature",
        "grade",
        "model_id",
    )
    @api.depends_context("lang")
    def _compute_result(self):
        self.state, self.total, self.message = False, 0, False
        for model, examples in self._origin.grouped("model_id").items():
            # sudo: the engine; who sees the example may know what it scores
            for example_id, result in examples.sudo()._try(model.sudo()).items():
                example = self.filtered(lambda e, i=example_id: e._origin.id == i)
                example.total = result["total"]
                problem = example._find_problem(result)
                example.state = FAILED if problem else PASSED
                example.message = problem

    def _try(self, model):
        """Return what these examples score by a model, in statements of their own.

        :return: dict of example id to a dict with ``total``, ``temperature``,
          ``grade``, ``applies`` and ``points``, by the name of the rule
        """
        with rehearsal(self.env):
            self._insert_leads()
            return self._score(model)

    def _score(self, model):
        Model = self.env["lead.score.model"]
        lead_ids = [-example.id for example in self]
        # rules ask whether an address or a number was verified
        self.env["crm.lead"].browse(lead_ids)._verify()
        self.env["lead.verification"]._refresh(lead_ids)
        self.env["lead.profile"]._refresh(lead_ids)
        names = []

        def more(compiled):
            terms = [term for one in compiled for term in one.terms]
            names.extend(rule.name if rule else "" for rule, __ in terms)
            points = SQL(", ").join(sql for __, sql in terms)
            return [("points", SQL("ARRAY[%s]::int4[]", points))]

        rows = self.env.execute_query(
            Model._sql_scores(
                [model._to_data()],
                Model._new_lead_query(lead_ids),
                lead_ids,
                events=self._sql_events(),
                more=more,
            )
        )
        return {
            -lead_id: {
                "total": total,
                "temperature": temperature,
                "grade": grade,
                "applies": model_id is not None,
                "points": dict(zip(names, points, strict=True)),
            }
            for lead_id, model_id, __, __, total, grade, temperature, points in rows
        }

    def _sql_events(self):
        """Return the events of the examples, as those of leads are read."""
        now = fields.Datetime.now()
        rows = [
            (
                -line.example_id.id,
                line.event_id.code,
                fields.Datetime.subtract(now, days=line.days_ago),
                line.activity_type_id.id or None,
            )
            for line in self.event_line_ids
            for __ in range(line.count)
        ]
        return sql_rows(("int4", "text", "timestamp", "int4"), rows)

    def _find_problem(self, result):
        """Return in words what a result lacks, or False."""
        if not result["applies"]:
            return self.env._("This model does not score leads like this one.")
        problems = []
        if not self.min_total <= result["total"] <= self.max_total:
            problems.append(self.env._("score %s", result["total"]))
        if self.temperature and self.temperature != result["temperature"]:
            labels = dict(self._fields["temperature"]._description_selection(self.env))
            problems.append(self.env._("temperature %s", labels[result["temperature"]]))
        if self.grade and self.grade != result["grade"]:
            problems.append(self.env._("grade %s", result["grade"]))
        if not problems:
            return False
        return f"{', '.join(problems)}. {self._find_changed_rules(result['points'])}"

    def _find_changed_rules(self, points):
        """Return which rules changed since the example passed, or what counts now."""
        before = self.passed_points or {}
        changed = [
            self.env._(
                "“%(rule)s” gives %(now)s instead of %(before)s",
                rule=name or self.env._("Answers"),
                now=points.get(name, 0),
                before=before.get(name, 0),
            )
            for name in {**before, **points}
            if before and points.get(name, 0) != before.get(name, 0)
        ]
        if changed:
            return self.env._("Reason: %s", "; ".join(changed))
        counted = sorted(
            ((name, number) for name, number in points.items() if number),
            key=lambda item: -abs(item[1]),
        )
        if not counted:
            return self.env._("No matching rule.")
        return self.env._(
            "Points counted: %s",
            "; ".join(
                f"{name or self.env._('Answers')} {n:+d}" for name, n in counted[:6]
            ),
        )

    def _remember(self):
        """Keep what the rules give now, to tell later which of them changed."""
        for model, examples in self.grouped("model_id").items():
            # sudo: the engine, as for the result
            for example_id, result in examples.sudo()._try(model.sudo()).items():
                self.browse(example_id).passed_points = result["points"]


class LeadScoreModel(models.Model):
    """A version whose examples fail cannot be activated."""

    _inherit = "lead.score.model"

    example_ids = fields.One2many("lead.score.example", "model_id", string="Examples")
    example_failed_count = fields.Integer(compute="_compute_example_failed_count")

    @api.depends("example_ids", "rule_ids")
    def _compute_example_failed_count(self):
        for model in self:
            model.example_failed_count = len(
                model.example_ids.filtered(lambda example: example.state == FAILED)
            )

    def _copy_more(self, new):
        super()._copy_more(new)
        for example in self.example_ids:
            example.copy({"model_id": new.id})

    def _check_ready(self):
        super()._check_ready()
        self.example_ids.invalidate_recordset(["state"])
        failed = self.example_ids.filtered(lambda example: example.state == FAILED)
        if failed:
            raise UserError(
                self.env._(
                    "This version cannot be activated because these examples "
                    "fail:\n%s\nChange the rules or the examples.",
                    "\n".join(f"• {e.name}: {e.message}" for e in failed),
                )
            )
        self.example_ids._remember()

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Command, Domain

from .lead_score_model import ACTIVE

FIT, ENGAGEMENT = "fit", "engagement"
DIMENSIONS = [(FIT, "Fit"), (ENGAGEMENT, "Engagement")]

FIELD, QUALIFIER, BANDS = "field", "qualifier", "bands"
COMPLETENESS, VERIFICATION = "completeness", "verification"
ACTIVITY, VETO = "activity", "veto"
KINDS = [
    (FIELD, "Condition"),
    (QUALIFIER, "Answers to a question"),
    (BANDS, "Ranges of a number"),
    (COMPLETENESS, "Completeness of the profile"),
    (VERIFICATION, "Verified information"),
    (ACTIVITY, "Activity"),
    (VETO, "Veto"),
]
# The points of these kinds stand in bands.
BANDED = (QUALIFIER, BANDS, COMPLETENESS, VERIFICATION)
NUMBERS = ("integer", "float", "monetary")
# The questions whose answers can give points of their own in a rule.
ANSWERED = ("yes_no", "choice", "multiple", "number")


class LeadScoreRule(models.Model):
    """What raises or lowers the score of a lead, in one line that can be read."""

    _name = "lead.score.rule"
    _inherit = ["lead.score.part.mixin", "lead.rule.mixin"]
    _description = "Scoring Rule"

    model_id = fields.Many2one(
        "lead.score.model",
        string="Scoring Model",
        required=True,
        ondelete="cascade",
        index=True,
        default=lambda self: self.env["lead.score.model"]._get_default(),
    )
    group_id = fields.Many2one(
        "lead.score.group",
        domain="[('model_id', '=', model_id)]",
        index="btree_not_null",
        ondelete="set null",
        help="Group that limits the points of its rules.",
    )
    company_id = fields.Many2one(
        compute="_compute_company_id", store=True, readonly=False, precompute=True
    )
    kind = fields.Selection(KINDS, string="Type", required=True, default=FIELD)
    dimension = fields.Selection(
        DIMENSIONS,
        compute="_compute_dimension",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
        help="Fit: who the contact is. Engagement: what the contact does.",
    )
    points = fields.Integer(
        required=True,
        default=10,
        help="Added to the score of matching leads, for activities each time they "
        "occur. Negative points lower the score.",
    )
    points_text = fields.Char(string="Score", compute="_compute_points_text")
    # Bands
    field_path = fields.Char(
        string="Number", help="Numeric field of the lead used for the ranges."
    )
    qualifier_id = fields.Many2one(
        "lead.qualifier",
        string="Question",
        domain=[("kind", "in", ANSWERED)],
        ondelete="cascade",
        index="btree_not_null",
    )
    qualifier_kind = fields.Selection(
        related="qualifier_id.kind", string="Question Type"
    )
    band_ids = fields.One2many(
        "lead.score.band", "rule_id", string="Ranges and Answers"
    )
    # Activity
    event_ids = fields.Many2many("lead.score.event", string="Events")
    activity_type_ids = fields.Many2many(
        "mail.activity.type",
        string="Activity Types",
        help="Counts only done activities of these types. Leave empty for any type.",
    )
    days = fields.Integer(
        string="Period (Days)", default=90, help="Older events give no points."
    )
    max_points = fields.Integer(
        string="Maximum",
        default=30,
        help="Maximum of points added or deducted, regardless of the number of events.",
    )
    half_life = fields.Integer(
        string="Half-Life (Days)",
        default=0,
        help="Number of days after which an event gives half its points (after twice "
        "as many, a quarter). 0 means no decay.",
    )

    _points_range = models.Constraint(
        "CHECK(points BETWEEN -100 AND 100)",
        "The points must be between -100 and 100.",
    )
    _activity_numbers = models.Constraint(
        "CHECK(days BETWEEN 1 AND 3650 AND max_points BETWEEN 0 AND 100 "
        "AND half_life BETWEEN 0 AND 3650)",
        "The period must be 1 to 3,650 days, the maximum 0 to 100 points, and the "
        "half-life at most 3,650 days.",
    )

    # ------------------------------------------------------------
    # Computed
    # ------------------------------------------------------------

    @api.depends("model_id.company_id")
    def _compute_company_id(self):
        """The company of the model; within a shared model, one of the rule's own."""
        for rule in self:
            rule.company_id = rule.model_id.company_id or rule.company_id

    @api.depends("kind", "group_id.dimension")
    def _compute_dimension(self):
        for rule in self:
            default = ENGAGEMENT if rule.kind == ACTIVITY else FIT
            rule.dimension = rule.group_id.dimension or default

    @api.depends("kind", "points", "max_points", "band_ids.points")
    def _compute_points_text(self):
        for rule in self:
            rule.points_text = rule._describe_points()

    def _describe_points(self):
        """Return what the rule gives or takes, in a few characters."""
        if self.kind == VETO:
            return self.env._("score 0")
        if self.kind in BANDED:
            points = self.band_ids.mapped("points") or [0]
            if min(points) == max(points):
                return f"{points[0]:+d}"
            return f"{min(points):+d} … {max(points):+d}"
        if self.kind == ACTIVITY:
            return self.env._(
                "%(points)s per event, maximum %(limit)s",
                points=f"{self.points:+d}",
                limit=self.max_points,
            )
        return f"{self.points:+d}"

    # ------------------------------------------------------------
    # Constraints
    # ------------------------------------------------------------

    @api.constrains("kind", "domain", "field_path", "qualifier_id", "event_ids")
    def _check_kind(self):
        for rule in self:
            if problem := rule._find_problem():
                raise ValidationError(problem)

    def _find_problem(self):
        """Return what keeps a rule of this kind from working, or None."""
        if self.kind == QUALIFIER and not self.qualifier_id:
            return self.env._("Choose the question of “%s”.", self.name)
        if self.kind == ACTIVITY and not self.event_ids:
            return self.env._("Choose the events of “%s”.", self.name)
        if self.kind == VETO and self._parse_domain(self.domain).is_true():
            return self.env._(
                "“%s” would set the score of every lead to 0. Add a condition.",
                self.name,
            )
        return None

    @api.constrains("kind", "field_path")
    def _check_field_path(self):
        """Refuse what is no number of a lead, or none the writing user may read."""
        for rule in self.filtered(lambda r: r.kind == BANDS):
            field = self._find_number(rule.field_path)
            if not field or field.type not in NUMBERS:
                raise ValidationError(
                    self.env._(
                        "“%(path)s” is not a number. Choose a numeric field of the "
                        "lead for “%(rule)s”.",
                        rule=rule.name,
                        path=rule.field_path or "",
                    )
                )
            rule._try_condition(str([(rule.field_path, ">=", 0)]))

    @api.model
    def _find_number(self, path):
        """Return the field of a lead at the end of a path, or None."""
        model, field = self.env["crm.lead"], None
        for fname in (path or "").split("."):
            field = model._fields.get(fname) if model is not None else None
            if not field:
                return None
            model = self.env[field.comodel_name] if field.relational else None
        return field

    @api.constrains("group_id", "model_id", "qualifier_id", "company_id")
    def _check_belongs(self):
        for rule in self:
            if rule.group_id and rule.group_id.model_id != rule.model_id:
                raise ValidationError(
                    self.env._(
                        "“%(rule)s” and its group “%(group)s” belong to different "
                        "scoring models. Choose a group of the same model.",
                        rule=rule.name,
                        group=rule.group_id.name,
                    )
                )
            company = rule.model_id.company_id
            if company and rule.company_id != company:
                raise ValidationError(
                    self.env._(
                        "“%(rule)s” belongs to a scoring model of %(company)s and "
                        "applies only to the leads of this company.",
                        rule=rule.name,
                        company=company.name,
                    )
                )

    @api.constrains("group_id", "dimension")
    def _check_dimension(self):
        for rule in self:
            if rule.group_id and rule.group_id.dimension != rule.dimension:
                raise ValidationError(
                    self.env._(
                        "“%(rule)s” is in the group “%(group)s”, which counts for "
                        "the other dimension. Choose another group.",
                        rule=rule.name,
                        group=rule.group_id.name,
                    )
                )

    # ------------------------------------------------------------
    # Rules
    # ------------------------------------------------------------

    @api.model
    def _get_denied_fields(self):
        return self.env["lead.score.model"]._get_denied_fields()

    def _get_conditions(self):
        """Other kinds than a condition keep none: an old one must not count."""
        conditions = super()._get_conditions()
        return conditions if self.kind in (FIELD, VETO) else ()

    @api.model
    def _get_active_domain(self):
        return Domain("model_id.state", "=", ACTIVE) & Domain(
            "model_id.active", "=", True
        )

    # ------------------------------------------------------------
    # Editing
    # ------------------------------------------------------------

    @api.onchange("kind", "qualifier_id")
    def _onchange_bands(self):
        """Offer the bands that the kind of rule most often needs."""
        if self.kind not in BANDED:
            self.band_ids = [Command.clear()]
            return
        if self.kind in (COMPLETENESS, VERIFICATION) and not self.band_ids:
            self.band_ids = [
                Command.create({"value_from": low, "points": points})
                for low, points in ((0, 0), (50, 5), (80, 10))
            ]
        if self.kind == QUALIFIER and self.qualifier_id.option_ids:
            known = self.band_ids.option_id
            self.band_ids = [
                Command.create({"option_id": option.id, "points": option.points})
                for option in self.qualifier_id.option_ids - known
            ]
        if not self.name and self.kind == QUALIFIER:
            self.name = self.qualifier_id.name

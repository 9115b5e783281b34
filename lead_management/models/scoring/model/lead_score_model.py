from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ...base.context import WITHOUT_RULES

DRAFT, ACTIVE, RETIRED = "draft", "active", "retired"
STATES = [(DRAFT, "Draft"), (ACTIVE, "Active"), (RETIRED, "Retired")]
THRESHOLDS = (
    ("warm_from", "hot_from"),
    ("fit_b_from", "fit_a_from"),
    ("engagement_2_from", "engagement_1_from"),
)


class LeadScoreModel(models.Model):
    """A version of the rules that make the score of leads.

    A model without condition scores all leads of its company. Where models overlap,
    that of a company comes first, then the order decides.
    """

    _name = "lead.score.model"
    _inherit = ["lead.rule.mixin", "mail.thread"]
    _description = "Scoring Model"

    state = fields.Selection(
        STATES, required=True, default=DRAFT, readonly=True, copy=False, tracking=True
    )
    version = fields.Integer(default=1, readonly=True, copy=False)
    origin_id = fields.Many2one(
        "lead.score.model",
        string="First Version",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )
    replaced_id = fields.Many2one(
        "lead.score.model",
        string="Replaced Version",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="The previously active version.",
    )
    activated_on = fields.Datetime(readonly=True, copy=False)
    # Scale
    base_points = fields.Integer(
        string="Starting Points",
        tracking=True,
        help="Points of each lead before any rule. They count for the fit.",
    )
    full_points = fields.Integer(
        string="Points for a Score of 100",
        required=True,
        default=100,
        tracking=True,
        help="The score is the sum of the points as a percentage of this value, from "
        "0 to 100.",
    )
    warm_from = fields.Integer(string="Warm from", default=30, tracking=True)
    hot_from = fields.Integer(string="Hot from", default=60, tracking=True)
    fit_a_from = fields.Integer(string="A from", default=50, tracking=True)
    fit_b_from = fields.Integer(string="B from", default=25, tracking=True)
    engagement_1_from = fields.Integer(string="1 from", default=30, tracking=True)
    engagement_2_from = fields.Integer(string="2 from", default=10, tracking=True)
    # Parts
    rule_ids = fields.One2many("lead.score.rule", "model_id", string="Rules")
    group_ids = fields.One2many("lead.score.group", "model_id", string="Groups")
    rule_count = fields.Integer(string="Number of Rules", compute="_compute_rule_count")
    lead_count = fields.Integer(string="Number of Leads", compute="_compute_lead_count")

    _full_positive = models.Constraint(
        "CHECK(full_points BETWEEN 1 AND 10000 AND base_points BETWEEN -1000 AND 1000)",
        "The points for a score of 100 must be between 1 and 10,000, the starting "
        "points between -1,000 and 1,000.",
    )
    _active_uniq = models.UniqueIndex(
        "(COALESCE(company_id, 0), domain) WHERE state = 'active' AND active",
        "Another version was just activated by someone else. Reload the page.",
    )

    @api.depends("name", "version")
    def _compute_display_name(self):
        for model in self:
            model.display_name = self.env._(
                "%(name)s (version %(version)s)",
                name=model.name or "",
                version=model.version,
            )

    @api.depends("rule_ids")
    def _compute_rule_count(self):
        for model in self:
            model.rule_count = len(model.rule_ids)

    def _compute_lead_count(self):
        counts = dict(
            self.env["lead.score"]._read_group(
                [("model_id", "in", self.ids)], ["model_id"], ["__count"]
            )
        )
        for model in self:
            model.lead_count = counts.get(model, 0)

    @api.constrains(*(fname for pair in THRESHOLDS for fname in pair))
    def _check_thresholds(self):
        for model in self:
            for low, high in THRESHOLDS:
                if not 0 <= model[low] <= model[high] <= 100:
                    raise ValidationError(
                        self.env._(
                            "“%(low)s” and “%(high)s” must be between 0 and 100, and "
                            "“%(low)s” cannot be higher than “%(high)s”.",
                            low=self._fields[low]._description_string(self.env),
                            high=self._fields[high]._description_string(self.env),
                        )
                    )

    # ------------------------------------------------------------
    # Rules
    # ------------------------------------------------------------

    @api.model
    def _get_default(self):
        """Return the model that new rules belong to: the active one of all leads."""
        models_ = self.search([("state", "=", ACTIVE)])._in_order()
        general = models_.filtered(lambda m: m._parse_domain(m.domain).is_true())
        return (general or models_)[:1]

    @api.model
    def _get_active_domain(self):
        return Domain("state", "=", ACTIVE)

    def _in_order(self):
        return self.sorted(lambda model: not model.company_id)

    @api.model
    def _get_denied_fields(self):
        return {
            *self.env["crm.lead"]._derived_fields(["lead.score"]),
            "score_snapshot_ids",
        }

    @api.model_create_multi
    def create(self, vals_list):
        scoring = super().create(vals_list)
        scoring._content_changed()
        return scoring

    def write(self, vals):
        before = self.filtered(lambda model: model.state == ACTIVE)
        result = super().write(vals)
        if self._get_content_fields() & set(vals):
            self._content_changed(was_active=bool(before))
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_active(self):
        if ACTIVE in self.mapped("state"):
            raise UserError(
                self.env._(
                    "This version is scoring leads now. Activate another version "
                    "first, or archive this one."
                )
            )

    @api.model
    def _get_content_fields(self):
        """Return the fields that a score depends on."""
        return {
            *("state", "active", "company_id", "domain", "sequence"),
            *("base_points", "full_points"),
            *(fname for pair in THRESHOLDS for fname in pair),
        }

    def _content_changed(self, was_active=False):
        """Act on a change of what leads are scored by."""
        self.env.registry.clear_cache()
        if was_active or ACTIVE in self.exists().mapped("state"):
            self.env["crm.lead"]._derived_mark_all("lead.score")

    # ------------------------------------------------------------
    # Versions
    # ------------------------------------------------------------

    def copy(self, default=None):
        """Copy the rules along, each into the copy of its group."""
        copies = super().copy(default)
        if not WITHOUT_RULES.get(self.env):
            for model, new in zip(self, copies, strict=True):
                model._copy_parts(new)
        return copies

    def _copy_parts(self, new):
        groups = {
            group.id: group.copy({"model_id": new.id}).id for group in self.group_ids
        }
        for rule in self.rule_ids:
            new_rule = rule.copy(
                {"model_id": new.id, "group_id": groups.get(rule.group_id.id)}
            )
            for band in rule.band_ids:
                band.copy({"rule_id": new_rule.id})
        self._copy_more(new)

    def _copy_more(self, new):
        """Copy what else belongs to a model; rooms extend it."""

    def action_new_version(self):
        """Open a draft that starts as a copy of this version."""
        self.ensure_one()
        draft = self.copy()
        draft._become_version_of(self)
        return draft._get_form_action()

    def _become_version_of(self, model):
        """Take the next number among the versions of a model."""
        origin = model.origin_id or model
        versions = self.with_context(active_test=False).search(
            [("origin_id", "=", origin.id)]
        )
        version = max([origin.version, *versions.mapped("version")]) + 1
        self.write({"origin_id": origin.id, "version": version})

    def action_activate(self):
        """Let this version score from now on, in place of the one that did."""
        self.ensure_one()
        self._check_ready()
        self._activate()
        return True

    def _activate(self):
        replaced = self._get_competing_rules()
        replaced.write({"state": RETIRED})
        replaced.flush_recordset()  # one active version at a time
        self.write(
            {
                "state": ACTIVE,
                "active": True,
                "replaced_id": replaced[:1].id or self.replaced_id.id,
                "activated_on": fields.Datetime.now(),
            }
        )

    def action_restore(self):
        """Go back to the version that was active before this one."""
        self.ensure_one()
        if not self.replaced_id:
            raise UserError(self.env._("There is no previous version to restore."))
        # at once, whatever its examples say today
        self.replaced_id._activate()
        return self.replaced_id._get_form_action()

    def action_retire(self):
        """Stop scoring by this version, without another in its place."""
        self.write({"state": RETIRED})
        return True

    def _check_ready(self):
        """Refuse to activate what is not fit for it; rooms extend it."""
        if not self.rule_ids:
            raise UserError(
                self.env._(
                    "“%s” has no rules yet. Add a rule first.", self.display_name
                )
            )

    def _get_competing_rules(self):
        """Return the active versions that this one takes the place of."""
        origin = self.origin_id or self
        return (self.search([("state", "=", ACTIVE), ("id", "!=", self.id)])).filtered(
            lambda model: (
                (model.origin_id or model) == origin
                or (model.company_id == self.company_id and model.domain == self.domain)
            )
        )

    def _get_form_action(self):
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

    def action_view_leads(self):
        """Open the leads that this version scores."""
        action = super().action_view_leads()
        return {**action, "domain": [("score_model_id", "=", self.id)]}

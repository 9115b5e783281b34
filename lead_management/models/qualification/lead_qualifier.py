from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Command, Domain

from ...tools.answers import free_name, slug

YES_NO = "yes_no"
CHOICE = "choice"
MULTIPLE = "multiple"
NUMBER = "number"
DATE = "date"
TEXT = "text"
KINDS = [
    (YES_NO, "Yes or no"),
    (CHOICE, "Choice"),
    (MULTIPLE, "Several choices"),
    (NUMBER, "Number"),
    (DATE, "Date"),
    (TEXT, "Text"),
    ("product", "Product interest"),
    ("segment", "Segment"),
    ("tag", "Tags"),
    ("deal_size", "Deal size"),
]
# Kinds whose answer is a field of the lead itself.
LEAD_FIELDS = {
    "product": "product_ids",
    "segment": "segment_id",
    "tag": "tag_ids",
    "deal_size": "expected_revenue",
}
OPTION_KINDS = (YES_NO, CHOICE, MULTIPLE)
# Types of the columns of a lead in which the answers of each kind are read.
COLUMN_TYPES = {
    YES_NO: "selection",
    CHOICE: "selection",
    MULTIPLE: "many2many",
    NUMBER: "float",
    DATE: "date",
    TEXT: "text",
}
COLUMN_PREFIX = "x_qualifier_"
TEXT_SUFFIX = "_text"


class LeadQualifier(models.Model):
    """A question to a lead, and to which leads it is put.

    The answers of some kinds are fields of the lead itself (``LEAD_FIELDS``). All
    others are kept in ``lead.qualifier.answer``, and each question has a column of its
    own on the lead, where lists, filters, conditions, imports and templates find the
    answer like any other field (see ``crm_lead_columns.py``).
    """

    _name = "lead.qualifier"
    _inherit = ["lead.rule.mixin"]
    _description = "Qualification Question"
    _check_company_auto = True

    name = fields.Char(
        help="Short name of the question, used as the column title in lists."
    )
    company_id = fields.Many2one(help="Leave empty to apply to all companies.")
    set_id = fields.Many2one("lead.qualifier.set", ondelete="set null")
    # Question
    question = fields.Char(
        translate=True,
        help="Full wording of the question. Leave empty to use the name.",
    )
    help = fields.Text(
        string="Tip",
        translate=True,
        help="Tip for salespeople on how to ask and how to understand the answer.",
    )
    kind = fields.Selection(KINDS, string="Type", required=True, default=CHOICE)
    option_ids = fields.One2many(
        "lead.qualifier.option", "qualifier_id", string="Answers", copy=True
    )
    unit = fields.Char(
        translate=True, help="Shown after the number, for example seats."
    )
    key = fields.Char(
        string="Technical Name",
        readonly=True,
        copy=False,
        help="Name used in conditions, imports and templates.",
    )
    column_name = fields.Char(
        string="Field", compute="_compute_column_name", help="Field of the lead."
    )
    # What there is to choose from
    choice_product_ids = fields.Many2many(
        "product.product",
        "lead_qualifier_choice_product_rel",
        string="Selectable Products",
        help="Leave empty for all products.",
    )
    choice_segment_id = fields.Many2one(
        "lead.segment",
        string="Parent of the Segments",
        check_company=True,
        help="Leave empty for all segments.",
    )
    choice_tag_ids = fields.Many2many(
        "crm.tag",
        "lead_qualifier_choice_tag_rel",
        string="Selectable Tags",
        help="Leave empty for all tags.",
    )
    # Who is asked
    team_ids = fields.Many2many("crm.team", string="Sales Teams")
    product_ids = fields.Many2many("product.product", string="Interested in")
    segment_ids = fields.Many2many(
        "lead.segment", string="Segments", check_company=True
    )
    # Statistics
    answer_count = fields.Integer(
        string="Answers Given", compute="_compute_answer_count"
    )

    _key_uniq = models.Constraint(
        "UNIQUE(key)",
        "Another question already has this technical name. Choose another name.",
    )

    @api.depends("key", "kind")
    def _compute_column_name(self):
        for qualifier in self:
            own = qualifier.key and f"{COLUMN_PREFIX}{qualifier.key}"
            qualifier.column_name = LEAD_FIELDS.get(qualifier.kind) or own

    def _compute_answer_count(self):
        counts = dict(
            self.env["lead.qualifier.answer"]._read_group(
                [("qualifier_id", "in", self.ids), ("is_current", "=", True)],
                ["qualifier_id"],
                ["__count"],
            )
        )
        for qualifier in self:
            qualifier.answer_count = counts.get(qualifier._origin, 0)

    # ------------------------------------------------------------
    # Constraints
    # ------------------------------------------------------------

    @api.constrains("kind", "option_ids", "active")
    def _check_options(self):
        for qualifier in self.filtered("active"):
            if qualifier.kind in (CHOICE, MULTIPLE) and not qualifier.option_ids:
                raise ValidationError(
                    self.env._("Add the answers of “%s”.", qualifier.name)
                )

    @api.constrains("company_id")
    def _check_company_of_answers(self):
        """A question that moves to a company leaves no answers of others behind."""
        for qualifier in self.filtered("company_id"):
            companies = qualifier._get_answers().lead_id.company_id
            if companies - qualifier.company_id:
                raise ValidationError(
                    self.env._(
                        "“%s” was answered by leads of other companies. Archive it and "
                        "ask a new question in this company.",
                        qualifier.name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_answered(self):
        for qualifier in self:
            if qualifier._get_answers():
                raise ValidationError(
                    self.env._(
                        "“%s” has answers. Archive it instead. It will no longer be "
                        "asked, and its answers are kept.",
                        qualifier.name,
                    )
                )

    def _get_answers(self):
        # sudo: answers on leads the user does not see count as well
        return (
            self.env["lead.qualifier.answer"]
            .sudo()
            .search([("qualifier_id", "in", self.ids)])
        )

    @api.onchange("kind")
    def _onchange_kind(self):
        if self.kind == YES_NO and not self.option_ids:
            self.option_ids = [Command.create(vals) for vals in self._prepare_yes_no()]

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        qualifiers = super().create(
            [
                {
                    "option_ids": [Command.create(v) for v in self._prepare_yes_no()],
                    **vals,
                }
                if vals.get("kind") == YES_NO
                else vals
                for vals in vals_list
            ]
        )
        taken = set(
            self.sudo()  # sudo: keys are unique over all companies
            .with_context(active_test=False)
            .search(Domain.TRUE)
            .mapped("key")
        )
        for qualifier in qualifiers.filtered(lambda qualifier: not qualifier.key):
            source = qualifier.with_context(lang="en_US").name
            qualifier.key = free_name(slug(source) or f"q{qualifier.id}", taken)
            taken.add(qualifier.key)
        qualifiers._create_columns()
        return qualifiers

    def write(self, vals):
        if "kind" in vals:
            self._check_kind_change(vals["kind"])
        result = super().write(vals)
        self._create_columns()
        return result

    def unlink(self):
        columns = self._get_columns()
        result = super().unlink()
        columns.unlink()
        return result

    def copy_data(self, default=None):
        return [
            {**vals, "name": self.env._("%s (copy)", vals["name"])}
            for vals in super().copy_data(default)
        ]

    def _check_kind_change(self, kind):
        for qualifier in self:
            if qualifier.kind != kind and qualifier._get_columns():
                raise ValidationError(
                    self.env._(
                        "The type of “%s” cannot be changed because the question is "
                        "in use. Archive it and create a new question.",
                        qualifier.name,
                    )
                )

    @api.model
    def _prepare_yes_no(self):
        return [
            {"key": "yes", "name": self.env._("Yes"), "sequence": 1},
            {"key": "no", "name": self.env._("No"), "sequence": 2},
        ]

    def _rules_changed(self):
        super()._rules_changed()
        # the questions are columns of lists
        self.env.registry.clear_cache("templates")

    # ------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------

    def action_view_answers(self):
        """Open the answers to this question."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "lead_management.lead_qualifier_answer_action"
        )
        return {
            **action,
            "domain": [("qualifier_id", "=", self.id)],
            "context": {"search_default_current": 1},
        }

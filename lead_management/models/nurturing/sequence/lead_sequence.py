from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import ormcache

from ....tools.sequence_time import ALL_DAYS, Window
from ...base.stage_types import STAGE_TYPES
from ...messaging.constants import MARKETING, SERVICE
from ..constants import (
    CONDITION,
    DRAFT,
    GOALS,
    LIVE,
    NORMAL,
    OFF,
    PARKED,
    PAUSED,
    PRIORITIES,
    PROGRESS,
)
from .trigger import TRIGGERS

WEEKDAYS = frozenset(range(5))


class LeadSequence(models.Model):
    """Timed messages and tasks for leads, until one of them gets an answer.

    The condition says which leads may be in it, the trigger when they enter. What
    happens to them are the steps of a version.
    """

    _name = "lead.sequence"
    _inherit = ["lead.rule.mixin"]
    _description = "Sequence"
    _order = "sequence, id"

    sequence = fields.Integer(string="Order")
    is_on = fields.Boolean(string="Activated", readonly=True, copy=False)
    on_date = fields.Datetime(string="On Since", readonly=True, copy=False)
    note = fields.Text(string="Description", translate=True)
    # Entry
    trigger = fields.Selection(
        [(cls.name, cls.label) for cls in TRIGGERS],
        string="Enroll",
        required=True,
        default="hand",
        help="Leads enter when this happens, if they meet the condition. You can also "
        "enroll leads yourself at any time.",
    )
    stage_type = fields.Selection(STAGE_TYPES, string="Stage")
    score_min = fields.Integer(string="Score From", default=40)
    score_max = fields.Integer(string="Score To", default=69)
    segment_ids = fields.Many2many("lead.segment", string="Segments")
    persona_ids = fields.Many2many("lead.persona", string="Personas")
    qualifier_id = fields.Many2one(
        "lead.qualifier", string="Question", ondelete="restrict", index="btree_not_null"
    )
    option_ids = fields.Many2many(
        "lead.qualifier.option",
        string="Answers",
        domain="[('qualifier_id', '=', qualifier_id)]",
        help="Leave empty to apply to all answers.",
    )
    inactive_days = fields.Integer(string="Days Without Contact", default=90)
    entry_date = fields.Datetime(string="Last Entry Check", readonly=True, copy=False)
    daily_limit = fields.Integer(
        string="Automatic Enrollments a Day",
        default=200,
        help="0: no limit. The others enter on the following days.",
    )
    takes_won = fields.Boolean(
        string="Customers Too", help="Customers and inactive customers may enter."
    )
    reentry_days = fields.Integer(
        string="Re-entry After (Days)",
        default=180,
        help="How long after the end of a run a lead may enter again. 0: never.",
    )
    priority = fields.Selection(
        PRIORITIES,
        required=True,
        default=NORMAL,
        help="A lead is in one sequence at a time. One of higher priority takes over.",
    )
    # Exit
    goal = fields.Selection(GOALS, required=True, default=PROGRESS)
    goal_domain = fields.Char(string="Goal Condition", default="[]")
    is_exit_on = fields.Boolean(
        string="Leave by a Condition",
        help="Leads that meet a condition leave the sequence at their next step. Those "
        "that no longer meet the condition to enter stay in it.",
    )
    exit_domain = fields.Char(string="Leave If", default="[]")
    # Sending
    purpose = fields.Selection(
        [
            (MARKETING, "News and offers (consent needed)"),
            (SERVICE, "Answers to an inquiry"),
        ],
        required=True,
        default=MARKETING,
        help="Decides which consent the messages need.",
    )
    window_start = fields.Float(string="Send From", default=8.0)
    window_end = fields.Float(string="Send Until", default=18.0)
    window_weekend = fields.Boolean(string="Send on Weekends")
    is_click_counted = fields.Boolean(
        string="Count Clicks",
        default=True,
        help="Links in emails lead through this database, so that a branch and the "
        "report know who followed one. What programs follow does not count.",
    )
    pace = fields.Integer(
        string="First Messages a Minute",
        default=20,
        help="Leads that are enrolled together start one after the other.",
    )
    grace_days = fields.Integer(
        string="Tolerated Delay (Days)",
        default=2,
        help="Steps that are overdue for longer wait for a decision instead of being "
        "done late. 0: they are always done.",
    )
    # Versions
    version_ids = fields.One2many(
        "lead.sequence.version", "sequence_id", string="Versions"
    )
    version_id = fields.Many2one(
        "lead.sequence.version",
        string="Active Version",
        readonly=True,
        copy=False,
        ondelete="set null",
    )
    enrollment_ids = fields.One2many(
        "lead.enrollment", "sequence_id", string="Enrollments"
    )

    _hours = models.Constraint(
        "CHECK(window_start >= 0 AND window_end <= 24 AND window_start < window_end)",
        "The hours for sending begin before they end, between 0:00 and 24:00.",
    )
    _numbers = models.Constraint(
        "CHECK(reentry_days >= 0 AND daily_limit >= 0 AND pace > 0 "
        "AND grace_days >= 0 AND inactive_days > 0)",
        "Days and limits cannot be negative; at least one message a minute goes out.",
    )
    _scores = models.Constraint(
        "CHECK(score_min <= score_max)", "A score range begins below its end."
    )

    @api.constrains(
        "trigger", "stage_type", "segment_ids", "persona_ids", "qualifier_id"
    )
    def _check_trigger(self):
        for sequence in self:
            for fname in TRIGGERS.get(sequence.trigger).needs:
                if not sequence[fname]:
                    raise ValidationError(
                        self.env._(
                            "“%(sequence)s” needs: %(field)s.",
                            sequence=sequence.name,
                            field=self._fields[fname]._description_string(self.env),
                        )
                    )

    @api.onchange("qualifier_id")
    def _onchange_qualifier_id(self):
        self.option_ids &= self.qualifier_id.option_ids

    @api.constrains("goal", "goal_domain", "is_exit_on", "exit_domain")
    def _check_goal(self):
        for sequence in self:
            if sequence.goal == CONDITION:
                sequence._try_condition(sequence.goal_domain)
            if sequence.is_exit_on:
                sequence._try_condition(sequence.exit_domain)
                if not sequence._parse_domain(sequence.exit_domain):
                    raise ValidationError(
                        self.env._("Choose who leaves, or else all do at once.")
                    )

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        sequences = super().create(vals_list)
        bare = sequences.filtered(lambda sequence: not sequence.version_ids)
        self.env["lead.sequence.version"].create(
            [{"sequence_id": sequence.id} for sequence in bare]
        )
        return sequences

    def copy(self, default=None):
        """A copy has the steps of the version in sight, as a draft, and is off."""
        copies = super().copy(default)
        for sequence, new in zip(self, copies, strict=True):
            sequence._get_shown_version()._copy_steps(new._get_shown_version())
        return copies

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        if "name" not in (default or {}):
            for sequence, vals in zip(self, vals_list, strict=True):
                vals["name"] = self.env._("%s (copy)", sequence.name)
        return vals_list

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        # sudo: whoever was in it, whether the user may see them or not
        if (
            self.env["lead.enrollment"]
            .sudo()
            .search_count([("sequence_id", "in", self.ids)], limit=1)
        ):
            raise UserError(
                self.env._(
                    "Leads have been in this sequence. Archive it to keep its history."
                )
            )

    # ------------------------------------------------------------
    # Rules
    # ------------------------------------------------------------

    @api.model
    def _get_active_domain(self):
        """Leads enter sequences that are on, by themselves unless it is by hand."""
        return Domain("is_on", "=", True) & Domain("trigger", "!=", "hand")

    def _switch_off(self, error):
        """Let nobody enter any more; the sequence itself stays in sight."""
        super()._switch_off(error)
        self.write({"active": True, "is_on": False, "error": error})

    @api.model
    def _get_company_domain(self, company_id):
        return Domain("company_id", "in", [company_id, False])

    # ------------------------------------------------------------
    # What steps ask
    # ------------------------------------------------------------

    def _get_window(self):
        """Return when messages of this sequence may go, where the lead is."""
        days = ALL_DAYS if self.window_weekend else WEEKDAYS
        return Window(self.window_start, self.window_end, days)

    def _get_shown_version(self):
        """Return the version people look at: the draft if there is one."""
        self.ensure_one()
        drafts = self.version_ids.filtered(lambda version: version.state == DRAFT)
        return drafts[:1] or self.version_id or self.version_ids[:1]

    # ------------------------------------------------------------
    # On and off
    # ------------------------------------------------------------

    def action_switch_on(self):
        """Let leads enter, and go on with those who wait because it was off."""
        for sequence in self:
            if not sequence.version_id:
                sequence._get_shown_version()._activate()
            sequence.version_id._check_ready()
        self.write(
            {"is_on": True, "on_date": fields.Datetime.now(), "entry_date": False}
        )
        # sudo: who is in a sequence is nobody's to write by hand
        self.env["lead.enrollment"].sudo().search(
            [
                ("sequence_id", "in", self.ids),
                ("state", "=", PAUSED),
                ("reason", "=", OFF),
            ]
        )._resume()
        self._wake_engine()

    def action_switch_off(self):
        """Let nobody enter, and nobody in it get anything until it is on again."""
        self.write({"is_on": False})
        # sudo: who is in a sequence is nobody's to write by hand
        live = (
            self.env["lead.enrollment"]
            .sudo()
            .search(
                [
                    ("sequence_id", "in", self.ids),
                    ("state", "in", LIVE),
                    ("state", "not in", (PAUSED, PARKED)),
                ]
            )
        )
        live._pause(OFF)

    @api.model
    def _wake_engine(self):
        # sudo: everybody may wake it up
        self.env.ref("lead_management.ir_cron_sequences").sudo()._trigger()

    @api.model
    @ormcache()
    def _is_used(self):
        """Return whether any sequence was ever on: else nothing has to be asked."""
        # sudo: cached for everybody
        sequences = self.sudo().with_context(active_test=False)
        return bool(sequences.search_count([("on_date", "!=", False)], limit=1))

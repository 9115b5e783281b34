import logging

from odoo import api, fields, models
from odoo.tools import SQL

from ....tools.rotation import Rotation
from ...base.fast.sql_rows import sql_rows
from ...base.rule.conditions import DOMAIN_ERRORS

_logger = logging.getLogger(__name__)


class LeadAssignmentTurn(models.Model):
    """A member of a rule: weight, and the ledger of what they had and are owed."""

    _name = "lead.assignment.turn"
    _description = "Member of an Assignment Rule"
    _order = "rule_id, id"
    _log_access = False
    _rec_name = "user_id"

    rule_id = fields.Many2one("lead.assignment.rule", required=True, ondelete="cascade")
    user_id = fields.Many2one(
        "res.users",
        string="Salesperson",
        required=True,
        ondelete="cascade",
        domain="[('share', '=', False)]",
    )
    weight = fields.Integer(
        default=1,
        required=True,
        help="A member with weight 2 receives twice as many leads as one with weight "
        "1.",
    )
    domain = fields.Char(
        string="Condition", help="Leave empty to apply to all leads of the rule."
    )
    # Ledger
    turns = fields.Integer(string="Leads Received", readonly=True)
    owed = fields.Float(
        string="Balance",
        digits=(16, 2),
        readonly=True,
        aggregator=None,
        help="Fair share of the leads of this rule received while this salesperson "
        "was available, minus the leads received.",
    )
    position = fields.Integer(
        string="Turn Number", readonly=True, help="Number of the last turn."
    )
    date_last = fields.Datetime(string="Last Turn", readonly=True)
    state = fields.Char(string="Status", compute="_compute_state")

    _rule_user_uniq = models.UniqueIndex(
        "(rule_id, user_id)", "A salesperson can be a member of a rule only once."
    )
    _weight_positive = models.Constraint(
        "CHECK(weight > 0)",
        "The weight must be 1 or more. Remove members who should get no leads.",
    )

    @api.depends("user_id", "rule_id.working_hours", "rule_id.company_id")
    def _compute_state(self):
        Capacity = self.env["lead.assignment.capacity"]
        for rule, turns in self.grouped("rule_id").items():
            company = rule.company_id or self.env.company
            states = Capacity._describe(turns.user_id, company, rule.working_hours)
            for turn in turns:
                turn.state = states.get(turn.user_id.id)

    @api.constrains("domain")
    def _check_domain(self):
        for turn in self.filtered("domain"):
            turn.rule_id._try_condition(turn.domain)

    # ------------------------------------------------------------
    # Engine
    # ------------------------------------------------------------

    def _has_condition(self):
        """Return whether this member gets some leads of the rule only."""
        return bool(self.domain) and self.domain != "[]"

    def _match(self, leads):
        """Return which leads meet the conditions of these members, in one statement.

        :return: dict of lead id to a list of ids of turns
        """
        Rule = self.env["lead.assignment.rule"]
        query = Rule._new_lead_query(leads.ids)
        compiled = []
        for turn in self:
            try:
                domain = Rule._get_engine_domain((turn.domain,), False)
                compiled.append((turn, Rule._compile_domain(domain, query)))
            except DOMAIN_ERRORS as error:
                turn._switch_off(str(error))
        return dict(Rule._select_matches(query, compiled, Rule._sql_matches, self))

    def _switch_off(self, error):
        """Say that a condition cannot be run: its member gets nothing."""
        for turn in self:
            _logger.warning("Condition of %s cannot be run: %s", turn, error)

    def _get_rotation(self, users, is_weighted):
        """Return the :class:`Rotation` over these users that this ledger holds.

        :param is_weighted: whether the weights count
        """
        weights = {turn.user_id.id: turn.weight for turn in self if is_weighted}
        return Rotation(
            {turn.user_id.id: turn.owed for turn in self},
            dict.fromkeys(users.ids, 1) | weights,
            {turn.user_id.id: turn.position for turn in self if turn.position},
        )

    @api.model
    def _save(self, ledgers):
        """Write ledgers after they dealt, in one statement.

        :param ledgers: list of (rule id, user id, leads dealt, leads owed, position)
        """
        self.flush_model()
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO lead_assignment_turn AS turn
                    (rule_id, user_id, weight, turns, owed, position, date_last)
                SELECT rule_id, user_id, 1, dealt, owed, position,
                    CASE WHEN dealt > 0 THEN %(now)s END
                FROM (%(rows)s) AS new(rule_id, user_id, dealt, owed, position)
                ON CONFLICT (rule_id, user_id) DO UPDATE SET
                    turns = COALESCE(turn.turns, 0) + EXCLUDED.turns,
                    owed = EXCLUDED.owed,
                    position = EXCLUDED.position,
                    date_last = COALESCE(EXCLUDED.date_last, turn.date_last)
                """,
                now=self.env.cr.now().replace(tzinfo=None),
                rows=sql_rows(("int4", "int4", "int4", "float8", "int4"), ledgers),
            )
        )
        self.invalidate_model()

import operator
from collections import namedtuple

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, ormcache

from .lead_score import TEMPERATURES
from .lead_score_rule import RESCORE_AT_ONCE

PENDING_KEY = "lead_management.rescore"
ALL = "all"

# The column of each field, and its worth for a lead that has no score yet.
ScoreColumn = namedtuple("ScoreColumn", "name default")
SCORE_COLUMNS = {
    "score_total": ScoreColumn("total", 0),
    "score_temperature": ScoreColumn("temperature", "cold"),
}
# How each operator of a domain compares, in Python and in SQL.
SCORE_OPERATORS = {
    "in": (lambda score, values: score in values, "%s = ANY(%s)"),
    "not in": (lambda score, values: score not in values, "NOT (%s = ANY(%s))"),
    "<": (operator.lt, "%s < %s"),
    "<=": (operator.le, "%s <= %s"),
    ">": (operator.gt, "%s > %s"),
    ">=": (operator.ge, "%s >= %s"),
}


class CrmLead(models.Model):
    """The score of a lead, read from ``lead.score``.

    A change marks leads; what is marked is rescored in one statement when somebody
    reads a score in the same transaction, and else right before it is committed.
    """

    _inherit = "crm.lead"

    score_total = fields.Integer(
        string="Score",
        compute="_compute_score",
        search="_search_score_total",
        compute_sudo=True,
        aggregator="avg",
        help="Sum of the points of the scoring rules the lead meets, from 0 to 100.",
    )
    score_temperature = fields.Selection(
        TEMPERATURES,
        string="Temperature",
        compute="_compute_score",
        search="_search_score_temperature",
        compute_sudo=True,
    )
    score_reasons = fields.Json(
        compute="_compute_score_reasons",
        compute_sudo=True,
        help="The rules the lead meets, with their points.",
    )

    # ------------------------------------------------------------
    # Reading
    # ------------------------------------------------------------

    def _compute_score(self):
        self._score_flush()
        scores = {}
        if self.ids:
            scores = {
                lead_id: (total, temperature)
                for lead_id, total, temperature in self.env.execute_query(
                    SQL(
                        "SELECT lead_id, total, temperature FROM lead_score "
                        "WHERE lead_id = ANY(%s)",
                        list(self.ids),
                    )
                )
            }
        for lead in self:
            lead.score_total, lead.score_temperature = scores.get(
                lead._origin.id, (0, "cold")
            )

    def _compute_score_reasons(self):
        reasons = {}
        if self.ids:
            reasons = self.env["lead.score.rule"]._get_reasons(self.ids)
        for lead in self:
            lead.score_reasons = reasons.get(lead._origin.id, [])

    def _search_score_total(self, operator_, value):
        return self._score_condition("score_total", operator_, value)

    def _search_score_temperature(self, operator_, value):
        return self._score_condition("score_temperature", operator_, value)

    def _score_condition(self, fname, operator_, value):
        """Return a domain on the joined score, as the domain of a column would be."""
        if operator_ in ("in", "not in"):
            default = SCORE_COLUMNS[fname].default
            value = [default if item is False else item for item in value]
        elif operator_ not in SCORE_OPERATORS:
            return NotImplemented
        compare, sql_template = SCORE_OPERATORS[operator_]
        return Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                sql_template, model._field_to_sql(alias, fname, query), value
            ),
            predicate=lambda lead: compare(lead[fname], value),
        )

    def _field_to_sql(self, alias, field_expr, query=None):
        if field_expr not in SCORE_COLUMNS:
            return super()._field_to_sql(alias, field_expr, query)
        self._score_flush()
        column = SCORE_COLUMNS[field_expr]
        score_alias = query.make_alias(alias, "lead_score")
        query.add_join(
            "LEFT JOIN",
            score_alias,
            "lead_score",
            SQL(
                "%s = %s",
                SQL.identifier(alias, "id"),
                SQL.identifier(score_alias, "lead_id"),
            ),
        )
        return SQL(
            "COALESCE(%s, %s)", SQL.identifier(score_alias, column.name), column.default
        )

    # ------------------------------------------------------------
    # Changes
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        leads = super().create(vals_list)
        leads._score_mark()
        return leads

    def write(self, vals):
        result = super().write(vals)
        if not self._score_trigger_fields().isdisjoint(vals):
            self._score_mark()
        return result

    @api.model
    @ormcache()
    def _score_trigger_fields(self):
        """Return the names of the fields whose change may change a score.

        These are the fields the active rules read, and those they are computed from.
        """
        triggers = set()
        todo = list(self.env["lead.score.rule"]._rule_fields())
        while todo:
            fname = todo.pop()
            if fname in triggers or fname not in self._fields:
                continue
            triggers.add(fname)
            depends = self.pool.field_depends.get(self._fields[fname], ())
            todo.extend(path.split(".")[0] for path in depends)
        return frozenset(triggers)

    def _score_mark(self):
        """Rescore these leads before anybody can see them with an old score."""
        precommit = self.env.cr.precommit
        if PENDING_KEY not in precommit.data:
            precommit.data[PENDING_KEY] = set()
            precommit.add(self.env["crm.lead"].sudo().browse()._score_flush)
        if precommit.data[PENDING_KEY] != ALL:
            precommit.data[PENDING_KEY].update(self.ids)
        self.invalidate_recordset([*SCORE_COLUMNS, "score_reasons"], flush=False)

    @api.model
    def _score_mark_all(self):
        """Rescore all leads: at once when they are few, else in the background."""
        self.env.registry.clear_cache()
        CrmLead = self.env["crm.lead"].sudo().with_context(active_test=False)
        if CrmLead.search_count([], limit=RESCORE_AT_ONCE + 1) > RESCORE_AT_ONCE:
            self.env.ref("lead_management.ir_cron_rescore")._trigger()
            return
        CrmLead.browse()._score_mark()
        self.env.cr.precommit.data[PENDING_KEY] = ALL
        self.env["crm.lead"].invalidate_model(
            [*SCORE_COLUMNS, "score_reasons"], flush=False
        )

    def _score_flush(self):
        """Rescore what is marked."""
        pending = self.env.cr.precommit.data.pop(PENDING_KEY, None)
        if pending:
            self.env["lead.score"].sudo()._rescore(None if pending == ALL else pending)

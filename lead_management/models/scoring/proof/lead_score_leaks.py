from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ....tools import scorecard
from ...base.rule.conditions import LEAD_ID
from .lead_score_backtest import CAPTURED, WON
from .lead_score_history import History
from .lead_score_suggestion import SAMPLE

# The part of leads whose field was changed after they came in that makes it suspect.
CHANGED = 0.05
# Fewer leads than this, of which nothing was kept at capture, accuse nobody.
ENOUGH_UNKNOWN = 20


class LeadScoreModel(models.Model):
    """Fields that tell how a lead ended because they were filled in afterwards."""

    _inherit = "lead.score.model"

    def _count_history(self):
        """Return how many leads are closed and how many of them are won.

        And of how many nothing was kept at capture, and how many of these were changed
        later than an hour after they came in.
        """
        self.env.flush_all()
        # sudo: the engine; leads are counted only
        query = self._new_scoped_query(self.sudo()._to_data())
        edited = SQL(
            "%s > %s + interval '1 hour'",
            SQL.identifier("crm_lead", "write_date"),
            SQL.identifier("crm_lead", "create_date"),
        )
        [counts] = self.env.execute_query(
            query.select(
                SQL("count(*)"),
                SQL("count(*) FILTER (WHERE %s)", WON),
                SQL("count(*) FILTER (WHERE NOT %s)", CAPTURED),
                SQL("count(*) FILTER (WHERE NOT %s AND %s)", CAPTURED, edited),
            )
        )
        return counts

    def _find_leaks(self, history, candidates):
        """Return why fields should not be learnt from.

        :param history: :class:`History`
        :param candidates: dict of field name to whether it was known at capture
        :return: dict of field name to a sentence
        """
        if not history.won or not any(history.won) or all(history.won):
            found = {}
        else:
            found = scorecard.fields_that_leak(history.columns, history.won)
        warnings = self._find_late(history)
        for name, reason in found.items():
            warnings[name] = self._describe_leak(reason)
        for name, at_capture in candidates.items():
            if not at_capture:
                warnings[name] = self.env._("Asked after the lead was received.")
        return warnings

    @api.model
    def _describe_leak(self, reason):
        if reason == "set_by_outcome":
            return self.env._("Filled in almost only for leads with the same outcome.")
        return self.env._(
            "Too strongly linked to the result. Probably filled in afterwards."
        )

    def _find_late(self, history):
        """Return what looks filled in later, of leads only known as they are today."""
        unknown = self._take_unknown(history)
        won = unknown.won
        if len(won) < ENOUGH_UNKNOWN:
            return {}
        warnings = {}
        if any(won) and not all(won):
            doubts = scorecard.fields_that_leak(unknown.columns, won, in_doubt=True)
            for name in doubts:
                warnings[name] = self.env._(
                    "Strongly linked to the result. It is unknown when it was filled "
                    "in."
                )
        names = [column.name for column in unknown.columns]
        later = scorecard.fields_filled_later(unknown.columns, self._read_open(names))
        for name, (closed, still_open) in later.items():
            warnings[name] = self.env._(
                "Possibly filled in later. Closed leads: %(closed)s%%, open leads: "
                "%(open)s%%.",
                closed=round(100 * closed),
                open=round(100 * still_open),
            )
        for name, count in self._count_changes(unknown.ids, names).items():
            if count >= CHANGED * len(won):
                warnings[name] = self.env._(
                    "Changed after the lead was received. Leads: %(count)s of "
                    "%(leads)s.",
                    count=count,
                    leads=len(won),
                )
        return warnings

    @api.model
    def _take_unknown(self, history):
        """Return the part of a history of which nothing was kept at capture."""
        positions = [i for i, known in enumerate(history.captured) if not known]

        def pick(values):
            return [values[i] for i in positions]

        columns = [c._replace(values=pick(c.values)) for c in history.columns]
        return History(columns, *map(pick, history[1:]))

    def _read_open(self, fnames):
        """Return the columns of the leads that are open now."""
        query = self._new_lead_query()
        pending = Domain("won_status", "=", "pending") & Domain("active", "=", True)
        companies = Domain("company_id", "in", [*self.env.companies.ids, False])
        scope = self._get_lead_domain(self._get_conditions(), self.company_id.id)
        query.add_where(self._compile_domain(pending & companies & scope, query))
        query.order = SQL("%s DESC", LEAD_ID)
        query.limit = SAMPLE
        columns = self._read_columns(fnames, query) or [[]] * len(fnames)
        return self._new_columns(fnames, columns)

    @api.model
    def _count_changes(self, lead_ids, fnames):
        """Return how many leads have had a field filled or changed since they exist.

        :return: dict of field name to number of leads, of the fields that are tracked
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT field.name, count(DISTINCT message.res_id)
                FROM mail_tracking_value tracked
                JOIN ir_model_fields field ON field.id = tracked.field_id
                JOIN mail_message message ON message.id = tracked.mail_message_id
                WHERE message.model = 'crm.lead' AND message.res_id = ANY(%s)
                    AND field.model = 'crm.lead' AND field.name = ANY(%s)
                GROUP BY field.name
                """,
                list(lead_ids),
                list(fnames),
            )
        )
        return dict(rows)

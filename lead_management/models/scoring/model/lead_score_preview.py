from psycopg2 import DataError

from odoo import api, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from ...base.apart import attempt
from ...base.rule.conditions import DOMAIN_ERRORS
from .lead_score_data import ModelData


class LeadScoreRule(models.Model):
    """How many leads a rule counts for, while it is written."""

    _inherit = "lead.score.rule"

    @api.model
    def action_preview(self, values):
        """Return how many leads a rule would count for, while it is written.

        :param values: dict of the fields of the rule; ``band_ids`` a list of dicts
        :return: dict with ``leads``, ``total``, ``rate`` and ``base_rate`` (the part of
          the closed leads that was won, or None), and ``error``, a text or False
        """
        self.check_access("create")
        nothing = dict.fromkeys(("leads", "total"), 0) | dict.fromkeys(
            ("rate", "base_rate")
        )
        try:
            with attempt(self.env):
                rule = self._new_preview(values)
                return {**self._count_preview(rule), "error": False}
        except UserError as error:
            return {**nothing, "error": str(error)}
        except (*DOMAIN_ERRORS, AttributeError, DataError, OverflowError):
            # values no form sends
            return {**nothing, "error": self.env._("This rule cannot be counted.")}

    @api.model
    def _new_preview(self, values):
        """Return a rule that is not saved, checked as a saved one is."""
        allowed = (
            *("kind", "domain", "field_path", "qualifier_id", "points"),
            *("days", "max_points", "half_life", "company_id"),
        )
        vals = {name: values.get(name) for name in allowed if name in values}
        vals["event_ids"] = [(6, 0, values.get("event_ids") or [])]
        vals["activity_type_ids"] = [(6, 0, values.get("activity_type_ids") or [])]
        names = ("value_from", "is_unset", "and_less", "option_id", "points")
        vals["band_ids"] = [
            (0, 0, {name: band.get(name) for name in names})
            for band in values.get("band_ids") or []
        ]
        rule = self.new({"name": self.env._("This rule"), **vals})
        if problem := rule._find_problem():
            raise ValidationError(problem)
        if rule.kind in ("field", "veto"):
            rule._check_domain()
            rule._check_domain_settles()
        rule._check_field_path()
        return rule

    @api.model
    def _count_preview(self, rule):
        # sudo: the engine; leads of the user's companies are counted only
        Model = self.env["lead.score.model"].sudo()
        # sudo: as data, which may be of parts the user does not see
        data = Model._to_rule_data(rule.sudo())._replace(id=0)
        model = ModelData(
            id=0,
            name="",
            conditions=(),
            company_id=False,
            base=0,
            full=100,
            thresholds=(0,) * 6,
            groups=(),
            rules=(data,),
            options=(),
        )
        query = Model._new_lead_query()
        companies = Domain("company_id", "in", [*self.env.companies.ids, False])
        query.add_where(Model._compile_domain(companies, query))
        [compiled] = Model._compile([model], query)
        points = compiled.terms[0][1] if compiled.terms else SQL("0")
        status = self.env["crm.lead"]._field_to_sql("crm_lead", "won_status", query)
        inner = query.select(
            SQL("(%s) != 0 AS met", points), SQL("%s AS status", status)
        )
        [(met, total, met_won, met_lost, won, lost)] = self.env.execute_query(
            SQL(
                """
                SELECT count(*) FILTER (WHERE met), count(*),
                       count(*) FILTER (WHERE met AND status = 'won'),
                       count(*) FILTER (WHERE met AND status = 'lost'),
                       count(*) FILTER (WHERE status = 'won'),
                       count(*) FILTER (WHERE status = 'lost')
                FROM (%s) AS lead
                """,
                inner,
            )
        )
        return {
            "leads": met,
            "total": total,
            "rate": met_won / (met_won + met_lost) if met_won + met_lost else None,
            "base_rate": won / (won + lost) if won + lost else None,
        }

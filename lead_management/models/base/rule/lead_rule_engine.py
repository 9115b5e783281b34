import logging
from collections import namedtuple

from psycopg2 import DataError

from odoo import api, models
from odoo.tools import SQL, Query, ormcache

from ..apart import attempt
from .conditions import DOMAIN_ERRORS, LEAD_ID, check_patterns

_logger = logging.getLogger(__name__)

# What the engines need of a rule, detached from the ORM so that it can be cached.
# ``conditions`` are the texts of domains that all have to be met.
RuleData = namedtuple("RuleData", "id name conditions company_id")


class LeadRuleMixin(models.AbstractModel):
    """The active rules, compiled to SQL that shares the joins of one query."""

    _inherit = "lead.rule.mixin"

    @api.model
    @ormcache("conditions", "company_id")
    def _get_engine_domain(self, conditions, company_id):
        """Return :meth:`_get_lead_domain`, parsed and prepared once for all leads."""
        domain = self._get_lead_domain(conditions, company_id)
        check_patterns(domain)
        return domain.optimize(self.env["crm.lead"].sudo())  # sudo: cached for all

    @api.model
    @ormcache("self.env.lang")
    def _active_rules(self):
        """Return the active rules of all companies in order, as ``RuleData``."""
        return tuple(
            RuleData(rule.id, rule.name, rule._get_conditions(), rule.company_id.id)
            for rule in self.sudo()  # sudo: cached for everybody
            .with_context(active_test=True)
            .search(self._get_active_domain())
            ._in_order()
        )

    @api.model
    def _rule_fields(self):
        """Return the names of the fields of a lead that the active rules read."""
        return set().union(*map(self._read_fields, self._active_rules()))

    @api.model
    def _read_fields(self, rule):
        """Return the names of the fields of a lead that one rule reads."""
        try:
            domain = self._get_lead_domain(rule.conditions, rule.company_id)
        except DOMAIN_ERRORS:
            return set()  # switched off when it is compiled
        return {
            condition.field_expr.split(".")[0] for condition in domain.iter_conditions()
        }

    @api.model
    def _new_lead_query(self, lead_ids=None):
        """Return a query on leads, archived ones included, for :meth:`_compile_rules`.

        :param lead_ids: ids to restrict the query to, or None for all leads
        """
        # sudo: conditions are compiled with all rights, and with those of no lead left
        # out: the environment of the query, taken once for all of its conditions
        CrmLead = self.env["crm.lead"].sudo().with_context(active_test=False)
        query = Query(CrmLead.env, CrmLead._table, CrmLead._table_sql)
        if lead_ids is not None:
            query.add_where(SQL("%s = ANY(%s)", LEAD_ID, list(lead_ids)))
        return query

    @api.model
    def _compile_rules(self, query):
        """Compile the active rules to SQL conditions on the leads of ``query``.

        All conditions share the joins of one query. They are compiled with all rights
        (so that a related record is one join and not a subquery with access rules),
        hence the company of the rule is part of its condition.

        :param query: a :class:`~odoo.tools.Query` on ``crm_lead``
        :return: list of pairs (:class:`RuleData`, :class:`~odoo.tools.SQL`)
        """
        compiled = []
        for rule in self._active_rules():
            try:
                domain = self._get_engine_domain(rule.conditions, rule.company_id)
                condition = self._compile_domain(domain, query)
            except DOMAIN_ERRORS as error:
                # sudo: whoever meets a broken rule need not be a manager
                self.browse(rule.id).sudo()._switch_off(str(error))
                continue
            compiled.append((rule, condition))
        return compiled

    @api.model
    def _compile_domain(self, domain, query):
        """Return the SQL condition of a domain on the leads of ``query``.

        In the environment of the query: a related record is one join, and no subquery
        of access rules.
        """
        CrmLead = query._env["crm.lead"]
        condition = domain.optimize_full(CrmLead)._to_sql(
            CrmLead, CrmLead._table, query
        )
        return condition or SQL("TRUE")

    @api.model
    def _select_matches(self, query, compiled, columns, records=None):
        """Run a statement over conditions, without those that fail on some lead.

        A pattern with a dangling escape, say, passes every check, and fails on the
        first lead whose text gets so far.

        :param compiled: list of pairs (rule, :class:`~odoo.tools.SQL`)
        :param columns: function that returns what is selected for such a list
        :param records: model of what is switched off, if not this one
        :return: the rows, which begin with the id of the lead
        """
        while compiled:
            try:
                with attempt(self.env, is_reading=True):
                    return self.env.execute_query(
                        query.select(LEAD_ID, columns(compiled))
                    )
            except DataError:
                passing = self._get_passing(query, compiled, records)
                if len(passing) == len(compiled):
                    raise
                compiled = passing
        return []

    @api.model
    def _first_match(self, lead_ids, rule_ids=None):
        """Return the first rule whose condition each lead meets, in one statement.

        :param rule_ids: ids of the rules to ask; by default all active ones
        :return: dict of lead id to the id of a rule
        """
        query = self._new_lead_query(lead_ids)
        compiled = [
            (rule, condition)
            for rule, condition in self._compile_rules(query)
            if rule_ids is None or rule.id in rule_ids
        ]
        rows = self._select_matches(query, compiled, self._sql_first_id)
        return {lead_id: rule_id for lead_id, rule_id in rows if rule_id}

    @api.model
    def _sql_first_id(self, compiled):
        """Return the id of the first rule whose condition is met."""
        cases = SQL(" ").join(
            SQL("WHEN %s THEN %s", condition, rule.id) for rule, condition in compiled
        )
        return SQL("CASE %s END", cases)

    @api.model
    def _get_passing(self, query, compiled, records):
        """Return the conditions that can be run on all leads; switch off the others."""
        model = self if records is None else records
        passing = []
        for rule, condition in compiled:
            try:
                with attempt(self.env, is_reading=True):
                    self.env.execute_query(
                        query.select(SQL("count(*) FILTER (WHERE %s)", condition))
                    )
                passing.append((rule, condition))
            except DataError as error:
                # sudo: whoever meets a rule that fails need not be a manager
                model.browse(rule.id).sudo()._switch_off(str(error))
        return passing

    def _switch_off(self, error):
        """Take rules that cannot be run out of service and keep the reason."""
        for rule in self:
            _logger.warning("%s %s switched off: %s", rule._name, rule.id, error)
        self.write({"active": False, "error": error})

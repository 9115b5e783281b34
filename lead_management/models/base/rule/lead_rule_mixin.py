import logging
from ast import literal_eval
from collections import namedtuple

from psycopg2 import DataError, ProgrammingError

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL, Query, ormcache

from ..apart import attempt

_logger = logging.getLogger(__name__)

DOMAIN_MAX_LENGTH = 10_000
# What parsing, optimising and compiling a wrong domain raises.
DOMAIN_ERRORS = (
    AssertionError,
    AttributeError,
    KeyError,
    NotImplementedError,
    OverflowError,
    SyntaxError,
    TypeError,
    UserError,
    ValueError,
)

# They take their patterns as they are; the others escape what is special.
PATTERN_OPERATORS = ("=like", "=ilike", "not =like", "not =ilike")

LEAD_ID = SQL.identifier("crm_lead", "id")

# What the engines need of a rule, detached from the ORM so that it can be cached.
# ``conditions`` are the texts of domains that all have to be met.
RuleData = namedtuple("RuleData", "id name conditions company_id")


def check_patterns(domain):
    """Refuse a pattern that ends within an escape: PostgreSQL fails on it.

    Not at once, but on the first lead whose text gets so far.

    :raise ValueError: which pattern it is
    """
    for condition in domain.iter_conditions():
        value = condition.value
        if isinstance(value, Domain):
            check_patterns(value)
        if condition.operator in PATTERN_OPERATORS and isinstance(value, str):
            if (len(value) - len(value.rstrip("\\"))) % 2:
                raise ValueError(f"{value!r} ends with an escape character")


class LeadRuleMixin(models.AbstractModel):
    """An ordered, company-aware condition on leads, written as an Odoo domain.

    A rule is data: it is checked when it is saved, as the user who saves it, and a
    rule that stops working later (a field it names was removed, say) is switched off
    and keeps the reason, so that the other rules go on.
    """

    _name = "lead.rule.mixin"
    _description = "Rule on Leads"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        index=True,
        help="Empty: the rule applies to the leads of every company.",
    )
    domain = fields.Char(
        string="Applies to",
        default="[]",
        required=True,
        help="Leads that meet this condition. Relative dates such as '-30d' are "
        "understood.",
    )
    error = fields.Char(
        string="Switched Off Because",
        readonly=True,
        copy=False,
        help="Set when the rule could not be run and was switched off.",
    )

    # ------------------------------------------------------------
    # Constraints
    # ------------------------------------------------------------

    @api.constrains("domain")
    def _check_domain(self):
        """Refuse a condition that cannot be run, as the user who writes it.

        The trial search runs with the access rights of the writing user: a field that
        user may not read is refused here, although the engines run with all rights.
        """
        for rule in self:
            rule._try_condition(rule.domain)

    def _try_condition(self, text):
        """Search with a condition once, as the user who writes it.

        :raise ValidationError: when it cannot be run, or reads what the user may not
        """
        # constraints run as superuser
        CrmLead = self.env["crm.lead"].with_user(self.env.uid)
        try:
            domain = self._parse_domain(text)
            domain.validate(CrmLead)
            check_patterns(domain)
            with attempt(self.env):
                CrmLead.search(domain, limit=1)
        except AccessError as error:
            raise ValidationError(
                self.env._(
                    "“%(rule)s” uses a field you may not read: %(error)s",
                    rule=self.name,
                    error=error,
                )
            ) from error
        except (*DOMAIN_ERRORS, DataError, ProgrammingError) as error:
            raise ValidationError(
                self.env._(
                    "The condition of “%(rule)s” cannot be run: %(error)s\n"
                    "Choose fields and values in the condition editor.",
                    rule=self.name,
                    error=error,
                )
            ) from error

    @api.constrains("domain")
    def _check_domain_settles(self):
        """Refuse a rule that depends on itself: it would never settle."""
        denied = self._get_denied_fields()
        for rule in self:
            for condition in self._parse_domain(rule.domain).iter_conditions():
                fname = condition.field_expr.split(".")[0]
                if fname in denied:
                    raise ValidationError(
                        self.env._(
                            "“%(rule)s” hangs on “%(field)s”, which is worked out from "
                            "it: choose another field.",
                            rule=rule.name,
                            field=self.env["crm.lead"]
                            ._fields[fname]
                            .get_description(self.env, ["string"])["string"],
                        )
                    )

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        rules = super().create(vals_list)
        self._rules_changed()
        return rules

    def write(self, vals):
        if vals.get("active") or "domain" in vals:
            vals = {**vals, "error": False}
        result = super().write(vals)
        self._rules_changed()
        return result

    def unlink(self):
        result = super().unlink()
        self._rules_changed()
        return result

    def _rules_changed(self):
        """Forget what is cached of the rules; rooms extend it to act on the change."""
        self.env.registry.clear_cache()

    # ------------------------------------------------------------
    # Engine
    # ------------------------------------------------------------

    @api.model
    def _parse_domain(self, text):
        """Return the :class:`Domain` written in ``text``, a Python literal.

        :raises ValueError, SyntaxError: when it is anything but a literal
        """
        if len(text or "") > DOMAIN_MAX_LENGTH:
            raise ValueError(self.env._("longer than %s characters", DOMAIN_MAX_LENGTH))
        return Domain(literal_eval((text or "[]").strip()))

    def _get_conditions(self):
        """Return the texts of all domains a lead must meet; rooms may add some."""
        self.ensure_one()
        return (self.domain,)

    @api.model
    def _get_active_domain(self):
        """Return the rules that are in service, among the active ones."""
        return Domain.TRUE

    def _in_order(self):
        """Return the rules in the order in which the engine asks them."""
        return self

    @api.model
    def _get_denied_fields(self):
        """Return the fields that are worked out from rules like this one."""
        return set()

    @api.model
    def _get_lead_domain(self, conditions, company_id):
        """Return the leads a rule is about: its conditions within its company."""
        domain = Domain.AND(map(self._parse_domain, conditions))
        if company_id:
            domain &= self._get_company_domain(company_id)
        return domain

    @api.model
    @ormcache("conditions", "company_id")
    def _get_engine_domain(self, conditions, company_id):
        """Return :meth:`_get_lead_domain`, parsed and prepared once for all leads."""
        domain = self._get_lead_domain(conditions, company_id)
        check_patterns(domain)
        return domain.optimize(self.env["crm.lead"].sudo())  # sudo: cached for all

    @api.model
    def _get_company_domain(self, company_id):
        """Return the leads that a rule of this company may touch."""
        return Domain("company_id", "=", company_id)

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
        CrmLead = self.env["crm.lead"]
        query = Query(self.env, CrmLead._table, CrmLead._table_sql)
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
        """Return the SQL condition of a domain on the leads of ``query``."""
        # sudo: a related record is one join, and no subquery of access rules
        CrmLead = self.env["crm.lead"].sudo().with_context(active_test=False)
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

    def action_view_leads(self):
        """Open the leads that meet the condition of this rule now."""
        self.ensure_one()
        domain = self._get_lead_domain(self._get_conditions(), self.company_id.id)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "lead_management.crm_lead_action_pipeline"
        )
        return {
            **action,
            "name": self.name,
            "domain": list(domain),
            "context": {},
            "views": [(False, "list"), (False, "form")],
        }

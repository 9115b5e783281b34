from psycopg2 import DataError, ProgrammingError

from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Domain

from ....tools.literals import parse_literal
from ..apart import attempt
from .conditions import DOMAIN_ERRORS, DOMAIN_MAX_LENGTH, check_patterns


class LeadRuleMixin(models.AbstractModel):
    """An ordered, company-aware condition on leads, written as an Odoo domain.

    A rule is data: it is checked when it is saved, as the user who saves it, and a
    rule that stops working later (a field it names was removed, say) is switched off
    and keeps the reason, so that the other rules go on.
    """

    _name = "lead.rule.mixin"
    _description = "Lead Rule"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        index=True,
        help="Leave empty to apply to all companies.",
    )
    domain = fields.Char(
        string="Condition",
        default="[]",
        required=True,
        help="Leads that match this condition. You can use relative dates such as "
        "'-30d'.",
    )
    error = fields.Char(
        string="Deactivation Reason",
        readonly=True,
        copy=False,
        help="Set when an error has deactivated the rule.",
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
                    "“%(rule)s” uses a field you cannot read: %(error)s",
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
                            "“%(rule)s” depends on “%(field)s”, which is computed "
                            "from this rule. Choose another field.",
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
    # What the engine asks
    # ------------------------------------------------------------

    @api.model
    def _parse_domain(self, text):
        """Return the :class:`Domain` written in ``text``, a Python literal.

        :raises ValueError, SyntaxError: when it is anything but a literal
        """
        if len(text or "") > DOMAIN_MAX_LENGTH:
            raise ValueError(self.env._("longer than %s characters", DOMAIN_MAX_LENGTH))
        return Domain(parse_literal(text or "[]"))

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
    def _get_company_domain(self, company_id):
        """Return the leads that a rule of this company may touch."""
        return Domain("company_id", "=", company_id)

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

from odoo import models
from odoo.fields import Domain


class ResUsers(models.Model):
    _inherit = "res.users"

    def _get_lead_team_ids(self):
        """Return the ids of the teams whose leads this user may have, with the group.

        Those they are a member of, and those they lead; asked by a record rule, whose
        result is kept until members, leaders or teams change.
        """
        # sudo: who is in which team decides, whatever teams the user may see
        teams = self.env["crm.team"].sudo()
        domain = Domain("crm_team_member_ids", "any", [("user_id", "=", self.id)])
        return teams.search(domain | Domain("user_id", "=", self.id)).ids

    def _get_colleague_domain(self, needs_write=False):
        """Return the leads colleagues gave this user, as the domain of a record rule.

        The end is part of the condition: what is cached of the rule stays true.

        :param needs_write: only those the user may change
        """
        Colleague = self.env["lead.colleague"]
        if not Colleague._is_used_by(self.id):
            return Domain.FALSE
        domain = Domain("user_id", "=", self.id) & Domain("until", ">=", "today")
        if needs_write:
            domain &= Domain("access", "=", "write")
        return Domain("colleague_ids", "any!", domain)

    def _get_share_domain(self, company_ids, fname=None):
        """Return the shared leads this user may read, as the domain of a record rule.

        All that is offered to their companies, and what was made of leads they may
        read.

        :param company_ids: ids of the companies that are switched on
        :param fname: field that links to shared leads, else those are meant
        """
        rules = self.env["ir.rule"].with_user(self)
        rules = rules.with_context(allowed_company_ids=company_ids)
        # archived leads are as good as others
        leads = rules._compute_domain("crm.lead", "read")
        leads &= Domain("active", "in", [True, False])
        # the record outlives the lead
        given = Domain("lead_id", "=", False) | Domain("lead_id", "any!", leads)
        domain = Domain("to_company_id", "in", company_ids) | (
            Domain("company_id", "in", company_ids) & given
        )
        return Domain(fname, "any!", domain) if fname else domain

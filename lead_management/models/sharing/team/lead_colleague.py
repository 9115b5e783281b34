from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import ormcache

READ, WRITE = "read", "write"


class LeadColleague(models.Model):
    """A colleague who may have one lead, until a day, beside whoever has it anyway."""

    _name = "lead.colleague"
    _inherit = ["lead.row.mixin"]
    _description = "Lead Shared with a Colleague"
    _order = "until desc, id desc"

    user_id = fields.Many2one(
        "res.users",
        string="Colleague",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    access = fields.Selection(
        [(READ, "Can read"), (WRITE, "Can edit")],
        required=True,
        readonly=True,
        default=READ,
    )
    until = fields.Date(
        string="Shared Until",
        required=True,
        readonly=True,
        help="From the day after, the colleague can no longer open the lead.",
    )

    @api.model
    def _share(self, leads, user, access, until):
        """Let a colleague have leads until a day; a later word takes the place.

        :raises AccessError: when the leads are not the user's to change
        :raises UserError: when the colleague does not work for the company of a lead
        """
        leads.check_access("write")
        for company in leads.company_id:
            if not user._filter_assignable(company):
                raise UserError(
                    self.env._(
                        "%(user)s does not work for %(company)s. Offer the lead to "
                        "that person’s company instead.",
                        user=user.name,
                        company=company.name,
                    )
                )
        # sudo: nobody writes these rows but by this method
        rows = self.sudo()
        rows.search([("lead_id", "in", leads.ids), ("user_id", "=", user.id)]).unlink()
        return rows.create(
            [
                {
                    "lead_id": lead.id,
                    "user_id": user.id,
                    "access": access,
                    "until": until,
                }
                for lead in leads
            ]
        )

    def action_end(self):
        """Stop sharing at once: for whoever may change the lead."""
        self.check_access("read")
        self.lead_id.check_access("write")
        # sudo: nobody writes these rows by hand
        self.sudo().unlink()

    @api.model
    @ormcache("user_id")
    def _is_used_by(self, user_id):
        """Return whether any lead was ever shared with a user: else no rule asks."""
        # sudo: a rule asks for it, before it is known what the user may read
        return bool(self.sudo().search_count([("user_id", "=", user_id)], limit=1))

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        self._forget_cached()
        return rows

    def unlink(self):
        result = super().unlink()
        self._forget_cached()
        return result

    def _forget_cached(self):
        self.env.registry.clear_cache()
        self.env.cr.postcommit.add(self.env.registry.clear_cache)

    @api.autovacuum
    def _gc_colleagues(self):
        """Delete what ended a year ago: until then it tells who could read what."""
        day = fields.Date.subtract(fields.Date.today(), years=1)
        self.search([("until", "<", day)]).unlink()

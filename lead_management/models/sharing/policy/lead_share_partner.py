from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .constants import COMPANY, CONNECTION, KINDS, PARTNER

# What policies keep of their partners follows from these.
PLANNED = {
    *("active", "sequence", "kind", "name", "to_company_id", "user_id", "partner_id"),
    *("company_id", "connection_state"),
}


class LeadSharePartner(models.Model):
    """To whom a company gives leads: another one here, a partner, another database."""

    _name = "lead.share.partner"
    _description = "Sharing Partner"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(
        compute="_compute_name",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company,
        index=True,
        ondelete="cascade",
    )
    kind = fields.Selection(KINDS, string="Type", required=True, default=COMPANY)
    to_company_id = fields.Many2one(
        "res.company", string="Their Company", ondelete="restrict"
    )
    user_id = fields.Many2one(
        "res.users",
        string="Notify",
        help="User of the other company who is told of offers.",
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Contact",
        ondelete="restrict",
        help="Gets a link to each offer by email. No user account is needed.",
    )
    is_third_country = fields.Boolean(
        string="Outside the EEA",
        help="Personal data needs a transfer agreement there.",
    )
    share_count = fields.Integer(string="Leads", compute="_compute_share_count")

    @api.depends("kind", "to_company_id", "partner_id")
    def _compute_name(self):
        for partner in self:
            named = {COMPANY: partner.to_company_id, PARTNER: partner.partner_id}
            record = named.get(partner.kind)
            if record:
                partner.name = record.display_name
            elif not partner.name:
                partner.name = self.env._("New connection")

    def _compute_share_count(self):
        counts = dict(
            self.env["lead.share"]._read_group(
                [("recipient_id", "in", self.ids)], ["recipient_id"], ["__count"]
            )
        )
        for partner in self:
            partner.share_count = counts.get(partner._origin, 0)

    @api.constrains("kind", "to_company_id", "partner_id", "user_id")
    def _check_kind(self):
        for partner in self:
            if partner.kind == COMPANY and not partner.to_company_id:
                raise ValidationError(
                    self.env._("Choose the company of “%s”.", partner.name)
                )
            if partner.kind == COMPANY and partner.to_company_id == partner.company_id:
                raise ValidationError(
                    self.env._("A company cannot share leads with itself.")
                )
            if partner.kind == PARTNER and not partner.partner_id.email:
                raise ValidationError(
                    self.env._("The contact of “%s” needs an email.", partner.name)
                )
            user = partner.user_id
            company = partner.to_company_id or partner.company_id
            if user and not user._filter_assignable(company):
                raise ValidationError(
                    self.env._("Choose a user who works for the other company.")
                )

    def write(self, vals):
        result = super().write(vals)
        if not PLANNED.isdisjoint(vals):
            # policies keep who is asked, in which order
            self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    def _is_ready(self):
        """Return whether offers can be made; a connection must be confirmed."""
        return self.kind != CONNECTION

    def action_view_shares(self):
        """Open what was offered to this partner."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "lead_management.lead_share_action_out"
        )
        return {**action, "domain": [("recipient_id", "=", self.id)], "context": {}}

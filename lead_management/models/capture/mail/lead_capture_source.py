import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import email_normalize

NAME = re.compile(r"[a-z0-9._-]+")


class LeadCaptureSource(models.Model):
    """The mailbox of a source, and the portals that write there."""

    _inherit = "lead.capture.source"

    alias_id = fields.Many2one(
        "mail.alias", readonly=True, copy=False, ondelete="set null"
    )
    alias_name = fields.Char(
        string="Mailbox",
        compute="_compute_alias_name",
        inverse="_inverse_alias_name",
        compute_sudo=True,
        help="What stands before the @ of the address.",
    )
    alias_email = fields.Char(
        string="Email Address", related="alias_id.display_name", related_sudo=True
    )
    portal_emails = fields.Text(
        string="Portals",
        help="Addresses of portals that write in the name of others, one per line. "
        "Whole domains begin with @.",
    )

    @api.depends("alias_id.alias_name")
    def _compute_alias_name(self):
        for source in self:
            source.alias_name = source.alias_id.alias_name

    def _inverse_alias_name(self):
        for source in self:
            name = (source.alias_name or "").strip().lower()
            if name and not NAME.fullmatch(name):
                raise ValidationError(
                    self.env._(
                        "“%s” cannot be a mailbox. Use lowercase letters, digits, "
                        "dots and hyphens.",
                        name,
                    )
                )
            # sudo: managers choose the mailbox of a source, and no other alias
            source_sudo = source.sudo()
            alias = source_sudo.alias_id
            if alias:
                alias.alias_name = name
            elif name:
                source_sudo.alias_id = alias.create(source._prepare_alias(name))

    def _prepare_alias(self, name):
        # sudo: what an alias is for is looked up, whoever makes one
        model_id = self.env["ir.model"].sudo()._get_id("crm.lead")
        domain = self.company_id.alias_domain_id
        return {
            "alias_name": name,
            "alias_model_id": model_id,
            "alias_domain_id": domain.id,
            "alias_contact": "everyone",
            "alias_defaults": repr({"capture_source_id": self.id}),
        }

    @api.model_create_multi
    def create(self, vals_list):
        sources = super().create(vals_list)
        sources.filtered("portal_emails")._allow_portals()
        return sources

    def write(self, vals):
        result = super().write(vals)
        if vals.get("portal_emails"):
            self._allow_portals()
        return result

    def _get_portals(self):
        lines = (self.portal_emails or "").lower().split()
        return {line.strip(",;") for line in lines if "@" in line}

    def _is_portal(self, sender):
        """Return whether a program of somebody else wrote, for a person."""
        email = email_normalize(sender or "") or ""
        return bool({email, f"@{email.rpartition('@')[2]}"} & self._get_portals())

    def _allow_portals(self):
        """Let portals write as often as they like: Odoo takes it for a loop else."""
        # sudo: who may write a source says whom it is to hear
        allowed = self.env["mail.gateway.allowed"].sudo()
        wanted = {
            one
            for source in self
            for one in source._get_portals()
            if not one.startswith("@")
        }
        known = allowed.search([("email_normalized", "in", list(wanted))])
        missing = wanted - set(known.mapped("email_normalized"))
        allowed.create([{"email": email} for email in missing])

    def unlink(self):
        # sudo: the mailbox is nobody's without its source
        aliases = self.sudo().alias_id
        result = super().unlink()
        aliases.unlink()
        return result

    def _get_own_domains(self):
        """Return domains of addresses from which no customer writes."""
        company = self.company_id
        found = {email_normalize(company.email or "") or ""}
        domains = {email.rpartition("@")[2] for email in found if email}
        if alias := company.alias_domain_id.name:
            domains.add(alias)
        return domains - {""}

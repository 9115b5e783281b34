from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import email_normalize, format_date

from ....tools.find_text import get_number_cores

SHOWN = 3


class CrmLead(models.Model):
    """Whether we know who a new lead is about: said while it is typed."""

    _inherit = "crm.lead"

    find_known = fields.Json(
        string="Known Leads",
        compute="_compute_find_known",
        help="Leads you may see with the same email or phone number.",
    )

    @api.depends("email_from", "phone")
    def _compute_find_known(self):
        for lead in self:
            # only what is being typed: nothing is looked up for leads that are there
            lead.find_known = not lead.id and lead._find_known()

    def _find_known(self):
        """Return what is known of whoever has this email or number, best first.

        :return: list of dicts with ``id``, ``name``, ``about`` and ``same``
        """
        email = email_normalize(self.email_from)
        cores = get_number_cores(self.phone or "")
        domain = Domain.FALSE
        if email:
            domain |= Domain("email_normalized", "=", email)
        if cores:
            domain |= self._find_get_number_domain(cores)
        if domain.is_false():
            return False
        leads = self._find(domain).sorted(lambda lead: lead._find_rank())
        return [lead._find_describe_known(email) for lead in leads[:SHOWN]]

    def _find_describe_known(self, email):
        found = self._find_describe()
        about = [found["stage"], found["owner"] or self.env._("unassigned")]
        since = format_date(self.env, self.create_date)
        same = (
            self.env._("Same email")
            if email and self.email_normalized == email
            else self.env._("Same phone number")
        )
        return {
            "id": self.id,
            "name": found["who"] or self.name,
            "about": ", ".join([*filter(None, about), self.env._("since %s", since)]),
            "same": same,
            "values": self._find_prepare_person(),
        }

    def _find_prepare_person(self):
        """Return what a new inquiry of the same person begins with."""
        partner = self.partner_id
        return {
            "partner_id": partner.id
            and {"id": partner.id, "display_name": partner.display_name},
            "contact_name": self.contact_name or False,
            "partner_name": self.partner_name or False,
            "email_from": self.email_from or False,
            "phone": self.phone or False,
        }

from odoo import api, fields, models
from odoo.tools import ormcache


def _from_contact(fname):
    """Return the compute method that takes this field over from the contact.

    Each field needs one of its own: the ORM leaves alone all fields of a method when a
    value is given for one of them.
    """

    @api.depends("partner_id")
    def compute(leads):
        for lead in leads:
            # what the contact does not tell is kept, and so is all when it is cleared
            lead[fname] = lead._get_from_contact(lead.partner_id, fname) or lead[fname]

    return compute


def _synced(fname):
    return {
        "compute": _from_contact(fname),
        "store": True,
        "readonly": False,
        "precompute": True,
        # fetched together when one is asked for, not with every card of a kanban
        "prefetch": "profile",
    }


class CrmLead(models.Model):
    """What is known of the person and the company.

    It flows to the contact when the lead is converted, and back to the lead when the
    lead is linked to a contact, a known one that writes again for instance.
    """

    _name = "crm.lead"
    _inherit = ["crm.lead", "lead.person.mixin"]

    # Person
    birthdate = fields.Date(**_synced("birthdate"))
    preferred_channel = fields.Selection(
        # read whenever a lead is opened, to say by what it may be reached
        **{**_synced("preferred_channel"), "prefetch": True}
    )
    preferred_time = fields.Selection(**_synced("preferred_time"))
    # Accounts
    whatsapp_own = fields.Char(
        # as the preferred channel
        **{**_synced("whatsapp_own"), "readonly": True, "prefetch": True}
    )
    linkedin_url = fields.Char(**_synced("linkedin_url"))
    facebook_url = fields.Char(**_synced("facebook_url"))
    x_url = fields.Char(**_synced("x_url"))
    instagram_url = fields.Char(**_synced("instagram_url"))
    # Company of the lead
    industry_id = fields.Many2one(
        "res.partner.industry",
        index="btree_not_null",
        tracking=True,
        # tracked fields are read with every change
        **{**_synced("industry_id"), "prefetch": True},
    )
    employee_count = fields.Integer(**_synced("employee_count"))
    company_size = fields.Selection(
        depends=["employee_count", "partner_id"], prefetch="profile"
    )
    annual_revenue = fields.Monetary(
        currency_field="company_currency",
        aggregator="avg",
        help="Annual turnover of the company of the lead.",
        **_synced("annual_revenue"),
    )
    # Interest
    product_ids = fields.Many2many(
        "product.product",
        "crm_lead_product_rel",
        "lead_id",
        "product_id",
        string="Products of Interest",
    )

    @api.model
    def _personal_fields(self):
        return (
            *super()._personal_fields(),
            *("birthdate", "whatsapp_own", "linkedin_url", "facebook_url"),
            *("x_url", "instagram_url"),
        )

    def _compute_company_size(self):
        super()._compute_company_size()
        for lead in self.filtered(lambda lead: not lead.employee_count):
            size = lead._get_from_contact(lead.partner_id, "company_size")
            lead.company_size = size or lead.company_size

    def _profile_prepare(self, change):
        change.map(self._clean_links)
        if change.is_new:
            change.map(self._leave_blank)

    @api.model
    def _leave_blank(self, vals):
        """Say what is not known of a new lead that has no contact to take it from.

        The ORM would work out each of these fields by itself.
        """
        if vals.get("partner_id"):
            return vals
        defaults = {
            *self.env["ir.default"]._get_model_defaults(self._name),
            *(key.removeprefix("default_") for key in self.env.context),
        }
        if "partner_id" in defaults:
            return vals
        blank = dict.fromkeys(self._synced_fields() - defaults, False)
        return {**blank, **vals}

    @api.model
    @ormcache(cache="stable")
    def _synced_fields(self):
        """Return the names of what people may enter, or is taken from the contact."""
        names = {*self._person_fields(), *self._company_fields()}
        fields_ = (self._fields[name] for name in names)
        return {f.name for f in fields_ if f.precompute and not f.readonly}

    # ------------------------------------------------------------
    # From the contact
    # ------------------------------------------------------------

    @api.model
    def _get_from_contact(self, partner, fname):
        """Return what a contact, or the company behind, tells of a field."""
        if fname in self._company_fields():
            return partner[fname] or partner.commercial_partner_id[fname]
        return partner[fname]

    def _prepare_values_from_partner(self, partner):
        values = super()._prepare_values_from_partner(partner)
        names = [*self._person_fields(), *self._company_fields()]
        known = {fname: self._get_from_contact(partner, fname) for fname in names}
        known = {fname: value for fname, value in known.items() if value}
        return {**values, **self._convert_to_write(known)}

    @api.depends("partner_id")
    def _compute_contact_name(self):
        """Keep the name when the contact is cleared."""
        linked = self.filtered("partner_id")
        super(CrmLead, linked)._compute_contact_name()
        for lead in self - linked:
            lead.contact_name = lead.contact_name

    @api.depends("partner_id")
    def _compute_partner_name(self):
        """Keep the name of the company when the contact is cleared."""
        linked = self.filtered("partner_id")
        super(CrmLead, linked)._compute_partner_name()
        for lead in self - linked:
            lead.partner_name = lead.partner_name

    # ------------------------------------------------------------
    # To the contact
    # ------------------------------------------------------------

    def _prepare_customer_values(self, partner_name, is_company=False, parent_id=False):
        values = super()._prepare_customer_values(partner_name, is_company, parent_id)
        return {**values, **self._prepare_contact_profile(is_company, bool(parent_id))}

    def _prepare_contact_profile(self, is_company, has_company):
        """Return what the lead knows, for its contact.

        :param is_company: whether the contact is a company
        :param has_company: whether it is a person with a company of its own
        """
        names = [] if is_company else self._person_fields()
        if not has_company:
            names = names + self._company_fields()
        known = {fname: self[fname] for fname in names if self[fname]}
        return self._convert_to_write(known)

    def _handle_partner_assignment(self, *args, **kwargs):
        result = super()._handle_partner_assignment(*args, **kwargs)
        for lead in self.filtered("partner_id"):
            partner = lead.partner_id
            company = partner.commercial_partner_id
            partner._fill_profile(
                lead._prepare_contact_profile(partner.is_company, partner != company)
            )
            if company != partner:
                company._fill_profile(lead._prepare_contact_profile(True, False))
        return result

    @api.model
    def _import_get_cell_checks(self):
        checks = super()._import_get_cell_checks()
        return {**checks, "employee_count": "_import_check_count"}

    # ------------------------------------------------------------
    # Merge
    # ------------------------------------------------------------

    def _merge_get_fields(self):
        return [
            *super()._merge_get_fields(),
            *self._person_fields(),
            *self._company_fields(),
        ]

    def _merge_get_fields_specific(self):
        return {
            **super()._merge_get_fields_specific(),
            "product_ids": lambda fname, leads: leads.product_ids,
        }

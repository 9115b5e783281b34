from odoo import api, fields, models

from ....tools.names import first_name

# What texts may tell of a lead, beside what Odoo allows on every document. A rep who
# may not edit templates can use these, and none else; the names appear in messages
# about what is missing.
FACTS = (
    "name",
    "contact_name",
    "partner_name",
    "email_from",
    "phone",
    "city",
    "country_id.name",
    "website",
    "segment_id.name",
    "message_salutation",
    "message_first_name",
    "message_products",
    "message_sender_name",
    "message_sender_phone",
    "message_sender_email",
    "message_sender_contact",
    "message_company",
    "user_id.name",
    "message_lang",
)


class CrmLead(models.Model):
    """Facts of a lead that texts to it may use, in the language of the context."""

    _inherit = "crm.lead"

    message_lang = fields.Char(
        string="Language of Messages",
        compute="_compute_message_lang",
        compute_sudo=True,
        export_string_translation=False,
    )
    message_salutation = fields.Char(
        string="Salutation",
        compute="_compute_message_names",
        compute_sudo=True,
        help="“Hello Anna,” in the language of the lead.",
    )
    message_first_name = fields.Char(
        string="First Name", compute="_compute_message_names", compute_sudo=True
    )
    message_products = fields.Char(
        string="Names of the Products",
        compute="_compute_message_products",
        compute_sudo=True,
    )
    message_sender_name = fields.Char(
        string="Name of the Salesperson",
        compute="_compute_message_sender",
        compute_sudo=True,
    )
    message_sender_phone = fields.Char(
        string="Phone of the Salesperson",
        compute="_compute_message_sender",
        compute_sudo=True,
    )
    message_sender_email = fields.Char(
        string="Email of the Salesperson",
        compute="_compute_message_sender",
        compute_sudo=True,
    )
    message_sender_contact = fields.Char(
        string="Phone and Email of the Salesperson",
        compute="_compute_message_sender",
        compute_sudo=True,
    )
    message_company = fields.Char(
        string="Name of Our Company",
        compute="_compute_message_company",
        compute_sudo=True,
    )

    # All of them with sudo: names and addresses that are meant for the lead, of records
    # the sender need not see (the company, the products, a colleague).

    @api.depends("lang_id", "partner_id.lang", "company_id.partner_id.lang")
    def _compute_message_lang(self):
        """The language of the lead, else of its contact, else of our company."""
        installed = dict(self.env["res.lang"].get_installed())
        for lead in self:
            company = lead.company_id or self.env.company
            wanted = (lead.lang_id.code, lead.partner_id.lang, company.partner_id.lang)
            known = (code for code in (*wanted, self.env.lang) if code in installed)
            lead.message_lang = next(known, "en_US")

    @api.depends("contact_name", "partner_id.name", "partner_id.is_company")
    @api.depends_context("lang")
    def _compute_message_names(self):
        for lead in self:
            contact = lead.partner_id
            person = lead.contact_name or (not contact.is_company and contact.name)
            name = first_name(person)
            lead.message_first_name = name
            lead.message_salutation = (
                self.env._("Hello %(name)s,", name=name)
                if name
                else self.env._("Hello,")
            )

    @api.depends("product_ids.name")
    @api.depends_context("lang")
    def _compute_message_products(self):
        for lead in self:
            names = lead.product_ids.mapped("name")
            if len(names) > 1:
                names = [", ".join(names[:-1]), names[-1]]
            lead.message_products = self.env._(" and ").join(names)

    @api.depends("user_id.name", "user_id.phone", "user_id.email")
    @api.depends_context("uid")
    def _compute_message_sender(self):
        """Of the owner, in whose name messages go out; else of who sends."""
        for lead in self:
            sender = lead.user_id or self.env.user
            lead.message_sender_name = sender.name
            lead.message_sender_phone = sender.phone
            lead.message_sender_email = sender.email_normalized
            contact = filter(None, (sender.phone, sender.email_normalized))
            lead.message_sender_contact = " · ".join(contact)

    @api.depends("company_id.name")
    @api.depends_context("company")
    def _compute_message_company(self):
        for lead in self:
            lead.message_company = (lead.company_id or self.env.company).name

    @api.model
    def mail_allowed_qweb_expressions(self):
        """What those may use who may not edit templates; called by Odoo."""
        facts = tuple(f"object.{fact}" for fact in FACTS)
        return super().mail_allowed_qweb_expressions() + facts

    @api.model
    def _get_fact_label(self, expression):
        """Return what people call a placeholder: "Phone", "Country"."""
        model, labels = self, []
        for name in expression.removeprefix("object.").split("."):
            if name not in model._fields:
                return expression
            if labels and name == model._rec_name:
                break  # the name of what was named just before
            field = model._fields[name]
            labels.append(field._description_string(self.env) or name)
            if not field.comodel_name:
                break
            model = self.env[field.comodel_name]
        return ": ".join(labels)

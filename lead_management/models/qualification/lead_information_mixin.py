from odoo import api, fields, models
from odoo.exceptions import ValidationError


class LeadInformationMixin(models.AbstractModel):
    """The answer to a question is a piece of information, too."""

    _inherit = "lead.information.mixin"

    qualifier_id = fields.Many2one(
        "lead.qualifier",
        string="Question",
        ondelete="cascade",
        help="Question that must be answered, instead of a field.",
    )

    @api.depends("qualifier_id")
    def _compute_label(self):
        return super()._compute_label()

    def _get_label(self):
        if self.qualifier_id:
            # sudo: a reader of the list may not see a question of another company
            return self.qualifier_id.sudo().name
        return super()._get_label()

    @api.onchange("qualifier_id")
    def _onchange_qualifier_id(self):
        if self.qualifier_id:
            self.field_name = False
            self.company_id = self.qualifier_id.company_id or self.company_id

    @api.constrains("qualifier_id")
    def _check_company_of_question(self):
        """Who does not see a question is not told that its answer is missing."""
        for item in self:
            company = item.qualifier_id.company_id
            if company and item.company_id != company:
                raise ValidationError(
                    self.env._(
                        "“%(question)s” is a question of %(company)s. Choose this "
                        "company here, too.",
                        question=item.qualifier_id.name,
                        company=company.name,
                    )
                )

    @api.onchange("field_name")
    def _onchange_field_name(self):
        if self.field_name:
            self.qualifier_id = False

    def _get_information(self):
        information = super()._get_information()
        return information._replace(qualifier_id=self.qualifier_id.id or None)

    @api.model
    def _get_known_domain(self, information):
        if not information.qualifier_id:
            return super()._get_known_domain(information)
        Qualifier = self.env["lead.qualifier"]
        return Qualifier._get_answered_domain(
            Qualifier._get_all()[information.qualifier_id]
        )

from odoo import fields, models
from odoo.exceptions import AccessError

GROUP = "lead_management.group_credit_report"


class LeadCreditReport(models.Model):
    """The report itself, as the agency sent it: for few eyes, and not for ever.

    The content is no field anybody reads: it comes by :meth:`_open` alone, which notes
    who opened it.
    """

    _name = "lead.credit.report"
    _inherit = ["lead.row.mixin"]
    _description = "Credit Report"
    _order = "id desc"
    _impersonal = ("mimetype",)

    check_id = fields.Many2one(
        "lead.credit.check",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    name = fields.Char(required=True, readonly=True)
    mimetype = fields.Char(required=True, readonly=True)
    # in the table: an attachment would have an address of its own
    content = fields.Binary(
        attachment=False, readonly=True, groups=fields.NO_ACCESS, copy=False
    )

    def _open(self):
        """Return the name, the type and the content, and note who opened it.

        :raise AccessError: for whoever is not in the group, or may not read the lead
        """
        self.ensure_one()
        if not self.env.user.has_group(GROUP):
            raise AccessError(
                self.env._("Only people who may read credit reports can open this.")
            )
        self.check_access("read")
        # sudo: nobody writes the list of openings by hand
        self.env["lead.credit.opening"].sudo().create(
            {
                "check_id": self.check_id.id,
                "lead_id": self.lead_id.id,
                "user_id": self.env.uid,
            }
        )
        report = self.sudo()  # sudo: the content is read here alone
        return report.name, report.mimetype, report.content

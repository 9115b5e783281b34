from odoo import fields, models


class ResUsers(models.Model):
    _inherit = "res.users"

    day_reminder = fields.Boolean(
        string="My Day by Email",
        default=True,
        help="On each working day an email about the leads to work on, when there are "
        "any.",
    )

    @property
    def SELF_READABLE_FIELDS(self):
        return [*super().SELF_READABLE_FIELDS, "day_reminder"]

    @property
    def SELF_WRITEABLE_FIELDS(self):
        return [*super().SELF_WRITEABLE_FIELDS, "day_reminder"]

from odoo import api, models

# The database this was when the addon was installed; a copy is another one.
UUID_PARAMETER = "lead_management.database_uuid"


class LeadMessageGate(models.AbstractModel):
    """Whether this database sends anything at all: a copy of another one does not."""

    _inherit = "lead.message.gate"

    def init(self):
        if not self.env["ir.config_parameter"].sudo().get_param(UUID_PARAMETER):
            self._set_in_service()

    @api.model
    def _get_silence(self):
        """Return why this database sends nothing at all, or None."""
        # sudo: parameters are for administrators
        get_param = self.env["ir.config_parameter"].sudo().get_param
        if get_param("database.is_neutralized"):
            return self.env._("This is a test database: it sends nothing.")
        known = get_param(UUID_PARAMETER)
        if known and known != get_param("database.uuid"):
            return self.env._(
                "This is a copy of another database: it sends nothing until an "
                "administrator says in the settings that it is in service."
            )
        return None

    @api.model
    def _set_in_service(self):
        """Write down that this very database is the one that sends."""
        parameters = self.env["ir.config_parameter"].sudo()
        parameters.set_param(UUID_PARAMETER, parameters.get_param("database.uuid"))

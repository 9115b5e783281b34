import json

from odoo import api, models
from odoo.tools import SQL

# What the database was when it went into service. Odoo's own copies get another UUID;
# a raw one (`createdb -T`, dump and restore) carries it along, and is known by what
# PostgreSQL gave the database it was made of.
UUID_PARAMETER = "lead_management.database_uuid"
FINGERPRINT_PARAMETER = "lead_management.database_fingerprint"


class LeadMessageGate(models.AbstractModel):
    """Whether this database sends anything at all: a copy of another one does not."""

    _inherit = "lead.message.gate"

    def init(self):
        """Adopt the database where the addon is installed, or updated, first."""
        # sudo: parameters are for administrators
        get_param = self.env["ir.config_parameter"].sudo().get_param
        if not get_param(UUID_PARAMETER):
            self._set_in_service()
        elif not get_param(FINGERPRINT_PARAMETER):
            self._save_fingerprint()

    @api.model
    def _get_silence(self):
        """Return why this database sends nothing at all, or None."""
        # sudo: parameters are for administrators
        get_param = self.env["ir.config_parameter"].sudo().get_param
        if get_param("database.is_neutralized"):
            return self.env._("Sending is off because this is a test database.")
        if self._is_copy():
            return self.env._(
                "Sending is off because this database is a copy or was moved. An "
                "administrator can turn it on in Settings › CRM › Messages."
            )
        return None

    @api.model
    def _is_copy(self):
        """Return whether another database, or server, was the one in service."""
        # sudo: parameters are for administrators
        get_param = self.env["ir.config_parameter"].sudo().get_param
        known = get_param(UUID_PARAMETER)
        if known and known != get_param("database.uuid"):
            return True
        fingerprint = self._get_fingerprint()
        known = json.loads(get_param(FINGERPRINT_PARAMETER) or "{}")
        return any(
            known.get(name) and part and known[name] != part
            for name, part in fingerprint.items()
        )

    @api.model
    def _get_fingerprint(self):
        """Return what a copy of this database does not have.

        :return: dict: ``oid`` of the database in its cluster, which a rename keeps, and
          ``system``, the identifier of the cluster, None where it is not told
        """
        [(oid, is_told)] = self.env.execute_query(
            SQL(
                """
                SELECT oid::text,
                       has_function_privilege('pg_control_system()', 'execute')
                FROM pg_database WHERE datname = current_database()
                """
            )
        )
        system = None
        if is_told:
            [(system,)] = self.env.execute_query(
                SQL("SELECT system_identifier::text FROM pg_control_system()")
            )
        return {"oid": oid, "system": system}

    @api.model
    def _set_in_service(self):
        """Write down that this very database is the one that sends."""
        # sudo: parameters are for administrators; callers have asked who it is
        parameters = self.env["ir.config_parameter"].sudo()
        parameters.set_param(UUID_PARAMETER, parameters.get_param("database.uuid"))
        self._save_fingerprint()

    @api.model
    def _save_fingerprint(self):
        # sudo: as above
        self.env["ir.config_parameter"].sudo().set_param(
            FINGERPRINT_PARAMETER, json.dumps(self._get_fingerprint())
        )

from odoo import models
from odoo.tools import SQL, email_normalize


class PrivacyLookupWizard(models.TransientModel):
    """What hangs on the leads of a person is found with them.

    Odoo looks for columns with the name of an address, and for links to contacts; most
    of these tables have neither.
    """

    _inherit = "privacy.lookup.wizard"

    def _get_query_models_blacklist(self):
        # found by their lead, and by what they hold, in one go: no row comes twice
        return [
            *super()._get_query_models_blacklist(),
            *self.env["crm.lead"]._personal_models(),
        ]

    def _get_query(self):
        query = super()._get_query()
        email = email_normalize(self.email.strip())
        leads = SQL(
            """
            SELECT id FROM crm_lead
            WHERE email_normalized = %(email)s OR contact_name ILIKE %(name)s
               OR partner_id IN (SELECT id FROM res_partner
                                 WHERE email_normalized = %(email)s
                                    OR name ILIKE %(name)s)
            """,
            email=email,
            name=self.name.strip(),
        )
        for name in self.env["crm.lead"]._personal_models():
            model = self.env[name]
            query = SQL(
                "%s UNION ALL SELECT %s AS res_model_id, id AS res_id,"
                " TRUE AS is_active FROM %s WHERE lead_id IN (%s)%s",
                query,
                self.env["ir.model"]._get_id(name),
                SQL.identifier(model._table),
                leads,
                self._get_own_condition(model, email),
            )
        return query

    def _get_own_condition(self, model, email):
        """Return how rows are found that belong to the lead of somebody else."""
        return SQL("").join(
            SQL(" OR %s ILIKE %s", SQL.identifier(column), f"%{email}%")
            for column in ("email_normalized", "recipient")
            if column in model._fields and model._fields[column].store
        )

from odoo import api, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from ..lead_row_mixin import TEXT_TYPES

MANAGER = "sales_team.group_sale_manager"
# Columns of Odoo, and those worked out of them.
PERSON = (
    *("name", "contact_name", "partner_name", "function", "partner_id"),
    *("email_from", "email_cc", "email_normalized", "email_domain_criterion"),
    *("phone", "phone_sanitized", "email_state", "phone_state"),
    *("street", "street2", "zip", "city", "website"),
    *("description", "referred", "lead_properties", "reveal_id"),
)


class CrmLead(models.Model):
    """Leads whose person wants to be forgotten.

    The row stays, for the numbers; nobody can tell any more whose it was. What is
    erased is written by statements: what follows a change (tracking, automations, the
    synchronisation with the contact) would keep what is to go, or carry it on.
    """

    _inherit = "crm.lead"

    @api.model
    def _personal_fields(self):
        # nobody knows what people write into fields they made themselves
        made = [
            name
            for name, field in self._fields.items()
            if field.manual and field.store and field.type in TEXT_TYPES
        ]
        return (*super()._personal_fields(), *PERSON, *made)

    def action_ask_erasure(self):
        """Ask for confirmation before the personal data of leads is erased."""
        self._check_may_erase()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Erase Personal Data"),
            "res_model": "lead.erasure",
            "view_mode": "form",
            "target": "new",
            "context": {"default_lead_ids": self.ids},
        }

    def _check_may_erase(self):
        if not (self.env.su or self.env.user.has_group(MANAGER)):
            raise AccessError(
                self.env._(
                    "Only sales managers can erase personal data. Ask a sales manager."
                )
            )
        self.check_access("write")

    def _erase_personal_data(self):
        """Empty what is known of the person behind these leads, for good.

        :raise AccessError: unless the user is a manager who may write the leads
        """
        self._check_may_erase()
        # sudo: what belongs to the leads goes, whoever may read it
        leads = self.sudo()
        self.env.flush_all()
        leads._erase_chatter()
        leads._erase_rows()
        title = self.env._("Erased")
        self.env.cr.execute(
            self._sql_erase(
                SQL("id = ANY(%s)", self.ids),
                name=title,
                write_uid=self.env.uid,
                write_date=self.env.cr.now(),
            )
        )
        self.env.invalidate_all(flush=False)
        leads._derived_mark(self._derived_models())
        note = self.env._("The personal data of this lead was erased.")
        leads._message_log_batch(bodies=dict.fromkeys(self.ids, note))

    @api.model
    def _personal_models(self):
        """Return the models whose rows belong to leads and hold personal data."""
        return [
            name
            for name, model in self.env.items()
            if name != "crm.lead" and model._auto and not model._abstract
            if model._personal_fields() and "lead_id" in model._fields
        ]

    def _erase_rows(self):
        """Empty the rows that belong to these leads; rooms extend it."""
        for name in self._personal_models():
            self.env.cr.execute(
                self.env[name]._sql_erase(SQL("lead_id = ANY(%s)", self.ids))
            )

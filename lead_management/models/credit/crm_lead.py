from odoo import api, fields, models

from ..base.derived.crm_lead_derived import DerivedColumn
from .constants import BANDS, DONE, STATES

LEAD_CREDIT = "lead.credit"


class CrmLead(models.Model):
    """The credit of a lead, read from ``lead.credit``."""

    _inherit = "crm.lead"

    credit_band = fields.Selection(
        BANDS,
        string="Credit Risk",
        compute="_compute_credit",
        search="_search_credit_band",
        compute_sudo=True,
        help="The valid result of a credit check. It informs, and decides nothing.",
    )
    credit_until = fields.Date(
        string="Credit Check Valid Until",
        compute="_compute_credit",
        search="_search_credit_until",
        compute_sudo=True,
    )
    credit_state = fields.Selection(
        STATES,
        string="Credit Check",
        compute="_compute_credit",
        search="_search_credit_state",
        compute_sudo=True,
    )
    credit_check_ids = fields.One2many(
        "lead.credit.check", "lead_id", string="Credit Checks"
    )

    @api.model
    def _derived_models(self):
        return [*super()._derived_models(), LEAD_CREDIT]

    @api.model
    def _derived_columns(self):
        return {
            **super()._derived_columns(),
            "credit_band": DerivedColumn(LEAD_CREDIT, "band", None),
            "credit_until": DerivedColumn(LEAD_CREDIT, "until", None),
            "credit_state": DerivedColumn(LEAD_CREDIT, "state", None),
        }

    def _compute_credit(self):
        self._derived_read(LEAD_CREDIT)

    def _search_credit_band(self, operator, value):
        return self._derived_search("credit_band", operator, value)

    def _search_credit_state(self, operator, value):
        return self._derived_search("credit_state", operator, value)

    def _search_credit_until(self, operator, value):
        checks = self.env["lead.credit.check"]._search(
            [("state", "=", DONE), ("valid_until", operator, value)]
        )
        return [("credit_check_ids", "any", [("id", "in", checks)])]

    def _credit_mark(self):
        """Let what is worked out of credit checks be worked out again."""
        columns = self._derived_known()
        names = {
            name for name, column in columns.items() if column.model == LEAD_CREDIT
        }
        self._derived_mark(
            [
                model
                for model in self._derived_models()
                if model == LEAD_CREDIT
                or not self.env[model]._trigger_fields().isdisjoint(names)
            ]
        )

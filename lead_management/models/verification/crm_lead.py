import json

from odoo import api, fields, models

from ...tools.verdicts import DATA, UNKNOWN
from ..base.derived.crm_lead_derived import DerivedColumn
from .constants import VERDICTS

LEAD_VERIFICATION = "lead.verification"


def _verdict_of(datum, label):
    """Return the field that says what was found out about a datum."""
    return fields.Selection(
        VERDICTS,
        string=label,
        compute="_compute_verification",
        search=f"_search_verification_{datum}",
        compute_sudo=True,
    )


class CrmLead(models.Model):
    """What was found out about a lead, read from ``lead.verification``."""

    _inherit = "crm.lead"

    verification_state = fields.Selection(
        VERDICTS,
        string="Verification",
        compute="_compute_verification",
        search="_search_verification_state",
        compute_sudo=True,
        help="Wrong: email or phone is wrong. Doubtful: something else is not right. "
        "OK: email or phone is right.",
    )
    verification_name = _verdict_of("name", "Name Verified")
    verification_email = _verdict_of("email", "Email Verified")
    verification_phone = _verdict_of("phone", "Phone Verified")
    verification_address = _verdict_of("address", "Address Verified")
    verification_vat = _verdict_of("vat", "VAT Number Verified")
    verification_company = _verdict_of("company", "Company Verified")
    # what the marks are made of; of no use to anybody else
    verification_stored = fields.Char(
        compute="_compute_verification",
        compute_sudo=True,
        groups=fields.NO_ACCESS,
        export_string_translation=False,
    )
    lead_check_ids = fields.One2many("lead.check", "lead_id", string="Verifications")

    @api.model
    def _derived_models(self):
        return [*super()._derived_models(), LEAD_VERIFICATION]

    @api.model
    def _derived_columns(self):
        return {
            **super()._derived_columns(),
            "verification_state": DerivedColumn(LEAD_VERIFICATION, "state", UNKNOWN),
            "verification_stored": DerivedColumn(LEAD_VERIFICATION, "marks", "{}"),
            **{
                f"verification_{datum}": DerivedColumn(LEAD_VERIFICATION, datum, None)
                for datum in DATA
            },
        }

    def _compute_verification(self):
        self._derived_read(LEAD_VERIFICATION)

    def _search_verification_state(self, operator, value):
        return self._derived_search("verification_state", operator, value)

    def _search_verification_name(self, operator, value):
        return self._derived_search("verification_name", operator, value)

    def _search_verification_email(self, operator, value):
        return self._derived_search("verification_email", operator, value)

    def _search_verification_phone(self, operator, value):
        return self._derived_search("verification_phone", operator, value)

    def _search_verification_address(self, operator, value):
        return self._derived_search("verification_address", operator, value)

    def _search_verification_vat(self, operator, value):
        return self._derived_search("verification_vat", operator, value)

    def _search_verification_company(self, operator, value):
        return self._derived_search("verification_company", operator, value)

    def _verification_read(self):
        """Return what is stored of the checks of a lead, by datum."""
        # sudo: the marks are made of it, for whoever may read the lead
        return json.loads(self.sudo().verification_stored or "{}")

    @api.model
    def _verification_labels(self):
        return dict(
            self.env["lead.check"]._fields["datum"]._description_selection(self.env)
        )

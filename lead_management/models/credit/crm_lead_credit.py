from odoo import models
from odoo.exceptions import UserError

from ..base.rpc_arguments import a_text, checked
from .constants import AMBIGUOUS, CLAIMED, OPEN, REFUSED


class CrmLead(models.Model):
    """Asking for a credit check, and what the form shows of it."""

    _inherit = "crm.lead"

    def action_check_credit(self):
        """Open the dialog that asks for a credit check of the lead."""
        self.ensure_one()
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Credit Check"),
            "res_model": "lead.credit.ask",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_lead_id": self.id},
        }

    def action_view_credit_checks(self):
        """Open the credit checks of the lead."""
        return self._credit_view("lead_credit_check_action")

    def action_view_credit_consents(self):
        """Open the consents of the person, to withdraw one."""
        return self._credit_view("lead_credit_consent_action")

    def action_view_credit_openings(self):
        """Open who has opened the reports of the lead."""
        return self._credit_view("lead_credit_opening_action")

    def _credit_view(self, name):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            f"lead_management.{name}"
        )
        return {**action, "domain": [("lead_id", "=", self.id)], "context": {}}

    def action_credit_panel(self):
        """Return what the form shows of the last credit check.

        :return: dict with ``check`` (its id, or False), ``state``, ``state_label``,
            ``band``, ``band_label``, ``lines``, ``candidates``, and what the reader may
            do: ``can_ask``, ``can_approve``, ``can_decline``, ``can_cancel``,
            ``can_pick``, ``report``; how many there are: ``count``, ``consents``,
            ``openings``
        """
        self.ensure_one()
        self.check_access("read")
        Check = self.env["lead.credit.check"]
        checks = Check.search([("lead_id", "=", self.id)])
        check = checks[:1]
        panel = {
            "check": check.id,
            "count": len(checks),
            "can_ask": self._credit_can_ask(check),
            "consents": self._credit_count("lead.credit.consent"),
            "openings": self._credit_count("lead.credit.opening"),
        }
        if not check:
            return panel
        known = check.sudo()  # sudo: names of colleagues, and whether there is a report
        may_write = self.has_access("write")
        is_open = check.state in OPEN
        own = known.requester_id == self.env.user
        return {
            **panel,
            "state": check.state,
            "state_label": check._get_state_label(check.state),
            "band": check._is_disclosed() and check.band,
            "band_label": check._is_disclosed() and check._get_state_band_label(),
            "lines": known._get_panel_lines(check.can_approve),
            "candidates": (check.candidates or []) if check.state == AMBIGUOUS else [],
            "can_approve": check.can_approve,
            "can_decline": check.can_approve,
            "can_cancel": own and is_open and check.state != CLAIMED,
            "can_pick": may_write and check.state == AMBIGUOUS,
            "report": self._credit_get_report(known),
        }

    @checked(ref=a_text)
    def action_credit_pick(self, ref):
        """Say which of several companies is meant.

        :param ref: that of one of the candidates
        """
        self.ensure_one()
        self.check_access("write")
        # sudo: checks are written by methods alone
        checks = self.env["lead.credit.check"].sudo()
        check = checks.search(
            [("lead_id", "=", self.id), ("state", "=", AMBIGUOUS)], limit=1
        )
        if not check:
            raise UserError(
                self.env._("The credit check is no longer waiting for a choice.")
            )
        check._pick(ref)

    def _credit_count(self, name):
        """Return how many rows of a model the reader may see."""
        Model = self.env[name]
        if not Model.has_access("read"):
            return 0
        return Model.search_count([("lead_id", "=", self.id)])

    def _credit_can_ask(self, check):
        return self.has_access("write") and check.state not in OPEN

    def _credit_get_report(self, check):
        """Return the id of the report that the reader may open, or False."""
        if not self.env.user.has_group("lead_management.group_credit_report"):
            return False
        return check.report_ids[:1].id

    def _erase_rows(self):
        """Nothing is bought of somebody who is to be forgotten, and no report kept."""
        checks = self.env["lead.credit.check"].search([("lead_id", "in", self.ids)])
        checks.report_ids.unlink()
        for check in checks.filtered(lambda one: one._may_become(REFUSED)):
            check._move(REFUSED, refusal="erased")
        self.env.flush_all()
        super()._erase_rows()

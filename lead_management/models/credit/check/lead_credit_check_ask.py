from odoo import api, fields, models

from ....exceptions import RefusedError
from ..constants import AMBIGUOUS, APPROVAL, MANUAL, OPEN, WANTED


class LeadCreditCheck(models.Model):
    """People ask, approve, decline and pick; each step says no in a sentence."""

    _inherit = "lead.credit.check"

    @api.model
    def _ask(self, lead, values):
        """Ask for a check of a lead.

        :param values: ``legal_form``, ``company_name``, ``company_number``,
            ``country_id``; of a result entered by hand also ``band`` …
        :return: the check, with all rights
        :raise RefusedError: why nobody is asked
        """
        lead.check_access("write")
        user = self.env.user
        policy = self.env["lead.credit.policy"]._find(lead).get(lead.id)
        problem = self._get_asking_problem(lead, policy, values.get("legal_form"), user)
        problem = problem or self._get_subject_problem(values)
        is_manual = values.get("provider_key") == MANUAL
        if not problem and not is_manual:
            provider = policy.provider_ids[:1]
            problem = "no_provider"
            if provider:
                problem = policy._get_money_problem(provider.cost)
        if problem:
            raise RefusedError(self._get_reason_text(problem))
        # sudo: the checks of a lead are one after the other, whoever sees them
        checks = self.sudo()
        if checks.search_count(
            [("lead_id", "=", lead.id), ("state", "in", OPEN)], limit=1
        ):
            raise RefusedError(
                self.env._("A credit check of this lead is already under way.")
            )
        check = checks.create(self._prepare_check(lead, policy, values))
        if check.state == APPROVAL:
            check._notify_approver()
        else:
            check._trigger_buying()
        return check

    @api.model
    def _prepare_check(self, lead, policy, values):
        basis, text = policy._get_basis(values["legal_form"])
        is_manual = values.get("provider_key") == MANUAL
        # a result somebody typed is looked at by somebody else, whatever the amount
        needs_approval = is_manual or policy._needs_approval(lead)
        company = lead.company_id or policy.company_id
        return {
            "lead_id": lead.id,
            "state": APPROVAL if needs_approval else WANTED,
            "policy_id": policy.id,
            "policy_version": policy.version,
            "policy_text": policy._describe(),
            "basis": basis,
            "basis_text": text,
            "consent_id": self._get_consent(lead).id
            if values["legal_form"] == "person"
            else False,
            "amount": lead.expected_revenue,
            "amount_currency_id": company.currency_id.id,
            "currency_id": company.currency_id.id,
            "score": lead.score_total,
            "requester_id": self.env.uid,
            "request_date": fields.Datetime.now(),
            "needs_approval": needs_approval,
            **values,
        }

    # ------------------------------------------------------------
    # A second person
    # ------------------------------------------------------------

    def _notify_approver(self):
        """Give somebody who may approve it a task."""
        approvers = self.policy_id.approver_ids - self.requester_id
        if not self.policy_id.approver_ids:
            group = self.env.ref("sales_team.group_sale_manager")
            approvers = self.env["res.users"].search(
                [
                    ("all_group_ids", "in", group.id),
                    ("company_ids", "in", self.policy_id.company_id.id),
                    ("id", "!=", self.requester_id.id),
                    ("share", "=", False),
                ],
                limit=1,
            )
        for user in approvers[:5]:
            self.lead_id.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=self.env._("Approve the credit check"),
                user_id=user.id,
                credit_check_id=self.id,
            )

    def _close_tasks(self):
        # sudo: the task may be that of a colleague
        tasks = (
            self.env["mail.activity"]
            .sudo()
            .search([("credit_check_id", "in", self.ids)])
        )
        tasks.unlink()

    def action_approve(self):
        """Approve a check: somebody else than who asked for it.

        :raise RefusedError: why not
        """
        self.ensure_one()
        self.check_access("read")
        # sudo: checks are written by these methods alone
        check = self.sudo()
        check._lock_row()
        if problem := check._get_approval_problem(self.env.user):
            raise RefusedError(self._get_reason_text(problem))
        check.write(
            {"approver_id": self.env.uid, "approve_date": fields.Datetime.now()}
        )
        check._close_tasks()
        if check.provider_key == MANUAL:
            check._finish_manual()
        else:
            check._trigger_buying()

    def action_decline(self):
        """Decline a check, or take back one's own."""
        self.ensure_one()
        self.check_access("read")
        # sudo: checks are written by these methods alone
        check = self.sudo()
        check._lock_row()
        is_own = check.requester_id == self.env.user and check.state in (
            WANTED,
            APPROVAL,
            AMBIGUOUS,
        )
        problem = None if is_own else check._get_approval_problem(self.env.user)
        if problem:
            raise RefusedError(self._get_reason_text(problem))
        check._refuse("cancelled" if is_own else "declined")
        check._close_tasks()

    def _pick(self, ref):
        """Go on with one of the companies that were found."""
        self._lock_row()
        if ref not in [one["ref"] for one in self.candidates or []]:
            raise RefusedError(self.env._("Choose one of the companies found."))
        self._move(WANTED, picked=ref, next_try=False)
        self._trigger_buying()

    def _lock_row(self):
        """Let two people decide one after the other."""
        self.env.cr.execute(
            "SELECT id FROM lead_credit_check WHERE id = %s FOR UPDATE", [self.id]
        )
        self.invalidate_recordset()

    @api.model
    def _trigger_buying(self, at=None):
        """Let what is due be bought now, or at a time."""
        # sudo: scheduled actions are the administrator's
        self.env.ref("lead_management.ir_cron_credit").sudo()._trigger(at)

from odoo import api, models
from odoo.tools import SQL

from ..base.automated import check_automated

# Up to so many leads are checked while somebody waits.
AT_ONCE = 2_000
BATCH = 1_000


class CrmLead(models.Model):
    """Many leads are checked again, at once or in the background."""

    _inherit = "crm.lead"

    def action_verify(self):
        """Check all data of these leads again; beyond 2,000 leads in the background."""
        self.check_access("write")
        if len(self) > AT_ONCE:
            self._verification_wake()
            message = self.env._("The leads are being verified in the background.")
        else:
            self._verification_ask(None)
            wrong = self.filtered(lambda lead: lead.verification_state == "wrong")
            message = self.env._(
                "Leads verified: %(count)s. Wrong: %(wrong)s.",
                count=len(self),
                wrong=len(wrong),
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "info",
                "message": message,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    @api.model
    def _verification_wake(self):
        # sudo: scheduled actions are the administrator's
        self.env.ref("lead_management.ir_cron_verify").sudo()._trigger()

    @api.model
    def action_cron_verify(self):
        """Check leads; scheduled jobs call it by name."""
        check_automated(self.env)
        self._cron_verify()

    @api.model
    def _cron_verify(self, batch_size=BATCH):
        """Check all leads whose values are others than those checked, in batches.

        Values change without anybody saving a lead: by SQL, with a contact. What has
        expired is checked again, and leads from before the installation are checked for
        the first time.
        """
        CrmLead = self.with_context(active_test=False)
        progress = self.env["ir.cron"]._commit_progress
        progress(remaining=CrmLead.search_count([]))
        last_id = 0
        while batch := CrmLead.search(
            [("id", ">", last_id)], order="id", limit=batch_size
        ):
            last_id = batch.ids[-1]
            batch._verify()
            batch._verification_mark_expired()
            self.env.cr.flush()
            self.env.invalidate_all()
            if not progress(len(batch)):
                break

    def _verification_mark_expired(self):
        """Let checks that have expired count no more."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT lead_id FROM lead_check
                WHERE lead_id = ANY(%s) AND is_current
                  AND expiry <= now() AT TIME ZONE 'UTC'
                """,
                self.ids,
            )
        )
        if expired := self.browse(lead_id for (lead_id,) in rows):
            expired._verification_mark()

    @api.model
    def action_verify_progress(self):
        """Return how far the verification in the background is, for a progress bar.

        :return: dict with ``running``, ``percent``, ``done`` and ``total`` leads
        """
        self.check_access("read")
        # sudo: the crons are the administrator's, how far they are is no secret
        cron = self.env.ref("lead_management.ir_cron_verify").sudo()
        return self._derived_cron_progress(cron)

from odoo import api, models
from odoo.tools import SQL

from ..base.automated import check_automated
from ..base.context import BY_RULES

# Up to so many leads are checked while somebody waits.
AT_ONCE = 500
BATCH = 1_000
# Up to which lead the job has come, when its time was over.
REACHED = "lead_management.verified_up_to"


class CrmLead(models.Model):
    """Many leads are checked again, at once or in the background."""

    _inherit = "crm.lead"

    def action_verify(self):
        """Check all data of these leads again; many of them in the background.

        :return: an action that tells what was found, or how far it is
        """
        self.check_access("write")
        if len(self) > AT_ONCE:
            return self._verification_watch(self.env["lead.check.run"]._begin(self))
        self._verification_ask(None)
        wrong = self.filtered(lambda lead: lead.verification_state == "wrong")
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "info",
                "message": self.env._(
                    "Leads verified: %(count)s. Wrong: %(wrong)s.",
                    count=len(self),
                    wrong=len(wrong),
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    @api.model
    def _verification_watch(self, run):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Verification"),
            "res_model": run._name,
            "res_id": run.id,
            "views": [(False, "form")],
            "target": "new",
        }

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
        CrmLead = self._by_job()
        progress = self.env["ir.cron"]._commit_progress
        # sudo: where the job goes on when its time was over, as in a large database
        parameters = self.env["ir.config_parameter"].sudo()
        last_id = int(parameters.get_param(REACHED) or 0)
        progress(remaining=CrmLead.search_count([("id", ">", last_id)]))
        while batch := CrmLead.search(
            [("id", ">", last_id)], order="id", limit=batch_size
        ):
            last_id = batch.ids[-1]
            batch._verify()
            batch._verification_mark_expired()
            batch._derived_flush()
            self.env.cr.flush()
            self.env.invalidate_all()
            if not progress(len(batch)):
                parameters.set_param(REACHED, last_id)
                return
        if parameters.get_param(REACHED):
            parameters.set_param(REACHED, False)

    def _by_job(self):
        """Return leads, archived ones too, as a job verifies them.

        What moves is what is known, not the lead: nobody is told of a thousand leads
        that turn hot. So their refresh must not wait for the commit.
        """
        return BY_RULES.set(self, True).with_context(active_test=False)

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

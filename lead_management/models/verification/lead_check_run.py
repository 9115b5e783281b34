from odoo import api, fields, models
from odoo.fields import Domain

from ..base.apart import run_apart
from ..base.automated import check_automated
from .constants import WRONG

BATCH = 500


class LeadCheckRun(models.Model):
    """Leads that somebody chose to verify, too many to wait for.

    They are checked in the background, batch by batch; whoever asked can watch it and
    is told when it is done.
    """

    _name = "lead.check.run"
    _description = "Verification of Many Leads"
    _order = "id desc"
    _log_access = False
    _rec_name = "date"

    user_id = fields.Many2one(
        "res.users",
        string="Requested By",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    date = fields.Datetime(
        string="Requested On",
        required=True,
        readonly=True,
        default=fields.Datetime.now,
    )
    lead_ids = fields.Json(
        string="Selected Leads", readonly=True, groups=fields.NO_ACCESS
    )
    total = fields.Integer(string="Leads", readonly=True)
    done = fields.Integer(string="Verified", readonly=True)
    wrong = fields.Integer(readonly=True)
    finished = fields.Datetime(readonly=True)

    _open_idx = models.Index("(id) WHERE finished IS NULL")

    @api.model
    def _begin(self, leads):
        """Let leads be verified in the background.

        :param leads: that the user may write
        :return: the run, as the user sees it
        """
        # sudo: runs are nobody's to write
        run = self.sudo().create(
            {"user_id": self.env.uid, "lead_ids": leads.ids, "total": len(leads)}
        )
        # sudo: scheduled actions are the administrator's
        self.env.ref("lead_management.ir_cron_verify_run").sudo()._trigger()
        return self.browse(run.id)

    def action_progress(self):
        """Return how far the verification is, for a progress bar.

        :return: dict with ``running``, ``total``, ``done`` and ``wrong`` leads
        """
        self.ensure_one()
        self.check_access("read")
        return {
            "running": not self.finished,
            "total": self.total,
            "done": self.done,
            "wrong": self.wrong,
        }

    # ------------------------------------------------------------
    # In the background
    # ------------------------------------------------------------

    @api.model
    def action_cron_verify_run(self):
        """Verify what people chose; scheduled jobs call it by name."""
        check_automated(self.env)
        self._cron_verify_run()

    @api.model
    def _cron_verify_run(self, batch_size=BATCH):
        progress = self.env["ir.cron"]._commit_progress
        self._forget_old()
        progress(remaining=self._count_waiting())
        while run := self.search([("finished", "=", False)], order="id", limit=1):
            number = run._verify_batch(batch_size)
            self.env.cr.flush()
            self.env.invalidate_all()
            if not progress(number, remaining=self._count_waiting()):
                break

    @api.model
    def _count_waiting(self):
        waiting = self.search([("finished", "=", False)])
        return sum(run.total - run.done for run in waiting)

    def _verify_batch(self, size):
        """Verify the next leads of the run; what fails is logged and left alone.

        :return: how many they were
        """
        ids = self.lead_ids[self.done : self.done + size]
        # sudo: whoever asked was allowed to write them then
        CrmLead = self.env["crm.lead"].with_user(self.user_id).sudo()
        leads = CrmLead._by_job().browse(ids).exists()
        run_apart(leads, lambda few: few._verification_ask(None), "Verification")
        leads._derived_flush()
        found = Domain("id", "in", leads.ids) & Domain("verification_state", "=", WRONG)
        self.write(
            {
                "done": self.done + len(ids),
                "wrong": self.wrong + leads.search_count(found),
            }
        )
        if self.done >= self.total:
            self._finish()
        return len(ids)

    def _finish(self):
        """End the run, and tell whoever asked for it."""
        self.write({"finished": fields.Datetime.now(), "lead_ids": False})
        env = self.with_context(lang=self.user_id.lang).env
        self.user_id._bus_send(
            "simple_notification",
            {
                "type": "success",
                "title": env._("Verification finished"),
                "message": env._(
                    "Leads verified: %(count)s. Wrong: %(wrong)s.",
                    count=self.total,
                    wrong=self.wrong,
                ),
            },
        )

    @api.model
    def _forget_old(self):
        """Delete runs that nobody watches any more."""
        month = fields.Datetime.subtract(fields.Datetime.now(), days=30)
        self.search([("finished", "<", month)]).unlink()

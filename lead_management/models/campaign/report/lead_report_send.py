import logging
import time

from odoo import api, fields, models
from odoo.fields import Command
from odoo.tools import SQL

from ....tools.report_time import get_next_run
from ...base.apart import DATABASE_ERRORS, READ_COMMITTED, apart, attempt
from ...base.automated import check_automated
from .lead_report_numbers import ANSWERS

_logger = logging.getLogger(__name__)

BATCH_SIZE = 20
SECONDS = 240
SALESMAN = "sales_team.group_sale_salesman"


class LeadReportSubscription(models.Model):
    """Sending: claimed, written and noted in one transaction, by any number of workers.

    They are ``READ COMMITTED`` and skip what another one holds; a row of
    ``lead.report.sent`` is unique, so that no period is sent twice whatever happens.
    """

    _inherit = "lead.report.subscription"

    @api.model
    def action_cron_send(self):
        """Send the reports that are due; scheduled jobs call it by name."""
        check_automated(self.env)
        self._cron_send()

    @api.model
    def _cron_send(self):
        deadline = time.monotonic() + SECONDS
        count, answers = BATCH_SIZE, {}
        while count == BATCH_SIZE and time.monotonic() < deadline:
            with apart(self.env.registry, isolation=READ_COMMITTED) as env:
                count = env[self._name]._send_batch(fields.Datetime.now(), answers)
        if count == BATCH_SIZE:
            self.env.ref("lead_management.ir_cron_reports")._trigger()
        self.env.ref("mail.ir_cron_mail_scheduler_action")._trigger()

    @api.model
    def _send_batch(self, now, answers=None):
        """Send reports of some subscriptions that are due; return of how many.

        :param answers: dict that keeps, for the batches of a run, what was asked
        """
        self.env.cr.cache[ANSWERS] = {} if answers is None else answers
        due = self._claim(now)
        for one in due:
            try:
                with attempt(self.env):
                    one._send(one._get_due(now))
                one.next_run = one._get_next_run(now)
            except DATABASE_ERRORS:
                raise
            except Exception:
                _logger.exception("Report of %s failed", one.user_id.login)
                one.next_run = fields.Datetime.add(now, hours=1)
        self.env.flush_all()
        return len(due)

    def _get_next_run(self, now):
        return get_next_run(self.kind, self.hour, self._get_zone(), now)

    @api.model
    def _claim(self, now):
        """Return some subscriptions that are due, and hold them."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id FROM lead_report_subscription
                 WHERE active AND next_run <= %s
                 ORDER BY next_run, id LIMIT %s FOR UPDATE SKIP LOCKED
                """,
                now,
                BATCH_SIZE,
            )
        )
        # sudo: of all users, by the job that mails them
        return self.sudo().browse(row[0] for row in rows)

    def _send(self, start):
        """Mail the report of a period to the recipient, unless it was before."""
        user = self.user_id
        if not self._may_get():
            return
        report = self._render(self._get_period(start))
        if not self._note_sent(start, report["is_empty"]):
            return
        if report["is_empty"] and self.is_empty_skipped:
            return
        self.env["mail.mail"].create(
            {
                "subject": report["subject"],
                "body_html": report["body"],
                "email_from": self.company_id.email_formatted or user.email_formatted,
                "author_id": self.company_id.partner_id.id,
                "email_to": user.email_formatted,
                "auto_delete": True,
                "attachment_ids": self._make_pdf(report),
            }
        )

    def _may_get(self):
        """Return whether the recipient still works with leads of the company here."""
        user = self.user_id
        return (
            user.active
            and user.email
            and user.has_group(SALESMAN)
            and self.company_id in user.company_ids
        )

    def _note_sent(self, start, is_empty):
        """Write down that a period is sent; return whether it was not before."""
        rows = self.env.execute_query(
            SQL(
                """
                INSERT INTO lead_report_sent
                            (subscription_id, kind, start, date, is_empty)
                VALUES (%s, %s, %s, %s, %s) ON CONFLICT DO NOTHING RETURNING id
                """,
                self.id,
                self.kind,
                start,
                fields.Datetime.now(),
                is_empty,
            )
        )
        self.invalidate_recordset(["sent_ids"])
        return bool(rows)

    def _make_pdf(self, report):
        """Return the report as an attachment, where PDF files can be made."""
        Report = self.env["ir.actions.report"]
        if not self.is_pdf or Report.get_wkhtmltopdf_state() not in ("ok", "workers"):
            return []
        html = f"<!DOCTYPE html><html><meta charset='utf-8'/>{report['body']}</html>"
        try:
            # no letterhead: Odoo would leave the place of one empty
            content = Report._run_wkhtmltopdf(
                [html], specific_paperformat_args={"data-report-margin-top": 10}
            )
        except Exception:
            # the mail says the same: it goes out without
            _logger.exception("No PDF of the report of %s", self.user_id.login)
            return []
        return [
            Command.create(
                {
                    "name": f"{report['subject'][:100]}.pdf",
                    "raw": content,
                    "mimetype": "application/pdf",
                }
            )
        ]

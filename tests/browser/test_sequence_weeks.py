"""Three weeks of a sequence, from the switch to the report, against real servers."""

from types import SimpleNamespace

from odoo.tests import HttpCase

from odoo.addons.base.models import ir_mail_server
from odoo.addons.iap.tools import iap_tools
from odoo.addons.lead_management.models.base import graph
from odoo.addons.lead_management.models.messaging.outbox.sender import Sender
from odoo.addons.lead_management.tests.common import LeadManagementCase

from ..assignment.committed import NAME
from ..messaging.fakes import FakeIap, FakeSmtp
from ..messaging.whatsapp_fakes import FakeGraph
from ..nurturing.weeks import (
    COUNT,
    EDUCATION,
    OPTOUTS,
    REPLIES,
    check_books,
    count,
    make_due,
    prepare,
    reply,
)


class TestWeeks(LeadManagementCase, HttpCase):
    def setUp(self):
        super().setUp()
        self.smtp, self.iap, self.meta = FakeSmtp().start(), FakeIap().start(), None
        self.addCleanup(self.smtp.stop)
        self.addCleanup(self.iap.stop)
        self.meta = self.enterContext(FakeGraph())
        self.patch(graph, "FAKE_HOSTS", {"127.0.0.1"})
        self.patch(ir_mail_server, "SMTP_TIMEOUT", 2)
        # in its tests Odoo connects to no mail server and sends no text message
        servers = type(self.env["ir.mail_server"])
        self.patch(servers, "_disable_send", classmethod(lambda cls: False))
        nothing = SimpleNamespace(module=SimpleNamespace(current_test=None))
        self.patch(iap_tools, "modules", nothing)
        self.env["ir.mail_server"].search([]).active = False
        self.env["ir.mail_server"].create(
            {
                "name": NAME,
                "smtp_host": "127.0.0.1",
                "smtp_port": self.smtp.port,
                "smtp_encryption": "none",
            }
        )
        self.env["ir.config_parameter"].set_param("sms.endpoint", self.iap.url)
        self.env["iap.account"].get("sms")
        self.env["res.company"].search([]).message_quiet_on = False
        self.env["crm.lead"].search([]).active = False
        self.sequence = self.env.ref(EDUCATION)
        prepare(self.env, self.meta.url)
        self.admin = self.env.ref("base.user_admin")
        self.admin.tour_enabled = False
        self.leads = self.env["crm.lead"].search([("name", "=", NAME)], order="id")

    def _live(self):
        """Let a few days pass: what is due is done and sent, and done with."""
        Enrollment = self.env["lead.enrollment"]
        self.commit()
        Enrollment._run_due()
        Sender(self.env.registry, 100).run(120)
        self.env.invalidate_all()
        Enrollment._run_due()
        self.commit()
        make_due(self.env)

    def _start(self, tour):
        self.browser_size = "1440x900"
        self.start_tour("/odoo/lead-sequences", tour, login="admin", timeout=180)
        self.env.invalidate_all()

    def test_from_the_switch_to_the_report(self):
        self._start("lead_management_sequence_weeks")
        runs = self.sequence.enrollment_ids
        self.assertEqual(runs.lead_id, self.leads)
        self.assertEqual(len(runs), COUNT)
        make_due(self.env)
        self._live()
        received = count(self.smtp, self.iap, self.meta)
        self.assertEqual((len(received), set(received.values())), (COUNT, {1}))
        for number in REPLIES:
            reply(self.env, self.smtp, number)
        refused = self.leads[OPTOUTS.start : OPTOUTS.stop]
        for lead in refused:
            self.env["lead.consent"]._record(lead, "withdrawn")
        self.commit()
        stopped = [
            f"edu{number}@example.com"
            for number in [*REPLIES, *range(OPTOUTS.start, OPTOUTS.stop)]
        ]
        before = {email: self.smtp.recipients[email] for email in stopped}
        for __ in range(7):
            self._live()
        self.assertEqual(
            {email: self.smtp.recipients[email] for email in stopped}, before
        )
        check_books(self.env, runs, count(self.smtp, self.iap, self.meta))
        self.assertTrue(self.meta.accepted and self.iap.accepted)
        self._start("lead_management_sequence_weeks_after")

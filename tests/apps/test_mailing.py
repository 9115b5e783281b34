"""Who opens a mailing, or clicks in it, is scored as soon as that is stored."""

from odoo.fields import Command

from odoo.addons.lead_management.models.base.work import peek
from odoo.addons.lead_management.tests.common import LeadManagementCase
from odoo.addons.lead_management_mailing.hooks import post_init_hook


class TestMailing(LeadManagementCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.starter = cls.env.ref("lead_management.score_model_starter")
        cls.lead = cls._new_lead(email_from="ada@example.com")
        cls.other = cls._new_lead(email_from="bob@example.com")
        mailing = cls.env["mailing.mailing"].create(
            {
                "subject": "News",
                "mailing_model_id": cls.env["ir.model"]._get("crm.lead").id,
            }
        )
        cls.trace, cls.other_trace = cls.env["mailing.trace"].create(
            [
                {"model": "crm.lead", "res_id": lead.id, "mass_mailing_id": mailing.id}
                for lead in (cls.lead, cls.other)
            ]
        )
        for code, points in (("opened", 3), ("clicked", 7)):
            event = cls.env.ref(f"lead_management.score_event_{code}")
            cls._new_score_rule(
                [], points, kind="activity", event_ids=[Command.set(event.ids)], days=90
            )
        cls.env.cr.flush()

    def _stored(self, lead):
        self.env.flush_all()
        query = "SELECT total FROM lead_score WHERE lead_id = %s"
        self.env.cr.execute(query, [lead.id])
        return self.env.cr.fetchone()[0]

    def test_an_opening_and_a_click(self):
        public = self.env.ref("base.public_user")
        self.trace.with_user(public).sudo().set_opened()
        self.env.cr.flush()
        self.assertEqual(self._stored(self.lead), 0)  # nobody waits for it
        self.commit()
        self.assertEqual(self._stored(self.lead), 3)
        self.trace.with_user(public).sudo().set_opened()
        self.trace.with_user(public).sudo().set_clicked()
        self.commit()
        self.assertEqual(self._stored(self.lead), 10)
        self.assertEqual(self._stored(self.other), 0)

    def test_what_is_no_event(self):
        self.trace.set_sent()
        self.assertFalse(peek(self.env.cr, "refresh_apart"))

    def test_traces_of_others_and_of_leads_that_are_gone(self):
        partner = self.env["res.partner"].create({"name": "P"})
        self.trace.write({"model": "res.partner", "res_id": partner.id})
        self.other.unlink()
        (self.trace + self.other_trace.exists()).set_opened()
        self.commit()
        self.assertEqual(self._stored(self.lead), 0)

    def test_without_such_rules_nothing_is_done(self):
        self.env["lead.score.rule"].search([]).active = False
        self.trace.set_opened()
        self.assertFalse(peek(self.env.cr, "refresh_apart"))

    def test_an_automatic_answer_opens_nothing(self):
        self.trace.message_id = "<news@example.com>"
        self.lead.message_post(body="x", message_id="<news@example.com>")
        for more, opened in (("Auto-Submitted: auto-replied\n", False), ("", True)):
            self.env["mail.thread"].message_process(
                "crm.lead",
                "From: Ada <ada@example.com>\nTo: catchall@example.com\n"
                f"Subject: Re: News\nMessage-Id: <answer{opened}@example.com>\n"
                "In-Reply-To: <news@example.com>\nReferences: <news@example.com>\n"
                f"{more}Content-Type: text/plain\n\nAway.\n",
            )
            self.assertEqual(bool(self.trace.open_datetime), opened)

    def _starter_rules(self):
        return (
            self.env["lead.score.rule"]
            .with_context(active_test=False)
            .search([("model_id", "=", self.starter.id), ("name", "ilike", "mailing")])
        )

    def test_the_starter_set_has_its_rules(self):
        rules = self._starter_rules()
        self.assertEqual(set(rules.event_ids.mapped("code")), {"clicked", "opened"})
        # the case has switched off all rules; as installed only openings are
        self.assertEqual(len(rules), 2)

    def test_a_set_that_a_company_made_its_own_is_left_alone(self):
        before = self._starter_rules()
        self.env.cr.execute(
            "UPDATE lead_score_model SET state = 'retired' WHERE id = %s",
            [self.starter.id],
        )
        self.env.invalidate_all()
        post_init_hook(self.env)
        self.assertEqual(self._starter_rules(), before)

"""How much waits is said in the top bar, with what Odoo asks for there anyway."""

import json

from odoo.tests import HttpCase

from .my_day import MyDayCase


class TestDayBadge(MyDayCase):
    def _told(self):
        """Return the partners whose screens are told of something at the commit."""
        self.env.cr.precommit.run()
        rows = self.env["bus.bus"].search([("message", "ilike", "lead.answer/updated")])
        channels = rows.mapped("channel")
        rows.unlink()
        return [json.loads(channel)[2] for channel in channels]

    def test_the_screens_of_the_salesperson_are_told_of_answers(self):
        lead = self._lead("Answered")
        for what, change in (
            ("asked", lambda: self.env["lead.answer"]._record(lead, "email")),
            ("answered", lambda: self.env["lead.answer"]._settle(lead)),
        ):
            with self.subTest(what=what):
                self._told()
                change()
                self.assertEqual(self._told(), self.rep.partner_id.ids)
        self.env["lead.answer"]._settle(lead)
        self.assertFalse(self._told(), "nothing waited")


class TestDayBadgeAsked(MyDayCase, HttpCase):
    def _ask(self, login, *names):
        self.env.cr.flush()
        self.authenticate(login, login)
        answer = self.make_jsonrpc_request("/mail/data", {"fetch_params": [*names]})
        return answer.get("Store", {})

    def test_it_comes_with_the_counters_of_odoo(self):
        self._lead("Late", -1)
        self._lead("Today", 0)
        self._lead("Later", 1)
        found = self._ask(self.rep.login, "systray_get_activities")
        self.assertEqual(found["leadDayCount"], 2)
        self.assertIn("activityCounter", found)
        self.assertEqual(self._ask(self.rep.login, "lead_day"), {"leadDayCount": 2})
        self.assertNotIn("leadDayCount", self._ask(self.rep.login, "init_messaging"))

    def test_who_has_no_day_is_told_so(self):
        user = self.rep_2
        user.group_ids = self.env.ref("base.group_user")
        found = self._ask(user.login, "systray_get_activities")
        self.assertIs(found["leadDayCount"], False)

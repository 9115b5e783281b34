from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo import fields

from odoo.addons.lead_management.models.insights.milestone.lead_milestone import DATES
from odoo.addons.lead_management.tests.common import LeadManagementCase

START = datetime(2026, 3, 2, 9)


class TestMilestones(LeadManagementCase):
    """The first time a lead reached what, whatever became of it."""

    def _live(self, *stages, lead=None, start=START):
        """Let a lead enter stages, a day each; return it."""
        lead = lead or self.env["crm.lead"]
        for day, stage in enumerate(stages):
            with freeze_time(start + timedelta(days=day)):
                if lead:
                    lead.stage_id = self._stage(stage)
                else:
                    lead = self._new_lead(stage_id=self._stage(stage).id)
                self.env.cr.flush()
        return lead

    def _days(self, lead):
        """Return after how many days a lead reached what."""
        row = self.env["lead.milestone"].browse(lead.id)
        lead.invalidate_recordset()
        row.invalidate_recordset()
        days = {}
        for name in DATES:
            date = lead[f"milestone_{name}"]
            self.assertEqual(date, row[name])
            if date:
                days[name.removesuffix("_date")] = (date - START).days
        return days

    def test_a_lead_goes_all_the_way(self):
        lead = self._live(
            "open", "contacted", "nurturing", "qualified", "negotiation", "customer"
        )
        self.assertEqual(
            self._days(lead),
            {"contacted": 1, "qualified": 3, "negotiation": 4, "won": 5},
        )

    def test_who_skips_a_stage_has_reached_it(self):
        lead = self._live("open", "negotiation")
        self.assertEqual(
            self._days(lead), {"contacted": 1, "qualified": 1, "negotiation": 1}
        )

    def test_the_first_time_counts(self):
        lead = self._live("open", "qualified", "contacted", "qualified")
        self.assertEqual(self._days(lead), {"contacted": 1, "qualified": 1})

    def test_a_loss_holds_as_long_as_the_lead_is_lost(self):
        lead = self._live("open", "qualified", "unqualified")
        self.assertEqual(self._days(lead), {"contacted": 1, "qualified": 1, "lost": 2})
        self._live("contacted", lead=lead, start=START + timedelta(days=9))
        self.assertEqual(self._days(lead), {"contacted": 1, "qualified": 1})

    def test_a_loss_by_archiving_has_no_move(self):
        lead = self._live("open", "contacted")
        with freeze_time(START + timedelta(days=3)):
            lead.action_set_lost()
            self.env.cr.flush()
        self.assertEqual(lead.won_status, "lost")
        self.assertEqual(self._days(lead), {"contacted": 1, "lost": 3})

    def test_a_win_taken_back_was_none(self):
        lead = self._live("open", "customer", "negotiation")
        self.assertNotIn("won", self._days(lead))
        self._live("customer", lead=lead, start=START + timedelta(days=8))
        self.assertEqual(self._days(lead)["won"], 8)

    def test_a_reactivated_customer_did_buy(self):
        lead = self._live("open", "customer", "inactive", "contacted")
        self.assertEqual(self._days(lead)["won"], 1)
        self._live("customer", lead=lead, start=START + timedelta(days=9))
        self.assertEqual(self._days(lead)["won"], 1)

    def test_an_import_that_is_won_reached_everything(self):
        closed = START + timedelta(days=4)
        with freeze_time(START + timedelta(days=30)):
            lead = self._new_lead(
                stage_id=self._stage("customer").id, date_closed=closed
            )
            self.env.cr.flush()
        self.assertEqual(
            self._days(lead),
            {"contacted": 4, "qualified": 4, "negotiation": 4, "won": 4},
        )

    def test_a_stage_that_comes_with_the_team_is_reached(self):
        team = self.env["crm.team"].create({"name": "Second"})
        qualified = self._stage("qualified")
        qualified.write({"team_ids": team.ids, "sequence": -1})
        lead = self._live("open")
        with freeze_time(START + timedelta(days=2)):
            lead.stage_id = False
            self.env.cr.flush()
            lead.team_id = team
            self.assertEqual(lead.stage_id, qualified)
            self.env.cr.flush()
        self.assertEqual(self._days(lead), {"contacted": 2, "qualified": 2})

    def test_the_first_touch_and_who_was_reached(self):
        lead = self._live("open")
        Touch = self.env["lead.touch"]
        values = {"lead_id": lead.id, "channel": "call", "direction": "out"}
        for day, more in (
            (1, {**values, "is_attempt": True, "user_id": self.rep.id}),
            (2, {**values, "is_contact": True, "user_id": self.rep.id}),
            (3, {**values, "is_contact": True, "user_id": self.rep.id}),
        ):
            Touch._record([{**more, "date": START + timedelta(days=day)}])
        days = self._days(lead)
        self.assertEqual((days["first_touch"], days["first_reached"]), (1, 2))

    def test_a_merge_keeps_what_the_lead_itself_reached(self):
        first = self._live("open", "contacted")
        second = self._live("open", "contacted", "qualified")
        merged = (first + second).merge_opportunity()
        moves = merged.stage_transition_ids.filtered("is_merged")
        self.assertTrue(moves)
        own = (merged.stage_transition_ids - moves).sorted("date")
        reached = own.filtered(lambda move: move.stage_type == "qualified")[:1].date
        self.assertEqual(merged.milestone_qualified_date, reached)

    def test_they_are_filtered_and_grouped_by(self):
        Lead = self.env["crm.lead"].with_user(self.rep)
        leads = self._live("open", "qualified") + self._live("open", "customer")
        leads += self._live("open", start=START)
        domain = [("id", "in", leads.ids)]
        day = fields.Datetime.to_string(START + timedelta(days=1))
        found = Lead.search(domain + [("milestone_qualified_date", ">=", day)])
        self.assertEqual(found, leads[:2])
        self.assertEqual(
            leads[:2], leads.filtered_domain([("milestone_qualified_date", ">=", day)])
        )
        found = Lead.search(domain + [("milestone_qualified_date", "<", day)])
        self.assertFalse(found)
        found = Lead.search(domain + [("milestone_qualified_date", "=", False)])
        self.assertEqual(found, leads[2])
        found = Lead.search(domain + [("milestone_won_date", "!=", False)])
        self.assertEqual(found, leads[1])
        groups = Lead.formatted_read_group(
            domain, ["milestone_qualified_date:month"], ["__count"]
        )
        self.assertEqual([group["__count"] for group in groups], [2, 1])
        self.assertEqual(Lead.search_count(domain + groups[0]["__extra_domain"]), 2)

    def test_a_refresh_of_all_changes_nothing(self):
        leads = self._live("open", "qualified", "unqualified")
        leads += self._live("open", "customer")
        self.env.flush_all()
        before = self._rows(leads)
        self.env["lead.milestone"]._refresh()
        self.assertEqual(self._rows(leads), before)
        self.env.cr.execute("DELETE FROM lead_milestone")
        self.env["lead.milestone"]._refresh()
        self.assertEqual(self._rows(leads), before)

    def _rows(self, leads):
        self.env.cr.execute(
            "SELECT * FROM lead_milestone WHERE id = ANY(%s) ORDER BY id", [leads.ids]
        )
        return self.env.cr.fetchall()

    def test_a_lead_that_has_reached_nothing_needs_no_row(self):
        Milestone = self.env["lead.milestone"].sudo()
        lead = self._new_lead()
        self.env.cr.flush()
        Milestone._refresh(lead.ids)
        self.assertFalse(Milestone.browse(lead.id).exists())
        self.assertFalse(lead.milestone_contacted_date)
        domain = [("id", "=", lead.id), ("milestone_contacted_date", "=", False)]
        self.assertEqual(self.env["crm.lead"].search(domain), lead)
        lead.stage_id = self._stage("contacted")
        self.env.cr.flush()
        self.assertTrue(Milestone.browse(lead.id).exists())
        self.assertTrue(lead.milestone_contacted_date)

    def test_a_rep_sees_those_of_own_leads(self):
        contacted = self._stage("contacted")
        lead = self._new_lead(user_id=self.rep_2.id, stage_id=contacted.id)
        self.env.cr.flush()
        row = self.env["lead.milestone"].browse(lead.id)
        self.assertTrue(row.with_user(self.leader).has_access("read"))
        self.assertFalse(row.with_user(self.rep).has_access("read"))
        self.assertFalse(row.with_user(self.manager_b).has_access("read"))

"""The demo data shows each situation once; run where it is installed."""

from datetime import timedelta

from odoo import fields
from odoo.tests import TransactionCase, tagged


@tagged("-standard", "-at_install", "post_install", "lead_demo")
class TestDemo(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rep = cls.env.ref("lead_management.user_rep_demo")
        cls.manager = cls.env.ref("lead_management.user_manager_demo")
        names = cls.env["ir.model.data"].search(
            [("module", "=", "lead_management"), ("model", "=", "crm.lead")]
        )
        cls.leads = cls.env["crm.lead"].browse(names.mapped("res_id"))

    def test_a_day_has_something_of_each_kind(self):
        day = self.env["crm.lead"].with_user(self.rep).action_my_day()
        empty = {group["key"] for group in day["groups"] if not group["count"]}
        self.assertFalse(empty)

    def test_each_situation_is_there(self):
        tomorrow = fields.Date.today() + timedelta(days=1)
        Lead = self.env["crm.lead"].with_user(self.manager)
        held = self.env["lead.consent"].search([("state", "=", "withdrawn")]).lead_id
        meetings = self.env["calendar.event"].search(
            [("opportunity_id", "!=", False), ("start", "<", tomorrow)]
        )
        for situation, domain in {
            "waits in a pool": [("assignment_pool_id", "!=", False)],
            "claimed": [("assignment_log_ids.trigger", "=", "take")],
            "restored": [("stage_transition_ids.type_before", "=", "unqualified")],
            "meeting today": [("id", "in", meetings.opportunity_id.ids)],
            "late": [("activity_date_deadline", "<", fields.Date.today())],
            "without a next step": [("activity_ids", "=", False)],
            "wants no news": [("id", "in", held.ids)],
            "answered": [("touch_ids.direction", "=", "in")],
            "hot": [("score_temperature", "=", "hot")],
            "cold": [("score_temperature", "=", "cold")],
        }.items():
            with self.subTest(situation=situation):
                live = [("won_status", "=", "pending"), ("id", "in", self.leads.ids)]
                self.assertTrue(Lead.search_count(live + domain))

    def test_dates_spread_and_scores_differ(self):
        weeks = {lead.create_date.isocalendar()[:2] for lead in self.leads}
        self.assertGreaterEqual(len(weeks), 6)
        captured = self.leads.score_snapshot_ids.filtered(
            lambda snapshot: snapshot.moment == "capture"
        )
        days = {snapshot.date.date() for snapshot in captured}
        self.assertGreaterEqual(len(days), 6)
        totals = self.leads.mapped("score_total")
        self.assertGreaterEqual(len(set(totals)), len(totals) // 3)
        moves = self.leads.stage_transition_ids.filtered("stage_before_id")
        at_once = moves.filtered(lambda move: not move.days)
        self.assertLess(len(at_once), len(moves) / 10)

    def test_leads_were_lost_at_the_stage_they_say(self):
        lost = self.leads.filtered("stage_before_id")
        self.assertTrue(lost)
        for lead in lost:
            last = lead.stage_transition_ids.sorted("id")[-1]
            self.assertEqual(last.stage_before_id, lead.stage_before_id)
            self.assertEqual(last.lost_reason_id, lead.lost_reason_id)
            others = lead.stage_transition_ids - last
            self.assertFalse(others.lost_reason_id)

    def test_nobody_of_the_public_did_anything(self):
        public = self.env.ref("base.public_user")
        self.assertNotIn(public.partner_id, self.leads.message_ids.author_id)
        self.assertNotIn(public, self.leads.stage_transition_ids.user_id)
        self.assertNotIn(public, self.leads.touch_ids.user_id)

    def test_submissions_of_each_state(self):
        """Five sources, and what they delivered lately; nothing was sent for it."""
        names = self.env["ir.model.data"].search(
            [
                ("module", "=", "lead_management"),
                ("model", "in", ("lead.capture.source", "lead.capture.entry")),
            ]
        )
        by_model = names.grouped("model")
        ids = by_model["lead.capture.entry"].mapped("res_id")
        entries = self.env["lead.capture.entry"].browse(ids)
        self.assertEqual(len(by_model["lead.capture.source"]), 5)
        self.assertEqual(len(entries), 60)
        states = self.env["lead.capture.entry"]._fields["state"].get_values(self.env)
        self.assertEqual({*entries.mapped("state")} | {"stored"}, {*states})

    def test_the_report_has_a_year_and_a_story(self):
        for user in (self.manager, self.rep):
            insight = self.env["lead.insight"].with_user(user)
            report = insight.get_report({"kind": "quarter"})
            tiles = {tile["key"]: tile for tile in report["sections"]["tiles"]["tiles"]}
            for key in ("created", "qualified", "won"):
                self.assertTrue(tiles[key]["number"]["value"], key)
            months = report["sections"]["cohorts"]["table"]["rows"]
            self.assertTrue(all(row[1]["value"] for row in months[1:]))
            self.assertTrue(report["sections"]["forecast"]["picture"])
            self.assertTrue(report["sections"]["targets"]["table"]["rows"])
        # one campaign brings many leads of which few are qualified
        campaign = self.env.ref("lead_management.campaign_autumn_demo")
        came = [("campaign_id", "=", campaign.id), ("active", "in", [True, False])]
        leads = self.env["crm.lead"].search(came)
        self.assertGreater(len(leads), 30)
        qualified = leads.filtered("milestone_qualified_date")
        self.assertLess(len(qualified), len(leads) / 6)

    def test_the_year_is_over(self):
        """What is long over stands in nobody's way; what is open, in few people's."""
        Lead = self.env["crm.lead"]
        names = [("campaign_id.name", "=", "Autumn Offer"), ("active", "=", True)]
        closed = [*names, ("won_status", "!=", "pending")]
        self.assertFalse(Lead.search_count(closed))
        mine = [*names, ("user_id", "in", (self.rep + self.manager).ids)]
        self.assertFalse(Lead.search_count(mine))
        for lead in Lead.search([*names, ("stage_id.stage_type", "!=", "open")]):
            self.assertTrue(lead.activity_ids, lead.name)
            self.assertLess(lead.date_last_stage_update, fields.Datetime.now())

    def test_one_campaign_brings_many_and_one_brings_good_ones(self):
        today = fields.Date.today()
        report = (
            self.env["lead.campaign.report"]
            .with_user(self.manager)
            .get_report(str(today - timedelta(days=90)), str(today))
        )
        rows = {row["id"]: row for row in report["rows"] if row["cost"]}
        many, good = (
            rows[self.env.ref(f"lead_management.campaign_{name}_demo").id]
            for name in ("autumn", "guide")
        )
        self.assertGreater(many["leads"], 2 * good["leads"])
        self.assertGreater(many["cost_qualified"], 2 * good["cost_qualified"])
        self.assertGreater(good["roi"], many["roi"])

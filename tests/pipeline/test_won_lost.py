from odoo.tests import Form

from odoo.addons.lead_management.tests.common import LeadManagementCase


class TestWonLost(LeadManagementCase):
    """Law 1: what won, lost and open mean, as a rep sees it."""

    def setUp(self):
        super().setUp()
        self.lead = self._new_lead(stage_id=self._stage("qualified").id).with_user(
            self.rep
        )

    def _move(self, stage_type):
        self.lead.stage_id = self._stage(stage_type)
        self.env.flush_all()

    def test_unqualified_is_lost_but_active(self):
        self._move("unqualified")
        self.assertEqual(self.lead.won_status, "lost")
        self.assertEqual(self.lead.probability, 0)
        self.assertEqual(self.lead.automated_probability, 0)
        self.assertTrue(self.lead.active)
        self.assertTrue(self.lead.date_closed)
        self.assertEqual(self.lead.stage_before_id, self._stage("qualified"))
        self.assertTrue(self.lead.lost_reason_id)

    def test_unqualified_keeps_a_given_reason(self):
        reason = self.env["crm.lost.reason"].create({"name": "No budget"})
        self.lead.write(
            {
                "stage_id": self._stage("unqualified").id,
                "lost_reason_id": reason.id,
            }
        )
        self.assertEqual(self.lead.lost_reason_id, reason)

    def test_unqualified_shows_in_its_column(self):
        self._move("unqualified")
        groups = self.env["crm.lead"].web_read_group(
            [("id", "=", self.lead.id)], groupby=["stage_id"]
        )["groups"]
        counts = {group["stage_id"][0]: group["__count"] for group in groups}
        self.assertEqual(counts[self._stage("unqualified").id], 1)

    def test_unqualified_twice_keeps_the_first_stage(self):
        self._move("unqualified")
        self._move("unqualified")
        self.assertEqual(self.lead.stage_before_id, self._stage("qualified"))

    def test_change_of_a_field_does_not_revive(self):
        self._move("unqualified")
        self.lead.write({"phone": "+1 555 0100", "email_from": "x@example.com"})
        self.env.flush_all()
        self.assertEqual(self.lead.probability, 0)
        self.assertEqual(self.lead.won_status, "lost")

    def test_restore_goes_back(self):
        self._move("unqualified")
        self.lead.action_restore()
        self.assertEqual(self.lead.stage_id, self._stage("qualified"))
        self.assertEqual(self.lead.won_status, "pending")
        self.assertFalse(self.lead.date_closed)
        self.assertFalse(self.lead.stage_before_id)
        self.assertFalse(self.lead.lost_reason_id)

    def test_dragging_out_reopens(self):
        self._move("unqualified")
        self._move("contacted")
        self.assertEqual(self.lead.won_status, "pending")
        self.assertFalse(self.lead.stage_before_id)

    def test_restore_of_a_stock_loss(self):
        self.lead.action_set_lost()
        self.assertFalse(self.lead.active)
        self.assertEqual(self.lead.won_status, "lost")
        self.lead.action_restore()
        self.assertTrue(self.lead.active)
        self.assertEqual(self.lead.stage_id, self._stage("qualified"))

    def test_restore_of_an_archived_unqualified_lead(self):
        self._move("unqualified")
        self.lead.action_archive()
        self.lead.action_restore()
        self.assertTrue(self.lead.active)
        self.assertEqual(self.lead.stage_id, self._stage("qualified"))
        self.assertEqual(self.lead.won_status, "pending")

    def test_several_leads_each_remember_their_stage(self):
        other = self._new_lead(stage_id=self._stage("contacted").id)
        leads = (self.lead.sudo() + other).with_user(self.manager)
        leads.write({"stage_id": self._stage("unqualified").id})
        self.assertEqual(
            leads.stage_before_id, self._stage("qualified") + self._stage("contacted")
        )
        leads.action_restore()
        self.assertEqual(
            leads.mapped("stage_id.stage_type"), ["qualified", "contacted"]
        )

    def test_each_goes_back_to_a_stage_of_its_own_team(self):
        first, second, own = self.env["crm.stage"].create(
            [
                {"name": "First of A", "sequence": -2, "team_ids": self.team.ids},
                {"name": "First of B", "sequence": -1, "team_ids": self.team_b.ids},
                {"name": "Of A", "sequence": 50, "team_ids": self.team.ids},
            ]
        )
        lost = {"stage_id": self._stage("unqualified").id}
        leads = self.env["crm.lead"].create(
            [
                {"name": "A", "team_id": self.team.id, "user_id": False, **lost},
                {"name": "B", "team_id": self.team_b.id, "user_id": False, **lost},
            ]
        )
        moved = self._new_lead(team_id=self.team.id, stage_id=own.id, user_id=False)
        moved.write(lost)
        moved.write({"team_id": self.team_b.id, **lost})
        self.assertEqual(moved.stage_before_id, own)
        (leads + moved).action_restore()
        self.assertEqual(leads.mapped("stage_id"), first + second)
        self.assertEqual(leads[0].stage_id, first)
        self.assertEqual(moved.stage_id, second, "of the team it has now")

    def test_only_leads_without_a_reason_get_the_usual_one(self):
        reason = self.env["crm.lost.reason"].create({"name": "No budget"})
        other = self._new_lead(stage_id=self.lead.stage_id.id, lost_reason_id=reason.id)
        leads = self.lead.sudo() + other
        leads.write({"stage_id": self._stage("unqualified").id})
        self.assertEqual(other.lost_reason_id, reason)
        self.assertEqual(
            self.lead.lost_reason_id,
            self.env.ref("lead_management.lost_reason_no_match"),
        )

    def test_created_unqualified(self):
        lead = self._new_lead(stage_id=self._stage("unqualified").id)
        self.assertEqual(lead.won_status, "lost")
        self.assertEqual(lead.probability, 0)
        self.assertTrue(lead.date_closed)

    def test_won_goes_to_customer(self):
        self.lead.action_set_won()
        self.assertEqual(self.lead.stage_id, self._stage("customer"))
        self.assertEqual(self.lead.won_status, "won")

    def test_won_on_a_customer_stays(self):
        self._move("customer")
        closed = self.lead.date_closed
        self.lead.action_set_won_rainbowman()
        self.assertEqual(self.lead.stage_id, self._stage("customer"))
        self.assertEqual(self.lead.date_closed, closed)

    def test_won_on_an_unqualified_lead(self):
        self._move("unqualified")
        self.lead.action_set_won()
        self.assertEqual(self.lead.stage_id, self._stage("customer"))
        self.assertEqual(self.lead.won_status, "won")

    def test_inactive_keeps_the_win(self):
        self._move("customer")
        closed = self.lead.date_closed
        self._move("inactive")
        self.assertEqual(self.lead.won_status, "won")
        self.assertEqual(self.lead.probability, 100)
        self.assertEqual(self.lead.date_closed, closed)

    def test_won_on_an_inactive_customer_stays(self):
        self._move("inactive")
        self.lead.action_set_won()
        self.assertEqual(self.lead.stage_id, self._stage("inactive"))

    def test_customer_back_to_open_is_pending(self):
        self._move("customer")
        self._move("negotiation")
        self.assertEqual(self.lead.won_status, "pending")
        self.assertFalse(self.lead.date_closed)

    def test_both_types_with_and_without_the_leads_menu(self):
        group = self.env.ref("crm.group_use_lead")
        for groups in (group.browse(), group):
            self.rep.sudo().group_ids = self.rep.group_ids - group + groups
            for lead_type in ("lead", "opportunity"):
                with self.subTest(type=lead_type, groups=groups):
                    lead = self._new_lead(type=lead_type).with_user(self.rep)
                    self.assertEqual(lead.stage_id.stage_type, "open")
                    lead.stage_id = self._stage("unqualified")
                    self.assertEqual(lead.won_status, "lost")
                    lead.action_restore()
                    self.assertEqual(lead.stage_id.stage_type, "open")
                    with Form(lead) as form:
                        form.stage_id = self._stage("nurturing")
                    self.assertEqual(lead.stage_id.stage_type, "nurturing")

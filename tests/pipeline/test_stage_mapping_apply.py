from odoo.exceptions import UserError
from odoo.fields import Command

from odoo.addons.lead_management.models.pipeline.stage.crm_lead_stage_status import (
    LOST,
    PENDING,
    WON,
    _follow,
)

from .common import PIPELINE, StageMappingCase


class TestStageMappingApply(StageMappingCase):
    """What is written when a mapping is applied."""

    def _apply(self, mapping=None):
        mapping = mapping or self._open()
        mapping.action_apply()
        self.env.invalidate_all()
        return mapping

    def test_types_are_given_and_names_kept(self):
        self._apply()
        types = self._types()
        for name, *__, proposal, __ in PIPELINE:
            self.assertEqual(
                types[name], (proposal, proposal in ("customer", "inactive"))
            )
        self.assertEqual(self.stages["Pitch"].team_ids, self.team)
        self.assertTrue(self.stages["Dead"].fold)

    def test_missing_stages_go_where_they_belong(self):
        self._apply()
        self.assertEqual(
            self.env["crm.stage"].search([]).mapped("name"),
            [
                "Fresh enquiries",
                "Contact made",
                "Walk the dog",
                "Nurturing",
                "Qualified",
                "Devis envoyé",
                "Pitch",
                "Party",
                "Signed",
                "Inactive",
                "Dead",
            ],
        )
        self.assertEqual(self.stages["Party"].sequence, 70)
        inactive = self.env["crm.stage"].search([("name", "=", "Inactive")])
        self.assertTrue(inactive.fold and inactive.is_won)

    def test_an_added_stage_is_named_in_every_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.env["ir.module.module"]._load_module_terms(["lead_management"], ["fr_FR"])
        self._apply()
        stage = self.env["crm.stage"].search([("stage_type", "=", "nurturing")])
        self.assertEqual(stage.with_context(lang="fr_FR").name, "Maturation")
        self.assertEqual(stage.with_context(lang="en_US").name, "Nurturing")

    def test_an_added_stage_may_have_another_name_and_teams(self):
        mapping = self._open()
        addition = self._addition(mapping, "nurturing")
        addition.name = "Warm up"
        addition.team_ids = [Command.set(self.team.ids)]
        self._addition(mapping, "inactive").is_added = False
        self._apply(mapping)
        stage = self.env["crm.stage"].search([("stage_type", "=", "nurturing")])
        self.assertEqual((stage.name, stage.team_ids), ("Warm up", self.team))
        self.assertNotIn("inactive", [kind for kind, __ in self._types().values()])

    def test_leave_as_it_is(self):
        lead = self._lead_in("Signed")
        before = self._state(lead)
        mapping = self._open()
        self._only(mapping)
        self._apply(mapping)
        self.assertFalse(any(self.env["crm.stage"].search([]).mapped("stage_type")))
        self.assertEqual(self._state(lead), before)
        self.assertFalse(mapping.lead_ids)

    def test_leads_become_won(self):
        lead = self._lead_in("Signed", expected_revenue=200)
        archived = self._lead_in("Signed", probability=20)
        archived.action_archive()
        since = lead.date_last_stage_update
        mapping = self._apply()
        self.assertEqual((lead.won_status, lead.probability), ("won", 100))
        self.assertEqual(lead.automated_probability, 100)
        # it was closed when it got there, not today
        self.assertEqual(lead.date_closed, since)
        self.assertEqual(lead.prorated_revenue, 200)
        self.assertFalse(archived.active)
        self.assertEqual(archived.won_status, "pending")
        self.assertEqual(mapping.won_count, 1)
        self._assert_learned()

    def test_leads_are_won_no_more(self):
        for __ in range(3):
            self._lead_in("Party")
        self._lost_in("Fresh enquiries")
        lead = self._lead_in("Party", expected_revenue=200)
        mapping = self._open()
        self._choose(mapping, Party="negotiation")
        self._apply(mapping)
        self.assertFalse(self.stages["Party"].is_won)
        self.assertEqual(lead.won_status, "pending")
        self.assertFalse(lead.date_closed)
        self.assertLess(lead.probability, 100)
        self.assertEqual(lead.probability, lead.automated_probability)
        self.assertEqual(lead.prorated_revenue, 2 * lead.probability)
        self.assertEqual(mapping.unwon_count, 4)
        self._assert_learned()

    def test_leads_become_unqualified(self):
        lead = self._lead_in("Dead", probability=37, lost_reason_id=self.reason.id)
        since = lead.date_last_stage_update
        mapping = self._apply()
        self.assertEqual((lead.won_status, lead.probability), ("lost", 0))
        self.assertTrue(lead.active)
        self.assertEqual(lead.lost_reason_id, self.reason)
        self.assertEqual(lead.date_closed, since)
        self.assertEqual(mapping.lost_count, 1)
        self._assert_learned()
        lead.with_user(self.rep).action_restore()
        self.assertEqual(lead.won_status, "pending")
        self.assertEqual(lead.stage_id, self.stages["Fresh enquiries"])

    def test_leads_are_lost_no_more(self):
        self._apply()
        lead = self._lead_in("Contact made")
        lead.stage_id = self.stages["Dead"]
        self.assertEqual(lead.won_status, "lost")
        mapping = self._open()
        self._choose(mapping, Dead="nurturing")
        self._apply(mapping)
        self.assertEqual(lead.won_status, "pending")
        self.assertFalse(lead.stage_before_id or lead.lost_reason_id)
        self.assertEqual(mapping.unlost_count, 1)
        self._assert_learned()

    def test_lost_leads_stay_as_they_are(self):
        leads = self._lost_in("Contact made") + self._lost_in("Signed")
        before = self._state(leads)
        mapping = self._apply()
        self.assertEqual(self._state(leads), before)
        self.assertEqual(mapping.lost_kept_count, 2)

    def test_lost_leads_move_when_asked(self):
        lost = self._lost_in("Contact made") + self._lost_in("Dead")
        archived = self._lead_in("Contact made", probability=20)
        archived.action_archive()
        closed = lost.mapped("date_closed")
        mapping = self._open()
        mapping.move_lost = True
        self._apply(mapping)
        self.assertEqual(lost.stage_id, self.stages["Dead"])
        self.assertTrue(all(lost.mapped("active")))
        self.assertEqual(set(lost.mapped("won_status")), {"lost"})
        self.assertEqual(set(lost.mapped("probability")), {0})
        self.assertEqual(lost[0].stage_before_id, self.stages["Contact made"])
        self.assertFalse(lost[1].stage_before_id)
        self.assertEqual(lost.lost_reason_id, self.reason)
        self.assertEqual(lost.mapped("date_closed"), closed)
        self.assertFalse(archived.active)
        self.assertEqual((mapping.moved_count, mapping.lost_kept_count), (2, 0))
        self._assert_learned()

    def test_lost_leads_move_into_the_column_of_their_team(self):
        self.stages["Dead"].team_ids = [Command.set(self.team_b.ids)]
        here = self._lost_in("Contact made", team_id=self.team.id)
        there = self._lost_in(
            "Contact made",
            user_id=self.rep_b.id,
            team_id=self.team_b.id,
            company_id=self.company_b.id,
        )
        mapping = self._open()
        mapping.move_lost = True
        addition = self._addition(mapping, "unqualified")
        self.assertFalse(addition.is_covered)
        addition.is_added = False
        self._apply(mapping)
        self.assertEqual(there.stage_id, self.stages["Dead"])
        self.assertFalse(here.active)
        self.assertEqual((mapping.moved_count, mapping.lost_kept_count), (1, 1))

    def test_both_types_of_leads_and_other_companies(self):
        leads = self.env["crm.lead"]
        for kind in ("lead", "opportunity"):
            leads += self._lead_in("Signed", type=kind)
            leads += self._lead_in(
                "Signed",
                type=kind,
                user_id=self.rep_b.id,
                company_id=self.company_b.id,
            )
        mapping = self._apply()
        self.assertEqual(set(leads.mapped("won_status")), {"won"})
        # the log of one's own companies only
        seen = self.env["lead.stage.mapping.lead"].with_user(self.manager).search([])
        self.assertEqual(seen.lead_id.company_id, self.company)
        self.assertEqual(len(mapping.sudo().lead_ids), 4)

    def test_prediction_knows_new_stages_as_if_it_learned_anew(self):
        for name in ("Fresh enquiries", "Devis envoyé", "Dead"):
            for __ in range(4):
                self._lost_in(name)
        for __ in range(10):
            self._lead_in("Party")
        mapping = self._open()
        self._choose(mapping, Fresh_enquiries="contacted")
        self._apply(mapping)
        first = self.env["crm.stage"].search([], limit=1)
        self.assertEqual(first.stage_type, "open")
        self._assert_learned()
        lead = self._lead_in("Contact made")
        self.assertGreater(lead.probability, 0)

    def test_no_automation_and_no_message(self):
        """Nothing happened to the leads: their stages were told what they mean."""
        lead = self._lead_in("Signed")
        self.env["base.automation"].create(
            {
                "name": "Thank you",
                "model_id": self.env["ir.model"]._get_id("crm.lead"),
                "trigger": "on_create_or_write",
                "filter_domain": "[('won_status', '=', 'won')]",
                "action_server_ids": [
                    Command.create(
                        {
                            "name": "Thank you",
                            "model_id": self.env["ir.model"]._get_id("crm.lead"),
                            "state": "code",
                            "code": "record.write({'name': 'Thanked'})",
                        }
                    )
                ],
            }
        )
        self.env.flush_all()
        messages = len(lead.message_ids)
        self._apply()
        self.env.flush_all()
        self.assertEqual(lead.name, "Lead")
        self.assertEqual(len(lead.message_ids), messages)

    def test_pools_queues_and_clocks_follow(self):
        lead = self._lead_in("Dead", user_id=False)
        self.env["lead.sla"].create({"name": "Soon", "owner_minutes": 30})
        self.env.cr.flush()
        pool = self.env["lead.pool"].create({"name": "P", "team_id": self.team.id})
        lead.sudo().write({"assignment_pool_id": pool.id})
        self.env["lead.pool.entry"]._enter([(lead.id, pool.id)])
        lead._clock_note()
        self.env.cr.flush()
        self.assertEqual(lead.clock_ids.mapped("state"), ["running"])
        self._apply()
        self.env.cr.flush()
        self.assertFalse(lead.pool_entry_ids)
        self.assertNotIn("running", lead.clock_ids.mapped("state"))

    def test_scores_follow(self):
        self._new_score_rule([("won_status", "=", "won")], 50)
        lead = self._lead_in("Signed")
        before = lead.score_total
        self._apply()
        self.assertGreater(lead.score_total, before)

    def test_twice(self):
        mapping = self._apply()
        with self.assertRaises(UserError):
            mapping.action_apply()

    def test_stale(self):
        mapping = self._open()
        self.stages["Party"].is_won = False
        with self.assertRaises(UserError):
            mapping.action_apply()
        self.assertFalse(any(self.env["crm.stage"].search([]).mapped("stage_type")))

    def test_a_second_mapping_starts_from_the_first(self):
        self._apply()
        mapping = self._open()
        self.assertEqual(set(mapping.line_ids.mapped("basis")), {"type"})
        self.assertEqual(mapping.typed_count, 0)
        self.assertFalse(mapping._get_additions())

    def test_by_hand_as_by_mapping(self):
        """A type given in the list of stages has the same effect on leads."""
        won, dead = self._lead_in("Signed"), self._lead_in("Dead")
        self.stages["Signed"].with_user(self.manager).stage_type = "customer"
        self.stages["Dead"].with_user(self.manager).stage_type = "unqualified"
        self.assertEqual((won + dead).mapped("won_status"), ["won", "lost"])
        self._assert_learned()

    def test_statements_do_not_depend_on_the_number_of_leads(self):
        def count(number):
            self._lead_in("Fresh enquiries")
            leads = self.env["crm.lead"].create(
                [
                    {
                        "name": "Many",
                        "user_id": self.rep.id,
                        "stage_id": self.stages[name].id,
                    }
                    for name in ("Signed", "Dead", "Party") * number
                ]
            )
            mapping = self._open()
            self._choose(mapping, Party="negotiation")
            self.env.flush_all()
            self.env.cr.flush()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            mapping.action_apply()
            self.env.flush_all()
            statements = self.env.cr.sql_log_count - before
            mapping.action_undo()
            leads.unlink()
            self.env.cr.flush()
            return statements

        count(1)
        few = count(2)
        self.assertLessEqual(count(30), few + 3)

    def test_who_follows(self):
        for meaning, active, status, result in (
            (WON, True, PENDING, WON),
            (WON, True, LOST, WON),
            (WON, False, LOST, LOST),
            (WON, False, PENDING, PENDING),
            (LOST, True, WON, LOST),
            (LOST, False, PENDING, LOST),
            (PENDING, True, LOST, PENDING),
            (PENDING, False, LOST, LOST),
            (PENDING, False, WON, PENDING),
        ):
            with self.subTest(meaning=meaning, active=active, status=status):
                self.assertEqual(_follow(meaning, active, status), result)

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form

from .common import PIPELINE, StageMappingCase


class TestStageMapping(StageMappingCase):
    """What a mapping proposes and shows; nothing is written yet."""

    def test_proposals_by_name_flag_and_place(self):
        mapping = self._open()
        self.assertEqual(
            [(line.name, line.stage_type, line.basis) for line in mapping.line_ids],
            [(name, proposal, why) for name, *__, proposal, why in PIPELINE],
        )
        self.assertFalse(any(self.env["crm.stage"].search([]).mapped("stage_type")))

    def test_a_translated_name_counts(self):
        self.env["res.lang"]._activate_lang("pl_PL")
        stage = self.stages["Walk the dog"]
        stage.with_context(lang="pl_PL").name = "Zakwalifikowane"
        line = self._line(self._open(), "Walk the dog")
        self.assertEqual((line.stage_type, line.basis), ("qualified", "name"))

    def test_stages_show_in_order_with_all_there_is(self):
        self._lead_in("Pitch", team_id=self.team.id)
        self._lead_in("Pitch", team_id=self.team.id).action_archive()
        self._lost_in("Pitch")
        self._lead_in("Party")
        mapping = self._open()
        self.assertEqual(
            mapping.line_ids.mapped("name"), [name for name, *__ in PIPELINE]
        )
        pitch, party = self._line(mapping, "Pitch"), self._line(mapping, "Party")
        self.assertEqual(pitch.team_ids, self.team)
        self.assertTrue(party.won_before)
        self.assertTrue(self._line(mapping, "Dead").fold)
        # without statistics an archived lead of probability 0 is lost for Odoo
        self.assertEqual((pitch.open_count, pitch.lost_count), (1, 2))
        self.assertEqual(party.won_count, 1)

    def test_leads_of_all_companies_count(self):
        self._lead_in("Signed")
        self._lead_in("Signed", user_id=self.rep_b.id, company_id=self.company_b.id)
        mapping = self._open()
        self.assertEqual(self._line(mapping, "Signed").open_count, 2)
        self.assertEqual(mapping.foreign_count, 1)
        self.assertIn(
            "Included leads of other companies: 1",
            mapping.warnings,
        )

    def test_missing_types_are_to_be_added(self):
        mapping = self._open()
        added = mapping._get_additions()
        self.assertEqual(
            added.mapped("stage_type"), ["nurturing", "qualified", "inactive"]
        )
        self.assertEqual(added.mapped("name"), ["Nurturing", "Qualified", "Inactive"])
        self.assertFalse(added.team_ids)
        self._choose(mapping, Walk_the_dog="qualified")
        self.assertEqual(
            mapping._get_additions().mapped("stage_type"), ["nurturing", "inactive"]
        )
        self.assertEqual(self._addition(mapping, "qualified").played_by, "Walk the dog")

    def test_a_type_of_one_team_lacks_for_the_others(self):
        self.stages["Devis envoyé"].unlink()
        offer = self.stages["Pitch"]
        offer.name = "Offer"
        # those of the companies of this manager: others are not shown
        others = self.env["crm.team"].with_user(self.manager).search([]) - self.team
        self.assertNotIn(self.team_b, others)
        addition = self._addition(self._open(), "negotiation")
        self.assertFalse(addition.is_covered)
        self.assertEqual(addition.team_ids, others)

    def test_a_stage_of_teams_of_another_company_is_not_for_all(self):
        self.stages["Signed"].team_ids = [Command.set(self.team_b.ids)]
        self.stages["Party"].unlink()
        mapping = self._open()
        line = self._line(mapping, "Signed")
        self.assertFalse(line.team_ids or line.is_shared)
        self.assertFalse(self._addition(mapping, "customer").is_covered)

    def test_preview_of_the_effects(self):
        for __ in range(3):
            self._lead_in("Signed")
        self._lead_in("Dead")
        self._lead_in("Party")
        self._lost_in("Contact made")
        mapping = self._open()
        figures = {
            "won_count": 3,
            "unwon_count": 0,
            "lost_count": 1,
            "moved_count": 0,
            "lost_kept_count": 1,
            "typed_count": 8,
            "added_count": 3,
        }
        self.assertEqual({name: mapping[name] for name in figures}, figures)
        self.assertIn("3 become won", self._line(mapping, "Signed").effect)
        mapping.move_lost = True
        self.assertEqual((mapping.moved_count, mapping.lost_kept_count), (1, 0))
        self._choose(mapping, Party="open")
        self.assertEqual(mapping.unwon_count, 1)

    def test_preview_follows_the_form(self):
        self._lead_in("Signed")
        with Form(self._open()) as form:
            self.assertEqual(form.won_count, 1)
            with form.line_ids.edit(6) as line:
                line.stage_type = "negotiation"
                self.assertFalse(line.effect)
            self.assertEqual(form.won_count, 0)
            with form.line_ids.edit(5) as line:
                line.stage_type = False
            with form.addition_ids.edit(5) as line:
                self.assertFalse(line.is_covered)
                line.is_added = False
            self.assertIn("No stage is of type Customer", form.warnings)

    def test_warnings(self):
        self._lead_in("Party")
        mapping = self._open()
        self.assertIn("“Signed” becomes a won stage", mapping.warnings)
        self._only(mapping)
        self.assertIn("No stage is of type Open.", mapping.warnings)
        self.assertIn("No stage is of type Customer.", mapping.warnings)
        self._choose(mapping, Party="negotiation")
        self.assertIn("Leads no longer won: 1", mapping.warnings)
        mapping.move_lost = True
        self.assertIn("There is no Unqualified stage", mapping.warnings)

    def test_every_stage_of_a_team_is_warned_of(self):
        for stage in self.stages.values():
            stage.team_ids = [Command.set(self.team.ids)]
        mapping = self._open()
        for addition in mapping.addition_ids:
            addition.team_ids = [Command.set(self.team.ids)]
        self.assertIn("Every stage belongs to a team", mapping.warnings)

    def test_opening_costs_the_same_for_any_number_of_leads(self):
        def count(mapping):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            mapping.sudo()._refresh_counts()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        names = ("Signed", "Dead", "Party", "Pitch")
        for name in names:
            self._lead_in(name)
        mapping = self._open()
        mapping.line_ids.sudo().open_count = 0
        few = count(mapping)
        for name in names * 5:
            self._lead_in(name)
        self.assertLessEqual(count(mapping), few)

    def test_the_draft_is_kept_until_stages_change(self):
        mapping = self._open()
        self._choose(mapping, Pitch="qualified")
        self._lead_in("Pitch")
        self.assertEqual(self._open(), mapping)
        self.assertEqual(self._line(mapping, "Pitch").stage_type, "qualified")
        self.assertEqual(self._line(mapping, "Pitch").open_count, 1)
        self.stages["Pitch"].name = "Offer"
        self.assertNotEqual(self._open(), mapping)
        self.assertFalse(mapping.exists())

    def test_each_manager_has_a_draft(self):
        self.assertNotEqual(self._open(), self._open(self.manager_b))

    def test_old_drafts_are_forgotten(self):
        mapping = self._open()
        self.env["lead.stage.mapping"]._gc_drafts()
        self.assertTrue(mapping.exists())
        self.env.cr.execute(
            "UPDATE lead_stage_mapping SET write_date = write_date - interval '8 days'"
        )
        self.env["lead.stage.mapping"]._gc_drafts()
        self.assertFalse(mapping.exists())

    # ------------------------------------------------------------
    # Who may what
    # ------------------------------------------------------------

    def test_only_managers(self):
        mapping = self._open()
        for user in (self.rep, self.leader):
            for job in (
                self.Mapping.with_user(user).action_open,
                self.env["crm.stage"].with_user(user).action_map_stages,
                mapping.with_user(user).action_apply,
                mapping.with_user(user).action_undo,
                mapping.with_user(user).read,
            ):
                with self.subTest(user=user.login, job=job.__name__):
                    with self.assertRaises(AccessError):
                        job()

    def test_from_settings_and_stages(self):
        settings = self.env["res.config.settings"].create({})
        self.assertIn("Stages without a type: 8 of 8", settings.stage_status)
        self.stages["Pitch"].stage_type = "qualified"
        settings = self.env["res.config.settings"].create({})
        self.assertIn("7 of 8", settings.stage_status)
        action = settings.with_user(self.manager).action_map_stages()
        self.assertEqual(action["res_model"], "lead.stage.mapping")
        other = self.env["crm.stage"].with_user(self.manager).action_map_stages()
        self.assertEqual(other["res_id"], action["res_id"])

    def test_hostile_rpc(self):
        mapping = self._open()
        stolen = self._open(self.manager_b)
        line = mapping.line_ids[0]
        addition = mapping.addition_ids[0]
        refused = (
            lambda: mapping.write({"state": "applied"}),
            lambda: mapping.write({"applied_uid": self.rep.id}),
            lambda: mapping.write({"won_count": 7}),
            lambda: mapping.write({"line_ids": [Command.link(stolen.line_ids[0].id)]}),
            lambda: mapping.write({"line_ids": [Command.delete(line.id)]}),
            lambda: mapping.write({"line_ids": [Command.create({"name": "X"})]}),
            lambda: self.Mapping.create({}),
            lambda: line.write({"stage_id": self.stages["Dead"].id}),
            lambda: line.write({"won_before": True}),
            lambda: line.write({"name": "X"}),
            lambda: line.write({"stage_type": "no such type"}),
            lambda: line.write({"mapping_id": stolen.id}),
            lambda: addition.write({"stage_type": "customer"}),
            lambda: addition.write({"is_new": False}),
            lambda: addition.write({"stage_id": self.stages["Dead"].id}),
            lambda: addition.write({"name": False}),
            lambda: line.unlink(),
            lambda: line.create({"mapping_id": mapping.id, "name": "X"}),
            lambda: mapping.action_undo(),
        )
        for number, job in enumerate(refused):
            with self.subTest(number=number):
                with self.assertRaises(Exception) as caught:
                    with self.env.cr.savepoint():
                        job()
                        self.env.flush_all()
                self.assertNotIsInstance(caught.exception, AssertionError)
                self.env.invalidate_all()
        self.assertFalse(any(self.env["crm.stage"].search([]).mapped("stage_type")))

    def test_the_log_cannot_be_changed(self):
        self._lead_in("Signed")
        mapping = self._open()
        mapping.action_apply()
        for job in (
            lambda: mapping.write({"move_lost": True}),
            lambda: mapping.line_ids[0].write({"stage_type": "open"}),
            lambda: mapping.addition_ids[0].write({"is_added": False}),
            lambda: mapping.unlink(),
        ):
            with self.assertRaises(UserError):
                job()
        with self.assertRaises(AccessError):
            mapping.lead_ids.write({"result": "left"})

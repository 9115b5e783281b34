import re

from odoo import api, models
from odoo.exceptions import AccessError

from odoo.addons.lead_management.models.base.crm_lead import STEPS
from odoo.addons.lead_management.tests.common import LeadManagementCase

from .walk import Loyalty, WalkCase

HOOK = re.compile(r"_(\w+)_(prepare|changed|removing|merging|merged)$")
ADDON = "odoo.addons.lead_management."


class TestSteps(LeadManagementCase):
    def test_leads_are_created_written_and_deleted_in_one_place(self):
        """Nothing that leads inherit from does more, but what holds for all models."""
        CrmLead = self.registry["crm.lead"]
        for name in ("create", "write", "unlink"):
            places = {
                cls.__module__.removeprefix(ADDON)
                for cls in CrmLead.__mro__
                if name in vars(cls) and cls.__module__.startswith(ADDON)
            }
            self.assertEqual(
                places - {"models.base.base_texts"}, {"models.base.crm_lead"}
            )

    def test_each_step_has_something_to_do_and_each_hook_its_step(self):
        """A hook of a step that does not stand there would never be called."""
        hooks = {
            match[1]
            for cls in self.registry["crm.lead"].__mro__
            if cls.__module__.startswith(ADDON)
            for name in vars(cls)
            if (match := HOOK.match(name))
        }
        self.assertEqual(hooks, set(STEPS))
        self.assertEqual(len(STEPS), len(set(STEPS)))

    def test_what_is_watched_is_stored(self):
        """Reading another field would work it out before each write."""
        CrmLead = self.env["crm.lead"]
        for fname, names in CrmLead._lead_watched().items():
            with self.subTest(field=fname):
                self.assertTrue(CrmLead._fields[fname].column_type)
                self.assertTrue(CrmLead._fields[fname].store)
                self.assertLessEqual(names, CrmLead._fields.keys())
                self.assertIn(fname, names)


class TestWalk(WalkCase):
    def setUp(self):
        super().setUp()
        self.told = told = []

        class Room(models.Model):
            _module = None
            _inherit = "crm.lead"

            @api.model
            def _lead_steps(self):
                return [*super()._lead_steps(), "early", "late"]

            def _early_prepare(self, change):
                told.append(("early prepares", self))

            def _early_changed(self, change):
                told.append(("early", self, *self._tell(change)))
                if change.wrote("referred"):
                    yield self, {"function": "Boss"}
                    told.append(("early goes on", self))

            def _late_prepare(self, change):
                told.append(("late prepares", self))

            def _late_changed(self, change):
                told.append(("late", self, *self._tell(change)))

            def _tell(self, change):
                if change.is_new:
                    return ("new",)
                return [name for name in ("function", "referred") if change.wrote(name)]

        self._open_room(Room)

    def _listen(self, job):
        """Return what the steps of the room are told while a job runs."""
        self.told.clear()
        result = job()
        return result, list(self.told)

    def test_steps_are_asked_and_told_in_their_order(self):
        lead = self._new_lead()
        __, told = self._listen(lambda: lead.write({"function": "Chief"}))
        self.assertEqual(
            told,
            [
                ("early prepares", lead),
                ("late prepares", lead),
                ("early", lead, "function"),
                ("late", lead, "function"),
            ],
        )

    def test_what_a_step_writes_is_told_before_the_next_step_is(self):
        lead = self._new_lead()
        __, told = self._listen(lambda: lead.write({"referred": "Mr. X"}))
        self.assertEqual(
            told[2:],
            [
                ("early", lead, "referred"),
                ("early prepares", lead),
                ("late prepares", lead),
                ("early", lead, "function"),
                ("late", lead, "function"),
                ("early goes on", lead),
                ("late", lead, "referred"),
            ],
        )

    def test_new_leads_are_told_together(self):
        nobody = self.env["crm.lead"]
        leads, told = self._listen(
            lambda: self.env["crm.lead"].create([{"name": "A"}, {"name": "B"}])
        )
        self.assertEqual(
            told,
            [
                ("early prepares", nobody),
                ("late prepares", nobody),
                ("early", leads, "new"),
                ("late", leads, "new"),
            ],
        )

    def test_the_steps_before_have_written_when_new_leads_are_told(self):
        """What Odoo writes while it creates comes before, and what steps write."""
        lead, told = self._listen(
            lambda: self._new_lead(stage_id=self._stage("unqualified").id)
        )
        self.assertEqual(told[-1], ("late", lead, "new"))
        self.assertTrue(lead.date_closed)
        self.assertEqual(lead.won_status, "lost")


class TestChange(WalkCase):
    def setUp(self):
        super().setUp()
        self.changes = changes = []

        class Room(models.Model):
            _module = None
            _inherit = "crm.lead"

            @api.model
            def _lead_steps(self):
                return [*super()._lead_steps(), "room"]

            def _room_changed(self, change):
                changes.append(
                    {
                        "moved": change.of("stage_id"),
                        "owned": change.of("user_id"),
                        "before": [change.was(lead).stage_id for lead in self],
                        "stage": change.get("stage_id"),
                        "user": [change.was(lead).user_id for lead in self],
                        "was": [change.was(lead) for lead in self],
                        "of": change.of,
                    }
                    if not change.is_new
                    else {"moved": change.of("stage_id")}
                )

        self._open_room(Room)

    def test_one_change_tells_of_many_leads(self):
        contacted, opened = self._stage("contacted"), self._stage("open")
        leads = self._new_lead() + self._new_lead(stage_id=contacted.id)
        self.changes.clear()
        leads.write({"stage_id": contacted.id, "name": "Other"})
        (change,) = self.changes
        self.assertEqual(change["moved"], leads[0])
        self.assertEqual(change["before"], [opened, contacted])
        self.assertEqual(change["stage"], contacted.id)
        self.assertEqual(change["user"], [self.rep, self.rep])  # cannot have changed

    def test_what_is_not_watched_is_not_known(self):
        """It may have changed: nobody is told that it was as it is."""
        self._new_lead().name = "Other"
        with self.assertRaises(AttributeError):
            self.assertFalse(self.changes[-1]["was"][0].name)
        with self.assertRaises(KeyError):
            self.changes[-1]["of"]("name")

    def test_a_change_that_is_written_in_groups_is_one(self):
        """Leads of several stages and owners are written apart, and told together."""
        unqualified = self._stage("unqualified")
        leads = (
            self._new_lead()
            + self._new_lead(stage_id=self._stage("contacted").id)
            + self._new_lead(stage_id=unqualified.id)
            + self._new_lead(user_id=self.rep_2.id)
        )
        self.changes.clear()
        leads.write({"stage_id": unqualified.id, "user_id": self.rep_2.id})
        (change,) = self.changes
        self.assertEqual(change["moved"], leads[0] + leads[1] + leads[3])
        self.assertEqual(change["owned"], leads[:3])
        self.assertEqual(leads.stage_id, unqualified)
        self.assertEqual(leads.mapped("won_status"), ["lost"] * 4)

    def test_a_stage_that_follows_the_team_has_changed(self):
        stage = self.env["crm.stage"].create(
            {"name": "Of A", "team_ids": self.team.ids, "sequence": -1}
        )
        lead = self._new_lead(team_id=self.team.id, stage_id=stage.id)
        self.changes.clear()
        lead.team_id = self.env["crm.team"].create({"name": "Other"})
        self.assertNotEqual(lead.stage_id, stage)
        self.assertEqual(self.changes[-1]["moved"], lead)
        self.assertEqual(self.changes[-1]["before"], [stage])

    def test_new_leads_have_changed_in_all(self):
        leads = self.env["crm.lead"].create([{"name": "A"}, {"name": "B"}])
        self.assertEqual(self.changes[-1]["moved"], leads)

    def test_what_callers_pass_stays_theirs(self):
        vals = {"stage_id": self._stage("customer").id, "website": "example.com"}
        new, given = {"name": "A", **vals}, dict(vals)
        lead = self.env["crm.lead"].create([new])
        self._new_lead().write(vals)
        self.assertEqual(vals, given)
        self.assertEqual(new, {"name": "A", **given})
        self.assertEqual(lead.won_status, "won")


class TestRoomInTwentyLines(WalkCase):
    """The example of the documentation."""

    def setUp(self):
        super().setUp()
        self._open_room(Loyalty)

    def test_creation(self):
        leads = self.env["crm.lead"].create(
            [{"name": "A", "priority": "2"}, {"name": "B"}]
        )
        self.assertEqual(leads.mapped("referred"), ["2 stars", False])

    def test_change(self):
        lead = self._new_lead(priority="1")
        lead.with_user(self.rep).priority = "2"
        self.assertEqual(lead.referred, "2 stars")
        lead.name = "Other"
        self.assertEqual(lead.referred, "2 stars")

    def test_access(self):
        lead = self._new_lead()
        with self.assertRaises(AccessError):
            lead.with_user(self.rep).referred = "3 stars"
        lead.priority = "3"
        with self.assertRaises(AccessError):
            lead.unlink()

    def test_merge(self):
        leads = self._new_lead(priority="1") + self._new_lead(priority="2")
        survivor = leads.merge_opportunity()
        self.assertIn("2 regulars", str(survivor.message_ids.mapped("body")))
        self.assertEqual(survivor.referred, "2 stars")

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Domain

from .my_day import NOW, MyDayCase

GROUPS = ["answered", "overdue", "today", "hot", "new"]
NO_NEXT_STEP = "no_next_step"
TEAM_GROUPS = ["new", "missed", "overdue", "answered", "today", "hot", "idle"]
COUNTED = [*TEAM_GROUPS, "tomorrow", "week", NO_NEXT_STEP]


class TestMyDay(MyDayCase):
    def test_groups_and_their_order(self):
        self._lead("Late", -2)
        self._lead("Late hot", -1)
        self._lead("Now", 0)
        self._lead("Hot idle")
        self._lead("Untouched", stage_id=self._stage("open").id)
        self._lead("Planned", 1)
        day = self._day()
        self.assertEqual([group["key"] for group in day["groups"]], GROUPS)
        self.assertEqual(
            self._names(day),
            {
                "answered": [],
                "overdue": ["Late hot", "Late"],
                "today": ["Now"],
                "hot": ["Hot idle"],
                "new": ["Untouched"],
            },
        )
        self.assertEqual(day["counts"]["tomorrow"], 1)
        self.assertEqual(day["counts"]["no_next_step"], 2)

    def test_a_lead_stands_in_the_first_group_that_fits(self):
        lead = self._lead("Hot", -1, stage_id=self._stage("open").id)
        self._plan(lead, 0)
        self._plan(lead, 1)
        day = self._day()
        self.assertEqual(sum(group["count"] for group in day["groups"]), 1)
        self.assertEqual(self._names(day)["overdue"], ["Hot"])

    def test_best_score_first_then_longest_due(self):
        self._lead("B", -1)
        self._lead("A", -3)
        self._lead("Hot", -1)
        self.assertEqual(self._names(self._day())["overdue"], ["Hot", "A", "B"])

    def test_this_week_ends_with_the_week(self):
        for days in (1, 2, 4, 5, 9):
            self._lead("Later", days)
        counts = self._day()["counts"]
        self.env["res.lang"]._lang_get("en_US")
        start = int(self.env["res.lang"]._get_data(code="en_US").week_start)
        last = 4 if start == 1 else 3  # Sunday, or Saturday
        expected = len([days for days in (1, 2, 4, 5, 9) if days <= last])
        self.assertEqual((counts["tomorrow"], counts["week"]), (1, expected))

    def test_activities_of_others_on_my_leads_and_mine_on_theirs(self):
        mine = self._lead("Mine")
        self._plan(mine, -1, self.rep_2)
        theirs = self._lead("Theirs", user=self.env["res.users"])
        self._plan(theirs, 0, self.rep)
        day = self._day()
        self.assertEqual(self._names(day)["overdue"], ["Mine"])
        self.assertEqual(self._names(day)["today"], ["Theirs"])
        line = self._lines(day, "overdue")[0]
        self.assertEqual(line["activity"]["assignee"], self.rep_2.name)
        self.assertFalse(line["owner"])

    def test_what_is_planned_for_a_customer_is_the_owners(self):
        """Whoever it was planned for: nobody else may see the lead."""
        customer = self._stage("customer")
        self._plan(self._lead("For a colleague", stage_id=customer.id), -1, self.rep_2)
        self._plan(self._lead("For nobody", stage_id=customer.id), 0).user_id = False
        day = self._day()
        self.assertEqual(self._names(day)["overdue"], ["For a colleague"])
        self.assertEqual(self._names(day)["today"], ["For nobody"])

    def test_leads_of_other_reps_are_not_shown(self):
        for days in (-1, 0, None):
            self._lead("Hot of a colleague", days, self.rep_2)
        lead = self._lead("Assigned, yet unseen", user=self.rep_2)
        self._plan(lead, -1, self.rep)  # the rep may not see the lead
        day = self._day()
        self.assertEqual(sum(day["counts"].values()), 0)
        self.assertFalse(any(group["lines"] for group in day["groups"]))

    def test_closed_leads_only_with_an_activity_that_is_due(self):
        types = ("customer", "inactive", "unqualified")
        due = self.env["crm.lead"]
        for stage_type in types:
            stage = self._stage(stage_type).id
            self._lead(f"{stage_type} hot", stage_id=stage)
            due += self._lead(f"{stage_type} due", stage_id=stage)
        self.env.cr.flush()  # what was planned before is called off with the lead
        for lead in due:
            self._plan(lead, 0)
        lost = self._lead("lost hot", -1)
        lost.active = False
        self._plan(lost, -1)
        self._lead("archived hot").active = False
        names = self._names(self._day())
        self.assertEqual(names["overdue"], ["lost hot"])
        self.assertEqual(
            sorted(names["today"]),
            ["customer due", "inactive due", "unqualified due"],
        )
        self.assertEqual((names["hot"], names["new"]), ([], []))

    def test_a_touched_lead_is_no_longer_new(self):
        lead = self._lead("New", stage_id=self._stage("open").id, email_from="a@b.co")
        self.assertEqual(self._names(self._day())["new"], ["New"])
        lead.with_user(self.rep).message_post(
            body="Hello", message_type="email_outgoing"
        )
        self.assertEqual(self._names(self._day())["new"], [])

    def test_an_attempt_is_a_touch(self):
        lead = self._lead("New", stage_id=self._stage("open").id)
        values = {"lead_id": lead.id, "channel": "call", "date": NOW}
        self.env["lead.touch"].create({**values, "direction": "in"})
        self.assertEqual(self._names(self._day())["new"], ["New"])
        self.env["lead.touch"].create(
            {**values, "direction": "out", "is_attempt": True}
        )
        self.assertEqual(self._names(self._day())["new"], [])

    def test_what_was_promised_stays_until_it_is_done(self):
        self.env["lead.sla"].create(
            {"name": "Fast", "calendar": "always", "touch_minutes": 60}
        )
        lead = self._lead("Promised", 5)
        day = self._day()
        line = self._lines(day, "new")[0]
        self.assertEqual(line["name"], "Promised")
        self.assertEqual(line["due"], "2026-03-11 11:00:00")
        lead._assignment_touch()
        self.assertEqual(self._names(self._day())["new"], [])

    def test_new_leads_that_are_planned_leave(self):
        lead = self._lead("New", stage_id=self._stage("open").id)
        self._plan(lead, 2)
        self.assertEqual(self._names(self._day())["new"], [])

    def test_nothing_from_a_blind_pool(self):
        pool = self.env["lead.pool"].create(
            {"name": "Blind", "team_id": self.team.id, "is_blind": True}
        )
        lead = self._lead("Pooled", user=self.env["res.users"])
        lead.assignment_pool_id = pool
        self._plan(lead, -1, self.rep)
        self._plan(lead, -1, self.manager)
        for user in (self.rep, self.leader, self.manager):
            for scope in ("me", "teams") if user != self.rep else ("me",):
                with self.subTest(user=user.login, scope=scope):
                    day = self._day(user, scope)
                    self.assertEqual(sum(day["counts"].values()), 0)

    def test_line(self):
        partner = self.env["res.partner"].create({"name": "Ann"})
        self._lead(
            "Scale",
            -2,
            contact_name="Ann",
            partner_name="Ann & Co",
            phone="+32 470 12 34 56",
            email_from="ann@example.com",
        )
        line = self._lines(self._day(), "overdue")[0]
        self.assertEqual(
            {key: line[key] for key in ("contact", "company", "phone", "phone_shown")},
            {
                "contact": "Ann",
                "company": "Ann & Co",
                "phone": "+32470123456",
                "phone_shown": "+32 470 12 34 56",
            },
        )
        self.assertEqual(line["activity"]["days"], -2)
        self.assertEqual(line["activity"]["icon"], "fa-phone")
        self._lead("Partner", -2, partner_id=partner.id)
        lines = self._lines(self._day(), "overdue")
        self.assertEqual({line["contact"] for line in lines}, {"Ann"})

    def test_first_lines_and_more(self):
        for number in range(25):
            self._lead(f"L{number:02}", -number - 1)
        day = self._day()
        self.assertEqual((day["counts"]["overdue"]), 25)
        self.assertEqual(len(self._lines(day, "overdue")), 10)
        day = self._day(None, "me", limits={"overdue": 30})
        self.assertEqual(len(self._lines(day, "overdue")), 25)
        day = self._day(None, "me", limits={"overdue": 0})
        self.assertEqual(self._lines(day, "overdue"), [])
        self.assertEqual(day["counts"]["overdue"], 25)

    # ------------------------------------------------------------
    # Midnight
    # ------------------------------------------------------------

    def test_today_is_where_the_rep_is(self):
        lead = self._lead("Midnight")
        self._plan(lead, 0)
        for tz, now, key in (
            ("Pacific/Auckland", "2026-03-11 10:59:00", "today"),
            ("Pacific/Auckland", "2026-03-11 11:01:00", "overdue"),
            ("America/Los_Angeles", "2026-03-12 06:59:00", "today"),
            ("America/Los_Angeles", "2026-03-12 07:01:00", "overdue"),
            ("America/Los_Angeles", "2026-03-11 06:59:00", "tomorrow"),
            (False, "2026-03-11 23:59:00", "today"),
            (False, "2026-03-12 00:01:00", "overdue"),
        ):
            with self.subTest(tz=tz, now=now), freeze_time(now):
                self.rep.tz = tz
                CrmLead = self.env["crm.lead"].with_user(self.rep)
                self.env.flush_all()
                counts = CrmLead.with_context(tz=tz).action_my_day()["counts"]
                self.assertEqual(
                    {name for name in ("overdue", "today", "tomorrow") if counts[name]},
                    {key},
                )

    # ------------------------------------------------------------
    # Hostile callers
    # ------------------------------------------------------------

    def test_only_leaders_look_into_the_day_of_others(self):
        for args in (
            ("teams",),
            ("team", self.team.id),
            ("user", self.rep_2.id),
            ("user", self.rep.id),
        ):
            with self.subTest(args=args), self.assertRaises(AccessError):
                self._day(self.rep, *args)
        with self.assertRaises(AccessError):
            self._day(self.leader, "team", self.team_b.id)
        with self.assertRaises(AccessError):
            self._day(self.leader, "user", self.rep_b.id)
        with self.assertRaises(AccessError):
            self._day(self.manager, "team", self.team_b.id)
        with self.assertRaises(AccessError):
            self._day(self.manager, "user", self.rep_b.id)

    def test_arguments_are_allow_listed(self):
        for args, kwargs in (
            (("all",), {}),
            (("team", "1"), {}),
            (("team", [1]), {}),
            (("user", True), {}),
            (("user", None), {}),
            (("me",), {"limits": {"secret": 1}}),
            (("me",), {"limits": {"today": "1; DROP TABLE crm_lead"}}),
            (("me",), {"limits": {"today": 1.5}}),
            (("me",), {"limits": [1]}),
        ):
            with self.subTest(args=args, **kwargs), self.assertRaises(UserError):
                self._day(self.manager, *args, **kwargs)
        day = self._day(self.rep, "me", limits={"today": 10**9})
        self.assertEqual(day["counts"]["today"], 0)
        for key in ("secret", "__class__", "lead", None, 3):
            with self.subTest(key=key), self.assertRaises(UserError):
                self.env["crm.lead"].with_user(self.rep).action_day_list(key)

    def test_nobody_but_salespeople(self):
        user = self.env["res.users"].create({"name": "U", "login": "day_user"})
        with self.assertRaises(AccessError):
            self._day(user)

    def test_leader_of_own_documents_only_sees_no_team(self):
        self.team.user_id = self.rep
        self.assertEqual(self._day()["switch"], {"teams": [], "people": []})
        with self.assertRaises(AccessError):
            self._day(self.rep, "team", self.team.id)

    # ------------------------------------------------------------
    # Teams
    # ------------------------------------------------------------

    def test_day_of_a_team(self):
        self._lead("Late", -1, self.rep)
        self._lead("Hot", None, self.rep_2)
        self._lead("Idle", None, self.rep_2)
        self._lead("Very late", -30, self.rep_2)
        other = self.env["crm.team"].create({"name": "Other"})
        self._lead("Of another team", -1, team_id=other.id)
        day = self._day(self.leader, "team", self.team.id)
        self.assertEqual(
            self._names(day),
            {
                "missed": ["Very late"],
                "answered": [],
                "overdue": ["Very late", "Late"],
                "today": [],
                "hot": ["Hot"],
                "new": [],
                "idle": ["Idle"],
            },
        )
        asked = (
            self.env["crm.lead"]
            .with_user(self.leader)
            .action_day_people("team", self.team.id)
        )
        self.assertEqual(
            {row["name"] for row in asked["people"]},
            {row["name"] for row in day["people"]},
        )
        people = {row["name"]: row for row in asked["people"]}
        self.assertEqual(people[self.rep.name]["overdue"], 1)
        rep_2 = people[self.rep_2.name]
        self.assertEqual(
            (rep_2["overdue"], rep_2["hot"], rep_2["no_next_step"]), (1, 1, 2)
        )
        self.assertEqual(people[self.rep_3.name]["overdue"], 0)
        line = self._lines(day, "hot")[0]
        self.assertEqual(line["owner"]["id"], self.rep_2.id)

    def test_missed_clocks_are_broken_promises(self):
        self.env["lead.sla"].create(
            {"name": "Fast", "calendar": "always", "touch_minutes": 60}
        )
        lead = self._lead("Missed", 3)
        self.env.cr.flush()
        with freeze_time("2026-03-11 12:00:00"):
            lead._assignment_touch()
            self.env.cr.flush()
        self.assertEqual(
            self._names(self._day(self.leader, "teams"))["missed"], ["Missed"]
        )
        with freeze_time("2026-03-20 12:00:00"):
            self.assertEqual(
                self._day(self.leader, "teams")["counts"]["missed"], 1
            )  # the activity is overdue for long by now
            lead.activity_ids.unlink()
            self.assertEqual(self._day(self.leader, "teams")["counts"]["missed"], 0)

    def test_switch(self):
        switch = self._day(self.leader)["switch"]
        self.assertEqual([team["id"] for team in switch["teams"]], self.team.ids)
        self.assertEqual(
            [person["id"] for person in switch["people"]],
            (self.rep + self.rep_2 + self.rep_3).ids,
        )
        teams = {team["id"] for team in self._day(self.manager)["switch"]["teams"]}
        self.assertIn(self.team.id, teams)
        self.assertNotIn(self.team_b.id, teams)
        self.assertEqual(self._day(self.rep)["switch"], {"teams": [], "people": []})

    def test_day_of_a_rep_is_what_he_sees(self):
        self._lead("Late hot", -1)
        self._lead("Hot")
        self.assertEqual(
            self._names(self._day(self.leader, "user", self.rep.id)),
            self._names(self._day(self.rep)),
        )

    def test_two_companies(self):
        self._lead("A", -1)
        lead_b = self._lead(
            "B", user=self.rep_b, team_id=self.team_b.id, company_id=self.company_b.id
        )
        self._plan(lead_b, -1, self.rep_b)
        self.assertEqual(self._names(self._day(self.rep_b))["overdue"], ["B"])
        self.assertEqual(
            self._names(self._day(self.manager_b, "teams"))["overdue"], ["B"]
        )
        self.manager.company_ids = [Command.link(self.company_b.id)]
        teams = self.team + self.team_b
        for companies, names in (
            (self.company, ["A"]),
            (self.company_b, ["B"]),
            (self.company + self.company_b, ["A", "B"]),
        ):
            CrmLead = self.env["crm.lead"].with_user(self.manager)
            CrmLead = CrmLead.with_context(allowed_company_ids=companies.ids)
            day = CrmLead.action_my_day("teams")
            self.assertEqual(sorted(self._names(day)["overdue"]), names)
            seen = {team["id"] for team in day["switch"]["teams"]} & set(teams.ids)
            expected = teams.filtered(lambda team: team.company_id in companies)  # noqa: B023
            self.assertEqual(seen, set(expected.ids))

    # ------------------------------------------------------------
    # Lists behind the numbers
    # ------------------------------------------------------------

    def _fill(self):
        """Leads of every kind, several of each."""
        self.env["lead.sla"].create(
            {
                "name": "Fast",
                "calendar": "always",
                "touch_minutes": 60,
                "domain": str([("name", "ilike", "promise")]),
            }
        )
        stages = [self._stage(kind) for kind in ("open", "contacted", "customer")]
        for user in (self.rep, self.rep_2):
            for stage in stages:
                for name in ("Hot", "Cold", "Promise"):
                    for days in (None, -30, -1, 0, 1, 3, 20):
                        self._lead(name, days, user, stage_id=stage.id)
        for days in (-30, 0, 1):
            lead = self._lead("Hot of nobody", user=self.env["res.users"])
            self._plan(lead, days, self.rep)
            lead = self._lead("For a colleague")
            self._plan(lead, days, self.rep_2)
            self._plan(lead, days + 1, self.rep)
        self._lead("Archived", -1).active = False
        Answer = self.env["lead.answer"]
        for lead in (
            self._lead("Answered", -1),
            self._lead("Answered, no step"),
            self._lead("Answered, bought", stage_id=stages[-1].id),
            self._lead("Answered a colleague", -1, self.rep_2),
        ):
            Answer._record(lead, "email", text="Yes")
        for days in (-1, 0, 1):
            closed = self._lead("Bought", stage_id=stages[-1].id)
            self._plan(closed, days, self.rep_2)
            closed = self._lead("Bought", stage_id=stages[-1].id)
            self._plan(closed, days).user_id = False
        missed = self._lead("Promise", 0, self.rep_2)
        self.env.cr.flush()
        with freeze_time("2026-03-11 12:00:00"):
            missed._assignment_touch()
            self.env.cr.flush()

    def test_a_number_is_the_length_of_its_list(self):
        self._fill()
        for user, scope in (
            (self.rep, ("me", False)),
            (self.leader, ("me", False)),
            (self.leader, ("user", self.rep.id)),
            (self.leader, ("team", self.team.id)),
            (self.manager, ("teams", False)),
        ):
            day = self._day(user, *scope)
            CrmLead = self.env["crm.lead"].with_user(user)
            for key in COUNTED:
                if key == "missed" and scope[0] == "me":
                    continue
                with self.subTest(user=user.login, scope=scope, key=key):
                    action = CrmLead.action_day_list(key, *scope)
                    found = CrmLead.with_context(**action["context"]).search_count(
                        action["domain"]
                    )
                    self.assertEqual(found, day["counts"][key])
                    if scope[0] != "me":
                        self.assertTrue(found)
            if not scope[0].startswith("team"):
                continue
            people = CrmLead.action_day_people(*scope)
            self.assertEqual(people["counts"], day["counts"])
            self.assertTrue(people["people"])
            for row in people["people"]:
                for key in (
                    "overdue",
                    "answered",
                    "today",
                    "hot",
                    "new",
                    "no_next_step",
                ):
                    action = CrmLead.action_day_list(key, *scope, user_id=row["id"])
                    found = CrmLead.with_context(active_test=False).search_count(
                        Domain(action["domain"])
                    )
                    self.assertEqual(found, row[key])

    # ------------------------------------------------------------
    # Statements
    # ------------------------------------------------------------

    def _count_statements(self, user, *args):
        counts = []
        for __ in range(2):
            self.env.flush_all()
            self.env.cr.flush()
            self.env.invalidate_all()
            CrmLead = self.env["crm.lead"].with_user(user)
            before = self.env.cr.sql_log_count
            CrmLead.action_my_day(*args, limits=dict.fromkeys(TEAM_GROUPS, 200))
            counts.append(self.env.cr.sql_log_count - before)
        return counts[-1]

    def test_statements_do_not_grow_with_leads(self):
        calls = (
            (self.rep, "me"),
            (self.leader, "user", self.rep.id),
            (self.leader, "team", self.team.id),
            (self.manager, "teams"),
        )

        def fill(number):
            partners = self.env["res.partner"].create(
                [{"name": f"P{n}"} for n in range(number)]
            )
            leads = self.env["crm.lead"].create(
                [
                    {
                        "name": "Hot" if n % 3 else "Cold",
                        "user_id": self.rep.id,
                        "team_id": self.team.id,
                        "partner_id": partners[n].id,
                        "phone": f"+32 470 12 {n:04}",
                        "stage_id": self.contacted.id
                        if n % 2
                        else self._stage("open").id,
                    }
                    for n in range(number)
                ]
            )
            for n, lead in enumerate(leads[: number // 2]):
                self._plan(lead, n % 4 - 2)

        fill(30)
        few = [self._count_statements(*call) for call in calls]
        fill(270)
        many = [self._count_statements(*call) for call in calls]
        self.assertEqual(few, many)
        self.assertLessEqual(max(many), 25)

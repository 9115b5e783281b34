from datetime import datetime, timedelta

from odoo.tools import SQL

from .common import InsightCase, get_numbers

# What answers each question: sections of the page; the last two have their own reports.
ANSWERS = {
    1: ("tiles", "by"),
    2: ("tiles", "by"),
    3: ("products",),
    4: ("pipeline",),
    5: ("pipeline_day",),
    6: ("pipeline_weeks",),
    7: ("funnel",),
    8: ("stage_conversion",),
    9: ("stage_time",),
    10: ("velocity",),
    11: ("velocity",),
    12: ("cohorts",),
    13: ("by", "why"),
    14: ("response", "promises"),
    15: ("promises",),
    16: ("contact",),
    17: ("contact",),
    18: ("bands",),
    19: ("arrivals",),
    20: ("losses",),
    21: ("moves_back",),
    22: ("second_chance",),
    23: ("forecast",),
    24: ("targets",),
}
ZONES = ("UTC", "Asia/Tokyo", "America/Los_Angeles")


class TestTwentySixQuestions(InsightCase):
    """Each question has an answer whose numbers are the counts of what they open.

    For a salesperson, a leader, a manager and one of two companies, at companies of
    three time zones, with something to tell for each question.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager.company_ids = cls.company + cls.company_b
        leads = [cls.leads[name] for name in ("skipped", "qualified", "back")]
        for number, lead in enumerate(leads):
            cls.env["lead.touch"]._record(
                [
                    {
                        "lead_id": lead.id,
                        "channel": "call",
                        "direction": "out",
                        "is_contact": bool(number),
                        "is_attempt": not number,
                        "user_id": lead.user_id.id,
                        "date": lead.create_date + timedelta(hours=number + 1),
                    }
                ]
            )
            cls.env["lead.message"].create(
                {
                    "lead_id": lead.id,
                    "channel": "email",
                    "state": "sent",
                    "key": f"question-{number}",
                    "sent_date": lead.create_date + timedelta(days=1),
                }
            )
            cls.env["lead.sla.clock"].create(
                {
                    "lead_id": lead.id,
                    "kind": "touch",
                    "state": "kept" if number else "missed",
                    "date_start": lead.create_date,
                    "date_due": lead.create_date + timedelta(hours=4),
                    "minutes": 30,
                }
            )
        product = cls.env["product.product"].create({"name": "Insight answer"})
        cls.leads["qualified"].product_ids = product
        cls.env["lead.insight.target"].create(
            {
                "company_id": cls.company.id,
                "user_id": user.id,
                "month": "2026-05-01",
                "metric": "qualified",
                "value": 3,
            }
            for user in (cls.rep, cls.env["res.users"])
        )
        cls.campaign = cls.env["utm.campaign"].create({"title": "Insight campaign"})
        cls.leads["qualified"].campaign_id = cls.campaign
        cls.env.flush_all()
        cls.env.cr.execute(
            SQL(
                """
                INSERT INTO lead_score_snapshot (lead_id, moment, date, total)
                SELECT id, 'capture', create_date, 55 FROM crm_lead WHERE id = ANY(%s)
                ON CONFLICT DO NOTHING
                """,
                [lead.id for lead in cls.leads.values()],
            )
        )
        cls.env.invalidate_all()

    def _get_readers(self):
        return (
            (self.rep, self.company),
            (self.leader, self.company),
            (self.manager, self.company),
            (self.manager, self.company + self.company_b),
        )

    def _check(self, user, companies, **options):
        context = {"allowed_company_ids": companies.ids, "active_test": False}
        insight = self.env["lead.insight"].with_user(user).with_context(**context)
        sections = insight.get_report(options)["sections"]
        for key, section in sections.items():
            for number in get_numbers(section):
                Model = self.env[number["model"]].with_user(user)
                self.assertEqual(
                    Model.with_context(**context).search_count(number["domain"]),
                    number["count"],
                    f"{user.login} {companies.ids} {key} {number['domain']}",
                )
        return sections

    def test_every_number_is_the_count_of_its_list(self):
        for zone in ZONES:
            self.company.resource_calendar_id.tz = zone
            for user, companies in self._get_readers():
                with self.subTest(zone=zone, user=user.login, companies=len(companies)):
                    self._check(user, companies)

    def test_every_question_has_an_answer(self):
        sections = {
            **self._check(self.manager, self.company, kind="month", day="2026-04-20"),
            **self._check(self.manager, self.company),
        }
        for question, keys in ANSWERS.items():
            numbers = [number for key in keys for number in get_numbers(sections[key])]
            self.assertTrue(any(number["count"] for number in numbers), question)
        told = sections["questions"]["questions"]
        self.assertEqual([*ANSWERS, 25, 26], [one["number"] for one in told])

    def test_what_a_campaign_brought_is_its_list(self):
        report = self.env["lead.campaign.report"].with_user(self.manager)
        ask = ("2026-05-01", "2026-05-31", "cohort", "position")
        [row] = [
            row
            for row in report.get_report(*ask)["rows"]
            if row["id"] == self.campaign.id
        ]
        for what, name in (("created", "leads"), ("qualified", "qualified")):
            credit = report.get_credit(self.campaign.id, what, *ask)
            self.assertAlmostEqual(credit["total"], row[name], 9)
            leads = self.env["crm.lead"].with_context(active_test=False)
            found = leads.search([("id", "in", credit["lead_ids"])])
            self.assertEqual(found, self.leads["qualified"])

    def test_what_somebody_got_is_its_list(self):
        lead = self.leads["qualified"]
        self.env["lead.assignment.log"].create(
            {
                "lead_id": lead.id,
                "date": datetime(2026, 5, 5, 11),
                "user_id": self.rep_2.id,
                "outcome": "assigned",
                "trigger": "capture",
                "candidates": {"in": [[self.rep.id, 0.5], [self.rep_2.id, 0.5]]},
            }
        )
        self.env.flush_all()
        Report = self.env["lead.assignment.report"].with_user(self.manager)
        domain = [("lead_id", "=", lead.id), ("outcome", "=", "assigned")]
        for group in Report.formatted_read_group(
            domain, ["user_id"], ["got:sum", "share:sum", "__count"]
        ):
            rows = Report.search([*domain, *group["__extra_domain"]])
            self.assertEqual(sum(rows.mapped("got")), group["got:sum"])
            self.assertEqual(len(rows), group["__count"])

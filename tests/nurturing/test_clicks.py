"""Links of emails are counted, and a branch may ask; programs are no people."""

import re
from datetime import timedelta
from html import unescape

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import HttpCase

from odoo.addons.lead_management.models.messaging.provider.provider_email import (
    EmailProvider,
)
from odoo.addons.lead_management.models.nurturing.click.link_token import make_links

from .common import SequenceCase

PERSON = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/128.0"}
SITE = "https://www.example.com/prices?a=1&b=2"
OTHER = "https://www.example.com/other"


class TestClicks(SequenceCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.branching = cls._new_sequence(
            cls._message(3),
            {
                "kind": "branch",
                "branch_on": "click",
                "wait_count": 2,
                "wait_unit": "workdays",
                "arms": {"yes": [cls._message(1)], "no": [cls._message(2)]},
            },
            name="Branching",
        )

    def _send_first(self, lead):
        run = self._enroll(lead, self.branching)
        self.pass_time(hours=1)
        self.tick()
        message = self.sent(run)
        self.assertEqual(len(message), 1)
        return run, message

    def _links(self, message, *urls):
        html = "".join(f'<a href="{url.replace("&", "&amp;")}">x</a>' for url in urls)
        found = re.findall(r'href="([^"]*)"', message._prepare_sent_html(html))
        return [unescape(url) for url in found]

    def _follow(self, url, **options):
        """Follow a link of this database, and return where it leads."""
        path = url.partition("/lead/")[2]
        return self.url_open(
            f"/lead/{path}", allow_redirects=False, headers=PERSON, **options
        )

    def _clicks(self, message):
        self.env.invalidate_all()
        return self.env["lead.message.click"].search([("message_id", "=", message.id)])

    def test_a_person_follows_a_link(self):
        run, message = self._send_first(self._new_contact(1))
        other, __ = self._send_first(self._new_contact(2))
        [link] = self._links(message, SITE)
        self.assertIn("/lead/go/", link)
        self.pass_time(minutes=5)
        self.env.flush_all()
        for __ in range(2):
            answer = self._follow(link)
            self.assertEqual(
                (answer.status_code, answer.headers["Location"]), (302, SITE)
            )
        clicks = self._clicks(message)
        self.assertEqual(clicks.mapped("is_machine"), [False, False])
        self.assertEqual(clicks.mapped("url"), [SITE, SITE])
        self.assertEqual(clicks.lead_id, run.lead_id)
        # it stops nothing, and is no answer
        self.tick()
        self.assertEqual(run.state, "waiting")
        self.assertFalse(run.lead_id.touch_ids.filtered("is_contact"))
        self.live_for(3)
        arms = {one: one.ledger_ids.filtered("arm").arm for one in run + other}
        self.assertEqual(arms, {run: "yes", other: "no"})
        self.assertEqual(self.sent(run)[1:].template_id, self.templates[1])
        report = self.env["lead.sequence.report"].with_user(self.manager)
        domain = [("sequence_id", "=", self.branching.id)]
        [(clicked,)] = report._read_group(domain, [], ["clicked:sum"])
        self.assertEqual(clicked, 1)
        self.assertIn(["Clicked a link", "1 (50%)"], self._facts())

    def _facts(self):
        self.branching.invalidate_recordset()
        return [list(fact) for fact in self.branching.flow["facts"]]

    def test_programs_are_no_people(self):
        run, message = self._send_first(self._new_contact(3))
        first, second = self._links(message, SITE, OTHER)
        self.env.flush_all()
        # right after it was sent
        self._follow(first)
        # all links at once
        self.pass_time(minutes=5)
        self.env.flush_all()
        self._follow(first)
        self._follow(second)
        # what says what it is
        self.pass_time(minutes=5)
        path = first.partition("/lead/")[2]
        self.url_open(
            f"/lead/{path}", allow_redirects=False, headers={"User-Agent": "bingbot/2"}
        )
        clicks = self._clicks(message)
        self.assertEqual(clicks.mapped("is_machine"), [True] * 4)
        self.live_for(3)
        self.assertEqual(run.ledger_ids.filtered("arm").arm, "no")

    def test_a_link_that_no_person_sees(self):
        """Whoever follows it is a program, and so is what it followed just then."""
        run, message = self._send_first(self._new_contact(10))
        html = f'<html><body class="a"><p><a href="{SITE}">x</a></p></body></html>'
        sent = message._prepare_sent_html(html)
        [link] = re.findall(r'href="([^"]*)"', sent)
        whole = message._complete_sent_html(sent)
        hidden, seen = (unescape(url) for url in re.findall(r'href="([^"]*)"', whole))
        self.assertEqual(seen, unescape(link))
        self.assertRegex(whole, r'<body class="a"><a [^>]*display:none[^>]*></a><p>')
        # nor is it in the plain text of the mail
        message.sudo().body = html
        mail = EmailProvider(self.env)._build(message)
        texts = {part.get_content_type(): part for part in mail.walk()}
        self.assertIn("display:none", texts["text/html"].get_content())
        self.assertNotIn("None", texts["text/plain"].get_content())
        self.pass_time(minutes=5)
        self.env.flush_all()
        self._follow(seen)
        self.pass_time(seconds=40)
        self.env.flush_all()
        answer = self._follow(hidden)
        self.assertEqual((answer.status_code, answer.content), (204, b""))
        self.pass_time(seconds=40)
        self.env.flush_all()
        self._follow(seen)
        self.assertEqual(self._clicks(message).mapped("is_machine"), [True] * 3)
        # the person who reads it later is one
        self.pass_time(minutes=5)
        self.env.flush_all()
        self._follow(seen)
        self.assertEqual(
            self._clicks(message).sorted("id").mapped("is_machine"),
            [True] * 3 + [False],
        )
        # without links, nothing is hidden
        self.assertEqual(message._complete_sent_html("<p>x</p>"), "<p>x</p>")
        self.branching.is_click_counted = False
        self.assertEqual(message._complete_sent_html(sent), sent)

    def test_programs_hide_no_person(self):
        __, message = self._send_first(self._new_contact(11))
        Click = self.env["lead.message.click"]
        for __ in range(40):
            Click._record(message.id, SITE, "bingbot/2")
        self.pass_time(minutes=5)
        Click._record(message.id, SITE, PERSON["User-Agent"])
        clicks = self._clicks(message)
        self.assertEqual(len(clicks), 31)
        self.assertEqual(len(clicks.filtered(lambda one: not one.is_machine)), 1)

    def test_links_lead_nowhere_else(self):
        __, message = self._send_first(self._new_contact(4))
        [link] = self._links(message, SITE)
        for wrong in (link[:-3], f"{link}x", link.replace("/go/", "/go/x")):
            self.assertEqual(self._follow(wrong).status_code, 404)
        token = make_links(self.env, message.id, f'<a href="{SITE}">', "")
        self.assertIn("/lead/go/", token)
        message.unlink()
        self.env.flush_all()
        # whoever has the mail still gets there
        self.assertEqual(self._follow(link).status_code, 302)

    def test_what_is_counted(self):
        __, message = self._send_first(self._new_contact(5))
        own = f"{message.lead_id.get_base_url()}/lead/preferences/abc"
        for url in (own, "mailto:a@example.com", f"https://x.y/{'z' * 1000}"):
            self.assertEqual(self._links(message, url), [url])
        self.branching.is_click_counted = False
        self.assertEqual(self._links(message, SITE), [SITE])
        message.enrollment_id = False
        self.assertEqual(self._links(message, SITE), [SITE])

    def test_nobody_fills_the_table(self):
        __, message = self._send_first(self._new_contact(6))
        Click = self.env["lead.message.click"]
        self.env.flush_all()
        for __ in range(35):
            Click._record(message.id, SITE, PERSON["User-Agent"])
        self.assertEqual(len(self._clicks(message)), 30)

    def test_the_last_email_alone(self):
        sequence = self._new_sequence(
            self._message(0),
            self._message(1, wait_count=1),
            {
                "kind": "branch",
                "branch_on": "last_click",
                "wait_count": 1,
                "wait_unit": "workdays",
                "arms": {"yes": [self._message(2)]},
            },
            name="Last",
        )
        runs = self._enroll(self._new_contact(7) + self._new_contact(8), sequence)
        self.pass_time(hours=1)
        self.tick()
        Click = self.env["lead.message.click"]
        agent, early = PERSON["User-Agent"], self.sent(runs[0])
        self.pass_time(hours=1)
        Click._record(early.id, SITE, agent)
        self.live_for(1)
        self.tick()
        late = self.sent(runs[1])[-1]
        self.assertEqual(late.template_id, self.templates[1])
        self.pass_time(hours=1)
        Click._record(late.id, SITE, agent)
        self.live_for(3)
        arms = [run.ledger_ids.filtered("arm").arm for run in runs]
        self.assertEqual(arms, ["no", "yes"])

    def test_who_sees_clicks(self):
        run, message = self._send_first(self._new_contact(9, user_id=self.rep_2.id))
        self.pass_time(hours=1)
        Click = self.env["lead.message.click"]
        Click._record(message.id, SITE, PERSON["User-Agent"])
        domain = [("lead_id", "=", run.lead_id.id)]
        self.assertTrue(Click.with_user(self.rep_2).search(domain))
        self.assertFalse(Click.with_user(self.rep).search(domain))


class TestFieldStep(SequenceCase):
    """A step that writes a field of the lead."""

    def _step(self, name, value, **values):
        return {
            "kind": "change",
            "change": "field",
            "field_name": name,
            "field_value": value,
            **values,
        }

    def test_whatever_a_field_can_hold(self):
        medium = self.env["utm.medium"].create({"name": "Radio"})
        values = {
            "priority": ("2", "2"),
            "medium_id": (str(medium.id), medium),
            "referred": ("A friend", "A friend"),
            "expected_revenue": ("1500.5", 1500.5),
            "birthdate": ("-10000", None),
            "website": (False, False),
        }
        steps = [self._step(name, text) for name, (text, __) in values.items()]
        sequence = self._new_sequence(*steps, name="Fields")
        lead = self._new_contact(21, website="https://example.com")
        run = self._enroll(lead, sequence)
        self.pass_time(hours=1)
        self.tick()
        self.assertEqual(run.state, "done", run.explanation)
        for name, (__, wanted) in values.items():
            if wanted is not None:
                self.assertEqual(lead[name], wanted, name)
        today = fields.Date.today()
        self.assertEqual(lead.birthdate, today + timedelta(days=-10000))
        previews = [step["preview"] for step in sequence.flow["steps"]]
        self.assertIn("Priority → High", previews)
        self.assertIn("Medium → Radio", previews)
        self.assertIn("Website → empty", previews)

    def test_what_has_a_way_of_its_own(self):
        for name in ("user_id", "stage_id", "probability", "company_id", "score_total"):
            with self.subTest(name), self.assertRaises(ValidationError):
                self._new_sequence(self._step(name, "1"), is_on=False)
        for name, value in (
            ("priority", "9"),
            ("expected_revenue", "much"),
            ("medium_id", "0"),
        ):
            with self.subTest(name), self.assertRaises(ValidationError):
                self._new_sequence(self._step(name, value), is_on=False)

    def test_a_value_that_is_gone_waits_for_somebody(self):
        medium = self.env["utm.medium"].create({"name": "Radio"})
        sequence = self._new_sequence(self._step("medium_id", str(medium.id)))
        medium.unlink()
        run = self._enroll(self._new_contact(22), sequence)
        for __ in range(4):
            self.pass_time(hours=2)
            self.tick()
        self.assertEqual(run.state, "parked")
        self.assertIn("Medium", run.explanation)


class TestMarks(SequenceCase):
    """Salespeople see on the card and in My Day what a lead is in."""

    def test_on_the_card(self):
        lead, other = self._new_contact(31), self._new_contact(32)
        run = self._enroll(lead)
        own = lead.with_user(self.rep)
        self.assertEqual(own.sequence_mark["name"], "Sequence")
        self.assertEqual(own.sequence_mark["state"], "waiting")
        self.assertFalse(other.with_user(self.rep).sequence_mark)
        run.with_user(self.rep).action_pause()
        own.invalidate_recordset()
        self.assertEqual(own.sequence_mark["state"], "paused")
        run.with_user(self.rep).action_stop()
        own.invalidate_recordset()
        self.assertFalse(own.sequence_mark)

    def test_in_my_day(self):
        lead = self._new_contact(33, user_id=self.rep.id)
        lead.with_user(self.rep).activity_schedule(
            "mail.mail_activity_data_call", fields.Date.today(), user_id=self.rep.id
        )
        run = self._enroll(lead)
        self.commit()

        def get_line():
            self.env.invalidate_all()
            day = self.env["crm.lead"].with_user(self.rep).action_my_day()
            lines = [line for group in day["groups"] for line in group["lines"]]
            return next(line for line in lines if line["id"] == lead.id)

        told = get_line()["sequence"]
        self.assertEqual((told["id"], told["name"]), (run.id, "Sequence"))
        self.assertIn("Mail 0", told["text"])
        self.assertTrue(told["may_act"])
        run.with_user(self.rep).action_pause()
        self.assertTrue(get_line()["sequence"]["is_paused"])
        run.with_user(self.rep).action_stop()
        self.assertNotIn("sequence", get_line())

    def test_nothing_is_asked_where_nothing_is_used(self):
        leads = self._new_contact(34) + self._new_contact(35)
        sequences = self.env["lead.sequence"].with_context(active_test=False).search([])
        sequences.write({"on_date": False})
        for is_used, limit in ((False, 0), (True, 2)):
            if is_used:
                self.sequence.write({"on_date": fields.Datetime.now()})
            own = leads.with_user(self.rep)
            for __ in range(2):
                self.env.flush_all()
                leads.invalidate_recordset()
                own.fetch(["name"])
                before = self.env.cr.sql_log_count
                own.mapped("sequence_mark")
                count = self.env.cr.sql_log_count - before
            self.assertLessEqual(count, limit)


class TestFacts(SequenceCase):
    """Facts of a lead in whatever text of a step or a template."""

    def test_in_a_task(self):
        sequence = self._new_sequence(
            {
                "kind": "task",
                "summary": "Call {{ object.contact_name }}",
                "note": "Ask about {{ object.partner_name ||| the company }} "
                "in {{ object.city }}, not {{ object.probability }}",
            }
        )
        lead = self._new_contact(41, city="Ghent", partner_name=False)
        run = self._enroll(lead, sequence)
        self.pass_time(hours=1)
        self.tick()
        self.assertEqual(run.activity_id.summary, "Call Ada Byron")
        note = run.activity_id.note
        self.assertIn("Ask about the company in Ghent", note)
        self.assertIn("{{ object.probability }}", note)

    def test_typed_into_an_email(self):
        template = self.templates[0]
        template.mail_template_id.body_html = (
            '<p>Hello {{ object.contact_name ||| there }}, <t t-out="object.city"/></p>'
        )
        lead = self._new_contact(42, city="Ghent")
        text = template._render(lead)[lead.id]
        self.assertFalse(text.problems)
        self.assertIn("Hello Ada Byron, Ghent", text.body)
        nobody = self._new_contact(43, city="Ghent", contact_name=False)
        self.assertIn("Hello there, Ghent", template._render(nobody)[nobody.id].body)

    def test_written_where_they_are_used(self):
        """The text stands in a template of Odoo, and belongs to who owns ours."""
        Template = self.env["lead.message.template"].with_user(self.rep)
        mail, text = Template.create(
            [
                {
                    "name": "Mine",
                    "channel": "email",
                    "content_subject": "From {{ object.city }}",
                    "content_html": '<p>In <t t-out="object.city"/></p>',
                },
                {"name": "Mine", "channel": "sms", "content_sms": "{{ object.city }}"},
            ]
        )
        self.assertEqual(mail.mail_template_id.subject, "From {{ object.city }}")
        self.assertEqual(text.sms_template_id.body, "{{ object.city }}")
        lead = self._new_contact(45, city="Ghent").with_user(self.rep)
        rendered = mail._render(lead)[lead.id]
        self.assertEqual((rendered.subject, rendered.problems), ("From Ghent", []))
        self.assertIn("In Ghent", rendered.body)
        mail.content_html = "<p>Good day</p>"
        self.assertIn("Good day", mail.mail_template_id.body_html)
        for user in (self.rep_2, self.rep_b):
            with self.assertRaises(AccessError):
                mail.with_user(user).content_subject = "Ours"
            with self.assertRaises(AccessError):
                text.with_user(user).content_sms = "Ours"

    def test_which_there_are(self):
        self._new_contact(44, user_id=self.manager.id, city="Ghent")
        step = self.sequence.version_ids.step_ids[0].with_user(self.manager)
        facts = {fact["code"]: fact["value"] for fact in step.sample_facts["facts"]}
        self.assertEqual(facts["{{ object.city }}"], "Ghent")

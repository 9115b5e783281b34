"""What is configured at the source of a lead holds, what a visitor posts does not."""

from odoo.fields import Command

from odoo.addons.http_routing.tests.common import MockRequest
from odoo.addons.lead_management.tests.common import LeadManagementCase
from odoo.addons.website_crm.controllers.website_form import WebsiteForm

PAGE = """<t t-name="lm.page"><div>
<form data-model_name="crm.lead" action="/website/form/">{fields}</form>
<form data-model_name="mail.mail" action="/website/form/">
    <input type="hidden" name="user_id" value="{stranger}"/></form></div></t>"""


class OriginCase(LeadManagementCase):
    """One rule that catches all gives leads to ``rep_2``, in ``team``."""

    controller = WebsiteForm

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.public = cls.env.ref("base.public_user")
        cls.website = cls.env["website"].search([], limit=1)
        cls.website.company_id = cls.company
        cls.website.crm_default_user_id = False
        cls.website.crm_default_team_id = cls.team
        cls.named_team = cls.env["crm.team"].create(
            {
                "name": "Named",
                "company_id": cls.company.id,
                "user_id": cls.leader.id,
                "use_leads": True,
            }
        )
        cls.rule = cls._new_assignment_rule(target="user", user_id=cls.rep_2.id)

    def _visit(self, user=None):
        return MockRequest(self.env(user=user or self.public), website=self.website)

    def _newest(self):
        self.commit()
        self.env.invalidate_all()
        return self.env["crm.lead"].search([], order="id desc", limit=1)

    def _assert_given(self, lead, user, team):
        self.assertEqual((lead.user_id, lead.team_id), (user, team))


class TestEvent(OriginCase):
    def _register(self, user=None, **values):
        rule = self.env["event.lead.rule"].create(
            {"name": "Fair", "lead_creation_trigger": "create", **values}
        )
        event = self.env["event.event"].create(
            {
                "name": "Fair",
                "date_begin": "2040-01-01 10:00:00",
                "date_end": "2040-01-02 10:00:00",
                "company_id": self.company.id,
            }
        )
        with self._visit(user) as request:
            request.env["event.registration"].sudo().create(
                {"event_id": event.id, "name": "Bob", "email": "bob@example.com"}
            )
        lead = self._newest()
        self.assertEqual(lead.event_lead_rule_id, rule)
        return lead

    def test_the_salesperson_of_the_rule(self):
        lead = self._register(
            lead_user_id=self.rep_3.id, lead_sales_team_id=self.named_team.id
        )
        self._assert_given(lead, self.rep_3, self.named_team)
        self.assertFalse(lead.assignment_pending)

    def test_only_the_team_of_the_rule(self):
        self._assert_given(
            self._register(lead_sales_team_id=self.named_team.id),
            self.leader,
            self.named_team,
        )

    def test_a_rule_that_names_nobody(self):
        self._assert_given(self._register(), self.rep_2, self.team)

    def test_a_colleague_registers_somebody(self):
        self.rep.group_ids += self.env.ref("event.group_event_user")
        lead = self._register(self.rep, lead_sales_team_id=self.named_team.id)
        self._assert_given(lead, self.leader, self.named_team)

    def test_who_left_the_company_gets_nothing(self):
        self.rep_3.active = False
        self._assert_given(
            self._register(lead_user_id=self.rep_3.id), self.rep_2, self.team
        )


class TestChat(OriginCase):
    def _chat(self, team=None):
        script = self.env["chatbot.script"].create({"title": "Bot"})
        step = self.env["chatbot.script.step"].create(
            {
                "chatbot_script_id": script.id,
                "step_type": "create_lead",
                "message": "Thank you",
                "crm_team_id": team.id if team else False,
            }
        )
        livechat = self.env["im_livechat.channel"].create({"name": "Chat"})
        channel = self.env["discuss.channel"].create(
            {
                "name": "Visitor",
                "channel_type": "livechat",
                "livechat_channel_id": livechat.id,
                "livechat_operator_id": script.operator_partner_id.id,
            }
        )
        with self._visit() as request:
            step.with_env(request.env).sudo()._process_step_create_lead(
                channel.with_env(request.env).sudo()
            )
        lead = self._newest()
        self.assertEqual(lead.origin_channel_id, channel)
        return lead

    def test_the_team_of_the_step(self):
        lead = self._chat(self.named_team)
        self._assert_given(lead, self.leader, self.named_team)

    def test_rules_of_that_team(self):
        own = self._new_assignment_rule(
            target="members",
            member_ids=[Command.set(self.rep_3.ids)],
            team_id=self.named_team.id,
            sequence=99,
        )
        lead = self._chat(self.named_team)
        self._assert_given(lead, self.rep_3, self.named_team)
        self.assertEqual(lead.assignment_log_ids.rule_id, own)

    def test_a_step_without_a_team(self):
        self._assert_given(self._chat(), self.rep_2, self.team)


class TestSurvey(OriginCase):
    def _answer(self, team, responsible):
        responsible.group_ids += self.env.ref("survey.group_survey_user")
        survey = self.env["survey.survey"].create(
            {
                "title": "Survey",
                "team_id": team.id,
                "user_id": responsible.id,
                "question_and_page_ids": [
                    Command.create(
                        {
                            "title": "Interested?",
                            "question_type": "simple_choice",
                            "suggested_answer_ids": [
                                Command.create({"value": "Yes", "generate_lead": True})
                            ],
                        }
                    )
                ],
            }
        )
        question = survey.question_and_page_ids
        answer = self.env["survey.user_input"].create(
            {
                "survey_id": survey.id,
                "user_input_line_ids": [
                    Command.create(
                        {
                            "question_id": question.id,
                            "answer_type": "suggestion",
                            "suggested_answer_id": question.suggested_answer_ids.id,
                        }
                    )
                ],
            }
        )
        with self._visit() as request:
            answer.with_env(request.env).sudo()._create_leads_from_generative_answers()
        lead = self._newest()
        self.assertEqual(lead.origin_survey_id, survey)
        return lead

    def test_the_responsible_of_the_survey(self):
        lead = self._answer(self.team, self.rep_3)
        self._assert_given(lead, self.rep_3, self.team)

    def test_the_leader_is_only_who_odoo_takes(self):
        """The rules of the team decide, and one there is."""
        lead = self._answer(self.team, self.manager)
        self._assert_given(lead, self.rep_2, self.team)

    def test_no_rule_of_that_team(self):
        lead = self._answer(self.named_team, self.manager)
        self._assert_given(lead, self.leader, self.named_team)


class TestWebsite(OriginCase):
    def _post(self, **values):
        """Post the form as the website takes it in; return the lead."""
        values = {"contact_name": "Bob", "email_from": "bob@example.com", **values}
        values = {name: str(value) for name, value in values.items()}
        controller = self.controller()
        model = self.env["ir.model"].sudo()._get("crm.lead")
        with self._visit() as request:
            request.params = values
            data = controller.extract_data(model.with_env(request.env).sudo(), values)
            controller.insert_record(
                request,
                model.with_env(request.env).sudo(),
                {"name": "Form", **data["record"]},
                data["custom"],
            )
        return self._newest()

    def _page(self, fields):
        self.env["ir.ui.view"].create(
            {
                "name": "Page",
                "type": "qweb",
                "arch": PAGE.format(fields=fields, stranger=self.rep.id),
            }
        )

    def test_nothing_configured(self):
        """The team every website has is where leads start."""
        self.website.crm_default_team_id = self.named_team
        self._assert_given(self._post(), self.rep_2, self.team)

    def test_the_default_salesperson_of_the_website(self):
        self.website.crm_default_user_id = self.rep_3
        self._assert_given(self._post(), self.rep_3, self.team)

    def test_what_a_visitor_posts(self):
        self._page('<input name="phone"/>')
        lead = self._post(user_id=self.rep.id, team_id=self.named_team.id)
        self._assert_given(lead, self.rep_2, self.team)
        self.website.crm_default_user_id = self.rep_3
        lead = self._post(user_id=self.rep.id, team_id=self.named_team.id)
        self._assert_given(lead, self.rep_3, self.team)

    def test_without_a_rule_for_it_a_posted_team_is_none_either(self):
        self.rule.domain = "[('name', '=', 'Other')]"
        lead = self._post(user_id=self.rep.id, team_id=self.named_team.id)
        self._assert_given(lead, self.env["res.users"], self.team)

    def test_what_a_form_posts(self):
        self._page(
            f'<input type="hidden" name="user_id" value="{self.rep_3.id}"/>'
            f'<input type="hidden" name="team_id" value="{self.named_team.id}"/>'
        )
        lead = self._post(user_id=self.rep_3.id, team_id=self.named_team.id)
        self._assert_given(lead, self.rep_3, self.named_team)

    def test_what_a_form_offers(self):
        self._page(
            f'<select name="team_id"><option value="{self.named_team.id}"/>'
            f'<option value="{self.team_b.id}"/></select>'
        )
        lead = self._post(team_id=self.named_team.id)
        self._assert_given(lead, self.leader, self.named_team)

    def test_a_form_that_is_changed(self):
        """What it posted before is nothing any more."""
        self._page(f'<input type="hidden" name="user_id" value="{self.rep_3.id}"/>')
        self._assert_given(self._post(user_id=self.rep_3.id), self.rep_3, self.team)
        view = self.env["ir.ui.view"].search([("name", "=", "Page")], limit=1)
        view.arch = PAGE.format(fields="", stranger=self.rep.id)
        self._assert_given(self._post(user_id=self.rep_3.id), self.rep_2, self.team)

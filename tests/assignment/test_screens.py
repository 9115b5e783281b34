from lxml import etree

from odoo.tests import Form

from .common import AssignmentCase


class TestScreens(AssignmentCase):
    """What managers and salespeople are shown of distribution."""

    def _arch(self, action, kind, user):
        action = self.env.ref(f"lead_management.{action}").with_user(user).sudo()
        view_id = dict((name, id_) for id_, name in action.views)[kind]
        model = self.env[action.res_model].with_user(user)
        return etree.fromstring(model.get_view(view_id, kind)["arch"])

    def test_unassigned_leads_show_age_source_and_why(self):
        for user in (self.rep, self.manager):
            arch = self._arch("crm_lead_action_unassigned", "list", user)
            names = {field.get("name") for field in arch.iter("field")}
            self.assertLess(
                {"create_date", "source_id", "assignment_explanation"}, names
            )

    def test_unassigned_leads_are_assigned_by_managers(self):
        for user, count in ((self.rep, 0), (self.manager, 2)):
            arch = self._arch("crm_lead_action_unassigned", "list", user)
            buttons = arch.xpath("//button[@name='action_route']")
            self.assertEqual(len(buttons), count)

    def test_decision_opens_for_who_sees_its_lead(self):
        self._to_user(self.rep)
        log = self._log(self._create(company_id=self.company.id))
        for user in (self.rep, self.manager):
            form = Form(log.with_user(user))
            self.assertEqual(form.lead_id, log.lead_id)
            [story] = form.story
            self.assertEqual(story["id"], log.id)
            self.assertIn(self.rep.name, story["text"])

    def test_no_index_where_nothing_is_picked(self):
        arch = self._arch("lead_assignment_report_action", "pivot", self.manager)
        names = {field.get("name") for field in arch.iter("field")}
        self.assertNotIn("pick_rank", names)

    def test_decisions_have_a_time_axis(self):
        arch = self._arch("lead_assignment_log_action", "graph", self.manager)
        self.assertEqual(arch.xpath("//field[1]/@name"), ["date"])

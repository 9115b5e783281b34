"""One way to send, one to unqualify, wherever a lead is shown."""

from lxml import etree

from odoo.exceptions import AccessError, UserError

from odoo.addons.lead_management.tests.common import LeadManagementCase

STOCK = (
    "crm.crm_lead_lost_action",
    "crm.action_lead_mail_compose",
    "crm.action_lead_mass_mail",
    "crm_sms.crm_lead_act_window_sms_composer_single",
    "crm_sms.crm_lead_act_window_sms_composer_multi",
)
# Where rooms put what they have to say of a lead.
SLOTS = (
    "lead_header_now",
    "lead_header_send",
    "lead_header_more",
    "lead_notices",
    "lead_worth",
    "lead_chance",
    "lead_who",
    "lead_reach",
    "lead_phone",
    "lead_time",
    "lead_email",
    "lead_card_step",
    "lead_card_contact",
    "lead_card_owner",
    "lead_owner",
    "lead_deadline",
    "lead_chips",
    "lead_timeline",
    "lead_profile",
)


class TestLeadButtons(LeadManagementCase):
    def _view(self, kind, xmlid, user=None):
        """Return the view as a user gets it, and the names of its bound actions."""
        Lead = self.env["crm.lead"].with_user(user or self.rep)
        view = Lead.get_views(
            [(self.env.ref(xmlid).id, kind)], options={"toolbar": True}
        )["views"][kind]
        actions = [action["name"] for action in view["toolbar"].get("action", ())]
        return etree.fromstring(view["arch"]), actions

    def _shown(self, arch, path):
        return [
            node
            for node in arch.xpath(path)
            if node.get("invisible") != "1"
            and node.get("column_invisible") not in ("1", "True")
        ]

    def _names(self, arch, path):
        return [node.get("name") for node in self._shown(arch, path)]

    def test_lists(self):
        stock = {str(self.env.ref(name).id) for name in STOCK}
        for user in (self.rep, self.manager):
            for xmlid in (
                "crm.crm_case_tree_view_oppor",
                "crm.crm_case_tree_view_leads",
            ):
                with self.subTest(user=user.login, view=xmlid):
                    arch, actions = self._view("list", xmlid, user)
                    header = self._names(arch, "//header/button")
                    self.assertEqual(
                        header[:3],
                        ["action_log_call", "action_send_message", "action_unqualify"],
                    )
                    every = self._names(arch, "//button")
                    self.assertFalse(stock & set(every))
                    # beside the buttons, the menu would offer them a second time
                    for gone in (
                        "Send",
                        "Disqualify",
                        "Mark Lost",
                        "Send email",
                        "Send SMS",
                    ):
                        self.assertNotIn(gone, actions)

    def test_rows(self):
        arch, __ = self._view("list", "crm.crm_case_tree_view_oppor")
        rows = self._names(arch, "//list/button")
        self.assertEqual(rows.count("action_send_message"), 1)
        self.assertEqual(rows.count("action_unqualify"), 1)

    def test_cards(self):
        arch, actions = self._view("kanban", "crm.crm_case_kanban_view_leads")
        for gone in ("Mark Lost", "Send email", "Send SMS"):
            self.assertNotIn(gone, actions)
        names = self._names(arch, "//t[@t-name='menu']//a")
        self.assertEqual(names.count("action_send_message"), 1)
        self.assertEqual(names.count("action_unqualify"), 1)
        self.assertEqual(actions.count("Disqualify"), 1)
        self.assertEqual(actions.count("Send"), 1)

    def test_form(self):
        arch, actions = self._view("form", "crm.crm_lead_view_form")
        labels = [node.get("string") for node in self._shown(arch, "//header/button")]
        self.assertEqual(labels.count("Disqualify"), 1)
        self.assertEqual(labels.count("Send"), 1)
        self.assertNotIn("Lost", labels)
        self.assertNotIn("Mark Lost", actions)

    def test_one_button_is_solid(self):
        """Each solid button shows for one thing that is due, and for no other."""
        arch, __ = self._view("form", "crm.crm_lead_view_form")
        solid = [
            node
            for node in self._shown(arch, "//header/button")
            if {"btn-primary", "oe_highlight"} & set(node.get("class", "").split())
        ]
        self.assertEqual(
            [node.get("invisible") for node in solid],
            [
                f"lead_now != '{now}'"
                for now in ("take", "restore", "reactivate", "win", "log")
            ],
        )
        won = self._shown(arch, "//header/button[@string='Won']")
        self.assertEqual({node.get("name") for node in won}, {"action_win"})

    def test_the_form_opens_its_slots(self):
        arch, __ = self._view("form", "crm.crm_lead_view_form")
        for name in SLOTS:
            self.assertEqual(len(arch.xpath(f"//div[@name='{name}']")), 1, name)
        pages = self._names(arch, "//notebook/page")
        ours = ["qualification", "timeline", "lead", "internal_notes"]
        self.assertEqual(pages[:4], ours)
        self.assertNotIn("extra", pages)

    def test_what_odoo_offers_still_works_for_others(self):
        for name in STOCK:
            action = self.env.ref(name)
            self.assertEqual(action.binding_model_id.model, "crm.lead")
        bound = self.env["ir.actions.actions"]._get_bindings("crm.lead")["action"]
        names = {action["name"] for action in bound}
        self.assertLessEqual({"Mark Lost", "Send SMS", "Send email"}, names)
        lead = self._new_lead()
        self.env["crm.lead.lost"].create(
            {"lead_ids": lead.ids}
        ).action_lost_reason_apply()
        self.assertFalse(lead.active)
        partner = self.env["ir.actions.actions"].get_bindings("res.partner")["action"]
        self.assertIn("Send SMS", {action["name"] for action in partner})

    def test_unqualify_asks(self):
        leads = self._new_lead() + self._new_lead()
        action = leads.with_user(self.rep).action_unqualify()
        self.assertEqual(action["res_model"], "lead.unqualify")
        self.assertEqual(action["context"], {"default_lead_ids": leads.ids})
        with self.assertRaises(AccessError):
            leads.with_user(self.rep_b).action_unqualify()
        with self.assertRaises(UserError):
            leads.browse().action_unqualify()

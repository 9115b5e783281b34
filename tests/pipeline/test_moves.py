from datetime import timedelta
from unittest.mock import patch

from dateutil.relativedelta import relativedelta
from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form
from odoo.tools import mute_logger

from odoo.addons.lead_management.exceptions import StageGateError
from odoo.addons.lead_management.models.base.work import take
from odoo.addons.lead_management.tests.common import LeadManagementCase

LOGGER = "odoo.addons.lead_management.models.base.apart"


class TestUnqualify(LeadManagementCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["lead.stage.requirement"]._require_lost_reason()
        cls.reason = cls.env.ref("lead_management.lost_reason_not_now")

    def _dialog(self, leads, **values):
        return (
            self.env["lead.unqualify"]
            .with_user(self.rep)
            .create({"lead_ids": leads.ids, "lost_reason_id": self.reason.id, **values})
        )

    def test_people_are_asked_why(self):
        lead = self._new_lead()
        self.env.flush_all()
        with self.assertRaises(StageGateError), self.env.cr.savepoint():
            lead.with_user(self.rep).stage_id = self._stage("unqualified")
        lead.with_user(self.rep).action_gate_pass(
            self._stage("unqualified").id, {"lost_reason_id": self.reason.id}, {}
        )
        self.assertEqual(lead.won_status, "lost")
        self.assertEqual(
            lead.stage_transition_ids.sorted("id")[-1].lost_reason_id, self.reason
        )

    def test_automations_are_not(self):
        lead = self._new_lead()
        lead.stage_id = self._stage("unqualified")
        self.assertTrue(lead.lost_reason_id)

    def test_the_dialog(self):
        lead = self._new_lead(stage_id=self._stage("contacted").id)
        lead.activity_schedule("mail.mail_activity_data_call", summary="Ring")
        form = Form(
            self.env["lead.unqualify"]
            .with_user(self.rep)
            .with_context(default_lead_ids=lead.ids)
        )
        form.lost_reason_id = self.reason
        self.assertEqual(form.revisit, "3")  # the reason proposes it
        form.save().action_apply()
        self.env.cr.flush()
        self.assertEqual(lead.stage_id, self._stage("unqualified"))
        self.assertEqual(lead.lost_reason_id, self.reason)
        self.assertEqual(lead.stage_before_id, self._stage("contacted"))
        self.assertEqual(
            lead.stage_revisit_date, fields.Date.today() + relativedelta(months=3)
        )
        self.assertTrue(lead.active)
        self.assertFalse(lead.activity_ids)
        self.assertTrue(
            lead.message_ids.filtered(lambda message: "Ring" in (message.body or ""))
        )
        self.assertEqual(
            lead.stage_transition_ids.sorted("id")[-1].reason, self.reason.name
        )

    def test_several_at_once(self):
        leads = self._new_lead() + self._new_lead()
        self._dialog(leads).action_apply()
        self.assertEqual(set(leads.mapped("won_status")), {"lost"})

    def test_leads_of_others_are_refused(self):
        lead = self._new_lead(user_id=self.rep_2.id)
        with self.assertRaises(AccessError):
            self._dialog(lead)

    def test_a_day_in_the_past_is_refused(self):
        dialog = self._dialog(
            self._new_lead(), revisit="date", revisit_date="2020-01-01"
        )
        with self.assertRaises(UserError):
            dialog.action_apply()

    def test_a_team_without_such_a_stage_loses_the_lead(self):
        self._stage("unqualified").team_ids = self.team
        team = self.env["crm.team"].create({"name": "Others"})
        lead = self._new_lead(team_id=team.id)
        self._dialog(lead).action_apply()
        self.assertFalse(lead.active)
        self.assertEqual(lead.lost_reason_id, self.reason)

    def test_the_day_comes(self):
        lead = self._new_lead()
        self._dialog(lead, revisit="1").action_apply()
        self._run_cron("revisit")
        self.assertEqual(lead.stage_id, self._stage("unqualified"))
        with freeze_time(fields.Datetime.now() + timedelta(days=40)):
            self._run_cron("revisit")
            self._run_cron("revisit")
        self.assertEqual(lead.stage_id, self._stage("open"))
        self.assertEqual(lead.won_status, "pending")
        self.assertFalse(lead.stage_revisit_date)
        self.assertFalse(lead.lost_reason_id)
        recycled = lead.stage_transition_ids.filtered(lambda m: m.origin == "recycled")
        self.assertEqual(len(recycled), 1)

    def test_reopened_by_hand_nobody_comes_back(self):
        lead = self._new_lead()
        self._dialog(lead, revisit="1").action_apply()
        lead.with_user(self.rep).action_restore()
        self.assertFalse(lead.stage_revisit_date)


class TestConversion(LeadManagementCase):
    def _qualify(self, **values):
        lead = self._new_lead(type="lead", **values)
        lead.with_user(self.rep).stage_id = self._stage("qualified")
        self.env.cr.flush()
        return lead

    def test_a_qualified_lead_becomes_an_opportunity(self):
        lead = self._qualify(contact_name="Ann Lee", email_from="ann@example.com")
        self.assertEqual(lead.type, "opportunity")
        self.assertEqual(lead.partner_id.name, "Ann Lee")
        self.assertTrue(lead.date_conversion)
        self.assertEqual(lead.stage_id, self._stage("qualified"))
        self.assertEqual(lead.user_id, self.rep)

    def test_its_contact_is_found(self):
        partner = self.env["res.partner"].create(
            {"name": "Ann", "email": "ann@example.com"}
        )
        self.assertEqual(
            self._qualify(email_from="ann@example.com").partner_id, partner
        )

    def test_not_across_companies(self):
        partner = self.env["res.partner"].create(
            {
                "name": "Ann",
                "email": "ann@example.com",
                "company_id": self.company_b.id,
            }
        )
        lead = self._qualify(email_from="ann@example.com", contact_name="Ann")
        self.assertTrue(lead.partner_id)
        self.assertNotEqual(lead.partner_id, partner)

    def test_a_lead_that_buys_at_once(self):
        lead = self._new_lead(type="lead", contact_name="Ann")
        lead.stage_id = self._stage("customer")
        self.env.cr.flush()
        self.assertEqual(lead.type, "opportunity")
        self.assertEqual(lead.won_status, "won")

    def test_switched_off_it_stays_a_lead(self):
        self.env.ref("lead_management.base_automation_stage_convert").active = False
        self.assertEqual(self._qualify().type, "lead")

    def test_each_once(self):
        leads = self.env["crm.lead"].create(
            [{"name": f"L{n}", "type": "lead", "user_id": False} for n in range(30)]
        )
        CrmLead = self.env.registry["crm.lead"]
        convert = CrmLead._stage_convert
        calls = []
        with patch.object(
            CrmLead,
            "_stage_convert",
            lambda records: calls.append(len(records)) or convert(records),
        ):
            leads.write({"stage_id": self._stage("qualified").id})
            self.env.cr.flush()
        self.assertEqual(calls, [30])
        self.assertEqual(set(leads.mapped("type")), {"opportunity"})


class TestContact(LeadManagementCase):
    """Opportunities get the contact that is promised, as leads do."""

    def _move(self, leads, stage_type="qualified"):
        leads.with_user(self.rep).write({"stage_id": self._stage(stage_type).id})
        self.env.cr.flush()
        return leads

    def test_an_opportunity_gets_its_contact(self):
        for stage_type in ("qualified", "negotiation", "customer"):
            lead = self._move(
                self._new_lead(
                    contact_name="Ann Lee",
                    partner_name="Acme",
                    email_from=f"ann@{stage_type}.example",
                    phone="+32 470 123456",
                ),
                stage_type,
            )
            self.assertEqual(lead.partner_id.name, "Ann Lee")
            self.assertEqual(lead.partner_id.parent_id.name, "Acme")
            self.assertEqual(lead.partner_id.email, f"ann@{stage_type}.example")
            self.assertEqual(lead.contact_name, "Ann Lee")
            self.assertEqual(lead.partner_name, "Acme")
            self.assertEqual(lead.type, "opportunity")

    def test_not_before(self):
        lead = self._new_lead(contact_name="Ann", email_from="ann@early.example")
        self.assertFalse(self._move(lead, "nurturing").partner_id)

    def test_one_who_is_created_there(self):
        lead = self._new_lead(
            contact_name="Ann", stage_id=self._stage("negotiation").id
        )
        self.env.cr.flush()
        self.assertEqual(lead.partner_id.name, "Ann")

    def test_a_known_contact_stays(self):
        partner = self.env["res.partner"].create({"name": "Bob"})
        lead = self._new_lead(partner_id=partner.id, email_from="x@known.example")
        self.assertEqual(self._move(lead).partner_id, partner)

    def test_the_contact_is_found_within_the_company(self):
        foreign, own = self.env["res.partner"].create(
            [
                {"name": "Ann", "email": "ann@two.example", "company_id": company.id}
                for company in (self.company_b, self.company)
            ]
        )
        lead = self._new_lead(team_id=self.team.id, email_from="Ann@TWO.example")
        self.assertEqual(self._move(lead).partner_id, own)
        own.unlink()
        lead = self._new_lead(team_id=self.team.id, email_from="ann@two.example")
        self._move(lead)
        self.assertNotEqual(lead.partner_id, foreign)
        self.assertEqual(lead.partner_id.name, "ann@two.example")

    def test_leads_of_one_address_share_the_contact(self):
        leads = self._new_lead(email_from="Ann <ann@same.example>")
        leads += self._new_lead(email_from="ann@same.example", contact_name="Ann B")
        self._move(leads)
        self.assertEqual(len(leads.partner_id), 1)
        self.assertEqual(leads.partner_id.name, "Ann")

    def test_nobody_without_a_name_is_created(self):
        count = self.env["res.partner"].search_count([])
        for values in (
            {},
            {"contact_name": "  ", "partner_name": " "},
            {"email_from": "nonsense"},
            {"phone": "+32 470 123456"},
        ):
            lead = self._move(self._new_lead(**values))
            self.assertFalse(lead.partner_id, values)
        lead = self._move(self._new_lead(type="lead"))
        self.assertEqual(lead.type, "opportunity")
        self.assertFalse(lead.partner_id)
        self.assertEqual(self.env["res.partner"].search_count([]), count)

    def test_a_company_is_a_contact(self):
        lead = self._move(
            self._new_lead(partner_name="Acme", email_from="info@acme.example")
        )
        self.assertEqual(lead.partner_id.name, "Acme")
        self.assertTrue(lead.partner_id.is_company)

    def test_many_cost_a_constant_number_of_statements(self):
        counts = []
        for number in (3, 10, 40):
            leads = self.env["crm.lead"].create(
                [
                    {
                        "name": f"Lead {n}",
                        "type": "opportunity",
                        "user_id": self.rep.id,
                        "contact_name": f"Ann {n}",
                        "email_from": f"ann{n}@many{number}.example",
                        "stage_id": self._stage("qualified").id,
                    }
                    for n in range(number)
                ]
            )
            take(self.env.cr, "automations")
            self.env.cr.flush()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            leads._stage_convert()
            self.env.cr.flush()
            counts.append(self.env.cr.sql_log_count - start)
            self.assertEqual(len(leads.partner_id), number)
        self.assertLessEqual(counts[2], counts[1] + 5, counts)


class TestDormancy(LeadManagementCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.now = fields.Datetime.now()
        cls.env["crm.lead"].search(
            [("stage_id", "=", cls._stage("customer").id)]
        ).write({"active": False})
        cls.env["ir.config_parameter"].set_param(
            "lead_management.inactive_since", "2020-01-01 00:00:00"
        )
        with freeze_time(cls.now - timedelta(days=400)):
            cls.customer = cls._new_lead(partner_id=cls.rep.partner_id.id)
            cls.customer.stage_id = cls._stage("customer")
            cls.env.cr.flush()
            cls.env.cr.execute(
                "UPDATE crm_lead SET create_date = %s WHERE id = %s",
                (fields.Datetime.now(), cls.customer.id),
            )
            cls.env.cr.execute(
                "UPDATE mail_message SET date = %s WHERE model = 'crm.lead' "
                "AND res_id = %s",
                (fields.Datetime.now(), cls.customer.id),
            )

    def test_a_customer_nobody_heard_of(self):
        self._run_cron("inactive")
        self._run_cron("inactive")
        self.assertEqual(self.customer.stage_id, self._stage("inactive"))
        self.assertEqual(self.customer.won_status, "won")
        moves = self.customer.stage_transition_ids
        self.assertEqual(moves.mapped("stage_type").count("inactive"), 1)

    def test_one_who_wrote_stays(self):
        self.customer.message_post(body="Hello", message_type="email")
        self._run_cron("inactive")
        self.assertEqual(self.customer.stage_id, self._stage("customer"))

    def test_one_whom_somebody_meets_stays(self):
        self.env["calendar.event"].create(
            {
                "name": "Lunch",
                "opportunity_id": self.customer.id,
                "start": self.now + timedelta(days=3),
                "stop": self.now + timedelta(days=3, hours=1),
            }
        )
        self._run_cron("inactive")
        self.assertEqual(self.customer.stage_id, self._stage("customer"))

    def test_never_before_it_was_switched_on(self):
        self.env["lead.dormancy"]._start()
        self._run_cron("inactive")
        self.assertEqual(self.customer.stage_id, self._stage("customer"))

    def test_switched_off(self):
        self.env["ir.config_parameter"].set_param("lead_management.inactive_days", 0)
        self._run_cron("inactive")
        self.assertEqual(self.customer.stage_id, self._stage("customer"))

    def test_a_dormant_customer_comes_back(self):
        self.customer.stage_id = self._stage("inactive")
        for __ in range(2):
            self.customer.with_user(self.rep).action_stage_reactivate()
        self.assertEqual(self.customer.stage_id, self._stage("open"))
        self.assertEqual(self.customer.won_status, "pending")
        self.assertLess(self.customer.probability, 100)
        self.assertEqual(self.customer.stage_reactivation_count, 1)
        self.assertEqual(self.customer.with_user(self.rep).stage_reactivation_count, 1)

    def test_only_who_may_write(self):
        self.customer.stage_id = self._stage("inactive")
        with self.assertRaises(AccessError):
            self.customer.with_user(self.rep_2).action_stage_reactivate()


class TestMoveMany(LeadManagementCase):
    @mute_logger(LOGGER)
    def test_one_that_fails_does_not_keep_the_others(self):
        leads = self._new_lead() + self._new_lead(name="Bad") + self._new_lead()
        CrmLead = self.env.registry["crm.lead"]
        write = CrmLead.write

        def refuse(records, vals):
            if "stage_id" in vals and "Bad" in records.mapped("name"):
                raise UserError("No")
            return write(records, vals)

        with patch.object(CrmLead, "write", refuse):
            moved = leads._stage_move("contacted")
        self.assertEqual(moved, leads[0] + leads[2])
        self.assertEqual(leads[1].stage_id, self._stage("open"))

    def test_a_team_without_the_stage_stays(self):
        self._stage("contacted").team_ids = self.team
        other = self.env["crm.team"].create({"name": "Others"})
        lead = self._new_lead(team_id=other.id)
        self.assertFalse(lead._stage_move("contacted"))
        self.assertTrue(self._new_lead(team_id=self.team.id)._stage_move("contacted"))

    def test_leads_without_a_team(self):
        lead = self._new_lead(team_id=False, user_id=False)
        self.assertTrue(lead._stage_move("contacted"))


class TestQualifyKnown(LeadManagementCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.ref("lead_management.base_automation_answered_qualify").active = True
        cls.budget = cls._new_qualifier("Budget", "yes_no")
        cls.timeline = cls._new_qualifier("Timeline", "yes_no")
        cls.lead = cls._new_lead(stage_id=cls._stage("contacted").id)

    def _require(self, *qualifiers):
        self.env["lead.stage.requirement"].create(
            [
                {"stage_id": self._stage("qualified").id, "qualifier_id": qualifier.id}
                for qualifier in qualifiers
            ]
        )

    def _answer(self, lead, qualifier):
        lead.with_user(self.rep).action_qualify({qualifier.id: "yes"})
        self.env.cr.flush()

    def test_with_the_last_answer(self):
        self._require(self.budget, self.timeline)
        self._answer(self.lead, self.budget)
        self.assertEqual(self.lead.stage_id, self._stage("contacted"))
        self._answer(self.lead, self.timeline)
        self.assertEqual(self.lead.stage_id, self._stage("qualified"))
        self.assertEqual(len(self.lead.stage_transition_ids), 2)

    def test_where_nothing_is_required_nothing_moves(self):
        self._answer(self.lead, self.budget)
        self.assertEqual(self.lead.stage_id, self._stage("contacted"))

    def test_who_is_further_on_stays(self):
        self._require(self.budget)
        lead = self._new_lead(stage_id=self._stage("negotiation").id)
        self._answer(lead, self.budget)
        self.assertEqual(lead.stage_id, self._stage("negotiation"))

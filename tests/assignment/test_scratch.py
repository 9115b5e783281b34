from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError

from odoo.addons.lead_management.tests.common import LeadManagementCase


class TestScratch(LeadManagementCase):
    def _pool(self, **v):
        return self.env["lead.pool"].create({"name": "P", "team_id": self.team.id, **v})

    def _fill(self, n=3, **pool):
        pool = self._pool(**pool)
        self._new_assignment_rule(target="pool", team_id=False, pool_id=pool.id)
        self._new_score_rule([("phone", "!=", False)], 50)
        leads = self.env["crm.lead"].create(
            [{"name": f"L{i}", "phone": "1" if i == 1 else False} for i in range(n)]
        )
        self.env.cr.flush()
        return pool, leads

    def test_pull(self):
        pool, leads = self._fill()
        self.assertEqual(set(leads.mapped("assignment_pool_id")), {pool})
        print([l.assignment_explanation for l in leads])
        self.assertFalse(leads.with_user(self.rep).search([("id", "in", leads.ids)]))
        action = self.env["crm.lead"].with_user(self.rep).action_pull_next()
        lead = leads.browse(action["res_id"])
        self.assertEqual(lead, leads[1])
        self.assertEqual(lead.user_id, self.rep)
        print(
            lead.assignment_explanation,
            lead.assignment_claim_due,
            lead.message_ids.tracking_value_ids,
        )
        print(self.env["lead.pool"].with_user(self.rep).action_status())
        print(lead.with_user(self.rep).assignment_story)
        for __ in range(2):
            self.env["crm.lead"].with_user(self.rep).action_pull_next()
        with self.assertRaises(UserError):
            self.env["crm.lead"].with_user(self.rep).action_pull_next()
        lead.with_user(self.rep).message_post(
            body="hello",
            partner_ids=self.env["res.partner"]
            .create({"name": "x", "email": "x@y.z"})
            .ids,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        self.assertFalse(lead.pool_entry_ids)
        leads[0].with_user(self.rep).action_release("no time")
        self.env.cr.flush()
        self.assertFalse(leads[0].user_id)
        self.assertEqual(leads[0].pool_entry_ids.user_id.id, False)
        print(leads[0].assignment_explanation)
        action = self.env["crm.lead"].with_user(self.rep).action_pull_next()
        self.assertEqual(action["tag"], "display_notification")
        self.env["crm.lead"].with_user(self.rep_2).action_pull_next()
        entry = leads[0].pool_entry_ids
        self.assertEqual(entry.user_id, self.rep_2)
        entry.claim_due = fields.Datetime.now() - timedelta(minutes=1)
        with self.enter_registry_test_mode():
            self.env.ref("lead_management.ir_cron_deadlines").method_direct_trigger()
        leads.invalidate_recordset()
        self.assertFalse(leads[0].user_id)
        print(leads[0].assignment_explanation)

    def test_open(self):
        pool, leads = self._fill(is_blind=False)
        lead = leads[0].with_user(self.rep)
        lead.action_take()
        self.assertEqual(lead.user_id, self.rep)
        print(lead.assignment_log_ids[:1].pick_rank, lead.assignment_explanation)
        with self.assertRaises(UserError):
            leads[0].sudo(False).with_user(self.leader).action_take()
        leads[2].with_user(self.rep).user_id = self.rep
        self.assertEqual(leads[2].pool_entry_ids.user_id, self.rep)
        self.assertEqual(leads[2].assignment_pool_id, pool)

    def test_cap(self):
        self.env["lead.assignment.capacity"].create(
            {"user_id": self.rep.id, "open_limit": 2}
        )
        leads = self.env["crm.lead"].create([{"name": "x", "user_id": False}] * 3)
        leads[:2].with_user(self.rep).write({"user_id": self.rep.id})
        with self.assertRaises(UserError):
            leads[2].with_user(self.rep).write({"user_id": self.rep.id})
        leads[2].with_user(self.manager).write({"user_id": self.rep.id})

    def test_sla(self):
        sla = self.env["lead.sla"].create(
            {
                "name": "S",
                "touch_minutes": 60,
                "owner_minutes": 30,
                "calendar": "always",
                "take_back": True,
                "take_back_after": 10,
                "remind_before": 10,
            }
        )
        self._new_assignment_rule()
        lead = self.env["crm.lead"].create({"name": "x"})
        self.env.cr.flush()
        print(lead.clock_ids.read())
        print(lead.assignment_due)
        owner = lead.user_id
        clock = lead.clock_ids.filtered(lambda c: c.state == "running")
        clock.write(
            {
                "date_next": fields.Datetime.now() - timedelta(1),
                "date_remind": fields.Datetime.now() - timedelta(1),
            }
        )
        with self.enter_registry_test_mode():
            self.env.ref("lead_management.ir_cron_deadlines").method_direct_trigger()
        self.env.invalidate_all()
        print(lead.message_ids.mapped("body"))
        clock.write(
            {
                "date_next": fields.Datetime.now() - timedelta(1),
                "date_take_back": fields.Datetime.now() - timedelta(1),
            }
        )
        with self.enter_registry_test_mode():
            self.env.ref("lead_management.ir_cron_deadlines").method_direct_trigger()
        self.env.cr.flush()
        self.env.invalidate_all()
        print(lead.assignment_log_ids.mapped("explanation"))
        self.assertTrue(lead.user_id)
        self.assertNotEqual(lead.user_id, owner)
        self.assertTrue(
            self.env["crm.lead"].search(
                [("assignment_due", ">", "now"), ("id", "=", lead.id)]
            )
        )

    def test_dry(self):
        self._new_assignment_rule(
            target="members",
            strategy="weighted",
            member_ids=[(6, 0, (self.rep + self.rep_2).ids)],
            team_id=False,
        ).turn_ids[0].weight = 3
        leads = self.env["crm.lead"].create([{"name": "x", "user_id": False}] * 8)
        self.env.cr.precommit.clear()
        run = (
            self.env["lead.assignment.dry.run"]
            .with_user(self.manager)
            .create({"scope": "chosen", "lead_ids": leads.ids})
        )
        run.action_run()
        print(
            run.line_ids.mapped("explanation")[:2],
            run.share_ids.read(["user_id", "lead_count", "expected"]),
        )
        self.assertFalse(leads.user_id)
        run2 = run.create(
            {
                "scope": "replay",
                "date_from": fields.Date.today(),
                "date_to": fields.Date.today(),
            }
        )
        run2.action_run()
        run.action_route()
        self.assertTrue(all(l.user_id for l in leads))
        self.env.flush_all()
        print(
            self.env["lead.assignment.report"]
            .with_user(self.manager)
            ._read_group(
                [("lead_id", "in", leads.ids)],
                ["user_id"],
                ["got:sum", "share:sum", "balance:sum", "score:avg"],
            )
        )
        print(
            self.env["mail.message"]
            .search([("message_type", "=", "user_notification")], limit=2)
            .mapped("body")
        )

    def test_takeover(self):
        self.env["ir.config_parameter"].set_param("crm.lead.auto.assignment", True)
        self.assertTrue(self.env["crm.team"]._is_core_assignment_on())
        self.team.assignment_domain = "[('country_id', '!=', False)]"
        m = self.team.crm_team_member_ids
        m[0].assignment_domain_preferred = "[('phone', '!=', False)]"
        m[1].assignment_max = 60
        self.env["crm.team"].with_user(self.manager).action_take_over_assignment()
        rules = self.env["lead.assignment.rule"].search(
            [("team_id", "=", self.team.id)]
        )
        print(
            rules.read(["name", "domain", "strategy", "fallback"]),
            rules.turn_ids.read(["user_id", "weight", "domain", "state"]),
        )
        self.assertFalse(self.env["crm.team"]._is_core_assignment_on())

    def test_returns_and_stage(self):
        rule = self._new_assignment_rule()
        self._new_assignment_rule(
            trigger="stage",
            trigger_stage_ids=[(6, 0, self._stage("qualified").ids)],
            target="user",
            user_id=self.leader.id,
        )
        lead = self.env["crm.lead"].create({"name": "x"})
        self.env.cr.flush()
        owner = lead.user_id
        owed = rule.turn_ids.filtered(lambda t: t.user_id == owner).owed
        lead.stage_id = self._stage("unqualified")
        self.assertEqual(lead.assignment_log_ids[:1].turn_state, "returning")
        other = self.env["crm.lead"].create({"name": "y"})
        self.env.cr.flush()
        self.assertEqual(other.user_id, owner)
        self.assertEqual(lead.assignment_log_ids[:1].turn_state, "returned")
        other.stage_id = self._stage("qualified")
        self.env.cr.flush()
        self.assertEqual(other.user_id, self.leader)
        print(
            other.assignment_log_ids.mapped("explanation"), rule.turn_ids.mapped("owed")
        )

    def test_strategies(self):
        cap = self.env["lead.assignment.capacity"].create(
            {
                "user_id": self.rep.id,
                "lang_ids": [(6, 0, self.env.ref("base.lang_en").ids)],
                "country_ids": [(6, 0, self.env.ref("base.fr").ids)],
            }
        )
        self._new_assignment_rule(strategy="fit")
        lead = self.env["crm.lead"].create(
            [
                {"name": "x", "country_id": self.env.ref("base.fr").id},
                {"name": "x", "country_id": self.env.ref("base.be").id},
            ]
        )
        self.env.cr.flush()
        print(lead.mapped("assignment_explanation"), lead.mapped("assignment_story"))
        self.env["lead.assignment.rule"].search([]).strategy = "load"
        lead = self.env["crm.lead"].create([{"name": "x"}] * 3)
        self.env.cr.flush()
        print(lead.mapped("assignment_explanation"))
        self.env["lead.assignment.rule"].search([]).write({"target": "previous"})
        p = self.env["res.partner"].create({"name": "C"})
        a = self.env["crm.lead"].create(
            {"name": "a", "partner_id": p.id, "user_id": self.rep_3.id}
        )
        b = self.env["crm.lead"].create({"name": "b", "partner_id": p.id})
        self.env.cr.flush()
        self.assertEqual(b.user_id, self.rep_3)
        print(b.assignment_explanation)

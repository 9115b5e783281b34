"""Scores at moments of the life of a lead, and what happens when it turns hot."""

import logging
from unittest.mock import patch

from psycopg2 import InterfaceError
from psycopg2.errors import SerializationFailure

from odoo.exceptions import ConcurrencyError
from odoo.fields import Command

from odoo.addons.lead_management.tests.common import LeadManagementCase

EVENTS_LOG = "odoo.addons.lead_management.models.base.apart"


class MomentCase(LeadManagementCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["lead.score.model"].search([]).active = False
        cls.model = cls.env["lead.score.model"].create(
            {"name": "Everyone", "state": "active"}
        )
        cls.rule = cls._new_score_rule(
            [("phone", "!=", False)], 70, model_id=cls.model.id
        )

    def _commit(self):
        """Do what is done right before a commit."""
        self.env.cr.flush()
        self.env.invalidate_all()

    def _moments(self, lead):
        rows = self.env["lead.score.snapshot"].search([("lead_id", "in", lead.ids)])
        return {row.moment: row.total for row in rows}


class TestSnapshots(MomentCase):
    def test_capture_and_assignment(self):
        lead = self._new_lead(user_id=False)
        self._commit()
        self.assertEqual(self._moments(lead), {"capture": 0})
        lead.write({"phone": "+1 202 555 0100", "user_id": self.rep.id})
        self._commit()
        self.assertEqual(self._moments(lead), {"capture": 0, "assignment": 70})
        lead.user_id = self.rep_2
        lead.phone = False
        self._commit()
        self.assertEqual(self._moments(lead), {"capture": 0, "assignment": 70})

    def test_all_moments_once(self):
        lead = self._new_lead(user_id=False)
        phone = "+1 202 555 0100"
        self._commit()
        for values, moment in (
            ({"user_id": self.rep.id}, "assignment"),
            ({"stage_id": self._stage("contacted").id}, "contact"),
            ({"stage_id": self._stage("qualified").id}, "qualified"),
            ({"stage_id": self._stage("customer").id}, "won"),
            ({"stage_id": self._stage("open").id}, None),
            ({"stage_id": self._stage("unqualified").id}, "lost"),
        ):
            before = self._moments(lead)
            lead.write(values)
            self._commit()
            new = set(self._moments(lead)) - set(before)
            self.assertEqual(new, {moment} - {None})
        first = self._moments(lead)
        self.assertEqual(len(first), 6)
        # again, with another score
        lead.write({"phone": phone, "stage_id": self._stage("customer").id})
        self._commit()
        self.assertEqual(self._moments(lead), first)

    def test_lost_and_won_by_the_buttons(self):
        lost, won = self._new_lead(), self._new_lead()
        self._commit()
        lost.action_set_lost()
        won.action_set_won()
        self._commit()
        self.assertIn("lost", self._moments(lost))
        self.assertIn("won", self._moments(won))

    def test_contact_by_a_message(self):
        customer = self.env["res.partner"].create({"name": "Ann", "email": "a@b.co"})
        lead = self._new_lead(partner_id=customer.id)
        lead.message_post(body="A note", author_id=self.rep.partner_id.id)
        self._commit()
        self.assertNotIn("contact", self._moments(lead))
        lead.message_post(
            body="Hello",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            author_id=self.rep.partner_id.id,
            partner_ids=customer.ids,
        )
        self._commit()
        self.assertIn("contact", self._moments(lead))

    def test_what_was_known_at_capture_stays(self):
        lead = self._new_lead(function="CEO", description="<p>Secret</p>")
        self._commit()
        snapshot = self.env["lead.score.snapshot"].search(
            [("lead_id", "=", lead.id), ("moment", "=", "capture")]
        )
        self.assertEqual(snapshot.model_id, self.model)
        lead.write({"function": "Clerk", "phone": "+1 202 555 0100"})
        self.rule.points = 1
        self._commit()
        self.assertEqual(snapshot.values["function"], "CEO")
        self.assertNotIn("description", snapshot.values)
        self.assertEqual((snapshot.total, snapshot.temperature), (0, "cold"))

    def test_two_in_one_transaction(self):
        """Both tell the score at the commit, as nobody saw another."""
        lead = self._new_lead(phone=False)
        lead.stage_id = self._stage("qualified")
        self.assertEqual(lead.score_total, 0)
        lead.phone = "+1 202 555 0100"
        self._commit()
        expected = {"capture": 70, "assignment": 70, "qualified": 70}
        self.assertEqual(self._moments(lead), expected)

    def test_import_of_many(self):
        rows = [[f"Lead {n}", f"+1 202 555 01{n:02}"] for n in range(60)]
        result = self.env["crm.lead"].load(["name", "phone"], rows)
        self._commit()
        captured = self.env["lead.score.snapshot"].search(
            [("lead_id", "in", result["ids"]), ("moment", "=", "capture")]
        )
        self.assertEqual(captured.mapped("total"), [70] * 60)

    def test_merged_lead(self):
        leads = self._new_lead() + self._new_lead(phone="+1 202 555 0100")
        self._commit()
        merged = leads.merge_opportunity()
        self._commit()
        self.assertEqual(self._moments(merged)["capture"], 0)  # as first captured
        rest = self.env["lead.score.snapshot"].search([("lead_id", "in", leads.ids)])
        self.assertEqual(rest.lead_id, merged)

    def test_lead_deleted_before_the_commit(self):
        lead, other = self._new_lead(), self._new_lead()
        lead_id = lead.id
        lead.unlink()
        self._commit()
        rows = self.env["lead.score.snapshot"].search([("lead_id", "=", lead_id)])
        self.assertFalse(rows)
        self.assertIn("capture", self._moments(other))
        other.unlink()
        self._commit()

    def test_moments_of_a_rolled_back_change(self):
        lead = self._new_lead()
        self._commit()
        savepoint = self.env.cr.savepoint()
        lead.stage_id = self._stage("qualified")
        savepoint.close(rollback=True)
        self._commit()
        self.assertNotIn("qualified", self._moments(lead))


class TestCrossings(MomentCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lead = cls._new_lead()
        cls.other = cls._new_lead(user_id=cls.rep_2.id)
        cls.env.cr.flush()

    def _crossed(self, lead):
        """Return the temperatures the lead turned to, one after the other."""
        changes = self.env["lead.score.change"].search([("lead_id", "=", lead.id)])
        return changes.sorted("id").mapped("temperature")

    def _heat(self, leads):
        leads.write({"phone": "+1 202 555 0100"})

    def _notified(self, lead):
        messages = self.env["mail.message"].search(
            [
                ("model", "=", "crm.lead"),
                ("res_id", "=", lead.id),
                ("message_type", "=", "user_notification"),
                ("subject", "ilike", "became hot"),
            ]
        )
        return messages.partner_ids

    def test_turning_hot_and_cold(self):
        self.assertFalse(self._crossed(self.lead))
        self._heat(self.lead)
        self.assertEqual(self.lead.score_temperature, "hot")
        self.assertFalse(self._crossed(self.lead))
        self._commit()
        self.assertEqual(self._crossed(self.lead), ["hot"])
        self.lead.phone = False
        self._commit()
        self.assertEqual(self._crossed(self.lead), ["hot", "cold"])

    def test_there_and_back_is_no_crossing(self):
        self._heat(self.lead)
        self.assertEqual(self.lead.score_temperature, "hot")
        self.lead.phone = False
        self._commit()
        self.assertFalse(self._crossed(self.lead))

    def test_new_lead_that_is_hot(self):
        lead = self._new_lead(phone="+1 202 555 0100")
        self._commit()
        self.assertEqual(self._crossed(lead), ["hot"])

    def test_other_rules_are_no_crossing(self):
        self._new_score_rule([], 70, model_id=self.model.id)
        self._commit()
        self.assertEqual(self.lead.score_temperature, "hot")
        self.assertFalse(self._crossed(self.lead))
        self.assertFalse(self._notified(self.lead))

    def test_owner_is_told(self):
        self._heat(self.lead + self.other)
        self._commit()
        self.assertEqual(self._notified(self.lead), self.rep.partner_id)
        self.assertEqual(self._notified(self.other), self.rep_2.partner_id)

    def test_owner_is_told_when_a_rep_saves(self):
        self._heat(self.lead.with_user(self.rep))
        self._commit()
        self.assertEqual(self._notified(self.lead), self.rep.partner_id)

    def test_nobody_is_told_of_a_lead_without_owner(self):
        lead = self._new_lead(user_id=False, phone="+1 202 555 0100")
        self._commit()
        self.assertEqual(self._crossed(lead), ["hot"])
        self.assertFalse(self._notified(lead))

    def test_automation_that_fails(self):
        """Neither the lead nor another one is kept from being saved."""
        changes = self.env["ir.model"]._get_id("lead.score.change")
        self.env["base.automation"].create(
            {
                "name": "Broken",
                "model_id": changes,
                "trigger": "on_create",
                "filter_domain": f"[('lead_id', '=', {self.lead.id})]",
                "action_server_ids": [
                    Command.create(
                        {
                            "name": "Break",
                            "model_id": changes,
                            "usage": "base_automation",
                            "state": "code",
                            "code": "record['no_such_field'] = 1 / 0",
                        }
                    )
                ],
            }
        )
        self._heat(self.lead + self.other)
        with self.assertLogs(EVENTS_LOG, logging.ERROR):
            self._commit()
        self.assertTrue(self.lead.phone)
        self.assertEqual(self.lead.score_total, 70)
        self.assertEqual(self._crossed(self.other), ["hot"])
        self.assertEqual(self._notified(self.other), self.rep_2.partner_id)

    def test_lead_that_was_deleted_meanwhile(self):
        self._heat(self.lead)
        self.assertEqual(self.lead.score_temperature, "hot")
        self.lead.unlink()
        self._commit()

    def test_owner_of_many_is_told_once(self):
        leads = self._new_lead() + self._new_lead() + self.lead
        self.env.cr.flush()
        before = self.env["mail.message"].search([], limit=1, order="id desc").id
        self._heat(leads + self.other)
        self._commit()
        told = self.env["mail.message"].search(
            [("id", ">", before), ("message_type", "=", "user_notification")]
        )
        self.assertEqual(told.partner_ids, (self.rep + self.rep_2).partner_id)
        self.assertEqual(len(told), 2)
        mine = told.filtered(lambda message: message.partner_ids == self.rep.partner_id)
        self.assertEqual(mine.subject, "Leads that became hot: 3")
        for lead in leads:
            self.assertIn(f"/mail/view?model=crm.lead&amp;res_id={lead.id}", mine.body)

    def test_a_conflict_goes_up(self):
        """The change of the temperature is not lost: the request is tried again."""
        self._heat(self.lead)
        self.env.flush_all()
        Change = type(self.env["lead.score.change"])
        for error in (SerializationFailure, InterfaceError, ConcurrencyError):
            self.lead._score_note_crossings([(self.lead.id, "cold", "hot", 70)])
            with patch.object(Change, "create", side_effect=error("Somebody else")):
                try:
                    self._commit()
                except error:
                    continue
            self.fail(f"{error} was swallowed")

"""What changes on many leads at once is told as Odoo tells it of each."""

from odoo.addons.lead_management.tests.common import LeadManagementCase

# What differs from message to message by nature.
OWN = {"id", "res_id", "message_id", "create_date", "write_date", "date", "parent_id"}


class TestTrack(LeadManagementCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["mail.alias.domain"].create({"name": "alias.example.com"})
        cls.company.alias_domain_id = cls.env["mail.alias.domain"].search([], limit=1)
        cls.team.alias_name = "team-a"

    def _new(self, size):
        leads = self.env["crm.lead"].create(
            [
                {"name": "Lead", "user_id": self.rep.id, "team_id": self.team.id}
                for __ in range(size)
            ]
        )
        leads[0].message_subscribe(
            self.leader.partner_id.ids, self.env.ref("crm.mt_lead_stage").ids
        )
        leads[0].message_post(body="Before", message_type="comment")
        self.env.flush_all()
        self.env.cr.flush()
        return leads

    def _told(self, lead, before):
        """Return what was written about a lead, as plain values."""
        message = lead.message_ids - before
        self.assertEqual(len(message), 1)
        columns = [
            name
            for name, field in message._fields.items()
            if field.store and field.column_type and name not in OWN
        ]
        values = {name: message[name] for name in columns}
        values["parent"] = bool(message.parent_id), message.parent_id.body
        values["tracking"] = sorted(
            (
                value.field_id.name,
                value.old_value_integer,
                value.old_value_char or "",
                value.new_value_integer,
                value.new_value_char or "",
                value.new_value_float,
            )
            for value in message.tracking_value_ids
        )
        values["notified"] = message.notified_partner_ids
        return values

    def _assert_same(self, change, user=None):
        """Assert that two leads at once are told like two, one after the other."""
        told = []
        for groups in (1, 2):
            leads = self._new(2)
            before = leads.message_ids
            acting = leads.with_user(user or self.leader)
            for group in (acting,) if groups == 1 else acting:
                change(group)
                self.env.flush_all()
                self.env.cr.flush()
            told.append([self._told(lead, before) for lead in leads])
        self.assertEqual(*told)
        return told[0]

    def test_stage(self):
        stage = self._stage("nurturing")
        first, second = self._assert_same(
            lambda leads: leads.write({"stage_id": stage.id})
        )
        self.assertEqual(first["subtype_id"], self.env.ref("crm.mt_lead_stage"))
        self.assertIn("team-a@", first["reply_to"])
        self.assertEqual(first["parent"][0], True)

    def test_lost(self):
        reason = self.env["crm.lost.reason"].create({"name": "No need"})

        def lose(leads):
            leads.action_set_lost(lost_reason_id=reason.id)

        self._assert_same(lose)

    def test_note_of_whoever_changes(self):
        def write(leads):
            leads._track_set_log_message("<p>Because</p>")
            leads._track_set_author(self.rep_2.partner_id)
            leads.write({"stage_id": self._stage("nurturing").id})

        first, __ = self._assert_same(write)
        self.assertIn("Because", first["body"])
        self.assertEqual(first["author_id"], self.rep_2.partner_id)

    def test_field_without_a_kind_of_message(self):
        first, __ = self._assert_same(
            lambda leads: leads.write({"email_from": "a@b.example"})
        )
        self.assertEqual(first["subtype_id"], self.env.ref("mail.mt_note"))

    def test_restored(self):
        reason = self.env["crm.lost.reason"].create({"name": "No need"})
        told = []
        for at_once in (True, False):
            leads = self._new(2)
            leads.action_set_lost(lost_reason_id=reason.id)
            self.env.cr.flush()
            before = leads.message_ids
            for group in (leads,) if at_once else leads:
                group.action_unarchive()
                self.env.flush_all()
                self.env.cr.flush()
            told.append([self._told(lead, before) for lead in leads])
        self.assertEqual(*told)

"""Before acceptance nobody of the other company learns more than the preview tells."""

import json

from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from .common import SECRETS, SharingCase

# What can be found in any text that holds one of the secrets.
TRACES = ("zanzibar", "98765", "470987654", "+32470987654")
HIDDEN = ("lead_id", "copy_id", "group_key", "data", "held", "marks")
# So many of the newest records of each model are read.
NEWEST = 30
# Odoo itself lets whoever administers the database read every mail that is queued.
OF_SYSTEM = {"mail.mail", "mail.notification"}


class TestNoLeak(SharingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.admin_b = cls._new_user("lm_admin_b", "manager", cls.company_b)
        cls.admin_b.group_ids += cls.env.ref("base.group_system")
        cls.users = (cls.rep_b, cls.manager_b, cls.admin_b)
        cls.partner_b.user_id = cls.manager_b
        cls.lead = cls._new_secret_lead(
            product_ids=[(6, 0, cls.env["product.product"].create({"name": "P"}).ids)]
        )
        cls.lead.message_post(body="Zanzibarmessage", subtype_xmlid="mail.mt_comment")
        cls.lead.activity_schedule(summary="Zanzibaractivity", user_id=cls.rep.id)
        cls.lead.message_post(body="z", attachments=[("zanzibar.txt", b"zanzibar")])
        qualifier = cls._new_qualifier("Why", "text")
        cls.lead._record_answers({qualifier.id: "Zanzibaranswer"})
        cls.lead.with_user(cls.rep).write({"phone": SECRETS["phone"]})
        shares = cls.env["lead.share"].with_user(cls.rep)
        cls.share = shares._offer(cls.lead.with_user(cls.rep), cls.policy)
        cls.env.cr.flush()

    def _models(self, user):
        for name, model in self.env.items():
            if model._abstract or name.startswith("ir.module"):
                continue
            own = model.with_user(user)
            if own.has_access("read"):
                yield own

    def _trace(self, value):
        text = json.dumps(value, default=str, ensure_ascii=False).lower()
        return next((trace for trace in TRACES if trace in text), None)

    def test_no_model_tells_anything(self):
        for user in self.users:
            read = 0
            for model in self._models(user):
                if model._name in OF_SYSTEM and user == self.admin_b:
                    continue
                with self.subTest(model=model._name, user=user.login):
                    records = self._newest(model)
                    read += len(records)
                    self.assertIsNone(self._trace(self._read(records)))
            self.assertGreater(read, 300)

    def _newest(self, model):
        own = model.with_context(active_test=False)
        try:
            return own.search([], order="id desc", limit=NEWEST)
        except (ValueError, UserError):
            return model.browse()

    def _read(self, records):
        names = [
            name
            for name in records.fields_get()
            if records._fields[name].type != "binary"
            and (records._fields[name].store or records._name.startswith("lead."))
        ]
        try:
            return records.read(names)
        except (AccessError, UserError):
            return []

    def test_the_trace_would_be_found(self):
        """The test reads what it is to read: the own company finds all of it."""
        found = set()
        for model in self._models(self.manager):
            if self._trace(self._read(self._newest(model))):
                found.add(model._name)
        self.assertLessEqual({"crm.lead", "mail.message", "mail.activity"}, found)

    def test_no_road_to_the_lead(self):
        for user in self.users:
            seen = self.env["lead.share"].with_user(user).search([])
            self.assertEqual(seen.ids, self.share.ids)
            for name in HIDDEN:
                for number, road in enumerate(self._roads(seen, name)):
                    with self.subTest(user=user.login, field=name, road=number):
                        self.env.invalidate_all()
                        self.assertTrue(self._is_refused(road))
                self.assertNotIn(name, seen.fields_get())

    def _is_refused(self, road):
        try:
            road()
        except (AccessError, UserError, ValueError):
            return True
        return False

    def _roads(self, seen, name):
        model = seen.browse()
        yield lambda: seen[name]
        yield lambda: seen.read([name])
        yield lambda: seen.web_read({name: {}})
        yield lambda: seen.mapped(name)
        yield lambda: model.search([(name, "!=", False)])
        yield lambda: model.search([], order=name)
        yield lambda: model.formatted_read_group([], [name], ["__count"])
        yield lambda: model._read_group([], aggregates=[f"{name}:array_agg"])
        yield lambda: seen.filtered_domain([(name, "!=", False)])
        yield lambda: seen.export_data([name])
        yield lambda: seen.copy()
        if name in ("lead_id", "copy_id"):
            yield lambda: model.search([(f"{name}.email_from", "ilike", "z")])
            yield lambda: seen.export_data([f"{name}/name"])
            yield lambda: seen.event_ids.search([(f"share_id.{name}.phone", "!=", 0)])

    def test_the_lead_itself_is_not_there(self):
        for user in self.users:
            lead = self.lead.with_user(user)
            self.assertFalse(lead.search([("id", "=", lead.id)]))
            self.assertFalse(lead.search([("email_from", "=", lead.sudo().email_from)]))
            for road in (
                lambda lead=lead: lead.read(["name"]),
                lambda lead=lead: lead.export_data(["name"]),
                lambda lead=lead: lead.message_post(body="x"),
            ):
                self.assertTrue(self._is_refused(road))
            own = self._new_lead(user_id=user.id, phone=SECRETS["phone"])
            self.assertEqual(own.with_user(user).duplicate_lead_count, 0)
            own.unlink()

    def test_names_of_leads_are_for_their_side(self):
        for user in self.users:
            self.assertFalse(self.share.sudo(False).with_user(user).lead_name)
            with self.assertRaises(AccessError):
                self.share.sudo(False).with_user(user).action_open_lead()
        mine = self.share.sudo(False).with_user(self.rep)
        self.assertEqual(mine.lead_name, SECRETS["name"])
        self.assertFalse(mine.with_user(self.rep_2).search([("id", "=", mine.id)]))

    def test_notices_tell_the_preview_alone(self):
        self.env.cr.execute(
            SQL(
                "SELECT body FROM mail_message message JOIN mail_notification notice"
                " ON notice.mail_message_id = message.id WHERE res_partner_id = %s",
                self.manager_b.partner_id.id,
            )
        )
        bodies = [body for (body,) in self.env.cr.fetchall()]
        self.assertTrue(bodies)
        self.assertIsNone(self._trace(bodies))

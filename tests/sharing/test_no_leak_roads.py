"""Every road to a lead that is only offered, walked by those it is offered to."""

import json
from contextlib import closing

from odoo.exceptions import UserError
from odoo.http import Request
from odoo.service.model import get_public_method
from odoo.tests import HttpCase, tagged

from .common import SECRETS, SharingCase
from .test_no_leak import TRACES

# Answers to an offer: what comes after acceptance is no leak.
ANSWERS = {"action_accept"}


@tagged("-at_install", "post_install")
class TestRoads(SharingCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.admin_b = cls._new_user("lm_admin_b", "manager", cls.company_b)
        cls.admin_b.group_ids += cls.env.ref("base.group_system")
        for user in (cls.rep_b, cls.manager_b, cls.admin_b, cls.manager):
            user.group_ids += cls.env.ref("base.group_allow_export")
        cls.lead = cls._new_secret_lead()
        cls.message = cls.lead.message_post(
            body="Zanzibarmessage", attachments=[("zanzibar.txt", b"zanzibar")]
        )
        cls.lead.with_user(cls.rep).write({"phone": SECRETS["phone"]})
        shares = cls.env["lead.share"].with_user(cls.rep)
        cls.share = shares._offer(cls.lead.with_user(cls.rep), cls.policy)
        cls.env.cr.flush()

    def _users(self):
        return self.rep_b, self.manager_b, self.admin_b

    def _trace(self, value):
        if isinstance(value, bytes):
            value = value.decode(errors="replace")
        text = value if isinstance(value, str) else json.dumps(value, default=repr)
        return next((trace for trace in TRACES if trace in text.lower()), None)

    # ------------------------------------------------------------
    # Calls
    # ------------------------------------------------------------

    def _call(self, records, name, *args, **kwargs):
        """Call a method as a client does; return what it tells, or that it refuses."""
        try:
            method = get_public_method(records, name)
            with closing(self.env.cr.savepoint(flush=False)) as savepoint:
                result = method(records, *args, **kwargs)
                savepoint.rollback()
        except Exception as error:
            result = f"{type(error).__name__}: {error}"
        self.env.transaction.clear()
        if hasattr(result, "_ids"):
            return result.ids
        return result

    def _public_names(self, model):
        for name in dir(type(model)):
            if name.startswith("_") or name in ANSWERS:
                continue
            try:
                get_public_method(model, name)
            except Exception:
                continue
            yield name

    def test_each_method_a_client_can_call(self):
        for user in (self.rep_b, self.admin_b):
            for records in (self.lead, self.share):
                mine = records.sudo(False).with_user(user)
                names = [*self._public_names(mine)]
                self.assertGreater(len(names), 50)
                for name in names:
                    with self.subTest(user=user.login, on=records._name, method=name):
                        self.assertIsNone(self._trace(self._call(mine, name)))

    def test_reading_searching_grouping_with_arguments(self):
        Share, Lead = self.env["lead.share"], self.env["crm.lead"]
        names = [n for n, f in Share._fields.items() if f.store and f.type != "json"]
        lead_domain = [("id", "=", self.lead.id)]
        for user in self._users():
            mine = Share.with_user(user)
            calls = [
                (
                    mine,
                    "web_search_read",
                    [],
                    {"specification": {n: {} for n in names}},
                ),
                (mine, "name_search", "Zanzibar"),
                (mine, "export_data", ["summary", "event_ids/detail", "user_id/name"]),
                *((mine, "formatted_read_group", [], [n], ["__count"]) for n in names),
                (Lead.with_user(user), "name_search", "Zanzibar"),
                (Lead.with_user(user), "search_read", lead_domain, ["name"]),
                (Lead.with_user(user), "search_count", lead_domain),
                (Lead.with_user(user), "action_find", "470987654"),
                (Lead.with_user(user), "formatted_read_group", lead_domain, ["phone"]),
                (self.lead.with_user(user), "get_property_definition", "x"),
                (self.env["mail.message"].with_user(user), "search_read", []),
                (
                    self.env["ir.attachment"].with_user(user),
                    *(
                        "search_read",
                        [],
                        ["name", "res_model", "res_id", "index_content"],
                    ),
                ),
                (self.env["lead.timeline"].with_user(user), "search_read", []),
                (self.env["lead.insight"].with_user(user), "get_report"),
                (
                    self.env["ir.model.data"].with_user(user),
                    "search_read",
                    [],
                    ["name"],
                ),
            ]
            for records, name, *args in calls:
                kwargs = args.pop() if args and isinstance(args[-1], dict) else {}
                with self.subTest(user=user.login, on=records._name, method=name):
                    told = self._call(records, name, *args, **kwargs)
                    # what they ask for themselves is in the text of an error
                    if not str(told).startswith(("AccessError", "ValueError")):
                        self.assertIsNone(self._trace(told))
            self.assertFalse(
                self._call(Lead.with_user(user), "search_count", lead_domain)
            )

    def test_no_relation_leads_there(self):
        """Any field of any model that points to leads: not even that one is there."""
        asked = 0
        for user in (self.rep_b, self.admin_b):
            for name, model in self.env.items():
                if model._abstract or not model._auto or name == "crm.lead":
                    continue
                mine = model.with_user(user).with_context(active_test=False)
                if not mine.has_access("read"):
                    continue
                for fname, field in model._fields.items():
                    if field.comodel_name != "crm.lead" or not field.store:
                        continue
                    asked += 1
                    for value in (SECRETS["email_from"], "nobody@example.com"):
                        domain = [(f"{fname}.email_from", "=", value)]
                        with self.subTest(user=user.login, field=f"{name}.{fname}"):
                            self.assertIn(self._count(mine, domain), (0, "refused"))
        self.assertGreater(asked, 40)

    def _count(self, model, domain):
        try:
            return model.search_count(domain)
        except (UserError, ValueError):
            return "refused"

    def test_the_order_of_offers_tells_nothing(self):
        """Sorting by each field that can be sorted by keeps to what is told."""
        other = self._new_secret_lead(contact_name="Aaa", email_from="a@example.com")
        self._offer(other)
        self.env.flush_all()
        mine = self.env["lead.share"].with_user(self.rep_b)
        hidden = {n for n, f in mine._fields.items() if f.groups == "."}
        self.assertLessEqual({"lead_id", "copy_id", "data", "marks"}, hidden)
        for name in hidden:
            for order in (name, f"{name} desc", f"{name}.contact_name"):
                told = self._call(mine, "search", [], order=order)
                self.assertIsInstance(told, str, order)

    # ------------------------------------------------------------
    # Pages and files
    # ------------------------------------------------------------

    def _pages(self):
        lead, share = self.lead.id, self.share.id
        attachment = self.message.attachment_ids.id
        fields = [{"name": "name", "label": "x"}, {"name": "email_from", "label": "y"}]
        for model, ids in (("crm.lead", [lead]), ("lead.share", [share])):
            data = {
                "model": model,
                "fields": fields
                if model == "crm.lead"
                else [
                    {"name": "lead_id/name", "label": "x"},
                    {"name": "data", "label": "y"},
                ],
                "ids": ids,
                "domain": [],
                "groupby": [],
                "import_compat": False,
                "context": {},
            }
            yield "/web/export/csv", {"data": json.dumps(data)}
        for path in (
            f"/lead/dossier/{lead}/json",
            f"/lead/dossier/{lead}/xlsx",
            f"/report/html/lead_management.lead_share_record/{share}",
            f"/report/html/lead_management.lead_dossier/{lead}",
            f"/web/content/{attachment}",
            f"/web/content/ir.attachment/{attachment}/datas",
            f"/web/image/crm.lead/{lead}/partner_id",
            f"/mail/view?model=crm.lead&res_id={lead}",
            f"/odoo/crm.lead/{lead}",
        ):
            yield path, None

    def _open(self, path, data):
        if data:
            data = {**data, "csrf_token": Request.csrf_token(self)}
        return self.url_open(path, data=data, timeout=60)

    def _ask(self, route, params):
        try:
            return self.make_jsonrpc_request(route, params)
        except Exception as error:
            return repr(error)

    def test_pages_and_files(self):
        thread = {"thread_model": "crm.lead", "thread_id": self.lead.id}
        partner = self.rep.partner_id.id
        for user in self._users():
            self.authenticate(user.login, user.login.ljust(8, "x"))
            for path, data in self._pages():
                with self.subTest(user=user.login, path=path):
                    self.assertIsNone(self._trace(self._open(path, data).content))
            for route, params in (
                ("/mail/thread/messages", thread),
                ("/mail/data", {"fetch_params": [["mail.thread", thread]]}),
                ("/mail/data", {"fetch_params": [["discuss.channel", {}]]}),
                ("/mail/thread/recipients", {**thread, "message_id": self.message.id}),
                ("/mail/partner/from_email", {**thread, "emails": ["x@example.com"]}),
                ("/mail/read_subscription_data", {"follower_id": partner}),
            ):
                with self.subTest(user=user.login, path=route):
                    self.assertIsNone(self._trace(self._ask(route, params)))

    def test_the_pages_would_tell(self):
        """The same pages tell the own company: they are those that count."""
        self.authenticate(self.manager.login, self.manager.login.ljust(8, "x"))
        told = set()
        for path, data in self._pages():
            if self._trace(self._open(path, data).content):
                told.add(path.split("?")[0].rstrip("0123456789"))
        self.assertLessEqual(
            {
                "/web/export/csv",
                "/web/content/",
                f"/lead/dossier/{self.lead.id}/json",
                "/report/html/lead_management.lead_share_record/",
            },
            told,
        )
        thread = {"thread_model": "crm.lead", "thread_id": self.lead.id}
        self.assertTrue(self._trace(self._ask("/mail/thread/messages", thread)))

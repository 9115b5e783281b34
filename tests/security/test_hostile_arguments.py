"""Every method a caller may reach, with arguments no dialog sends.

What comes out is a result or a sentence, never an error of Python or of the database.
"""

import inspect

from odoo import fields
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.fields import Command
from odoo.models import BaseModel
from odoo.tools import mute_logger

from odoo.addons.lead_management.tests.common import LeadManagementCase

MODULE = "odoo.addons.lead_management"
HOSTILE = (
    None,
    True,
    -1,
    10**30,
    1.5,
    float("nan"),
    "x",
    "a\x00b",
    "\ud800",
    "x" * 200_000,
    [],
    ["x"],
    [[[]]],
    {},
    {"x": "y"},
    {"x": {"y": [None]}},
    {7: []},
)
# Checked where consents are given and withdrawn.
ELSEWHERE = {"action_record_consent"}
# Of something that was written or done before.
DONE_BEFORE = {
    "action_credit_pick",
    "action_verification_apply",
    "action_verification_pick",
    "action_confirm_sent",
    "action_get_chat",
}
OF_MANAGERS = {"action_preview", "get_report", "get_credit"}
# Methods of Odoo that the addon extends: their arguments are Odoo's.
ALLOWED = (UserError, AccessError, MissingError)


class TestHostileArguments(LeadManagementCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.question = cls._new_qualifier("Fleet", "choice", [("Yes", 0)])
        cls.several = cls._new_qualifier("Needs", "multiple", [("A", 0), ("B", 0)])
        cls.number = cls._new_qualifier("Seats", "number")
        cls.lead = cls._new_lead(phone="+32 470 12 34 56", email_from="a@example.com")
        cls.env["lead.stage.requirement"].create(
            {"stage_id": cls._stage("customer").id, "field_name": "website"}
        )
        cls.subscription = cls.env["lead.report.subscription"].create(
            {"user_id": cls.rep.id}
        )
        cls.env.cr.flush()

    def _methods(self):
        """Return the methods of ours that take arguments: (model, name, parameters)."""
        found = {}
        for model, cls in self.registry.models.items():
            for name in dir(cls):
                if name.startswith("_") or name in ELSEWHERE:
                    continue
                makers = [c for c in cls.mro() if name in c.__dict__]
                method = makers[0].__dict__[name]
                if (
                    not inspect.isfunction(method)
                    or not all(c.__module__.startswith(MODULE) for c in makers)
                    or any(getattr(c.__dict__[name], "_api_private", 0) for c in makers)
                    or cls._abstract
                ):
                    continue
                parameters = [*inspect.signature(method).parameters][1:]
                if parameters:
                    found.setdefault((makers[0], name), (model, name, parameters))
        return sorted(found.values())

    def _good(self):
        return {
            "activity_id": False,
            "answers": {},
            "basis": "cohort",
            "campaign_id": False,
            "date": fields.Date.to_string(fields.Date.add(fields.Date.today(), days=1)),
            "first": "2026-10-01",
            "datum": "email",
            "hours": 1,
            "last": "2026-10-31",
            "key": "today",
            "kind": "keep",
            "lead_id": self.lead.id,
            "limits": None,
            "model": "position",
            "options": {},
            "reason": "Because",
            "ref": "GB-1",
            "scope": "me",
            "scope_id": False,
            "sections": None,
            "start": "2026-11-16",
            "subscription_id": self.subscription.id,
            "stage_id": self._stage("contacted").id,
            "state": "withdrawn",
            "text": "Ann",
            "time": "15:00",
            "user_id": False,
            "values": {},
            "what": "created",
        }

    def _record(self, model, user):
        if model == "crm.lead":
            return self.lead.with_user(user)
        if model == "lead.message.send":
            Dialog = self.env[model].with_user(user)
            return Dialog.create({"lead_ids": [Command.set(self.lead.ids)]})
        return self.env[model].with_user(user)

    def _nested(self):
        """What stands in dicts that a method reads."""
        questions = (self.question, self.several, self.number)
        for value in HOSTILE:
            yield "values", {"name": value}
            yield "values", {"contact_name": value, "partner_name": "x"}
            yield "values", {"contact_name": "x", "image": value, "phone": value}
            yield "values", {"expected_revenue": value}
            yield "values", {"tag_ids": value}
            yield "values", {"user_id": value}
            yield "values", {"domain": value, "kind": "field", "points": 1}
            yield "values", {"kind": value}
            yield "values", {"kind": "completeness", "band_ids": value}
            yield "values", {"kind": "activity", "event_ids": value, "days": value}
            yield "limits", {"today": value}
            for question in questions:
                yield "answers", {str(question.id): value}
            try:
                yield "answers", {value: "x"}
            except TypeError:
                continue  # no key of a dict

    def _calls(self):
        """Yield (model, name, arguments), one of the arguments hostile."""
        nested = [*self._nested()]
        for model, name, parameters in self._methods():
            good = {key: self._good()[key] for key in parameters}
            for parameter in parameters:
                for value in HOSTILE:
                    yield model, name, {**good, parameter: value}
            for parameter, value in nested:
                if parameter in parameters:
                    yield model, name, {**good, parameter: value}

    def _call(self, user, model, name, arguments):
        record = self._record(model, user)
        savepoint = self.env.cr.savepoint(flush=False)
        try:
            getattr(record, name)(**arguments)
            self.env.flush_all()
            self.env.cr.flush()
        except ALLOWED as error:
            self.assertTrue(str(error))
        finally:
            self.env.clear()
            savepoint.close(rollback=True)
            self.env.cr.precommit.clear()

    def test_methods_are_found(self):
        names = {name for __, name, __ in self._methods()}
        self.assertLessEqual(
            {"action_gate_info", "action_qualify", "action_release", "action_my_day"},
            names,
        )
        known = self._good().keys()
        for model, name, parameters in self._methods():
            self.assertLessEqual(set(parameters), known, f"{model}.{name}")

    @mute_logger("odoo.sql_db")
    def test_a_result_or_a_sentence(self):
        for user in (self.rep, self.manager):
            for model, name, arguments in self._calls():
                text = repr(arguments)[:200]
                with self.subTest(user=user.login, method=name, arguments=text):
                    self._call(user, model, name, arguments)

    def test_what_works_goes_on(self):
        """The arguments of the other calls are good ones."""
        for model, name, parameters in self._methods():
            if name in DONE_BEFORE:
                continue
            good = {key: self._good()[key] for key in parameters}
            if name == "action_capture_call":
                good["values"] = {"contact_name": "Ada"}
            with self.subTest(method=name):
                savepoint = self.env.cr.savepoint(flush=False)
                user = self.manager if name == "action_gate_override" else self.rep
                user = self.manager if name in OF_MANAGERS else user
                getattr(self._record(model, user), name)(**good)
                self.env.clear()
                savepoint.close(rollback=True)

    def test_wrong_number_of_arguments(self):
        lead = self.lead.with_user(self.rep)
        for arguments in ((), (1, 2, 3)):
            with self.assertRaises(UserError):
                lead.action_gate_info(*arguments)
        self.assertIsInstance(lead, BaseModel)

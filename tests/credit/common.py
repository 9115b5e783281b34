import json
from contextlib import contextmanager

from odoo.fields import Command

from odoo.addons.lead_management.tests.common import LeadManagementCase

from ..verification.fakes import http_fake

NUMBER = "12345678"
SECRET = "Zyx-the-whole-report"


def company(ref="GB-1", name="Hollis Ltd", number=NUMBER, town="Leeds"):
    """Return a company as the search finds it."""
    return {"id": ref, "name": name, "regNo": number, "address": {"city": town}}


def report(letter="A", limit="25999", number=NUMBER, status="Active", **more):
    """Return a report as it is bought."""
    rating = {
        "commonValue": letter,
        "commonDescription": more.pop("description", "Very Low Risk"),
        "creditLimit": {"value": limit, "currency": more.pop("currency", "USD")},
    }
    return {
        "orderReference": more.pop("reference", "R-1"),
        "report": {
            "companySummary": {
                "businessName": "Hollis Ltd",
                "companyRegistrationNumber": number,
                "companyStatus": status,
            },
            "creditScore": {"currentCreditRating": rating},
            "secret": SECRET,
        },
        **more,
    }


class Creditsafe:
    """A fake agency that counts what it sold; each road may be made to misbehave."""

    def __init__(self):
        self.found = [company()]
        self.reports = [report()]
        self.searches = self.sold = self.logins = 0
        self.on_login = self.on_search = self.on_buy = None

    def __call__(self, handler):
        path = handler.path.split("?")[0]
        if path.endswith("/authenticate"):
            self.logins += 1
            self._say(handler, self.on_login, 200, {"token": f"t{self.logins}"})
        elif path.endswith("/companies"):
            self.searches += 1
            self._say(handler, self.on_search, 200, {"companies": self.found})
        else:
            self._buy(handler)

    def _buy(self, handler):
        fault = self.on_buy
        if isinstance(fault, list):
            fault = fault.pop(0) if fault else None
        # what is refused is not sold; whatever else happens is paid for
        if not (isinstance(fault, tuple) and fault[0] in (401, 403, 404, 429)):
            self.sold += 1
        body = self.reports[0] if len(self.reports) == 1 else self.reports.pop(0)
        self._say(handler, fault, 200, body)

    def _say(self, handler, fault, status, data):
        headers = {}
        if callable(fault):
            fault(handler)
            return
        if fault:
            status, data, headers = (*fault, {})[:3]
        content = data if isinstance(data, bytes) else json.dumps(data).encode()
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content)


class CreditCase(LeadManagementCase):
    """A policy of company A, a lead of 50,000, and an agency."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["lead.credit.policy"].search([]).active = False
        cls.company.currency_id = cls.env.ref("base.USD")
        cls.uk = cls.env.ref("base.uk")
        cls.provider = cls.env["lead.credit.provider"].create(
            {"key": "creditsafe", "company_id": cls.company.id, "cost": 5}
        )
        cls.policy = cls.env["lead.credit.policy"].create(
            {
                "name": "Invoice",
                "company_id": cls.company.id,
                "threshold_amount": 10_000,
                "basis": "contract",
                "basis_text": "They asked to pay by invoice.",
                "approve_above": 20_000,
                "monthly_budget": 100,
                "provider_ids": [Command.set(cls.provider.ids)],
            }
        )
        cls.reader = cls._new_reader()
        cls.lead = cls._new_credit_lead()

    @classmethod
    def _new_reader(cls):
        group = cls.env.ref("lead_management.group_credit_report")
        user = cls.manager.copy({"login": "lm_reader", "name": "Reader"})
        user.group_ids = [Command.link(group.id)]
        return user

    @classmethod
    def _new_credit_lead(cls, **values):
        return cls._new_lead(
            **{
                "user_id": cls.rep.id,
                "company_id": cls.company.id,
                "partner_name": "Hollis Ltd",
                "country_id": cls.uk.id,
                "vat": NUMBER,
                "expected_revenue": 50_000,
                **values,
            }
        )

    @contextmanager
    def _agency(self):
        """Run the fake agency."""
        agency = Creditsafe()
        with http_fake() as (url, answers):
            answers.queue = [agency]
            self.provider.url = url
            yield agency

    def _ask(self, lead=None, user=None, **values):
        """Ask for a check as a rep does."""
        lead = lead or self.lead
        dialog = (
            self.env["lead.credit.ask"]
            .with_user(user or self.rep)
            .create({"lead_id": lead.id, **values})
        )
        dialog.action_ask()
        return self.env["lead.credit.check"].search(
            [("lead_id", "=", lead.id)], limit=1
        )

    def _approve(self, check, user=None):
        check.with_user(user or self.manager).action_approve()

    def _buy_all(self):
        """Buy all that is due, as the scheduled job does."""
        self.env.flush_all()
        for __ in range(20):
            if not self.env["lead.credit.check"]._run_next():
                break
        self.env.invalidate_all()

    def _check(self, lead=None, **values):
        """Ask, approve and buy."""
        check = self._ask(lead, **values)
        if check.state == "approval":
            self._approve(check)
        self._buy_all()
        return check

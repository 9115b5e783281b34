import re

from requests.auth import HTTPBasicAuth

from ....tools.check_number import JUNK
from ....tools.verdicts import DOUBTFUL, EXISTS, OK, VAT, WRONG
from .json_service import JsonService, get_text
from .service import SERVICES, Finding, NoAnswer

NUMBER = re.compile(r"(?:\d{2}|[A-Z]{2})\d{6}")
TROUBLE = ("liquidation", "receivership", "administration", "insolvency-proceedings")


@SERVICES.add
class CompaniesHouse(JsonService):
    """The register of companies of the United Kingdom."""

    key = "companies_house"
    label = "Companies House (United Kingdom)"
    data = (VAT,)
    url = "https://api.company-information.service.gov.uk"
    has_secret = True

    @classmethod
    def get_values(cls, lead, datum):
        number = JUNK.sub("", lead.vat or "").upper()
        if lead.country_id.code != "GB" or not NUMBER.fullmatch(number):
            return None
        return {"number": number}

    def get_auth(self):
        return HTTPBasicAuth(self.secret or "", "")

    def _check(self, values):
        status, data = self.ask("GET", f"company/{values['number']}")
        if status == 404:
            return Finding(WRONG, EXISTS, "register_none")
        if status != 200 or get_text(data, "company_number") != values["number"]:
            raise NoAnswer("not understood")
        state = get_text(data, "company_status")
        if state in TROUBLE:
            return Finding(DOUBTFUL, EXISTS, "register_insolvent")
        if state in ("dissolved", "converted-closed", "closed", "removed"):
            return Finding(DOUBTFUL, EXISTS, "register_inactive")
        if state not in ("active", "open", "registered"):
            raise NoAnswer("not understood")
        accounts = data.get("accounts")
        if isinstance(accounts, dict) and accounts.get("overdue") is True:
            return Finding(OK, EXISTS, "register_overdue")
        return Finding(OK, EXISTS, "register_active")

import re

from requests.auth import HTTPBasicAuth

from ....tools.check_number import JUNK
from ....tools.verdicts import COMPANY, DOUBTFUL, EXISTS, OK, VAT, WRONG
from .json_service import JsonService, get_text
from .service import SERVICES, Finding, Match, NoAnswer, choose_company

NUMBER = re.compile(r"(?:\d{2}|[A-Z]{2})\d{6}")
ACTIVE = ("active", "open", "registered")
TROUBLE = ("liquidation", "receivership", "administration", "insolvency-proceedings")
GONE = ("dissolved", "converted-closed", "closed", "removed")
STATUS = {
    **dict.fromkeys(ACTIVE, (OK, "register_active")),
    **dict.fromkeys(TROUBLE, (DOUBTFUL, "register_insolvent")),
    **dict.fromkeys(GONE, (DOUBTFUL, "register_inactive")),
}


@SERVICES.add
class CompaniesHouse(JsonService):
    """The register of companies of the United Kingdom, by number or by name."""

    key = "companies_house"
    label = "Companies House (United Kingdom)"
    data = (VAT, COMPANY)
    url = "https://api.company-information.service.gov.uk"
    has_secret = True

    @classmethod
    def get_values(cls, lead, datum):
        if lead.country_id.code != "GB":
            return None
        if datum == COMPANY:
            name = (lead.partner_name or "").strip()
            return {"name": name[:200]} if name else None
        number = JUNK.sub("", lead.vat or "").upper()
        return {"number": number} if NUMBER.fullmatch(number) else None

    def get_auth(self):
        return HTTPBasicAuth(self.secret or "", "")

    def _check(self, values):
        if "name" in values:
            return self._look_up(values)
        status, data = self.ask("GET", f"company/{values['number']}")
        if status == 404:
            return Finding(WRONG, EXISTS, "register_none")
        state = get_text(data, "company_status")
        is_it = get_text(data, "company_number") == values["number"]
        if status != 200 or not is_it or state not in STATUS:
            raise NoAnswer("not understood")
        verdict, reason = STATUS[state]
        accounts = data.get("accounts")
        if verdict == OK and isinstance(accounts, dict):
            if accounts.get("overdue") is True:
                reason = "register_overdue"
        return Finding(verdict, EXISTS, reason)

    def _look_up(self, values):
        query = {"q": values["name"], "items_per_page": 10}
        status, data = self.ask("GET", "search/companies", params=query)
        items = data.get("items")
        if status != 200 or not isinstance(items, list):
            raise NoAnswer("not understood")
        matches = filter(None, map(_read_match, items[:10]))
        return choose_company(values["name"], list(matches))


def _read_match(item):
    """Return a company, or None for what is none."""
    number, name = get_text(item, "company_number"), get_text(item, "title")[:200]
    status = STATUS.get(get_text(item, "company_status"))
    if not (NUMBER.fullmatch(number) and name and status):
        return None
    return Match(number, name, get_text(item, "address", "locality")[:100], *status)

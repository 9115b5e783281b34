from ....tools.check_number import JUNK, is_lei
from ....tools.verdicts import COMPANY, DOUBTFUL, EXISTS, OK, VAT, WRONG
from .json_service import JsonService, get_text
from .service import SERVICES, Finding, Match, NoAnswer, choose_company

STATUS = {
    "ACTIVE": (OK, "register_active"),
    "INACTIVE": (DOUBTFUL, "register_inactive"),
}


@SERVICES.add
class Gleif(JsonService):
    """The register of legal entities of the world, by their LEI or their name."""

    key = "gleif"
    label = "GLEIF (Legal Entity Identifiers)"
    data = (VAT, COMPANY)
    url = "https://api.gleif.org/api/v1"

    @classmethod
    def get_values(cls, lead, datum):
        if datum == COMPANY:
            name, country = (lead.partner_name or "").strip(), lead.country_id.code
            return (
                {"name": name[:200], "country": country} if name and country else None
            )
        number = JUNK.sub("", lead.vat or "").upper()
        return {"lei": number} if is_lei(number) else None

    def _check(self, values):
        if "name" in values:
            return self._look_up(values)
        status, data = self.ask("GET", f"lei-records/{values['lei']}")
        if status == 404:
            return Finding(WRONG, EXISTS, "register_none")
        record = data.get("data")
        if status != 200 or get_text(record, "attributes", "lei") != values["lei"]:
            raise NoAnswer("not understood")
        entity = get_text(record, "attributes", "entity", "status")
        if entity not in STATUS:
            raise NoAnswer("not understood")
        verdict, reason = STATUS[entity]
        return Finding(verdict, EXISTS, reason)

    def _look_up(self, values):
        query = {
            "filter[entity.legalName]": values["name"],
            "filter[entity.legalAddress.country]": values["country"],
            "page[size]": 10,
        }
        status, data = self.ask("GET", "lei-records", params=query)
        records = data.get("data")
        if status != 200 or not isinstance(records, list):
            raise NoAnswer("not understood")
        matches = filter(None, map(_read_match, records[:10]))
        return choose_company(values["name"], list(matches))


def _read_match(record):
    """Return a company, or None for what is none."""
    lei = get_text(record, "attributes", "lei")
    entity = record["attributes"].get("entity") if lei else None
    name = get_text(entity, "legalName", "name")[:200]
    status = STATUS.get(get_text(entity, "status"))
    if not (is_lei(lei) and name and status):
        return None
    return Match(lei, name, get_text(entity, "legalAddress", "city")[:100], *status)

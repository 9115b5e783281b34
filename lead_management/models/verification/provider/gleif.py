from ....tools.check_number import JUNK, is_lei
from ....tools.verdicts import DOUBTFUL, EXISTS, OK, VAT, WRONG
from .json_service import JsonService, get_text
from .service import SERVICES, Finding, NoAnswer


@SERVICES.add
class Gleif(JsonService):
    """The register of legal entities of the world, by their LEI."""

    key = "gleif"
    label = "GLEIF (Legal Entity Identifiers)"
    data = (VAT,)
    url = "https://api.gleif.org/api/v1"

    @classmethod
    def get_values(cls, lead, datum):
        number = JUNK.sub("", lead.vat or "").upper()
        return {"lei": number} if is_lei(number) else None

    def _check(self, values):
        status, data = self.ask("GET", f"lei-records/{values['lei']}")
        if status == 404:
            return Finding(WRONG, EXISTS, "register_none")
        record = data.get("data")
        if status != 200 or get_text(record, "attributes", "lei") != values["lei"]:
            raise NoAnswer("not understood")
        entity = get_text(record, "attributes", "entity", "status")
        if entity == "ACTIVE":
            return Finding(OK, EXISTS, "register_active")
        if entity == "INACTIVE":
            return Finding(DOUBTFUL, EXISTS, "register_inactive")
        raise NoAnswer("not understood")

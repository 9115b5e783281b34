from ....tools.check_number import EU, JUNK, PREFIXES, verify_number
from ....tools.verdicts import EXISTS, OK, VAT, WRONG
from .json_service import JsonService, get_text
from .service import SERVICES, Finding, NoAnswer

# What it says when the register of a country is not there right now.
BUSY = "UNAVAILABLE", "MAX_CONCURRENT", "TIMEOUT", "BLOCKED"


@SERVICES.add
class Vies(JsonService):
    """The register of VAT numbers of the European Union."""

    key = "vies"
    label = "VIES (European Commission)"
    data = (VAT,)
    url = "https://ec.europa.eu/taxation_customs/vies/rest-api"

    @classmethod
    def get_values(cls, lead, datum):
        country = lead.country_id.code
        prefix = PREFIXES.get(country, country)
        if prefix not in EU or verify_number(lead.vat, country).verdict != OK:
            return None
        number = JUNK.sub("", lead.vat).upper().removeprefix(prefix)
        return {"countryCode": prefix, "vatNumber": number}

    def _check(self, values):
        status, data = self.ask("POST", "check-vat-number", json=values)
        said = [get_text(data, "userError")] + [
            get_text(error, "error")
            for error in data.get("errorWrappers") or ()
            if isinstance(error, dict)
        ]
        for error in filter(None, said):
            if any(busy in error for busy in BUSY):
                raise NoAnswer(error)
            if error == "INVALID_INPUT":
                raise NoAnswer(error, is_final=True)
        valid = data.get("valid", data.get("isValid"))
        # an answer about another number is none about this one
        echo = JUNK.sub("", get_text(data, "vatNumber")).upper()
        if status != 200 or not isinstance(valid, bool) or echo != values["vatNumber"]:
            raise NoAnswer("not understood")
        reference = get_text(data, "requestIdentifier")
        if valid:
            return Finding(OK, EXISTS, "vies_valid", reference)
        return Finding(WRONG, EXISTS, "vies_invalid", reference)

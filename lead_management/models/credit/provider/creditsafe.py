import json
from urllib.parse import quote

from ...base.graph import (
    GraphFailure,
    NotSentError,
    RefusedAddressError,
    parse_retry_after,
)
from ...base.json_client import JsonClient
from .bands import read_band, read_limit
from .contract import AGENCIES, Agency, Candidate, NotBought, Report, Uncertain

MOST_CANDIDATES = 20


@AGENCIES.add
class Creditsafe(Agency):
    """Creditsafe Connect: authenticate, search, buy the report of one company."""

    key = "creditsafe"
    label = "Creditsafe Connect"
    url = "https://connect.creditsafe.com"

    def __init__(self, config):
        super().__init__(config)
        self.token = None

    # ------------------------------------------------------------
    # Calls
    # ------------------------------------------------------------

    def _call(self, method, path, **options):
        """Return status, headers and content.

        :raise NotBought: nobody was reached
        :raise Uncertain: the call was made, and there is no answer
        """
        try:
            client = JsonClient(self.url)
            if self.token:
                client.session.headers["Authorization"] = f"Bearer {self.token}"
            return client.call(method, path, **options)
        except (NotSentError, RefusedAddressError) as error:
            raise NotBought(type(error).__name__) from error
        except GraphFailure as error:
            raise Uncertain(str(error)) from error

    def _log_in(self):
        """Get a token.

        :raise NotBought: when there is none
        """
        self.token = None
        login = {"username": self.username or "", "password": self.secret or ""}
        try:
            status, headers, data = self._call("POST", "v1/authenticate", json=login)
        except Uncertain as error:  # to log in costs nothing
            raise NotBought(str(error)) from error
        token = (data or {}).get("token")
        if status != 200 or not isinstance(token, str) or not token.isascii():
            raise NotBought(f"login: HTTP {status}", _wait(headers))
        self.token = token

    def _get(self, path, **options):
        """Return the answer to a call with a token, which may have run out."""
        if not self.token:
            self._log_in()
        status, headers, data = self._call("GET", path, **options)
        if status == 401:
            # refused before anything was done
            self._log_in()
            status, headers, data = self._call("GET", path, **options)
        if status in (401, 403, 429):
            raise NotBought(f"HTTP {status}", _wait(headers))
        return status, data

    # ------------------------------------------------------------
    # What it sells
    # ------------------------------------------------------------

    def _search(self, values):
        try:
            status, data = self._get("v1/companies", params=self._get_query(values))
        except Uncertain as error:  # a search costs nothing
            raise NotBought(str(error)) from error
        found = (data or {}).get("companies")
        if status == 404:
            return []
        if status != 200 or not isinstance(found, list):
            raise NotBought(f"search: HTTP {status}")
        return [_read_candidate(one) for one in found[:MOST_CANDIDATES] if _has_id(one)]

    def _get_query(self, values):
        query = {"countries": values["country"], "pageSize": MOST_CANDIDATES}
        number = values.get("number")
        if number and number[:2].isalpha():
            return {**query, "vatNo": number}
        if number:
            return {**query, "regNo": number}
        return {**query, "name": values["name"]}

    def _buy(self, ref, values):
        path = f"v1/companies/{quote(ref, safe='')}"
        status, data = self._get(path, params={"language": "en"})
        if status == 404:
            raise NotBought("HTTP 404")
        report = (data or {}).get("report")
        if status != 200 or not isinstance(report, dict):
            # an error in place of a report, or nothing: nobody knows who pays
            raise Uncertain(f"HTTP {status}")
        return _read_report(report, data)


def _wait(headers):
    return parse_retry_after(headers.get("Retry-After"))


def _has_id(one):
    return isinstance(one, dict) and isinstance(one.get("id"), str) and one["id"]


def _get_text(data, *path):
    for name in path:
        data = data.get(name) if isinstance(data, dict) else None
    return data.strip()[:200] if isinstance(data, str) else ""


def _read_candidate(one):
    address = one.get("address")
    town = _get_text(address, "city") or _get_text(address, "simpleValue")
    return Candidate(one["id"], _get_text(one, "name"), _get_text(one, "regNo"), town)


def _read_report(report, data):
    """Return what a report says; what is not in it is not made up."""
    score = report.get("creditScore")
    rating = score.get("currentCreditRating") if isinstance(score, dict) else None
    status = _get_text(report, "companySummary", "companyStatus")
    description = " ".join(
        filter(
            None,
            (
                _get_text(rating, "commonDescription"),
                _get_text(rating, "providerDescription"),
            ),
        )
    )
    band, reasons = read_band(_get_text(rating, "commonValue"), description, status)
    if not isinstance(rating, dict) and band == "none":
        reasons = ["score_missing"]
    limit = rating.get("creditLimit") if isinstance(rating, dict) else None
    limit = limit if isinstance(limit, dict) else {}
    amount = read_limit(limit.get("value"))
    if amount is None:
        reasons.append("no_limit")
    if data.get("failedSections"):
        reasons.append("incomplete")
    return Report(
        band,
        amount,
        _get_text(limit, "currency"),
        reasons,
        _get_text(data, "orderReference") or _get_text(data, "correlationId"),
        _get_text(report, "companySummary", "businessName"),
        _get_text(report, "companySummary", "companyRegistrationNumber"),
        json.dumps(data, ensure_ascii=False),
    )

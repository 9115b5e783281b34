"""The API for programs that deliver leads, and its documentation."""

import time

from odoo.http import Controller, request, route

from ..models.capture.door.door import WRONG_SECRET
from ..models.capture.entry.lead_capture_entry_store import TooMany
from ..tools.capture_values import parse_json, to_ascii
from .lead_capture_hook import MAX_BODY, OPTIONS, get_call, get_source, reply

# What is not processed by then is told to be waiting: the cron does it.
LONGEST = 20
MAX_KEY = 255


class LeadCaptureApi(Controller):
    """Keeps all rows first, and then tells of each what became of it."""

    @route("/lead/api/<string:token>", methods=["GET"], **OPTIONS)
    def document(self, token, **__):
        source = get_source(token, "api")
        if not source:
            return reply({"error": "unknown"}, 404)
        response = request.render(
            "lead_management.lead_capture_api_page", source._prepare_api_page()
        )
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Robots-Tag"] = "noindex"
        response.headers["Referrer-Policy"] = "no-referrer"
        return response

    @route(
        "/lead/api/<string:token>",
        methods=["POST"],
        max_content_length=MAX_BODY,
        **OPTIONS,
    )
    def receive(self, token, **__):
        source = get_source(token, "api")
        if not source:
            return reply({"error": "unknown"}, 403)
        http_request = request.httprequest
        door, body = source._get_door(), http_request.get_data()
        given = (http_request.headers.get("Idempotency-Key") or "")[:MAX_KEY]
        verdict = door.verify(body, http_request.headers, None)
        try:
            items = door.split(parse_json(body), body, given)
        except ValueError:
            error = {"error": "Send a JSON object with a list of 1 to 100 leads."}
            return reply(
                error if verdict != WRONG_SECRET else {"error": "unknown"}, 400
            )
        entries = source.env["lead.capture.entry"]
        try:
            call = get_call(is_wrong=verdict == WRONG_SECRET)
            ids = entries._store(source, items, call)
        except TooMany:
            # whoever does not know the key does not learn that either
            if verdict != WRONG_SECRET:
                return reply({"error": "too many"}, 429, [("Retry-After", "3600")])
        if verdict == WRONG_SECRET:
            return reply({"error": "unknown"}, 403)
        return reply({"results": self._get_results(entries, items, ids)})

    def _get_results(self, entries, items, ids):
        """Process what was kept, row by row, and tell what became of each."""
        deadline = time.monotonic() + LONGEST
        for id_ in dict.fromkeys(ids):
            if time.monotonic() < deadline:
                entries._run_apart([id_])
        results, seen = [], set()
        for row in entries._read_results(ids, [to_ascii(i.payload) for i in items]):
            if row.pop("entry") in seen:
                row = {"status": "duplicate", "id": row.get("id")}
            results.append(row)
            seen.add(ids[len(results) - 1])
        return results

"""What platforms of advertisements call. Whoever is no platform learns nothing."""

import json

from odoo.http import Controller, request, route

from ..models.capture.door.door import FORGED, WRONG_SECRET, Door
from ..models.capture.entry.lead_capture_entry_store import Call, TooMany
from ..tools.capture_values import parse_json

MAX_BODY = Door.largest_body
# What is read of any call; what the kind of the source takes is less, mostly.
MAX_HOOK = 1024 * 1024
OPTIONS = {
    "type": "http",
    "auth": "public",
    "csrf": False,
    "save_session": False,
    "sitemap": False,
}


class LeadCaptureHook(Controller):
    """Keeps what is genuine, and answers before anything else is done with it."""

    @route("/lead/hook/<string:token>", methods=["GET"], **OPTIONS)
    def verify(self, token, **params):
        source = get_source(token, "hook")
        answer = source._get_door().handshake(params) if source else None
        if answer is None:
            return reply({"error": "unknown"}, 403)
        return reply(answer)

    @route(
        "/lead/hook/<string:token>",
        methods=["POST"],
        max_content_length=MAX_HOOK,
        **OPTIONS,
    )
    def receive(self, token, **__):
        source = get_source(token, "hook")
        if not source:
            return reply({"error": "unknown"}, 403)
        door, body = source._get_door(), request.httprequest.get_data()
        if len(body) > door.largest_body:
            return reply({"error": "too large"}, 413)
        try:
            payload = parse_json(body)
        except ValueError:
            payload = None
        verdict = door.verify(body, request.httprequest.headers, payload)
        if verdict == FORGED:
            count_forged(source)
            return reply({"error": "unknown"}, 403)
        try:
            items = door.split(payload, body)
            call = get_call(is_wrong=verdict == WRONG_SECRET)
            if items:
                source.env["lead.capture.entry"]._store(source, items, call)
        except ValueError:
            return reply({"error": "unreadable"}, 400)
        except TooMany:
            # whoever does not know the key does not learn that either
            if verdict != WRONG_SECRET:
                return reply({"error": "too many"}, 429)
        if verdict == WRONG_SECRET:
            return reply({"error": "unknown"}, 403)
        return reply({"status": "ok"})


def get_source(token, kind):
    """Return the source that an address belongs to, with all rights, or none."""
    return request.env["lead.capture.source"]._get_by_token(token, kind)


def get_call(is_wrong=False, **facts):
    """Return what is known of the call besides its body."""
    return Call(request.httprequest.remote_addr or "", facts, is_wrong)


def count_forged(source):
    """Count a call whose signature is wrong; nothing of it is kept."""
    # sudo: nobody is logged in, and a number is counted
    rates = source.env["lead.capture.rate"].sudo()
    rates._count(source, get_call().network, is_forged=True)


def reply(content, status=200, headers=()):
    """Return an answer that nothing keeps or runs."""
    is_text = isinstance(content, str)
    kind = "text/plain" if is_text else "application/json"
    return request.make_response(
        content if is_text else json.dumps(content),
        headers=[
            ("Content-Type", f"{kind}; charset=utf-8"),
            ("X-Content-Type-Options", "nosniff"),
            ("Cache-Control", "no-store"),
            *headers,
        ],
        status=status,
    )

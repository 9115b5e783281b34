"""Where another database posts what it says; whoever it is not learns nothing."""

import json
import time

from odoo.http import Controller, request, route

from ..models.sharing.exchange.lead_share_partner import ON
from ..tools.envelope import HEADERS, MAX_BODY, VERSION, unpack, verify

OPTIONS = {
    "type": "http",
    "auth": "public",
    "methods": ["POST"],
    "csrf": False,
    "save_session": False,
    "sitemap": False,
}


class LeadExchange(Controller):
    """Stores what is signed and answers at once; what is wrong gets one answer."""

    @route("/lead/exchange/1/<string:peer>", max_content_length=MAX_BODY, **OPTIONS)
    def receive(self, peer, **__):
        """Keep a message, once."""
        body = request.httprequest.get_data()
        connection = self._get_connection(peer)
        headers = [request.httprequest.headers.get(name) for name in HEADERS]
        # one after the other, whatever the first says: the time tells nothing
        secrets = connection._get_secrets() if connection else ["none"]
        key = verify(secrets, headers, body, int(time.time()))
        if not connection or not key:
            return self._answer(403, {"error": "refused"})
        if request.env["lead.message.gate"]._get_silence():
            return self._answer(503, {"error": "silent"})
        message = unpack(body)
        if not message:
            return self._answer(409, {"error": "version", "understood": [VERSION]})
        # sudo: nobody is logged in, and the signature is right
        messages = request.env["lead.share.message"].sudo()
        return self._answer(
            200, {"new": messages._store(connection, key, message, body)}
        )

    @route("/lead/exchange/1/connect", max_content_length=4096, **OPTIONS)
    def connect(self, **__):
        """Take an invitation: once, and for some minutes."""
        try:
            values = json.loads(request.httprequest.get_data())
        except (ValueError, RecursionError):
            values = None
        # sudo: nobody is logged in; the code is the right to connect
        partners = request.env["lead.share.partner"].sudo()
        found = partners._take_invitation(values) if isinstance(values, dict) else None
        if not found:
            return self._answer(403, {"error": "refused"})
        return self._answer(200, found)

    def _get_connection(self, peer):
        # sudo: nobody is logged in; the secrets are only compared
        partners = request.env["lead.share.partner"].sudo()
        if not 0 < len(peer) <= 64:
            return partners
        return partners.search(
            [("peer", "=", peer), ("connection_state", "=", ON)], limit=1
        )

    def _answer(self, status, values):
        headers = [
            ("Content-Type", "application/json"),
            ("Cache-Control", "no-store"),
            ("X-Content-Type-Options", "nosniff"),
        ]
        return request.make_response(json.dumps(values), headers, status=status)

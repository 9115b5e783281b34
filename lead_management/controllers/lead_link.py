"""Links of messages: where they lead to, and that somebody followed one."""

import logging

from odoo.http import Controller, request, route

from ..models.nurturing.click.link_token import TRAP, read_link
from .lead_capture_hook import OPTIONS

_logger = logging.getLogger(__name__)
MAX_TOKEN = 2500


class LeadLink(Controller):
    """A GET leads on and changes nothing: what is wrong leads nowhere."""

    @route("/lead/go/<string:token>", methods=["GET"], **OPTIONS)
    def go(self, token, **__):
        # sudo: nobody is logged in; only what we signed is read
        found = read_link(request.env(su=True), token[:MAX_TOKEN])
        if not found:
            return request.not_found()
        message_id, url = found
        self._record(message_id, url)
        if url == TRAP:
            response = request.make_response("", status=204)
        else:
            response = request.redirect(url, 302, local=False)
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Robots-Tag"] = "noindex"
        response.headers["Referrer-Policy"] = "no-referrer"
        return response

    def _record(self, message_id, url):
        http = request.httprequest
        try:
            # sudo: nobody is logged in
            clicks = request.env["lead.message.click"].sudo()
            agent = (http.user_agent.string or "")[:500]
            clicks._record(message_id, url, agent, http.method == "HEAD")
        except Exception:  # noqa: BLE001 - whoever follows a link gets there
            _logger.warning("A click could not be recorded", exc_info=True)

"""The page on which a lead says what messages to send; no login, only a signed link."""

from odoo import http
from odoo.http import request

from ..models.messaging.constants import ALL, EMAIL
from ..models.messaging.gate.lead_consent import PAGE
from .signed_page import render_signed_page

MAX_BODY = 4096
MAX_TOKEN = 1024


class LeadPreference(http.Controller):
    """A GET shows and changes nothing: mail scanners follow every link."""

    @http.route(
        "/lead/preferences/<string:token>",
        type="http",
        auth="public",
        methods=["GET"],
        sitemap=False,
    )
    def show(self, token, saved=None, later=None, **__):
        person = self._get_person(token)
        if not person:
            return self._refuse()
        if person.token != token:
            return self._redirect(person)
        values = {
            "token": token,
            "choices": self._get_consents()._get_choices(person),
            "company": person.company,
            "masked": person.masked,
            "saved": bool(saved),
            "later": bool(later),
        }
        return render_signed_page("lead_management.lead_preference_page", values)

    @http.route(
        "/lead/preferences/<string:token>",
        type="http",
        auth="public",
        methods=["POST"],
        max_content_length=MAX_BODY,
        sitemap=False,
    )
    def save(self, token, **post):
        person = self._get_person(token)
        if not person:
            return self._refuse()
        Consent = self._get_consents()
        Consent._confirm_address(person)
        result = "saved"
        if post.get("nothing"):
            Consent._withdraw_person(person, ALL, **self._get_proof())
        else:
            wanted = {name for name, value in post.items() if value}
            if not Consent._save_choices(person, wanted, **self._get_proof()):
                result = "later"
        return self._redirect(person, f"?{result}=1")

    @http.route(
        "/lead/preferences/<string:token>/one-click",
        type="http",
        auth="public",
        methods=["POST"],
        csrf=False,
        save_session=False,
        max_content_length=MAX_BODY,
        sitemap=False,
    )
    def one_click(self, token, **post):
        """Withdraw at once: what mail programs call (RFC 8058), without a session.

        No news and offers by email is what the button means, and no other email
        that has the button.
        """
        person = self._get_person(token)
        if not person:
            return self._refuse()
        if post.get("List-Unsubscribe") != "One-Click":
            return self._refuse()
        self._get_consents()._withdraw_person(
            person, EMAIL, **self._get_proof("one_click")
        )
        return request.make_response("", headers=[("Cache-Control", "no-store")])

    @http.route(
        "/lead/preferences/<string:token>/one-click",
        type="http",
        auth="public",
        methods=["GET"],
        save_session=False,
        sitemap=False,
    )
    def one_click_shown(self, token, **__):
        """Show the page to whoever opens the link of the header in a browser."""
        return request.redirect(f"/lead/preferences/{token}")

    # ------------------------------------------------------------

    def _get_consents(self):
        # sudo: the signed link is the right to see and change this person's consents
        return request.env["lead.consent"].sudo()

    def _get_person(self, token):
        if len(token) > MAX_TOKEN:
            return None
        return self._get_consents()._read_token(token)

    def _get_proof(self, how=PAGE):
        http_request = request.httprequest
        return {
            "how": how,
            "ip": http_request.remote_addr,
            "source": http_request.path.split("/")[2],
        }

    def _redirect(self, person, query=""):
        return request.redirect(f"/lead/preferences/{person.token}{query}", 303)

    def _refuse(self):
        """Answer the same to whatever is wrong, so that nothing is told by it."""
        return render_signed_page("lead_management.lead_preference_unknown", {}, 404)

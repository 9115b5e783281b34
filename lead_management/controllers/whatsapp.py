from werkzeug.exceptions import Forbidden

from odoo.http import Controller, request, route

# Meta posts up to 3 MB at once.
MAX_BODY = 4 * 1024 * 1024
ADDRESS = "/lead_management/whatsapp/<string:token>"
CHALLENGE_LENGTH = 256
OPTIONS = {"type": "http", "auth": "public", "csrf": False, "save_session": False}


class WhatsappWebhook(Controller):
    """What Meta calls. Whoever is not Meta always gets the same answer."""

    @route(ADDRESS, methods=["GET"], sitemap=False, **OPTIONS)
    def verify(self, token, **params):
        """Answer the question whether this webhook is meant."""
        account = self._get_account(token)
        given = params.get("hub.verify_token", "")
        challenge = params.get("hub.challenge", "")
        # one after the other, whatever the first says: the time tells nothing
        is_ours = account._is_verify_token(given)
        if not is_ours or params.get("hub.mode") != "subscribe":
            raise Forbidden()
        if not challenge.isalnum() or len(challenge) > CHALLENGE_LENGTH:
            raise Forbidden()
        return self._answer(challenge)

    @route(ADDRESS, methods=["POST"], max_content_length=MAX_BODY, **OPTIONS)
    def receive(self, token, **params):
        """Keep what Meta signed; it is processed afterwards."""
        body = request.httprequest.get_data()
        account = self._get_account(token)
        signature = request.httprequest.headers.get("X-Hub-Signature-256")
        if not account._is_signed(body, signature):
            raise Forbidden()
        # sudo: nobody is logged in, and the signature is right
        request.env["lead.whatsapp.event"].sudo()._store(account, body)
        return self._answer("ok")

    def _get_account(self, token):
        # sudo: nobody is logged in; the secrets are only compared
        accounts_sudo = request.env["lead.whatsapp.account"].sudo()
        return accounts_sudo._get_by_webhook_token(token)

    def _answer(self, text):
        headers = [
            ("Content-Type", "text/plain; charset=utf-8"),
            ("X-Content-Type-Options", "nosniff"),
            ("Cache-Control", "no-store"),
        ]
        return request.make_response(text, headers)

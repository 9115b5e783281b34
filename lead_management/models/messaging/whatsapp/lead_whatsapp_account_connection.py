import hashlib
import hmac
import re
import secrets

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...base.graph import GraphClient, GraphError, GraphFailure
from .lead_whatsapp_account import CONNECTED, ERROR

TOKEN = re.compile(r"[A-Za-z0-9_-]{20,128}")


def _is_equal(expected, given):
    """Compare in constant time what is given, whatever it consists of."""
    return hmac.compare_digest(
        expected.encode(), (given or "").encode("utf-8", "replace")
    )


class LeadWhatsappAccount(models.Model):
    """Accounts at work: they call Meta, and know its calls."""

    _inherit = "lead.whatsapp.account"

    # ------------------------------------------------------------
    # Connection
    # ------------------------------------------------------------

    def action_test_connection(self):
        """Ask Meta for the number, and note whether all is well."""
        self.ensure_one()
        self.check_access("write")
        self.write(self._test_connection())
        return True

    def action_subscribe(self):
        """Let the app of the token get what happens in the business account."""
        self.ensure_one()
        self.check_access("write")
        try:
            self._get_client().post(self.business_account_id or "", "subscribed_apps")
        except GraphFailure as failure:
            raise ValidationError(self._get_failure_text(failure)) from failure
        self.write(self._test_connection())
        return True

    def action_renew_webhook(self):
        """Make a new address and token; the ones before are worthless at once."""
        self.ensure_one()
        self.check_access("write")
        self.write(
            {"webhook_token": self._new_token(), "verify_token": self._new_token()}
        )
        return True

    def action_open_events(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "lead_management.lead_whatsapp_event_action"
        )
        action["domain"] = [("account_id", "=", self.id)]
        return action

    def _test_connection(self):
        """Return the values a test of the connection leads to.

        Called in a request of the administrator, who waits for it: it reads, so that a
        repetition does no harm.
        """
        now = fields.Datetime.now()
        asked = "display_phone_number,verified_name,quality_rating"
        try:
            answer = self._get_client().get(self.phone_number_id, fields=asked)
        except GraphFailure as failure:
            return {
                "state": ERROR,
                "error": self._get_failure_text(failure),
                "checked_date": now,
            }
        return {
            "state": CONNECTED,
            "error": False,
            "checked_date": now,
            "display_number": str(answer.get("display_phone_number") or "")[:64],
            "verified_name": str(answer.get("verified_name") or "")[:128],
            "quality": str(answer.get("quality_rating") or "")[:32],
            "is_subscribed": self._test_subscription(),
        }

    def _test_subscription(self):
        try:
            answer = self._get_client().get(
                self.business_account_id or "-", "subscribed_apps"
            )
        except GraphFailure:
            return False
        return bool(answer.get("data"))

    def _get_client(self):
        """Return what calls Meta for this account.

        :raises GraphError: when the account is not set up
        """
        # sudo: the secrets, to use them and no more
        account_sudo = self.sudo()
        if not account_sudo.access_token:
            raise GraphError(
                self.env._(
                    "The access token is missing. Enter it on the WhatsApp account."
                ),
                190,
            )
        return GraphClient(
            account_sudo.base_url, account_sudo.graph_version, account_sudo.access_token
        )

    def _get_server(self):
        """Return the technical name of the account as a server of the outbox."""
        return f"whatsapp:{self.id}"

    def _get_best(self):
        """Return the account to send with: the first one, if one is, connected."""
        ordered = self.sorted(
            lambda one: (one.state != CONNECTED, one.sequence, one.id)
        )
        return ordered[:1]

    @api.model
    def _get_for(self, company):
        """Return the account a company sends with, or none."""
        return self.search([("company_id", "=", company.id)])._get_best()

    def _set_out_of_order(self, error):
        """Note that nothing can be sent until an administrator sees to it."""
        if self.state != ERROR or self.error != error:
            self.write({"state": ERROR, "error": error})

    def _set_connected(self):
        """Note that a message was taken."""
        self.write({"state": CONNECTED, "error": False})

    # ------------------------------------------------------------
    # Webhook
    # ------------------------------------------------------------

    @api.model
    def _get_by_webhook_token(self, token):
        """Return the account whose address was called, or none."""
        if not TOKEN.fullmatch(token):
            return self.browse()
        return self.search([("webhook_token", "=", token)], limit=1)

    def _is_verify_token(self, token):
        """Return whether this is the token Meta was given; with none, it never is."""
        expected = self.verify_token or secrets.token_urlsafe(32)
        return _is_equal(expected, token) and bool(self)

    def _is_signed(self, body, signature):
        """Return whether Meta signed these bytes, with the secret of this account."""
        secret = self.app_secret or secrets.token_urlsafe(32)
        digest = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        return _is_equal(f"sha256={digest}", signature) and bool(self)

    def _get_receiver(self, phone_number_id):
        """Return the account a signed message is for, or none.

        An app of Meta has one webhook for all its numbers: another account receives
        through this one when both have the same app, hence the same secret.
        """
        if phone_number_id in ("", self.phone_number_id):
            return self
        other = self.search([("phone_number_id", "=", phone_number_id)], limit=1)
        same = other and _is_equal(self.app_secret or "-", other.app_secret)
        return other if same else self.browse()

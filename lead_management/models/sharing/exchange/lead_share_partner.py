import hmac
import secrets
from datetime import timedelta
from urllib.parse import urlsplit

import requests

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import NO_ACCESS

from ....tools.envelope import get_fingerprint
from ....tools.incoming_text import clean_incoming
from ...base.graph import RefusedAddressError, check_address, check_host
from ..policy.constants import ACCEPTING, CONNECTION, OFFERED

NEW, INVITED, CHECK, ON, OFF = "new", "invited", "check", "on", "off"
STATES = [
    (NEW, "Not connected"),
    (INVITED, "Waiting for the other side"),
    (CHECK, "Compare the fingerprint"),
    (ON, "Connected"),
    (OFF, "Disconnected"),
]
INVITATION = timedelta(minutes=15)
# So often an invitation may be tried before it is void.
TRIES = 5
# Both secrets count for so long after one is replaced.
ROTATION = timedelta(days=2)
TIMEOUT = 10
SECRET = {"groups": NO_ACCESS, "copy": False, "readonly": True}
ADMIN = {"groups": "base.group_system", "copy": False}


class LeadSharePartner(models.Model):
    """A company with an Odoo of its own: connected once, by two people who compare."""

    _inherit = "lead.share.partner"

    connection_state = fields.Selection(
        STATES, string="Connection", default=NEW, readonly=True, copy=False
    )
    url = fields.Char(
        string="Their Address",
        readonly=True,
        copy=False,
        help="Address of the other Odoo. It comes with the invitation.",
    )
    allow_private = fields.Boolean(
        string="Allow a Private Network",
        help="The other Odoo runs in your own network. Without this, only servers in "
        "the internet are called, with a valid certificate.",
        **ADMIN,
    )
    invitation = fields.Char(
        help="Send this to the administrator of the other company. It can be used "
        "once, within 15 minutes.",
        **ADMIN,
    )
    invitation_until = fields.Datetime(readonly=True, **ADMIN)
    invitation_tries = fields.Integer(**SECRET)
    fingerprint = fields.Char(
        compute="_compute_fingerprint",
        compute_sudo=True,
        help="Both sides see the same. Compare it by phone before you confirm.",
    )
    peer = fields.Char(**SECRET)
    their_peer = fields.Char(**SECRET)
    secret = fields.Char(**SECRET)
    secret_before = fields.Char(**SECRET)
    secret_until = fields.Datetime(**SECRET)

    _peer_uniq = models.UniqueIndex("(peer) WHERE peer IS NOT NULL")

    @api.depends("secret")
    def _compute_fingerprint(self):
        for partner in self:
            partner.fingerprint = partner.secret and get_fingerprint(partner.secret)

    def _is_ready(self):
        if self.kind == CONNECTION:
            return self.connection_state == ON
        return super()._is_ready()

    def _get_admin(self):
        """Return these with all rights, for administrators.

        :raises AccessError: for everybody else
        """
        self.check_access("write")
        if not self.env.user.has_group("base.group_system"):
            raise UserError(
                self.env._("Only administrators can connect databases. Ask one.")
            )
        # sudo: secrets are for nobody to read
        return self.sudo()

    # ------------------------------------------------------------
    # Connecting
    # ------------------------------------------------------------

    def action_invite(self):
        """Make a code with which the other side connects, once and soon."""
        self.ensure_one()
        partner = self._get_admin()
        peer = secrets.token_urlsafe(16)
        code = secrets.token_urlsafe(24)
        partner.write(
            {
                "peer": peer,
                "invitation": f"{partner.get_base_url()}#{peer}.{code}",
                "invitation_until": fields.Datetime.now() + INVITATION,
                "invitation_tries": 0,
                "connection_state": INVITED,
            }
        )

    def action_connect(self):
        """Use the invitation of the other side."""
        self.ensure_one()
        partner = self._get_admin()
        url, __, rest = (partner.invitation or "").strip().partition("#")
        their_peer, __, code = rest.partition(".")
        if not (url and their_peer and code):
            raise UserError(self.env._("Paste the invitation of the other company."))
        url = url.rstrip("/")
        partner._check_url(url)
        peer = secrets.token_urlsafe(16)
        answer = partner._call_connect(
            f"{url}/lead/exchange/1/connect",
            {
                "peer": their_peer,
                "code": code,
                "your_peer": peer,
                "name": partner.company_id.name,
                "url": partner.get_base_url(),
            },
        )
        partner.write(
            {
                "name": clean_incoming(answer.get("name")) or partner.name,
                "url": url,
                "peer": peer,
                "their_peer": their_peer,
                "secret": answer["secret"],
                "invitation": False,
                "connection_state": CHECK,
            }
        )

    def _check_url(self, url):
        """Refuse addresses that this server should not call.

        :raises UserError: for those in a private network, unless that is allowed
        """
        if self.allow_private:
            if urlsplit(url).scheme in ("http", "https"):
                return
            raise UserError(self.env._("“%s” is no address of a server.", url[:100]))
        try:
            check_address(url)
            check_host(url)
        except (ValueError, RefusedAddressError) as error:
            raise UserError(
                self.env._(
                    "“%s” is no server in the internet with an encrypted address.",
                    url[:100],
                )
            ) from error

    def _call_connect(self, url, values):
        try:
            answer = requests.post(
                url, json=values, timeout=TIMEOUT, allow_redirects=False
            )
            found = answer.json() if answer.status_code == 200 else {}
        except (requests.RequestException, ValueError):
            found = {}
        secret = found.get("secret") if isinstance(found, dict) else None
        if not isinstance(secret, str) or len(secret) < 32:
            raise UserError(
                self.env._(
                    "The other side did not answer, or the invitation is used or over. "
                    "Ask for a new one."
                )
            )
        return found

    @api.model
    def _take_invitation(self, values):
        """Answer who uses an invitation: a secret, or None whatever is wrong."""
        texts = {
            name: value if isinstance(value := values.get(name), str) else ""
            for name in ("peer", "code", "your_peer", "name", "url")
        }
        partner = self.search(
            [("peer", "=", texts["peer"]), ("connection_state", "=", INVITED)], limit=1
        )
        # whoever tries many codes makes the invitation void, which is committed
        if not partner or not partner.try_lock_for_update():
            return None
        partner.invitation_tries += 1
        right = (partner.invitation or "").rpartition(".")[2]
        is_right = hmac.compare_digest(right.encode(), texts["code"].encode())
        is_open = partner.invitation_until > fields.Datetime.now()
        if not (is_right and is_open and right and partner.invitation_tries <= TRIES):
            return None
        try:
            partner._check_url(texts["url"])
        except UserError:
            return None
        secret = secrets.token_hex(32)
        partner.write(
            {
                "name": clean_incoming(texts["name"]) or partner.name,
                "url": texts["url"].rstrip("/"),
                "their_peer": texts["your_peer"][:64],
                "secret": secret,
                "invitation": False,
                "connection_state": CHECK,
            }
        )
        return {"name": partner.company_id.name, "secret": secret}

    def action_confirm_connection(self):
        """Say that both sides see the same fingerprint."""
        partner = self._get_admin()
        if partner.connection_state not in (CHECK, OFF) or not partner.secret:
            raise UserError(self.env._("There is no connection to confirm."))
        partner.connection_state = ON

    def action_disconnect(self):
        """Send and take nothing any more; what is shared stays on either side.

        What nobody has accepted, or whose data has not come, is closed: of ours, the
        next in the list is asked.
        """
        partner = self._get_admin()
        partner.connection_state = OFF
        shares = self.env["lead.share"].sudo()  # sudo: whoever offered them
        open_ = shares.search(
            [
                ("connection_id", "in", partner.ids),
                ("state", "in", (OFFERED, ACCEPTING)),
            ]
        )
        open_._withdraw()
        open_.filtered("company_id")._ask_next()

    def action_view_messages(self):
        """Open what goes to this connection, and comes from it."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "lead_management.lead_share_message_action"
        )
        return {**action, "domain": [("connection_id", "=", self.id)]}

    # ------------------------------------------------------------
    # Secrets
    # ------------------------------------------------------------

    def action_rotate(self):
        """Replace the secret: the other side is told, signed with the one before."""
        partner = self._get_admin()
        if partner.connection_state != ON:
            raise UserError(self.env._("There is no connection to renew."))
        secret = secrets.token_hex(32)
        self.env["lead.share.message"]._queue_to(partner, "ping", {"secret": secret})
        partner._set_secret(secret)

    def _set_secret(self, secret):
        self.write(
            {
                "secret_before": self.secret,
                "secret_until": fields.Datetime.now() + ROTATION,
                "secret": secret,
            }
        )

    def _get_secrets(self):
        """Return the secrets that count now, the newest first."""
        found = [self.secret]
        if self.secret_until and self.secret_until > fields.Datetime.now():
            found.append(self.secret_before)
        return [secret for secret in found if secret]

import re
import secrets

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...base.graph import check_address
from .lead_whatsapp_event import FAILED

DRAFT, CONNECTED, ERROR = "draft", "connected", "error"
STATES = [
    (DRAFT, "Not connected"),
    (CONNECTED, "Connected"),
    (ERROR, "Disconnected"),
]
WEBHOOK_PATH = "/lead_management/whatsapp"
VERSION = re.compile(r"v\d{1,3}\.\d{1,2}")
IDENTIFIER = re.compile(r"\d{5,25}")
# What a connection was tested with: it is not, once one of them changes.
CREDENTIALS = (
    "access_token",
    "app_secret",
    "base_url",
    "business_account_id",
    "graph_version",
    "phone_number_id",
)
OPT_OUT_WORDS = """STOP, UNSUBSCRIBE, STOP PROMOTIONS, OPT OUT
ARRÊT, ARRÊTER, STOPPER, DÉSABONNER, DÉSINSCRIRE
BAJA, CANCELAR, DETENER, NO MÁS
REZYGNUJĘ, WYPISZ, KONIEC, ANULUJ
STOPP, ABMELDEN"""


class LeadWhatsappAccount(models.Model):
    """A number of the company on the WhatsApp Business Platform of Meta.

    What opens the account is read by system administrators alone; programs that send
    read it with all rights, and never hand it on.
    """

    _name = "lead.whatsapp.account"
    _description = "WhatsApp Account"
    _order = "sequence, id"

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    # Meta
    phone_number_id = fields.Char(
        string="Phone Number ID",
        required=True,
        copy=False,
        help="Long number from Meta, not the phone number itself.",
    )
    business_account_id = fields.Char(
        string="Business Account ID",
        help="WhatsApp Business Account (WABA) of the number.",
    )
    graph_version = fields.Char(required=True, default="v23.0")
    base_url = fields.Char(
        string="API Address",
        required=True,
        default="https://graph.facebook.com",
        groups="base.group_system",
    )
    # Secrets
    access_token = fields.Char(
        copy=False,
        groups="base.group_system",
        help="Permanent token of a system user with the permissions "
        "whatsapp_business_messaging and whatsapp_business_management.",
    )
    app_secret = fields.Char(
        copy=False,
        groups="base.group_system",
        help="Secret of the Meta app. It verifies incoming data.",
    )
    verify_token = fields.Char(
        copy=False,
        groups="base.group_system",
        default=lambda self: self._new_token(),
        help="Meta sends it back when the webhook is set up.",
    )
    webhook_token = fields.Char(
        copy=False,
        groups="base.group_system",
        default=lambda self: self._new_token(),
    )
    webhook_url = fields.Char(
        string="Webhook Address",
        compute="_compute_webhook_url",
        groups="base.group_system",
    )
    is_webhook_secure = fields.Boolean(
        compute="_compute_webhook_url",
        groups="base.group_system",
        string="Secure Webhook",
    )
    # State
    state = fields.Selection(
        STATES, required=True, default=DRAFT, readonly=True, copy=False
    )
    error = fields.Char(readonly=True, copy=False)
    checked_date = fields.Datetime(string="Last Checked", readonly=True, copy=False)
    display_number = fields.Char(string="Phone Number", readonly=True, copy=False)
    verified_name = fields.Char(readonly=True, copy=False)
    quality = fields.Char(string="Quality Rating", readonly=True, copy=False)
    is_subscribed = fields.Boolean(
        string="Webhook Subscribed",
        readonly=True,
        copy=False,
        help="The app is subscribed to the events of this business account.",
    )
    # Incoming
    team_id = fields.Many2one(
        "crm.team",
        string="Team of New Leads",
        check_company=True,
        help="Team for leads from unknown numbers. Leave empty to use the assignment "
        "rules only.",
    )
    opt_out_words = fields.Text(
        string="Opt-Out Keywords",
        default=OPT_OUT_WORDS,
        help="A message with only one of these words withdraws the consent to "
        "WhatsApp messages. Separate the words by commas. Case, accents and "
        "punctuation are ignored.",
    )
    last_event_date = fields.Datetime(
        string="Last Webhook", compute="_compute_events", compute_sudo=True
    )
    failed_event_count = fields.Integer(
        string="Errors", compute="_compute_events", compute_sudo=True
    )

    _phone_number_id_uniq = models.UniqueIndex(
        "(phone_number_id) WHERE active IS TRUE",
        "There is already an account with this phone number ID.",
    )
    _webhook_token_uniq = models.UniqueIndex("(webhook_token)")

    # ------------------------------------------------------------
    # Fields
    # ------------------------------------------------------------

    @api.model
    def _new_token(self):
        return secrets.token_urlsafe(32)

    @api.depends("webhook_token")
    def _compute_webhook_url(self):
        for account in self:
            path = f"{WEBHOOK_PATH}/{account.webhook_token}"
            known = account.webhook_token
            url = account.get_base_url()
            account.webhook_url = url + path if known else False
            account.is_webhook_secure = url.startswith("https://")

    def _compute_events(self):
        Event = self.env["lead.whatsapp.event"]
        last = dict(
            Event._read_group(
                [("account_id", "in", self.ids)], ["account_id"], ["date:max"]
            )
        )
        failed = dict(
            Event._read_group(
                [("account_id", "in", self.ids), ("state", "=", FAILED)],
                ["account_id"],
                ["__count"],
            )
        )
        for account in self:
            account.last_event_date = last.get(account._origin)
            account.failed_event_count = failed.get(account._origin, 0)

    @api.constrains("base_url")
    def _check_base_url(self):
        for account in self:
            try:
                check_address(account.base_url)
            except ValueError as error:
                raise ValidationError(
                    self.env._(
                        "The API address must start with https:// and be reachable "
                        "on the internet."
                    )
                ) from error

    @api.constrains("graph_version", "phone_number_id", "business_account_id")
    def _check_identifiers(self):
        for account in self:
            if not VERSION.fullmatch(account.graph_version):
                raise ValidationError(
                    self.env._("The Graph version must look like v23.0.")
                )
            for identifier in (account.phone_number_id, account.business_account_id):
                if identifier and not IDENTIFIER.fullmatch(identifier):
                    raise ValidationError(
                        self.env._(
                            "“%s” is not a valid Meta ID. Use digits only.",
                            identifier,
                        )
                    )

    # ------------------------------------------------------------
    # ORM
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._clean_values(vals) for vals in vals_list])

    def write(self, vals):
        vals = self._clean_values(vals)
        if not vals.keys().isdisjoint(CREDENTIALS):
            vals = {"state": DRAFT, "error": False, **vals}
        return super().write(vals)

    @api.model
    def _clean_values(self, vals):
        """Return values without the spaces that come along when IDs are pasted."""
        return {
            name: value.strip()
            if isinstance(value, str) and name in (*CREDENTIALS, "verify_token")
            else value
            for name, value in vals.items()
        }

import re
import secrets

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..door.door import DOORS

ATTACH, NEW, ASK = "attach", "new", "ask"
TOKEN_LENGTH = 24
TOKEN = re.compile(r"[A-Za-z0-9_-]{16,64}")
MANAGER = "sales_team.group_sale_manager"


class LeadCaptureSource(models.Model):
    """A form, an advertisement, a mailbox … that leads come from.

    What opens it is read by system administrators alone. Each kind is a class that
    knows what comes in there (``door/``), and adds itself to the kinds.
    """

    _name = "lead.capture.source"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _description = "Capture Source"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    kind = fields.Selection(
        [("form", "Web form")], string="Type", required=True, default="form"
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    # Where leads go
    team_id = fields.Many2one(
        "crm.team",
        string="Sales Team",
        check_company=True,
        help="Leads start in this team. Leave empty to let the assignment rules "
        "choose the team.",
    )
    tag_ids = fields.Many2many("crm.tag", string="Tags")
    campaign_id = fields.Many2one("utm.campaign", ondelete="set null")
    medium_id = fields.Many2one("utm.medium", ondelete="set null")
    utm_source_id = fields.Many2one(
        "utm.source", string="UTM Source", ondelete="set null"
    )
    # What becomes of them
    known = fields.Selection(
        [
            (ATTACH, "Add to the open lead"),
            (NEW, "Create a new lead"),
            (ASK, "Ask a sales manager"),
        ],
        string="Known Person",
        required=True,
        default=ATTACH,
        help="What happens when the email, the phone number or the contact belongs to "
        "an open lead of the company.",
    )
    known_days = fields.Integer(
        string="Known For (Days)",
        default=90,
        help="Only open leads created or changed within this number of days count.",
    )
    spam_limit = fields.Integer(
        default=50,
        help="Submissions with this many spam points are set aside. 0 means never.",
    )
    hour_limit = fields.Integer(
        string="Max. Submissions per Hour",
        default=1000,
        help="Submissions beyond this number are set aside. 0 means no limit.",
    )
    keep_days = fields.Integer(
        string="Keep Raw Data (Days)",
        default=180,
        help="Submissions are deleted after this number of days. Leads stay.",
    )
    field_ids = fields.One2many(
        "lead.capture.field", "source_id", string="Fields", copy=True
    )
    entry_ids = fields.One2many("lead.capture.entry", "source_id", string="Submissions")
    # Secrets
    token = fields.Char(
        copy=False,
        groups="base.group_system",
        help="The part of the address nobody can guess.",
    )
    secret = fields.Char(
        copy=False,
        groups="base.group_system",
        help="The key that the platform sends, or signs with.",
    )
    address = fields.Char(
        string="Webhook URL",
        compute="_compute_address",
        compute_sudo=True,
        groups="base.group_system",
    )
    form_url = fields.Char(string="Link", compute="_compute_address", compute_sudo=True)

    _token_uniq = models.UniqueIndex("(token) WHERE token IS NOT NULL")

    # ------------------------------------------------------------
    # Fields
    # ------------------------------------------------------------

    @api.depends("token", "kind")
    def _compute_address(self):
        for source in self:
            door = source._get_door()
            url = False
            if door.route and source.token:
                url = f"{source.get_base_url()}/lead/{door.route}/{source.token}"
            source.address = url
            source.form_url = url if door.route == "form" else False

    @api.constrains("spam_limit", "hour_limit", "known_days", "keep_days")
    def _check_limits(self):
        for source in self:
            limits = source.spam_limit, source.hour_limit, source.known_days
            if min(limits) < 0 or source.keep_days < 1:
                raise ValidationError(
                    self.env._(
                        "Limits of “%s” are 0 or more, and raw data is kept for at "
                        "least one day.",
                        source.name,
                    )
                )

    @api.constrains("company_id")
    def _check_company_of_entries(self):
        """What came in to one company is not shown to another one."""
        for source in self:
            others = Domain("source_id", "=", source.id) & Domain(
                "company_id", "!=", source.company_id.id
            )
            # sudo: entries of companies the user is not in count, too
            if self.env["lead.capture.entry"].sudo().search_count(others, limit=1):
                raise ValidationError(
                    self.env._(
                        "“%s” has submissions of another company. Archive it and "
                        "create a new source.",
                        source.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        sources = super().create(vals_list)
        # sudo: managers make sources, and read no secrets
        for source in sources.sudo():
            if not source.token:
                source.token = self._new_token()
            source._created()
        return sources

    def _created(self):
        """Complete a new source; kinds extend it."""

    @api.model
    def _new_token(self):
        return secrets.token_urlsafe(TOKEN_LENGTH)

    def copy_data(self, default=None):
        return [
            {**vals, "name": self.env._("%s (copy)", vals["name"])}
            for vals in super().copy_data(default)
        ]

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        # sudo: who may delete a source need not read what came in
        if (
            self.env["lead.capture.entry"]
            .sudo()
            .search_count([("source_id", "in", self.ids)], limit=1)
        ):
            raise ValidationError(
                self.env._(
                    "Sources with submissions cannot be deleted. Archive them: "
                    "nothing comes in any more, and the submissions are kept."
                )
            )

    # ------------------------------------------------------------
    # Doors
    # ------------------------------------------------------------

    def _get_door(self):
        """Return the door of the source, which knows what comes in there."""
        # sudo: doors compare and use secrets, and never hand them on
        return DOORS.get(self.kind)(self.sudo())

    @api.model
    def _get_by_token(self, token, route):
        """Return the source with this token, with all rights, or none.

        :param route: ``form``, ``api`` or ``hook``: by which address it was called
        """
        # sudo: nobody is logged in, and the token is what gives access
        sources = self.sudo()
        if not TOKEN.fullmatch(token or ""):
            return sources.browse()
        source = sources.search_fetch([("token", "=", token)], limit=1)
        if source and source._get_door().route != route:
            return sources.browse()
        return source

    @api.model
    def _get_own(self, kind, company):
        """Return the source of something of our own, made when it is first needed."""
        # sudo: whoever is at work; a source of the program itself
        sources = self.sudo().with_context(active_test=False)
        domain = Domain("kind", "=", kind) & Domain("company_id", "=", company.id)
        source = sources.search(domain, limit=1, order="active desc, id")
        if not source:
            label = dict(self._fields["kind"]._description_selection(self.env))[kind]
            source = sources.create(
                {"name": label, "kind": kind, "company_id": company.id}
            )
        return source

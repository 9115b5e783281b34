import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import sql

from ...tools.phones import show_phone
from ...tools.social_links import NETWORKS, clean_link

NETWORK_NAMES = {
    "linkedin": "LinkedIn",
    "facebook": "Facebook",
    "x": "X",
    "instagram": "Instagram",
}
COMPANY_SIZES = [
    ("micro", "1 to 9 employees"),
    ("small", "10 to 49 employees"),
    ("medium", "50 to 249 employees"),
    ("large", "250 to 999 employees"),
    ("enterprise", "1,000 employees or more"),
]
# The smallest number of employees of each band, the largest band first.
SIZE_FROM = ((1000, "enterprise"), (250, "large"), (50, "medium"), (10, "small"))
# What people put between the digits of a number they look for.
SPACED = re.compile(r"\+?[\d\s().-]+")
NO_DIGIT = re.compile(r"[\s().-]")
CHANNELS = [
    ("email", "Email"),
    ("phone", "Phone"),
    ("sms", "SMS"),
    ("whatsapp", "WhatsApp"),
    ("meeting", "Meeting"),
    ("post", "Post"),
]
TIMES_OF_DAY = [
    ("morning", "Morning"),
    ("noon", "Around noon"),
    ("afternoon", "Afternoon"),
    ("evening", "Evening"),
]
OLDEST = fields.Date.from_string("1900-01-01")


class LeadPersonMixin(models.AbstractModel):
    """What is known of a person and the company behind, on leads and on contacts."""

    _name = "lead.person.mixin"
    _description = "Person and Company"

    # Person
    birthdate = fields.Date()
    preferred_channel = fields.Selection(
        CHANNELS, help="How this person prefers to be contacted."
    )
    preferred_time = fields.Selection(
        TIMES_OF_DAY,
        string="Preferred Time of Day",
        help="When this person prefers to be contacted, in local time.",
    )
    # Accounts
    whatsapp = fields.Char(
        string="WhatsApp",
        compute="_compute_whatsapp",
        inverse="_inverse_whatsapp",
        search="_search_whatsapp",
        help="The phone number, unless another number is set.",
    )
    whatsapp_own = fields.Char(string="Separate WhatsApp Number", readonly=True)
    linkedin_url = fields.Char(string="LinkedIn")
    facebook_url = fields.Char(string="Facebook")
    x_url = fields.Char(string="X (Twitter)")
    instagram_url = fields.Char(string="Instagram")
    # Company
    # not "Employees": those of a company that uses HR
    employee_count = fields.Integer(string="Number of Employees", aggregator="avg")
    company_size = fields.Selection(
        COMPANY_SIZES,
        compute="_compute_company_size",
        store=True,
        readonly=False,
        help="Set automatically from the number of employees.",
    )

    _employee_count_positive = models.Constraint(
        "CHECK(employee_count >= 0)", "The number of employees must be 0 or more."
    )

    def _auto_init(self):
        """Add the computed columns empty: nothing is written on existing records."""
        for name, field in self._fields.items():
            if (
                self._auto
                and field.store
                and field.compute
                and field.column_type
                and name in {*self._person_fields(), *self._company_fields()}
                and not sql.column_exists(self.env.cr, self._table, name)
            ):
                sql.create_column(
                    self.env.cr, self._table, name, field.column_type[1], field.string
                )
        return super()._auto_init()

    def _get_phone_shown(self):
        """Return the phone number as people read it, or False."""
        self.ensure_one()
        return show_phone(self.phone_sanitized or self.phone)

    @api.depends("phone_sanitized", "whatsapp_own")
    def _compute_whatsapp(self):
        for record in self:
            record.whatsapp = show_phone(record._get_whatsapp_number())

    def _get_whatsapp_number(self):
        """Return the number of WhatsApp as it is stored and written to, or False."""
        return self.whatsapp_own or self.phone_sanitized

    def _inverse_whatsapp(self):
        for record in self:
            number = record._clean_number(record.whatsapp or "")
            own = number and number != record.phone_sanitized
            record.whatsapp_own = number if own else False
        self.invalidate_recordset(["whatsapp"], flush=False)

    def _clean_number(self, number):
        return self._phone_format(number=number) or number

    def _search_whatsapp(self, operator, value):
        if operator not in ("in", "ilike", "like", "=ilike", "=like"):
            return NotImplemented
        if operator == "in" and False in value:
            empty = [("whatsapp_own", "=", False), ("phone_sanitized", "=", False)]
            others = [item for item in value if item]
            return ["|", ("whatsapp", "in", others), "&", *empty]
        if operator == "in":
            value = [self.browse()._clean_number(item) for item in value]
        elif SPACED.fullmatch(value or ""):
            value = NO_DIGIT.sub("", value)
        return [
            "|",
            ("whatsapp_own", operator, value),
            "&",
            ("whatsapp_own", "=", False),
            ("phone_sanitized", operator, value),
        ]

    @api.depends("employee_count")
    def _compute_company_size(self):
        for record in self:
            count = record.employee_count
            if count > 0:
                record.company_size = next(
                    (size for smallest, size in SIZE_FROM if count >= smallest), "micro"
                )
            else:
                record.company_size = record.company_size

    @api.constrains("birthdate")
    def _check_birthdate(self):
        born = self.filtered("birthdate")
        today = born and fields.Date.context_today(self)
        for record in born:
            if not OLDEST <= record.birthdate <= today:
                raise ValidationError(
                    self.env._(
                        "%s is not a valid date of birth. Choose a date between 1900 "
                        "and today.",
                        fields.Date.to_string(record.birthdate),
                    )
                )

    # ------------------------------------------------------------
    # Links
    # ------------------------------------------------------------

    @api.model
    def _clean_links(self, vals):
        """Return the values with the addresses of social accounts cleaned."""
        links = {
            f"{network}_url": self._clean_link(network, vals[f"{network}_url"])
            for network in NETWORKS
            if vals.get(f"{network}_url")
        }
        return {**vals, **links} if links else vals

    @api.model
    def _clean_link(self, network, text):
        try:
            return clean_link(network, text)
        except ValueError as error:
            raise ValidationError(
                self.env._(
                    "“%(text)s” is not a valid %(network)s account. Paste the "
                    "address of the profile or the name after the @.",
                    text=str(text)[:100],
                    network=NETWORK_NAMES[network],
                )
            ) from error

    @api.onchange(*(f"{network}_url" for network in NETWORKS))
    def _onchange_links(self):
        """Show the clean address at once."""
        for network in NETWORKS:
            if text := self[f"{network}_url"]:
                self[f"{network}_url"] = self._clean_link(network, text)

    # ------------------------------------------------------------
    # From lead to contact and back
    # ------------------------------------------------------------

    @api.model
    def _person_fields(self):
        """Return the names of what a lead and its contact have in common."""
        return [
            "birthdate",
            "preferred_channel",
            "preferred_time",
            "whatsapp_own",
            *(f"{network}_url" for network in NETWORKS),
        ]

    @api.model
    def _company_fields(self):
        """Return the names of what a lead and the company of its contact share."""
        return ["industry_id", "employee_count", "company_size", "annual_revenue"]

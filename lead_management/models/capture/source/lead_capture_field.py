from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ....tools.capture_values import clean_name
from ....tools.uploads import ACCEPT

IGNORE, CONSENT, NOTE, FILE = "ignore", "consent", "note", "file"
# What a name can mean, and what a browser is to offer for it.
INPUTS = {
    "contact_name": ("text", "name"),
    "email_from": ("email", "email"),
    "phone": ("tel", "tel"),
    "partner_name": ("text", "organization"),
    "function": ("text", "organization-title"),
    "street": ("text", "street-address"),
    "zip": ("text", "postal-code"),
    "city": ("text", "address-level2"),
    "country": ("text", "country-name"),
    "website": ("url", "url"),
    "subject": ("text", "off"),
    "description": ("textarea", "off"),
    FILE: ("file", "off"),
}
# How the same is called elsewhere, in small letters without signs.
SYNONYMS = {
    "contact_name": "name fullname contactname contact yourname nom nombre imie",
    "first_name": "firstname givenname prenom vorname imię",
    "last_name": "lastname surname familyname nachname nazwisko apellido",
    "email_from": "email emailaddress mail workemail useremail courriel correo",
    "phone": "phone phonenumber telephone tel mobile mobilephone mobileno workphone "
    "userphone telefon telefono téléphone",
    "partner_name": "company companyname organization organisation workcompany firma "
    "societe empresa",
    "function": "jobtitle position jobposition function",
    "street": "street streetaddress address",
    "zip": "zip zipcode postalcode postcode codepostal",
    "city": "city town ville ciudad miasto",
    "country": "country countrycode pays kraj",
    "website": "website url companywebsite",
    "subject": "subject title objet asunto temat",
    "description": "message description comments comment notes need question inquiry",
    "utm_campaign": "utmcampaign campaign",
    "utm_medium": "utmmedium",
    "utm_source": "utmsource",
}
BY_NAME = {name: target for target, names in SYNONYMS.items() for name in names.split()}
PLAIN = str.maketrans("", "", " _-.:/?*()")


class LeadCaptureField(models.Model):
    """What a field of a form, or a name in what comes in, means."""

    _name = "lead.capture.field"
    _description = "Field of a Capture Source"
    _order = "sequence, id"

    source_id = fields.Many2one(
        "lead.capture.source", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="source_id.company_id")
    sequence = fields.Integer(default=10)
    key = fields.Char(
        string="External Name",
        help="How the field is called in what comes in. Leave empty in web forms.",
    )
    target = fields.Selection(
        [
            ("contact_name", "Name"),
            ("first_name", "First name"),
            ("last_name", "Last name"),
            ("email_from", "Email"),
            ("phone", "Phone"),
            ("partner_name", "Company name"),
            ("function", "Job position"),
            ("street", "Street"),
            ("zip", "Zip"),
            ("city", "City"),
            ("country", "Country"),
            ("website", "Website"),
            ("subject", "Subject"),
            ("description", "Message"),
            ("utm_campaign", "Campaign"),
            ("utm_source", "UTM source"),
            ("utm_medium", "Medium"),
            (NOTE, "Note"),
            (FILE, "File"),
            (CONSENT, "Consent"),
            (IGNORE, "Ignore"),
        ],
        string="Field",
        help="Leave empty to decide later: the value is added to the notes.",
    )
    label = fields.Char(
        translate=True, help="Shown in the form. Leave empty to use the usual label."
    )
    placeholder = fields.Char(translate=True, help="Shown while the field is empty.")
    is_required = fields.Boolean(string="Required")
    example = fields.Char(
        readonly=True, help="The first value that came in under this name."
    )

    _key_uniq = models.UniqueIndex("(source_id, key) WHERE key IS NOT NULL")

    @api.model
    def _personal_fields(self):
        return ("example",)

    @api.depends("label", "target", "key")
    def _compute_display_name(self):
        for line in self:
            line.display_name = line._get_label()

    @api.constrains("key")
    def _check_key(self):
        for line in self:
            if line.key and line.key != clean_name(line.key):
                raise ValidationError(
                    self.env._(
                        "“%s” cannot come in under this name. Use a shorter one, "
                        "without line breaks.",
                        line.key[:80],
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._name_apart()
        return lines

    def write(self, vals):
        result = super().write(vals)
        if not vals.keys().isdisjoint(("key", "target")):
            self._name_apart()
        return result

    def _name_apart(self):
        """Give each field of a form a name of its own, so that two notes stay two.

        The older one keeps the name that it has on other pages already.
        """
        for source in self.source_id.filtered(lambda one: one._get_door().has_page):
            names = set()
            for line in self.search([("source_id", "=", source.id)], order="id"):
                if line._is_input() and line._get_name() in names:
                    line.key = f"{line.target}_{line.id}"
                names.add(line._get_name())

    def _get_label(self):
        """Return how the field is called in a form."""
        targets = dict(self._fields["target"]._description_selection(self.env))
        return self.label or targets.get(self.target) or self.key or ""

    def _get_name(self):
        """Return under which name the value comes in."""
        return self.key or self.target or ""

    def _get_input(self):
        """Return what a form shows for the field: a dict for the template."""
        kind, autocomplete = INPUTS.get(self.target, ("text", "off"))
        return {
            "name": self._get_name(),
            "label": self._get_label(),
            "placeholder": self.placeholder or "",
            "required": self.is_required,
            "kind": kind,
            "autocomplete": autocomplete,
            "accept": ACCEPT if kind == "file" else None,
            "options": [],
        }

    def _is_input(self):
        """Return whether a form shows a field for it."""
        return self.target in INPUTS or self.target == NOTE

    def _put(self, reading, text):
        """Put a value that came in where it belongs.

        :param reading: the :class:`Reading`
        """
        reading.put(self.target, text, self._get_label())


def guess_target(name):
    """Return what a name most likely means, or None.

    >>> guess_target("Work_Email"), guess_target("company"), guess_target("user_id")
    ('email_from', 'partner_name', None)
    """
    plain = name.lower().translate(PLAIN)
    return name if name in SYNONYMS else BY_NAME.get(plain)

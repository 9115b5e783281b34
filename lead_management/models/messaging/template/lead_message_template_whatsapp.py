import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ....tools.placeholders import inline_placeholders, replace_inline
from ..constants import WHATSAPP

META_NAME = re.compile(r"[a-z0-9_]{1,512}")
HEADERS = [
    ("text", "Text"),
    ("image", "Picture"),
    ("document", "Document"),
    ("video", "Video"),
]
# What WhatsApp takes at most: in a conversation, and in a template of Meta.
MAX_TEXT, MAX_META_TEXT = 4096, 1024
MAX_LINE = 60


class LeadMessageTemplate(models.Model):
    """Texts for WhatsApp.

    Within 24 hours after the lead wrote, the text goes out as it is. At other times
    WhatsApp takes only templates that Meta approved: the same text, registered there
    under a name, with numbers for its placeholders.
    """

    _inherit = "lead.message.template"

    whatsapp_body = fields.Text(string="WhatsApp Text", translate=True)
    # Template of Meta
    whatsapp_template_name = fields.Char(
        string="Meta Template Name",
        help="The name under which Meta approved this text. Without it, the text can "
        "be sent only within 24 hours after a message of the contact, or by "
        "opening WhatsApp.",
    )
    whatsapp_category = fields.Selection(
        [
            ("marketing", "Marketing"),
            ("utility", "Utility"),
            ("authentication", "Authentication"),
        ],
        string="Meta Category",
        default="marketing",
    )
    whatsapp_header_type = fields.Selection(
        HEADERS,
        string="Header",
        help="A line above the text, or the first attachment.",
    )
    whatsapp_header = fields.Char(string="Header Text", translate=True, size=MAX_LINE)
    whatsapp_footer = fields.Char(string="Footer", translate=True, size=MAX_LINE)
    button_ids = fields.One2many(
        "lead.message.template.button", "template_id", string="Buttons", copy=True
    )
    whatsapp_meta_text = fields.Text(
        string="Text for Meta",
        compute="_compute_whatsapp_meta",
        help="In your current language. Each language is registered separately.",
    )
    whatsapp_variables = fields.Json(
        string="Variables", compute="_compute_whatsapp_meta"
    )

    @api.depends("whatsapp_body")
    @api.depends_context("lang")
    def _compute_whatsapp_meta(self):
        for template in self:
            numbers = template._get_whatsapp_numbers()
            template.whatsapp_variables = [item.expression for item in numbers]
            template.whatsapp_meta_text = replace_inline(
                template.whatsapp_body or "",
                lambda item, numbers=numbers: f"{{{{{numbers[item]}}}}}",
            )

    def _get_whatsapp_numbers(self):
        """Return the number of each placeholder at Meta, in their order."""
        found = dict.fromkeys(inline_placeholders(self.whatsapp_body or ""))
        return {placeholder: number for number, placeholder in enumerate(found, 1)}

    # ------------------------------------------------------------
    # Checks
    # ------------------------------------------------------------

    @api.constrains("whatsapp_body", "whatsapp_template_name", "channel")
    def _check_whatsapp_body(self):
        for template in self.filtered(lambda item: item.channel == WHATSAPP):
            length = len(template.whatsapp_body or "")
            is_meta = template.whatsapp_template_name
            allowed = MAX_META_TEXT if is_meta else MAX_TEXT
            if length > allowed:
                raise ValidationError(
                    self.env._(
                        "“%(name)s” has %(length)s characters. WhatsApp accepts "
                        "%(allowed)s.",
                        name=template.name,
                        length=length,
                        allowed=allowed,
                    )
                )
            for placeholder in inline_placeholders(template.whatsapp_body or ""):
                template._check_placeholder(placeholder.expression)

    @api.constrains("whatsapp_header")
    def _check_whatsapp_header(self):
        for template in self:
            for placeholder in inline_placeholders(template.whatsapp_header or ""):
                template._check_placeholder(placeholder.expression)

    @api.constrains("whatsapp_template_name")
    def _check_whatsapp_template_name(self):
        for template in self.filtered("whatsapp_template_name"):
            if not META_NAME.fullmatch(template.whatsapp_template_name):
                raise ValidationError(
                    self.env._(
                        "“%s” cannot be used as a Meta template name. Use lowercase "
                        "letters, digits and underscores, for example welcome_offer.",
                        template.whatsapp_template_name,
                    )
                )

    def _check_placeholder(self, expression):
        """Refuse what is not among the facts of a lead: it would not be evaluated."""
        if expression not in self.env["crm.lead"].mail_allowed_qweb_expressions():
            raise ValidationError(
                self.env._(
                    "The placeholder “%(placeholder)s” in “%(name)s” is not "
                    "available. Use one of the listed placeholders.",
                    placeholder=expression,
                    name=self.name,
                )
            )

    # ------------------------------------------------------------
    # Sending
    # ------------------------------------------------------------

    def _prepare_whatsapp_template(self, lead, lang):
        """Return what the Cloud API wants to send the template of Meta to a lead.

        :return: None when this text is not registered at Meta, else a dict with
          ``name``, ``language`` and ``components``; a picture or document of the
          header is left to the provider, who has to upload it
        """
        self.ensure_one()
        if self.channel != WHATSAPP or not self.whatsapp_template_name:
            return None
        template, lead = self.with_context(lang=lang), lead.with_context(lang=lang)
        components = []
        header = inline_placeholders(template.whatsapp_header or "")
        if template.whatsapp_header_type == "text" and header:
            components.append(template._prepare_component("header", header, lead))
        if numbers := template._get_whatsapp_numbers():
            components.append(template._prepare_component("body", numbers, lead))
        for index, button in enumerate(template.button_ids):
            components += button._prepare_component(index, lead)
        return {
            "name": self.whatsapp_template_name,
            "language": {"code": self._get_meta_lang(lang)},
            "components": components,
        }

    def _prepare_component(self, kind, placeholders, lead):
        return {
            "type": kind,
            "parameters": [
                {"type": "text", "text": self._get_meta_value(placeholder, lead)}
                for placeholder in placeholders
            ],
        }

    def _get_meta_value(self, placeholder, lead):
        """Return a parameter as Meta takes it: one line, not empty."""
        value = self._get_fact(lead, placeholder.expression) or placeholder.default
        return " ".join(str(value or "-").split())

    @api.model
    def _get_meta_lang(self, lang):
        """Return a code of Meta: the region only where Meta knows more than one.

        :param lang: code of Odoo, like fr_FR
        """
        language, __, region = lang.partition("_")
        return lang if language in ("en", "es", "pt", "zh") and region else language

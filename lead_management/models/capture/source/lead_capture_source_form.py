from base64 import b64encode
from urllib.parse import urlsplit

from markupsafe import Markup, escape

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ....tools.qr_code import draw_qr
from ..door.form import CONSENT, HONEYPOT, SHOWN


class LeadCaptureSource(models.Model):
    """What a web form asks, says, and how it gets onto other pages."""

    _inherit = "lead.capture.source"

    title = fields.Char(
        translate=True, help="Heading of the form. Leave empty to use the name."
    )
    intro = fields.Text(string="Introduction", translate=True)
    thanks = fields.Text(
        string="Thank-You Text",
        translate=True,
        help="Shown after sending. Leave empty for a short thank-you.",
    )
    redirect_url = fields.Char(
        string="Redirect To",
        help="The page of your website to open after sending. Leave empty to show the "
        "thank-you text.",
    )
    privacy_url = fields.Char(string="Privacy Page")
    consent_text = fields.Text(
        translate=True,
        help="What people agree to by ticking the box. Leave empty to ask for nothing. "
        "The exact text is stored with each submission.",
    )
    consent_version = fields.Integer(
        string="Version", readonly=True, default=1, copy=False
    )
    form_preview = fields.Html(
        compute="_compute_form_preview", sanitize=False, string="Preview"
    )
    form_html = fields.Text(
        string="HTML", compute="_compute_form_snippets", compute_sudo=True
    )
    form_iframe = fields.Text(
        string="Iframe", compute="_compute_form_snippets", compute_sudo=True
    )
    form_qr = fields.Html(
        string="QR Code",
        compute="_compute_form_snippets",
        compute_sudo=True,
        sanitize=False,
    )

    @api.constrains("redirect_url", "privacy_url")
    def _check_pages(self):
        for source in self:
            for url in filter(None, (source.redirect_url, source.privacy_url)):
                parts = urlsplit(url)
                if parts.scheme not in ("http", "https") or not parts.hostname:
                    raise ValidationError(
                        self.env._(
                            "“%s” is not the address of a page. Write it with "
                            "https://.",
                            url[:200],
                        )
                    )

    def write(self, vals):
        """Count the versions of what people agree to."""
        changed = self.browse()
        if "consent_text" in vals:
            changed = self.filtered(
                lambda source: (
                    (source.consent_text or "") != (vals["consent_text"] or "")
                )
            )
        result = super().write(vals)
        for source in changed:
            source.consent_version += 1
        return result

    def _get_title(self):
        return (self._get_door().has_page and self.title) or self.name

    # ------------------------------------------------------------
    # The page
    # ------------------------------------------------------------

    def _get_inputs(self):
        """Return what the form asks for, for its template."""
        lines = self._get_form_lines()
        return [line._get_input() for line in lines if line._is_input()]

    def _get_form_lines(self):
        """Return the fields of the form in their order, in one statement."""
        if not isinstance(self.id, int):
            return self.field_ids
        lines = self.env["lead.capture.field"]
        names = [name for name, field in lines._fields.items() if field.column_type]
        return lines.search_fetch([("source_id", "=", self.id)], names)

    def _prepare_page(self, nonce="", given=None, errors=None, more=None):
        """Return the values of the template of the page.

        :param nonce: what the page is known by
        :param given: MultiDict of what was filled in before
        :param errors: dict of the name of an input to what is wrong with it
        :param more: dict of hidden inputs
        """
        given = given or {}
        inputs = self._get_inputs()
        for field in inputs:
            name = field["name"]
            values = given.getlist(name) if hasattr(given, "getlist") else []
            field["values"] = values or [given.get(name) or ""]
            field["error"] = (errors or {}).get(name, "")
        return {
            "source": self,
            "title": self._get_title(),
            "inputs": inputs,
            "nonce": nonce,
            "consent": (self.consent_text or "").strip(),
            "names": {"consent": CONSENT, "shown": SHOWN, "honeypot": HONEYPOT},
            "hidden": more or {},
            "agreed": bool(given.get(CONSENT)),
            "has_errors": bool(errors),
            "captcha": None,
            "preview": False,
            "action": "",
            "page_lang": (self.env.lang or "en").replace("_", "-"),
        }

    @api.depends(
        "name",
        "title",
        "kind",
        "intro",
        "consent_text",
        "privacy_url",
        "field_ids.sequence",
        "field_ids.target",
        "field_ids.label",
        "field_ids.placeholder",
        "field_ids.is_required",
    )
    @api.depends_context("lang")
    def _compute_form_preview(self):
        qweb = self.env["ir.qweb"]
        for source in self:
            if not source._get_door().has_page:
                source.form_preview = False
                continue
            values = {**source._prepare_page(), "preview": True}
            source.form_preview = qweb._render(
                "lead_management.lead_capture_form_page", values
            )

    # ------------------------------------------------------------
    # Elsewhere
    # ------------------------------------------------------------

    @api.depends("form_url", "title", "consent_text", "field_ids")
    def _compute_form_snippets(self):
        for source in self:
            url = source._get_door().has_page and source.form_url
            if not url:
                source.form_html = source.form_iframe = source.form_qr = False
                continue
            title = escape(source._get_title() or "")
            source.form_iframe = (
                f'<iframe src="{url}?embed=1" title="{title}" width="100%" '
                f'height="{240 + 90 * len(source.field_ids)}" '
                'style="border:0"></iframe>'
            )
            source.form_html = source._get_snippet(url)
            code = b64encode(draw_qr(url).encode()).decode()
            source.form_qr = Markup(
                '<img src="data:image/svg+xml;base64,%s" width="320" alt="%s"/>'
            ) % (code, url)

    def _get_snippet(self, url):
        """Return the form in plain HTML, for a page of any website."""
        values = {**self._prepare_page(), "action": url}
        html = self.env["ir.qweb"]._render(
            "lead_management.lead_capture_form_fields", values
        )
        lines = (line.rstrip() for line in str(html).splitlines())
        return "\n".join(line for line in lines if line.strip())

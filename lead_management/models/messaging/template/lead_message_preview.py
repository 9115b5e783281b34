from odoo import api, fields, models
from odoo.fields import Domain

from ..channel.channel import get_channel
from ..constants import EMAIL
from . import safe_html


class LeadMessagePreview(models.TransientModel):
    """A template as a real lead would get it, in any language."""

    _name = "lead.message.preview"
    _description = "Message Template Preview"

    template_id = fields.Many2one(
        "lead.message.template", required=True, ondelete="cascade"
    )
    channel = fields.Selection(related="template_id.channel")
    lead_id = fields.Many2one(
        "crm.lead",
        compute="_compute_lead_id",
        store=True,
        readonly=False,
        precompute=True,
        ondelete="set null",
        help="Any lead you have access to.",
    )
    lang = fields.Selection(
        selection=lambda self: self.env["res.lang"].get_installed(),
        string="Language",
        compute="_compute_lang",
        store=True,
        readonly=False,
        precompute=True,
    )
    # Result
    sender = fields.Char(compute="_compute_result")
    recipient = fields.Char(compute="_compute_result")
    subject = fields.Char(compute="_compute_result")
    body = fields.Html(compute="_compute_result", **safe_html.SHOWN)
    text = fields.Text(compute="_compute_result")
    size = fields.Json(compute="_compute_result")
    problems = fields.Text(compute="_compute_result")
    is_translated = fields.Boolean(compute="_compute_is_translated")

    @api.depends("template_id")
    def _compute_lead_id(self):
        """The youngest own lead that is in a stage the template is for."""
        for preview in self:
            stages = preview.template_id.stage_ids
            own = Domain("user_id", "=", self.env.uid)
            fits = Domain("stage_id", "in", stages.ids) if stages else Domain.TRUE
            for domain in (own & fits, fits, own, Domain.TRUE):
                preview.lead_id = self.env["crm.lead"].search(
                    domain, limit=1, order="id desc"
                )
                if preview.lead_id:
                    break

    @api.depends("lead_id")
    def _compute_lang(self):
        for preview in self:
            preview.lang = preview.lead_id.message_lang or self.env.lang

    @api.depends("template_id", "lang")
    def _compute_is_translated(self):
        langs = self.template_id._get_langs()
        for preview in self:
            preview.is_translated = preview.lang in langs.get(
                preview.template_id.id, ()
            )

    @api.depends("template_id", "lead_id", "lang")
    def _compute_result(self):
        for preview in self:
            preview._show(preview.template_id, preview.lead_id._origin)

    def _show(self, template, lead):
        rendered = None
        if template and lead:
            rendered = template._render(lead, {lead.id: self.lang})[lead.id]
        text = rendered.body if rendered else ""
        self.subject = rendered.subject if rendered else False
        channel = get_channel(template.channel or EMAIL)
        self.body = text if channel.is_html else False
        self.text = text if not channel.is_html else False
        self.problems = "\n".join(rendered.problems) if rendered else False
        self.size = channel.get_size(text)
        self.sender = lead.message_sender_name
        self.recipient = lead and channel.get_address(lead)

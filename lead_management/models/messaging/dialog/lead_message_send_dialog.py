from odoo import api, fields, models
from odoo.tools import is_html_empty

from ....tools.phones import show_phone
from ..channel.channel import get_channel
from ..constants import (
    CHANNELS,
    EMAIL,
    MARKETING,
    OTHER,
    PURPOSES,
    consent_purpose,
)
from ..template import safe_html
from ..template.safe_html import clean_html

NOW, TOMORROW, LATER = "now", "tomorrow", "later"
CLICK_TO_CHAT = "click_to_chat"


class LeadMessageSend(models.TransientModel):
    """A message to one lead or to many: chosen, looked at, changed, sent.

    The text in sight belongs to ``lead_id``, the one at ``position``; what was changed
    for others is in ``edits``. With ``is_for_all`` it is one text with placeholders,
    for all of them. Handlers of changes set it, so that nothing typed is lost by a
    recomputation.
    """

    _name = "lead.message.send"
    _description = "Send a Message"

    lead_ids = fields.Many2many("crm.lead", required=True, string="Leads")
    lead_count = fields.Integer(compute="_compute_lead_id")
    position = fields.Integer()
    lead_id = fields.Many2one("crm.lead", compute="_compute_lead_id")
    shown_lead_id = fields.Many2one("crm.lead", string="Displayed Lead")
    recipient = fields.Char(compute="_compute_recipient")
    # What
    channel = fields.Selection(CHANNELS, required=True, default=EMAIL)
    template_id = fields.Many2one("lead.message.template")
    choices = fields.Json(compute="_compute_choices")
    purpose = fields.Selection(PURPOSES, required=True, default=OTHER)
    is_marketing = fields.Boolean(
        compute="_compute_is_marketing", export_string_translation=False
    )
    lang = fields.Selection(
        selection=lambda self: self.env["res.lang"].get_installed(),
        string="Language",
    )
    # Text
    subject = fields.Char()
    body = fields.Html(sanitize_style=True)
    text = fields.Text()
    attachment_ids = fields.Many2many("ir.attachment", string="Attachments")
    is_for_all = fields.Boolean(
        string="Same Text for All",
        help="Placeholders like {{ object.message_first_name }} are filled in for each "
        "lead.",
    )
    sample = fields.Html(
        compute="_compute_sample",
        help="The shared text as this lead receives it.",
        **safe_html.SHOWN,
    )
    edits = fields.Json(help="Texts changed for single leads.")
    size = fields.Json(compute="_compute_size")
    # When
    when = fields.Selection(
        [(NOW, "Now"), (TOMORROW, "Tomorrow morning"), (LATER, "At a chosen time")],
        string="Send",
        required=True,
        default=NOW,
    )
    send_at = fields.Datetime(string="Time")
    # Gate
    override_reason = fields.Char(
        string="Reason to Send Anyway",
        help="For messages blocked by a sending rule that can be overridden.",
    )
    summary = fields.Json(compute="_compute_summary")
    is_overridable = fields.Boolean(
        string="Can Be Overridden", compute="_compute_summary"
    )
    send_label = fields.Char(
        compute="_compute_summary", help="Label of the button that sends the message."
    )
    is_click_to_chat = fields.Boolean(compute="_compute_is_click_to_chat")

    # ------------------------------------------------------------
    # Who
    # ------------------------------------------------------------

    @api.depends("lead_ids", "position")
    def _compute_lead_id(self):
        for dialog in self:
            leads = dialog._get_leads()
            dialog.lead_count = len(leads)
            dialog.lead_id = leads[dialog.position % len(leads)] if leads else False

    def _get_leads(self):
        """Return the leads in the order they are shown; they may be gone meanwhile."""
        return self.lead_ids._origin.exists().sorted("id")

    @api.depends("lead_id", "channel")
    def _compute_recipient(self):
        for dialog in self:
            address = get_channel(dialog.channel).get_address(dialog.lead_id)
            dialog.recipient = show_phone(address)

    @api.depends("lead_ids", "channel", "purpose")
    def _compute_is_marketing(self):
        for dialog in self:
            channel = get_channel(dialog.channel)
            addresses = {
                channel.get_address(lead) or None for lead in dialog._get_leads()
            }
            kind = consent_purpose(dialog.purpose, len(addresses - {None}) > 1)
            dialog.is_marketing = kind == MARKETING

    # ------------------------------------------------------------
    # What to choose from
    # ------------------------------------------------------------

    @api.depends("lead_ids", "channel", "lang")
    def _compute_choices(self):
        for dialog in self:
            leads = dialog._get_leads()
            dialog.choices = {
                "channels": [
                    dialog._describe_channel(leads, get_channel(key))
                    for key, __ in CHANNELS
                ],
                "templates": dialog._describe_templates(leads),
            }

    def _describe_channel(self, leads, channel):
        labels = dict(self._fields["channel"]._description_selection(self.env))
        reached = sum(bool(channel.get_address(lead)) for lead in leads)
        return {
            "id": channel.key,
            "label": labels[channel.key],
            "icon": channel.icon,
            "count": reached,
            "reason": "" if reached else channel.get_missing(self.env),
        }

    def _describe_templates(self, leads):
        labels = dict(
            self.env["lead.message.template"]
            ._fields["purpose"]
            ._description_selection(self.env)
        )
        return [
            {
                "id": template.id,
                "name": template.name,
                "purpose": labels[template.purpose],
                "fits": bool(fit.count),
                "count": fit.count,
                "translated": fit.translated == len(leads),
            }
            for template, fit in self._rank_templates(leads)
        ]

    def _get_langs(self, leads):
        """Return the language for each lead: the one chosen here, or its own."""
        return {lead.id: self.lang or lead.message_lang for lead in leads}

    # ------------------------------------------------------------
    # Changes in the dialog
    # ------------------------------------------------------------

    @api.onchange("channel")
    def _onchange_channel(self):
        if self.template_id.channel != self.channel:
            self._choose_template()

    @api.onchange("template_id")
    def _onchange_template_id(self):
        self.purpose = self.template_id.purpose or OTHER
        self.attachment_ids = self._get_attachments()
        # without a template, nobody wants to write to each of many
        self.is_for_all = not self.template_id and self.lead_count > 1
        self._start_over()

    @api.onchange("lang", "is_for_all")
    def _onchange_lang(self):
        self._start_over()

    @api.onchange("position")
    def _onchange_position(self):
        self._save_edit()
        self._show_text()

    @api.onchange("when")
    def _onchange_when(self):
        if self.when == LATER and not self.send_at:
            self.send_at = self._get_tomorrow()

    def _get_attachments(self):
        template = self.template_id
        # sudo: whoever may use a template may send what belongs to it
        return template.attachment_ids | template.sudo().mail_template_id.attachment_ids

    def _start_over(self):
        self.edits = {}
        self._show_text()

    def _show_text(self):
        """Bring the text of the lead in sight into the fields."""
        lead = self.lead_id._origin
        self.shown_lead_id = lead
        self._set_text(*self._get_shown(lead))

    def _get_shown(self, lead):
        if not lead:  # opened for nobody yet
            return "", ""
        if self.is_for_all:
            edit = self._read_edits().get("all")
            if edit:
                return edit["subject"], edit["body"]
            if self.template_id:
                lang = self._get_langs(lead)[lead.id]
                return self.template_id._get_editable(lang)
            return "", ""
        edit = self._read_edits().get(str(lead.id))
        if edit:
            return edit["subject"], edit["body"]
        rendered = self._render_chosen(lead)[lead.id] if self.template_id else None
        return (rendered.subject, rendered.body) if rendered else ("", "")

    def _set_text(self, subject, body):
        self.subject = subject
        is_html = get_channel(self.channel).is_html
        self.body = body if is_html else False
        self.text = body if not is_html else False

    def _save_edit(self):
        """Remember what was changed in the text in sight."""
        self.edits = self._get_edits()

    def _get_edits(self):
        """Return the changed texts, the one in sight included.

        :return: dict of lead id as a string, or "all", to subject and body
        """
        lead = self.shown_lead_id._origin
        key = "all" if self.is_for_all else str(lead.id)
        edits = {k: edit for k, edit in self._read_edits().items() if k != key}
        body = (self.body if get_channel(self.channel).is_html else self.text) or ""
        written = (self.subject or "", str(body))
        if lead and not self._is_same(self._get_original(lead), written):
            edits[key] = {"subject": written[0], "body": written[1]}
        return edits

    def _read_edits(self):
        """Return the changed texts that are kept, without what no dialog sends."""
        edits = self.edits if isinstance(self.edits, dict) else {}
        return {
            key: edit
            for key, edit in edits.items()
            if isinstance(edit, dict)
            and all(isinstance(edit.get(part), str) for part in ("subject", "body"))
        }

    def _get_original(self, lead):
        """Return subject and text before anything was changed."""
        if self.is_for_all and self.template_id:
            return self.template_id._get_editable(self._get_langs(lead)[lead.id])
        if self.template_id and not self.is_for_all:
            rendered = self._render_chosen(lead)[lead.id]
            return rendered.subject, rendered.body
        return "", ""

    def _is_same(self, one, other):
        subject, body = one
        if get_channel(self.channel).is_html:
            # what comes from the editor has been cleaned, and no text is a paragraph
            body = clean_html(body)
            same = str(body) == str(clean_html(other[1])) or (
                is_html_empty(body) and is_html_empty(other[1])
            )
            return same and (subject or "") == other[0]
        return (body or "") == other[1]

    def _render_chosen(self, leads):
        return self.template_id._render(leads, self._get_langs(leads))

    # ------------------------------------------------------------
    # How long
    # ------------------------------------------------------------

    @api.depends("text", "channel")
    def _compute_size(self):
        for dialog in self:
            dialog.size = get_channel(dialog.channel).get_size(dialog.text or "")

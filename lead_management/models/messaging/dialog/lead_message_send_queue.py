from collections import Counter

from odoo import api, models
from odoo.exceptions import UserError, ValidationError

from ..channel.channel import get_channel
from ..gate.gate_case import HOLD, LATER, SEND
from ..outbox.lead_message_wait import get_wait
from ..template.lead_message_template_render import Rendered
from ..template.safe_html import clean_html
from .lead_message_send_dialog import CLICK_TO_CHAT


class LeadMessageSend(models.TransientModel):
    """From the dialog into the outbox."""

    _inherit = "lead.message.send"

    # ------------------------------------------------------------
    # The messages
    # ------------------------------------------------------------

    def _render_all(self, leads):
        """Return the message for each lead as it is to go out.

        :return: dict of lead id to ``Rendered``, with problems where it cannot
        """
        langs = self._get_langs(leads)
        edits = self._get_edits()
        Template = self.env["lead.message.template"]
        if self.is_for_all:
            edit = edits.get("all") or self._get_all_text(leads)
            return Template._render_typed(
                edit["subject"], edit["body"], leads, langs, self.channel
            )
        rendered = self._render_chosen(leads) if self.template_id else {}
        for lead in leads:
            edit = edits.get(str(lead.id))
            if edit or lead.id not in rendered:
                rendered[lead.id] = self._get_edited(edit, langs[lead.id])
        return rendered

    @api.depends("is_for_all", "position", "subject", "body", "text", "lang")
    def _compute_sample(self):
        for dialog in self:
            sample = False
            if dialog.is_for_all and (lead := dialog.lead_id._origin):
                rendered = dialog._render_all(lead)[lead.id]
                sample = get_channel(dialog.channel).to_html(rendered.body)
            dialog.sample = sample

    def _get_all_text(self, leads):
        subject, body = self._get_original(leads[:1])
        return {"subject": subject, "body": body}

    def _get_edited(self, edit, lang):
        """Return what a person wrote: sent as it is, no placeholder is filled in."""
        edit = edit or {"subject": "", "body": ""}
        body = edit["body"]
        channel = get_channel(self.channel)
        if channel.is_html:
            body = clean_html(body)
        is_empty = channel.is_empty(body)
        problems = [self.env._("There is no text yet.")] if is_empty else []
        subject = " ".join((edit["subject"] or "").split())
        return Rendered(lang, subject, body, problems, None)

    def _prepare_messages(self, leads, rendered):
        """Return values for ``lead.message._queue``."""
        send_at = self._get_send_at()
        values_list = []
        for lead in leads:
            item = rendered[lead.id]
            values_list.append(
                {
                    "lead_id": lead.id,
                    "channel": self.channel,
                    "purpose": self.purpose,
                    "is_marketing": self.is_marketing,
                    "template_id": self.template_id.id,
                    "lang": item.lang,
                    "subject": item.subject,
                    "body": str(item.body),
                    "send_at": send_at,
                    "attachment_ids": self.attachment_ids.ids,
                    "override_reason": self.override_reason or None,
                    "whatsapp_template": item.whatsapp_template,
                    "key": f"send:{self.id}:{lead.id}:{self.channel}",
                }
            )
        return values_list

    # ------------------------------------------------------------
    # Who is held back, and why
    # ------------------------------------------------------------

    @api.depends(
        *("lead_ids", "channel", "template_id", "lang", "when", "send_at"),
        *("override_reason", "is_for_all", "edits", "purpose", "position"),
        *("subject", "body", "text"),
    )
    def _compute_summary(self):
        for dialog in self:
            try:
                dialog.summary = dialog._summarize()
            except (UserError, ValidationError) as error:
                dialog.summary = {"error": str(error)}
            dialog.is_overridable = dialog.summary.get("overridable", False)
            dialog.send_label = dialog.summary.get("label") or dialog.env._("Send")

    def _summarize(self):
        leads = self._get_leads()
        if not leads:
            return {
                "error": self.env._(
                    "There are no recipients. Choose at least one lead with an address."
                )
            }
        rendered = self._render_all(leads)
        ready = leads.filtered(lambda lead: not rendered[lead.id].problems)
        decisions = self._decide(self._prepare_messages(ready, rendered))
        waits = [
            get_wait(self.env, item.at, item.as_json())
            for item in decisions
            if item.outcome == LATER
        ]
        now = sum(decision.outcome == SEND for decision in decisions)
        held = self._get_unready(leads - ready, rendered) + [
            (decision.reason or "", lead.display_name)
            for lead, decision in zip(ready, decisions, strict=True)
            if decision.outcome == HOLD
        ]
        return {
            "count": len(leads),
            "now": now,
            "later": len(waits),
            "later_at": self._describe_first(waits),
            "later_reason": self._describe_reasons(waits),
            "label": self._get_send_label(now, waits),
            "held": len(held),
            "reasons": self._group_held(held),
            "overridable": any(item.overridable for item in decisions),
            "advice": sorted({item.advice for item in decisions if item.advice}),
        }

    @api.model
    def _get_unready(self, leads, rendered):
        """Return pairs (why, name) of leads for which there is no text."""
        return [
            (" ".join(rendered[lead.id].problems), lead.display_name) for lead in leads
        ]

    def _decide(self, messages):
        Message = self.env["lead.message"]
        rows = [Message._prepare_row(values) for values in messages]
        return self.env["lead.message.gate"]._decide(rows)

    # ------------------------------------------------------------
    # Sending
    # ------------------------------------------------------------

    def action_send(self):
        """Put the messages into the outbox."""
        self.ensure_one()
        self._save_edit()
        leads = self._get_leads()
        leads.check_access("write")
        if self.is_click_to_chat:
            return self._open_chat()
        rendered = self._render_all(leads)
        ready = leads.filtered(lambda lead: not rendered[lead.id].problems)
        if not ready:
            raise UserError(self._join_problems(rendered))
        self._save_attachments()
        messages = self.env["lead.message"]._queue(
            self._prepare_messages(ready, rendered)
        )
        return self._notify(messages, self._get_unready(leads - ready, rendered))

    @api.model
    def _join_problems(self, rendered):
        problems = Counter(
            problem for item in rendered.values() for problem in item.problems
        )
        return "\n".join(
            [
                self.env._("The message cannot be sent:"),
                *(text for text, __ in problems.items()),
            ]
        )

    def _save_attachments(self):
        """Files uploaded here outlive the dialog: they go along with the messages."""
        own = self.attachment_ids.filtered(
            lambda item: (
                item.res_model == self._name and item.create_uid == self.env.user
            )
        )
        own.write({"res_model": "mail.compose.message", "res_id": 0})

    # ------------------------------------------------------------
    # Click to chat
    # ------------------------------------------------------------

    def _open_chat(self):
        """Return what opens WhatsApp with the text for the lead in sight."""
        self.action_get_chat(self.lead_id.id)  # refused at once, when it is
        return {
            "type": "ir.actions.client",
            "tag": "lead_management.click_to_chat",
            "params": {"dialog_id": self.id, "lead_id": self.lead_id.id},
        }

    def action_get_chat(self, lead_id):
        """Return what the client opens: it takes an address from nowhere else.

        :param lead_id: of one of the recipients
        :return: dict: url, name of the lead, advice
        :raises UserError: when the text is not ready, or the lead not to be written to
        """
        lead = self._get_recipient(lead_id)
        rendered = self._render_all(lead)
        if rendered[lead.id].problems:
            raise UserError(self._join_problems(rendered))
        [decision] = self._decide(self._prepare_messages(lead, rendered))
        if decision.outcome == HOLD:
            raise UserError(decision.reason or "")
        return {
            "name": lead.contact_name or lead.display_name,
            "advice": decision.reason or decision.advice or "",
            "url": get_channel(self.channel).get_chat_url(
                lead, str(rendered[lead.id].body)
            ),
        }

    def _get_recipient(self, lead_id):
        """Return one of the leads, when this dialog is the user's own."""
        self.ensure_one()
        self.check_access("write")
        lead = self._get_leads().filtered(lambda item: item.id == lead_id)
        if not lead:
            raise UserError(self.env._("This lead is not among the recipients."))
        lead.check_access("write")
        return lead

    def action_confirm_sent(self, lead_id):
        """Record that the text went out by WhatsApp: the rep says so.

        :return: the dialog for the next lead, or what closes it
        """
        lead = self._get_recipient(lead_id)
        leads = self._get_leads()
        [values] = self._prepare_messages(lead, self._render_all(lead))
        values.update(
            provider=CLICK_TO_CHAT,
            key=f"click:{self.id}:{lead.id}",
            send_at=None,
            whatsapp_template=None,
        )
        self._log_sent(values)
        if lead == leads[-1:]:
            return {"type": "ir.actions.act_window_close"}
        self.position = leads.ids.index(lead.id) + 1
        self._show_text()
        return self._get_action()

    @api.model
    def _log_sent(self, values):
        """Keep a message that has been sent already, and tell the chatter at once."""
        Message = self.env["lead.message"]
        messages = Message._queue_sent([values])
        # sudo: the outbox writes its own rows; who may write the lead may let them in
        messages.sudo().filtered(lambda message: not message.is_posted)._post_now()

    def _get_action(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Send a Message"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [[False, "form"]],
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }

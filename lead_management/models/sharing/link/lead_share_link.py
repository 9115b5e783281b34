import binascii

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize, hash_sign
from odoo.tools.misc import verify_hash_signed

from ..policy.constants import (
    ACCEPTED,
    HELD,
    KEPT,
    LOST,
    OFFERED,
    PARTNER,
    RECALLED,
    WON,
    WORKED,
)
from ..policy.fact import show_all
from ..share import lead_share_event as events
from ..share.lead_share import HIDDEN

SCOPE = "lead_management.offer"
# So much is taken from one link in an hour, whatever it is.
HOURLY = 20
# The buttons of the page: what the partner says, and what that means here.
STATUSES = {
    "contacted": (ACCEPTED, "contacted"),
    "meeting": (ACCEPTED, "qualified"),
    "quoted": (ACCEPTED, "negotiation"),
    "won": (WON, "customer"),
    "lost": (LOST, "unqualified"),
}


class LeadShare(models.Model):
    """Offers to partners who have no Odoo: a signed link is all they need."""

    _inherit = "lead.share"

    tries = fields.Integer(**HIDDEN)
    tries_since = fields.Datetime(**HIDDEN)

    # ------------------------------------------------------------
    # The link
    # ------------------------------------------------------------

    def _get_token(self):
        """Return what the link carries: this share, and the address it went to."""
        self.ensure_one()
        address = email_normalize(self.recipient_id.partner_id.email or "") or ""
        return hash_sign(self.env, SCOPE, [self.id, self.uuid, address])

    def _get_link(self):
        return f"{self.get_base_url()}/lead/offer/{self._get_token()}"

    @api.model
    def _read_link(self, token):
        """Return the share a link is for, or none: of those that live, and no others.

        A link dies when the offer is refused, over or taken back, when the lead is
        returned or its data erased, and when the address of the partner changes.
        """
        nothing = self.browse()
        try:
            values = verify_hash_signed(self.env, SCOPE, token)
            id_, uuid, address = values
        except (ValueError, TypeError, binascii.Error):
            return nothing
        share = self.browse(id_).exists()
        partner = share.recipient_id.partner_id
        is_same = (
            share.uuid == uuid
            and share.kind == PARTNER
            and (email_normalize(partner.email or "") or "") == address
        )
        if not is_same or share.state not in (OFFERED, *HELD, KEPT):
            return nothing
        if share.state == OFFERED and share.term < fields.Datetime.now():
            return nothing
        return share

    def _send_link(self, reason="offered"):
        """Queue one email a partner: the link, and nothing of the lead.

        :param reason: ``offered``, ``reminder`` or ``corrected``
        """
        if not self or self.env["lead.message.gate"]._get_silence():
            return
        vals_list = []
        for recipient, shares in self.grouped("recipient_id").items():
            partner = recipient.partner_id
            env = self.with_context(lang=partner.lang or self.env.lang).env
            body = env["ir.qweb"]._render(
                "lead_management.lead_share_link_mail",
                {
                    "links": [(share, share._get_link()) for share in shares],
                    "giver": shares[:1].giver_name,
                    "reason": reason,
                },
                minimal_qcontext=True,
            )
            subjects = {
                "offered": env._("A lead for %s", partner.name),
                "reminder": env._("Reminder: a lead for %s", partner.name),
                "corrected": env._("Corrected: a lead for %s", partner.name),
            }
            sender = shares[:1].user_id.email_formatted
            vals_list.append(
                {
                    "subject": subjects[reason],
                    "body_html": body,
                    "email_from": sender or shares[:1].company_id.email_formatted,
                    "email_to": partner.email_formatted,
                    "auto_delete": True,
                }
            )
        # sent by the queue of mails, never within a request
        self.env["mail.mail"].create(vals_list)

    # ------------------------------------------------------------
    # The page
    # ------------------------------------------------------------

    def _is_flooded(self):
        """Count what was sent by this link; return whether it is too much an hour."""
        now = fields.Datetime.now()
        since = fields.Datetime.subtract(now, hours=1)
        if not self.tries_since or self.tries_since < since:
            self.write({"tries_since": now, "tries": 0})
        self.tries = min(self.tries + 1, HOURLY + 1)
        return self.tries > HOURLY

    def _get_page(self):
        """Return what the page shows: the preview, or what was accepted."""
        self.ensure_one()
        lang = self.recipient_id.partner_id.lang
        share = self.with_context(lang=lang or self.env.lang)
        values = {
            "share": share,
            "statuses": share._get_statuses(),
            "pressed": share._get_pressed(),
            "facts": share.teaser_shown,
            "data": {},
            "refused": "",
            "commission": None,
        }
        if self.state in (*HELD, KEPT):
            values["data"] = self.data or {}
            values["facts"] = show_all(share.env, self.data or {})
            said = self._get_withdrawn(self.lead_id, is_far=True)
            values["refused"] = share._describe_refused(said.get(self.lead_id.id, ()))
            values["commission"] = share._get_commission()
        return values

    def _get_pressed(self):
        """Return the button of the page that says how far it is."""
        known = {stage: name for name, (__, stage) in STATUSES.items()}
        return {WON: "won", LOST: "lost"}.get(self.state, known.get(self.mirror_stage))

    def _get_commission(self):
        return self.env["lead.share.commission"].search([("share_id", "=", self.id)])

    def _get_statuses(self):
        """Return the buttons of the page: keys and labels."""
        labels = {
            "contacted": self.env._("Contacted"),
            "meeting": self.env._("Meeting"),
            "quoted": self.env._("Offer Sent"),
            "won": self.env._("Won"),
            "lost": self.env._("Lost"),
        }
        return list(labels.items())

    def _answer_link(self, answer, note=""):
        """Do what a partner chose on the page; an answer twice is one answer."""
        if answer == "accept" and self.state == OFFERED:
            self._accept(who=self.recipient_name)
        elif answer == "decline" and self.state == OFFERED:
            self._decline("other", note, who=self.recipient_name)
        elif answer == "erased" and self.state == RECALLED:
            self._erase(who=self.recipient_name)
        elif answer == "keep" and self.state == RECALLED and note:
            self._refuse_erasure(note, who=self.recipient_name)
        elif answer == "dispute" and note and self.state in HELD:
            commission = self._get_commission()
            if commission and commission._may_become("disputed"):
                commission._decide("disputed", note, who=self.recipient_name)
                self._notify_owner(self.env._("disputes the commission"))

    def _take_status(self, name, amount=None, note=""):
        """Write down how far a partner is."""
        if name not in STATUSES or self.state not in WORKED:
            raise UserError(self.env._("This can no longer be changed."))
        state, stage = STATUSES[name]
        now = fields.Datetime.now()
        if not self.first_touch:
            self.first_touch = now
        self.last_touch = now
        labels = dict(self._get_statuses())
        self._set_status(
            state,
            stage=stage,
            value=amount or 0,
            currency=self.currency_id,
            reason=note,
            detail=f"{labels[name]}: {note}" if note else labels[name],
            who=self.recipient_name,
        )

    def _take_note(self, note, file=None):
        """Keep a note or a file of a partner on the lead of who gave it.

        :param file: pair of its name and its bytes
        """
        Event = self.env["lead.share.event"]
        if note:
            Event._record(self, events.NOTE, who=self.recipient_name, detail=note)
        if file:
            name, content = file
            Event._record(self, events.FILE, who=self.recipient_name, detail=name)
        if self.lead_id:
            self.lead_id.message_post(
                body=note or "",
                subject=self.recipient_name,
                attachments=[file] if file else None,
                message_type="comment",
                subtype_xmlid="mail.mt_note",
                author_id=self.env.ref("base.partner_root").id,
            )

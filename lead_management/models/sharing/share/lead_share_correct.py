import hashlib
import json

from odoo import api, fields, models

from ..policy.constants import COMPANY, HELD, KEPT, PARTNER
from ..policy.fact import FACTS, read_all
from . import lead_share_event as events

# Facts about a person, and the fields of a lead they are told from.
FIELDS_OF = {
    "person": ("contact_name",),
    "function": ("function",),
    "organization": ("partner_name",),
    "phone": ("phone",),
    "email": ("email_from",),
    "address": ("street", "street2", "zip", "city"),
    "website": ("website",),
}
CORRECTED = {name for names in FIELDS_OF.values() for name in names} | {"partner_id"}


class LeadShare(models.Model):
    """Corrections: what is put right later is told to whoever got it (Art. 19 GDPR).

    Neither side keeps what went over. A mark of each value tells whether the lead says
    something else by now, and whether the receiver has changed it since.
    """

    _inherit = "lead.share"

    def _get_mark(self, name, value):
        text = json.dumps([self.uuid, name, value or None], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def _set_marks(self):
        """Keep a mark of what went over about the person."""
        for share in self:
            told = share.data or {}
            share.marks = {
                name: share._get_mark(name, told.get(name))
                for name in FIELDS_OF
                if name in (share.fields_full or ())
            }

    # ------------------------------------------------------------
    # Who gave the lead
    # ------------------------------------------------------------

    @api.model
    def _correct(self, leads):
        """Tell whoever has these leads what is not as it was told."""
        # sudo: whoever corrects a lead tells it, whatever they see of shares
        shares = self.sudo().search(
            [("lead_id", "in", leads.ids), ("state", "in", (*HELD, KEPT))]
        )
        shares = shares.filtered("marks")
        if not shares:
            return
        facts = read_all(shares.lead_id, [*FIELDS_OF])
        for share in shares:
            known = facts[share.lead_id.id]
            changed = {
                name: known.get(name)
                for name, mark in share.marks.items()
                if share._get_mark(name, known.get(name)) != mark
            }
            if changed:
                share._notify_correction(changed)

    @api.model
    def _correct_by_contact(self):
        """Tell what was corrected in the contact of a lead, within the last day."""
        since = fields.Datetime.subtract(fields.Datetime.now(), days=1)
        shares = self.search(
            [
                ("state", "in", (*HELD, KEPT)),
                ("lead_id.partner_id.write_date", ">", since),
            ]
        )
        self._correct(shares.lead_id)

    def _notify_correction(self, changed):
        """Tell the receiver of one share what changed; connections extend it.

        :param changed: values by name of the fact, None for what is gone
        """
        self.ensure_one()
        before = self._renew_marks(changed)
        self.env["lead.share.event"]._record(
            self, events.CORRECT, facts=lambda share: sorted(changed)
        )
        if self.kind == COMPANY:
            self._take_correction(changed, before)
        elif self.kind == PARTNER and self.data:
            data = {**self.data, **changed}
            self.data = {name: value for name, value in data.items() if value}
            self._send_link("corrected")

    def _renew_marks(self, changed):
        """Keep the marks of what changed; return those before."""
        before = self.marks or {}
        renewed = {name: self._get_mark(name, changed[name]) for name in changed}
        self.marks = {**before, **renewed}
        return before

    # ------------------------------------------------------------
    # Who got it
    # ------------------------------------------------------------

    def _take_correction(self, changed, before):
        """Put our lead right, where nobody here has changed the value since.

        :param before: the marks of what was told before
        """
        copy = self.copy_id
        if not copy:
            return
        ours = read_all(copy, [*changed])[copy.id]
        values, done, check = {}, [], []
        for name, value in changed.items():
            is_ours = self._get_mark(name, ours.get(name)) != before.get(name)
            if value and not is_ours:
                put = FACTS.get(name).put(self.env, value)
                values |= {**dict.fromkeys(FIELDS_OF[name], False), **put}
                done.append(name)
            elif ours.get(name) != value:
                check.append(name)
        if values:
            company = self.to_company_id
            copy.with_context(allowed_company_ids=company.ids).write(values)
        self._note_correction(changed, done, check)

    def _note_correction(self, changed, done, check):
        """Tell whoever works on our lead what was corrected, and what they decide."""
        field = self.env["lead.share.policy.fact"]._fields["fact"]
        labels = dict(field._description_selection(self.env))

        def describe(names):
            return ", ".join(
                f"{labels[name]}: {FACTS.get(name).show(self.env, changed[name])}"
                for name in names
            )

        lines = []
        new = [name for name in check if changed[name]]
        removed = ", ".join(labels[name] for name in check if not changed[name])
        if done:
            lines.append(
                self.env._(
                    "%(company)s corrected this lead. %(facts)s",
                    company=self.giver_name,
                    facts=describe(done),
                )
            )
        if new:
            lines.append(
                self.env._(
                    "%(company)s corrected what was edited here. Check: %(facts)s",
                    company=self.giver_name,
                    facts=describe(new),
                )
            )
        if removed:
            lines.append(
                self.env._(
                    "%(company)s erased: %(facts)s. Erase it here as well, unless a "
                    "law requires you to keep it.",
                    company=self.giver_name,
                    facts=removed,
                )
            )
        for line in lines:
            self._notify_copy(line)

    def _notify_copy(self, text):
        """Write a note into our lead, and tell its salesperson."""
        copy = self.copy_id
        user = copy.user_id or self.recipient_id.user_id
        copy.message_post(
            body=text,
            message_type="comment",
            subtype_xmlid="mail.mt_note",
            author_id=self.env.ref("base.partner_root").id,
            partner_ids=user.partner_id.ids,
        )

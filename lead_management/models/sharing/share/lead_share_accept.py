from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, plaintext2html

from ..policy.constants import ACCEPTED, COMPANY, OFFERED
from ..policy.fact import put_all, read_all
from . import lead_share_event as events

# Within so many days the receiver tells the person (Art. 14 GDPR).
INFORM_DAYS = 30


class LeadShare(models.Model):
    """Accepting: now the data goes over, as it is at this moment."""

    _inherit = "lead.share"

    def action_accept(self):
        """Accept offers to us: each becomes a lead of our own.

        Who taps twice gets the lead twice to see.

        :raises UserError: when one of them is no longer there to be accepted
        """
        is_mine = len(self) == 1 and self.answer_user_id == self.env.user
        if is_mine and self.state == ACCEPTED:
            return self.action_open_lead()
        shares = self._get_ours(OFFERED)
        shares._accept()
        shares.flush_recordset()
        if len(self) == 1:
            return self.action_open_lead()
        return None

    def _accept(self, who=""):
        """Hand the data over; of two at once, one is too late.

        :param who: who accepted, where that is no user
        :raises UserError: when one of the offers is no longer open
        """
        self._lock_offers()
        now = fields.Datetime.now()
        if late := self.filtered(
            lambda s: s.state != OFFERED or s.term < now or not s.lead_id
        ):
            raise UserError(
                self.env._(
                    "“%s” can no longer be accepted. Its time is over, or another "
                    "company was faster.",
                    late[0].display_name,
                )
            )
        for names, shares in self.grouped(lambda s: tuple(s.fields_full or ())).items():
            facts = read_all(shares.lead_id, names)
            for share in shares:
                share.data = facts[share.lead_id.id]
        self._set_marks()
        companies = self.filtered(lambda share: share.kind == COMPANY)
        companies._make_copies()
        self._move(
            ACCEPTED,
            answer_date=now,
            answer_user_id=self.env.uid if not who else False,
            mirror_date=now,
            inform_until=fields.Date.add(now.date(), days=INFORM_DAYS),
        )
        self._set_recall_until(now)
        self.env["lead.share.event"]._record(
            self, events.ACCEPT, who=who, facts=lambda share: sorted(share.data or {})
        )
        # what both have by now is kept once
        companies.data = False
        self._withdraw_other_offers()
        self.lead_id._sharing_hold(self)

    def _lock_offers(self):
        """Lock offers, and those of the same leads to others, or say who is faster."""
        self.flush_recordset()
        keys = [key for key in self.mapped("group_key") if key]
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id FROM lead_share
                WHERE id = ANY(%s) OR (group_key = ANY(%s) AND state = 'offered')
                ORDER BY id FOR UPDATE SKIP LOCKED
                """,
                self.ids,
                keys,
            )
        )
        self.invalidate_recordset(["state", "term"])
        locked = {id_ for (id_,) in rows}
        open_rivals = self.search([("group_key", "in", keys), ("state", "=", OFFERED)])
        if not locked.issuperset({*self.ids, *open_rivals.ids}):
            raise UserError(
                self.env._("Another user is answering this offer right now. Try again.")
            )

    def _set_recall_until(self, now):
        for policy, shares in self.grouped("policy_id").items():
            days = policy.recall_days
            shares.recall_until = days and fields.Date.add(now.date(), days=days)

    def _withdraw_other_offers(self):
        """Take the same leads back from the others who were asked."""
        keys = [key for key in self.mapped("group_key") if key]
        if not keys:
            return
        rivals = self.search([("group_key", "in", keys), ("state", "=", OFFERED)])
        rivals._withdraw()

    # ------------------------------------------------------------
    # The lead of the other company
    # ------------------------------------------------------------

    def _make_copies(self):
        """Create the leads of the companies that accepted, all in one go."""
        for company, shares in self.grouped("to_company_id").items():
            # who sees a copy is for the rules of its company to say
            env = shares.with_context(
                allowed_company_ids=company.ids, mail_create_nosubscribe=True
            ).env
            vals_list = [share._prepare_copy(env, company) for share in shares]
            # sudo: whoever accepts for a company gets the lead of an offer
            copies = env["crm.lead"].sudo().create(vals_list)
            for share, copy in zip(shares, copies, strict=True):
                share.copy_id = copy.id
                share.mirror_stage = copy.stage_id.stage_type
            shares._copy_withdrawals(copies)
            shares._note_known(copies)

    def _prepare_copy(self, env, company):
        """Return the values of a lead: what was told, and nothing else."""
        values, notes = put_all(env(su=True), self.data or {})
        name = values.pop("name", "") or values.get("partner_name")
        return {
            "name": name or values.get("contact_name") or self.summary or "–",
            "type": "opportunity",
            "user_id": False,
            "team_id": False,
            "company_id": company.id,
            "description": plaintext2html("\n\n".join(notes)) if notes else False,
            **values,
        }

    def _note_known(self, copies):
        """Tell the receiver, and nobody else, that the person is known already."""
        emails = {c.email_normalized for c in copies if c.email_normalized}
        phones = {c.phone_sanitized for c in copies if c.phone_sanitized}
        known = copies.search(
            [
                ("company_id", "=", copies[:1].company_id.id),
                ("id", "not in", copies.ids),
                "|",
                ("email_normalized", "in", [*emails]),
                ("phone_sanitized", "in", [*phones]),
            ],
            limit=len(copies) * 5,
        )
        notes = {}
        for copy in copies if known else ():
            same = known.filtered(
                lambda lead, copy=copy: (
                    (copy.email_normalized or 0) == lead.email_normalized
                    or (copy.phone_sanitized or 0) == lead.phone_sanitized
                )
            )
            if same:
                notes[copy.id] = self.env._(
                    "You know this person already: %s", ", ".join(same.mapped("name"))
                )
        if notes:
            copies.browse(notes)._message_log_batch(notes)

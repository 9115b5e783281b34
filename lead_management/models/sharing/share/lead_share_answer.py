from odoo import api, fields, models

from ...base.automated import check_automated
from ..policy.constants import (
    ACCEPTED,
    DECLINED,
    ERASED,
    EXPIRED,
    LOST,
    OFFERED,
    REFUSED,
    RETURNED,
    TURN,
    WITHDRAWN,
)
from . import lead_share_event as events

# So many offers are closed in one run of the scheduled action.
BATCH = 1000
# The preview of what was refused is kept so long.
TEASER_DAYS = 30


class LeadShare(models.Model):
    """Declining, giving back, and what happens when nobody answers."""

    _inherit = "lead.share"

    def action_decline(self):
        """Ask why offers to us are declined."""
        self._get_ours(OFFERED)
        return self._open_reply("decline", self.env._("Decline Offer"))

    def action_return(self):
        """Ask why we give leads back."""
        self._get_ours(ACCEPTED, LOST)
        return self._open_reply("return", self.env._("Return Lead"))

    def _open_reply(self, kind, title):
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "lead.share.reply",
            "view_mode": "form",
            "target": "new",
            "context": {"default_share_ids": self.ids, "default_kind": kind},
        }

    def _decline(self, reason, note="", who=""):
        """Decline offers; the next in the list is asked."""
        self._lock_offers()
        now = fields.Datetime.now()
        self._move(
            DECLINED, answer_date=now, end_date=now, reason=reason, note=note or False
        )
        self.env["lead.share.event"]._record(
            self, events.DECLINE, who=who, detail=note or False
        )
        self._notify_giver(DECLINED)
        self._ask_next()

    def _return(self, reason, note="", who=""):
        """Give leads back: they live again where they came from."""
        now = fields.Datetime.now()
        self._move(RETURNED, end_date=now, reason=reason, note=note or False)
        self.env["lead.share.event"]._record(
            self, events.RETURN, who=who, detail=note or False
        )
        self.data = False
        self.lead_id._sharing_resume(self)
        self._close_copies()
        self._notify_giver(RETURNED)
        self._notify_owner(self.env._("was returned"))
        self.lead_id._sharing_refused()

    def _close_copies(self):
        """What was given back is no longer worked on by the other company."""
        copies = self.copy_id.with_context(active_test=False)
        copies.filtered("active").active = False

    def _ask_next(self):
        """Offer leads that were refused to the next in the list of their policy.

        Where nobody is left, the rules of the company decide about the lead.
        """
        left = self.filtered(lambda share: not share.lead_id)
        for policy, shares in (self - left).grouped("policy_id").items():
            if policy.order != TURN or not policy.active:
                left += shares
            else:
                left += shares._ask_in_turn(policy)
        left._give_up()

    def _ask_in_turn(self, policy):
        """Offer leads to whoever of a policy was not asked yet.

        :return: the shares of leads that nobody is left for
        """
        asked = self._get_asked(self.lead_id)
        free = policy._get_free_recipients()
        chosen, left = {}, self.browse()
        for share in self:
            known = asked.get(share.lead_id, ())
            for partner, number in free.items():
                if partner not in known and (number is None or number > 0):
                    free[partner] = number and number - 1
                    key = partner, share.user_id or self.env.user
                    chosen[key] = chosen.get(key, self.browse()) + share
                    break
            else:
                left += share
        for (partner, user), shares in chosen.items():
            # sudo: the next is asked on behalf of who offered it first
            giver = self.with_user(user).sudo()
            offered = giver._offer(shares.lead_id, policy, partner)
            left += shares.filtered(lambda s, got=offered.lead_id: s.lead_id not in got)
        return left

    @api.model
    def _get_asked(self, leads):
        """Return the partners who were asked before, by lead."""
        return {
            lead: partners
            for lead, partners in self._read_group(
                [("lead_id", "in", leads.ids)], ["lead_id"], ["recipient_id:recordset"]
            )
        }

    def _give_up(self):
        """Nobody wanted the leads: the rules decide, where they offered them."""
        if not self:
            return
        # those of which another offer is open go on
        leads = (
            self.lead_id
            - self.search(
                [
                    ("lead_id", "in", self.lead_id.ids),
                    ("state", "in", (OFFERED, ACCEPTED)),
                ]
            ).lead_id
        )
        leads._sharing_refused()
        refused = self.filtered(lambda share: share.lead_id in leads)
        refused._notify_owner(self.env._("was not accepted"))

    def _notify_owner(self, what):
        """Write into the chatter of the leads what became of them."""
        labels = dict(self._fields["reason"]._description_selection(self.env))
        notes = {}
        for share in self.filtered("lead_id"):
            parts = [share.recipient_name, what]
            reason = labels.get(share.reason)
            text = " ".join(filter(None, parts))
            notes[share.lead_id.id] = f"{text}: {reason}" if reason else text
        if notes:
            self.lead_id.browse(notes)._message_log_batch(notes)

    # ------------------------------------------------------------
    # Nobody answered
    # ------------------------------------------------------------

    @api.model
    def action_cron_sharing(self):
        """Close what nobody answered, remind, and forget; jobs call it by name."""
        check_automated(self.env)
        # sudo: jobs have all rights
        shares = self.sudo()
        shares._expire_due()
        shares._remind_due()
        shares._forget_teasers()
        shares._correct_by_contact()

    @api.model
    def _expire_due(self):
        now = fields.Datetime.now()
        due = self.search([("state", "=", OFFERED), ("term", "<", now)], limit=BATCH)
        due = due.try_lock_for_update()
        if not due:
            return
        due._move(EXPIRED, end_date=now)
        self.env["lead.share.event"]._record(due, events.EXPIRE)
        due._notify_receiver(EXPIRED)
        due._ask_next()

    @api.model
    def _remind_due(self):
        """Remind once, when half of the time is over; partners by link only."""
        now = fields.Datetime.now()
        due = self.search(
            [
                ("state", "=", OFFERED),
                ("kind", "=", "partner"),
                ("remind_date", "=", False),
                ("term", ">", now),
            ],
            limit=BATCH,
        ).filtered(lambda share: now > share.date + (share.term - share.date) / 2)
        due.remind_date = now
        due._send_link("reminder")
        self.env["lead.share.event"]._record(due, events.REMIND)

    @api.model
    def _forget_teasers(self):
        """Empty previews of what was refused a month ago: nobody needs them."""
        since = fields.Datetime.subtract(fields.Datetime.now(), days=TEASER_DAYS)
        self.search(
            [
                ("state", "in", (*REFUSED, WITHDRAWN, RETURNED, ERASED)),
                ("end_date", "<", since),
                ("teaser", "!=", False),
            ],
            limit=BATCH,
        ).teaser = False

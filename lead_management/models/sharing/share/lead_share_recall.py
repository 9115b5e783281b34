from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_datetime

from ..policy.constants import ERASED, KEPT, RECALLED, WORKED
from . import lead_share_event as events


class LeadShare(models.Model):
    """Recalling: the other one erases what it has, or says by which law it keeps it."""

    _inherit = "lead.share"

    def action_recall(self):
        """Ask why leads are recalled."""
        self._get_given(*WORKED)
        return self._open_reply("recall", self.env._("Recall Lead"))

    def action_confirm_erased(self):
        """Erase our copies, and confirm that to who recalled them."""
        shares = self._get_ours(RECALLED)
        self._check_may_erase()
        shares._erase()

    def action_keep(self):
        """Ask for which legal reason we keep what was recalled."""
        self._get_ours(RECALLED)
        self._check_may_erase()
        return self._open_reply("keep", self.env._("Keep for a Legal Reason"))

    def action_informed(self):
        """Write down that we told the person that we have the data."""
        shares = self._get_ours(*WORKED)
        shares.informed_date = fields.Date.context_today(self)
        self.env["lead.share.event"]._record(shares, events.INFORM)
        shares._notify_giver("informed")

    def _check_may_erase(self):
        if not self.env.user.has_group("sales_team.group_sale_manager"):
            raise AccessError(
                self.env._(
                    "Only sales managers can decide on recalled leads. Ask a sales "
                    "manager."
                )
            )

    def _recall(self, note="", is_demanded=False):
        """Ask the other one to erase the data.

        :param is_demanded: by the person, so that no time is over for it
        :raises UserError: when the time for it is over
        """
        today = fields.Date.context_today(self)
        late = self.filtered(
            lambda share: share.recall_until and share.recall_until < today
        )
        if late and not is_demanded:
            raise UserError(
                self.env._(
                    "“%s” can no longer be recalled: the agreed time is over. If the "
                    "person demands it, erase the lead.",
                    late[0].display_name,
                )
            )
        self._move(RECALLED, note=note or False)
        self.env["lead.share.event"]._record(self, events.RECALL, detail=note or False)
        self._notify_receiver(RECALLED)
        self._notify_recalled()

    def _notify_recalled(self):
        """Tell the salesperson of each copy, and whoever decides on recalls."""
        for share in self.filtered("copy_id"):
            share._notify_copy(share._describe_in())
        deciding = self.filtered("to_company_id")
        for user, shares in deciding.grouped(lambda s: s._get_notified()).items():
            if user:
                shares._notify_user(user, shares._get_recall_subject(user))

    def _get_recall_subject(self, user):
        env = self.with_context(lang=user.lang).env
        return env._("Recalled leads: %s", len(self))

    def _get_notified(self):
        """Return the user of the receiver who is told of offers and recalls."""
        return self.recipient_id.user_id

    def _erase(self, who=""):
        """Erase what the receiver has, and write that down."""
        copies = self.copy_id
        if copies:
            # sudo: asked for by whoever confirms it
            copies.sudo()._erase_personal_data()
        self._move(ERASED, end_date=fields.Datetime.now())
        self.data = False
        self.env["lead.share.event"]._record(self, events.ERASE, who=who)
        self._notify_giver(ERASED)
        self.lead_id.exists()._sharing_resume(self)
        self._notify_owner(self.env._("confirmed the erasure"))

    def _refuse_erasure(self, note, who=""):
        """Say for which legal reason the data is kept."""
        self._move(KEPT, end_date=fields.Datetime.now(), note=note)
        self.env["lead.share.event"]._record(self, events.KEEP, who=who, detail=note)
        self._notify_giver(KEPT)
        self.lead_id.exists()._sharing_resume(self)
        self._notify_owner(self.env._("keeps the data for a legal reason"))

    def _describe_recall(self):
        """Return in one sentence what became of a recall, for the printed record."""
        self.ensure_one()
        events_ = self.event_ids.sorted("id")
        asked = events_.filtered(lambda one: one.kind == events.RECALL)[-1:]
        if not asked:
            return ""
        answer = events_.filtered(lambda one: one.kind in (events.ERASE, events.KEEP))
        if not answer:
            return self.env._(
                "Erasure asked for on %(date)s by %(who)s. No answer yet.",
                date=format_datetime(self.env, asked.date),
                who=asked.who,
            )
        if answer[-1].kind == events.ERASE:
            return self.env._(
                "Erasure asked for on %(date)s by %(who)s and confirmed on %(day)s by "
                "%(other)s.",
                date=format_datetime(self.env, asked.date),
                who=asked.who,
                day=format_datetime(self.env, answer[-1].date),
                other=answer[-1].who,
            )
        return self.env._(
            "Erasure asked for on %(date)s by %(who)s. Kept since %(day)s by %(other)s "
            "for a legal reason: %(reason)s",
            date=format_datetime(self.env, asked.date),
            who=asked.who,
            day=format_datetime(self.env, answer[-1].date),
            other=answer[-1].who,
            reason=answer[-1].detail or "",
        )

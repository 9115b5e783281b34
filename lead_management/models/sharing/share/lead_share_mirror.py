from odoo import api, fields, models

from ..policy.constants import ACCEPTED, LOST, WON, WORKED
from . import lead_share_event as events

STATE_OF = {"won": WON, "lost": LOST, "pending": ACCEPTED}


class LeadShare(models.Model):
    """What the other one makes of a lead: written here, and never into the lead."""

    _inherit = "lead.share"

    @api.model
    def _mirror(self, leads):
        """Bring shares of which these leads are the copies up to date."""
        # sudo: whoever works on a copy tells, whatever they see of shares
        shares = self.sudo().search(
            [("copy_id", "in", leads.ids), ("state", "in", WORKED)]
        )
        for share in shares:
            lead = share.copy_id
            share._set_status(
                STATE_OF.get(lead.won_status, ACCEPTED),
                stage=lead.stage_id.stage_type,
                value=lead.expected_revenue,
                currency=lead.company_currency,
                reason=lead.lost_reason_id.name,
            )

    def _set_status(self, state, stage=None, value=0, currency=None, **values):
        """Write down how far the other one is, and what follows from it.

        :param stage: type of the stage there
        :param value: what it was won for, in ``currency``
        :param values: ``reason`` of a loss, ``who`` says it, ``detail``
        """
        self.ensure_one()
        changes = {}
        if stage and stage != self.mirror_stage:
            changes["mirror_stage"] = stage
        if state == WON and (value != self.value or self.state != WON):
            changes["value"] = self._convert(value, currency)
        if state == LOST:
            changes["lost_reason"] = values.get("reason") or False
        if not changes and state == self.state:
            return
        now = fields.Datetime.now()
        changes["mirror_date"] = now
        if state != self.state:
            changes["end_date"] = now if state in (WON, LOST) else False
            self._move(state, **changes)
            self._notify_status()
        else:
            self.write(changes)
        self.env["lead.share.event"]._record(
            self,
            events.STATUS,
            who=values.get("who") or "",
            detail=values.get("detail") or self._describe_status(),
        )
        self._settle_commission()
        self._notify_giver("status")

    def _convert(self, value, currency):
        """Return an amount in the currency of who gave the lead, at today's rate."""
        if not currency or not self.currency_id or currency == self.currency_id:
            return value
        company = self.company_id or self.to_company_id
        return currency._convert(
            value, self.currency_id, company, fields.Date.context_today(self)
        )

    def _describe_status(self):
        state = self._get_state_label(self.state)
        labels = dict(self._fields["mirror_stage"]._description_selection(self.env))
        stage = labels.get(self.mirror_stage)
        return f"{state} ({stage})" if stage else state

    def _notify_status(self):
        if self.lead_id:
            note = f"{self.recipient_name}: {self._describe_status()}"
            self.lead_id._message_log_batch({self.lead_id.id: note})

    @api.model
    def _touched(self, leads):
        """Note when the other one got in touch with the person."""
        # sudo: as in :meth:`_mirror`
        shares = self.sudo().search(
            [("copy_id", "in", leads.ids), ("state", "in", WORKED)]
        )
        now = fields.Datetime.now()
        shares.filtered(lambda share: not share.first_touch).first_touch = now
        shares.last_touch = now
        for share in shares:
            share._notify_giver("status")

from odoo import api, fields, models

from ...base.client_actions import notice
from ..policy.constants import (
    ACCEPTED,
    ACCEPTING,
    CONNECTION,
    DECLINED,
    ERASED,
    EXPIRED,
    HELD,
    KEPT,
    OFFERED,
    OVER,
    RECALLED,
    RETURNED,
    WITHDRAWN,
)
from ..policy.fact import keep_known
from ..share import lead_share_event as events
from ..share.lead_share_accept import INFORM_DAYS

TAKEN_BACK = (WITHDRAWN, EXPIRED, RECALLED)


class LeadShare(models.Model):
    """Shares with other databases: what is done here is told there."""

    _inherit = "lead.share"

    connection_id = fields.Many2one(
        "lead.share.partner", readonly=True, index="btree_not_null", ondelete="set null"
    )
    out_seq = fields.Integer(readonly=True, aggregator=None, default=0)
    in_seq = fields.Integer(readonly=True, aggregator=None, default=0)

    # ------------------------------------------------------------
    # What is sent
    # ------------------------------------------------------------

    @api.model
    def _prepare_partner(self, partner):
        is_far = partner.kind == CONNECTION
        return {
            **super()._prepare_partner(partner),
            "connection_id": partner.id if is_far else False,
            "out_seq": 0,
            "in_seq": 0,
        }

    def _send_message(self, kind, body_of):
        far = self.filtered("connection_id")
        if far:
            self.env["lead.share.message"]._queue(far, kind, body_of)

    def _notify_offered(self, plan, kinds):
        super()._notify_offered(plan, kinds)
        if CONNECTION in kinds:
            self._send_message("offer", self._prepare_offer)

    @api.model
    def _prepare_offer(self, share):
        return {
            "from": share.giver_name,
            "teaser": share.teaser or {},
            "fields": share.fields_full or [],
            "term": fields.Datetime.to_string(share.term),
            "purpose": share.purpose or "",
            "legal_basis": share.legal_basis or "",
            "arrangement": share.arrangement or "",
            "commission": share.commission or {},
            "currency": share.currency_id.name or "",
        }

    def _notify_receiver(self, state):
        super()._notify_receiver(state)
        if state in TAKEN_BACK:
            given = self.filtered("company_id")
            given._send_message(
                "recall", lambda share: {"why": state, "note": share.note or ""}
            )

    def _notify_giver(self, state):
        super()._notify_giver(state)
        got = self.filtered(lambda share: not share.company_id)
        if state == DECLINED:
            got._send_message("decline", self._prepare_reason)
        elif state in (ERASED, KEPT):
            got._send_message(
                "erased", lambda share: {"kept": share.note if state == KEPT else ""}
            )
        elif state == RETURNED:
            got._send_message(
                "status", lambda s: {"state": RETURNED, **self._prepare_reason(s)}
            )
        else:
            got._send_message("status", self._prepare_status)

    @api.model
    def _prepare_reason(self, share):
        return {"reason": share.reason or "", "note": share.note or ""}

    @api.model
    def _prepare_status(self, share):
        return {
            "state": share.state,
            "stage": share.mirror_stage or "",
            "value": share.value,
            "currency": share.currency_id.name or "",
            "lost_reason": share.lost_reason or "",
            "first_touch": fields.Datetime.to_string(share.first_touch) or "",
            "last_touch": fields.Datetime.to_string(share.last_touch) or "",
            "informed": fields.Date.to_string(share.informed_date) or "",
        }

    # ------------------------------------------------------------
    # Accepting: the one who gives has the last word
    # ------------------------------------------------------------

    def action_accept(self):
        far = self.filtered("connection_id")._get_ours(OFFERED)
        if far:
            far._lock_offers()
            far._move(
                ACCEPTING,
                answer_date=fields.Datetime.now(),
                answer_user_id=self.env.uid,
            )
            far._send_message("accept", lambda share: {})
        near = self.browse((self.sudo() - far).ids)  # sudo: compared only
        if near:
            return super(LeadShare, near).action_accept()
        return notice(
            self.env._("Accepted. The data arrives within a minute."),
            "success",
            next={"type": "ir.actions.client", "tag": "soft_reload"},
        )

    def _receive_accept(self, received):
        """Hand the data over, where the offer still stands."""
        now = fields.Datetime.now()
        shares = self.concat(*(share for __, share, __ in received))
        open_ = shares.filtered(lambda s: s.state == OFFERED and s.term >= now)
        (shares - open_)._send_message(
            "recall", lambda share: {"why": EXPIRED, "note": ""}
        )
        if not open_:
            return
        open_._accept(who=open_[:1].recipient_name)
        withdrawn = self._get_withdrawn(open_.lead_id, is_far=True)
        open_._send_message(
            "data",
            lambda share: {
                "data": share.data or {},
                "no": withdrawn.get(share.lead_id.id, []),
            },
        )
        open_.data = False

    def _receive_data(self, received):
        """Make our own leads of what came, or put them right."""
        shares = self.browse()
        for __, share, body in received:
            if share.state in (*HELD, KEPT):
                share._receive_correction(body)
            elif share.state == ACCEPTING:
                share.data = keep_known(body.get("data"))
                shares += share
            elif share.state in OVER:
                # it was closed here in the meantime: theirs is to go on
                share._send_message(
                    "status", lambda s: {"state": RETURNED, "reason": "other"}
                )
        if not shares:
            return
        shares._set_marks()
        shares._make_copies()
        now = fields.Datetime.now()
        shares._move(
            ACCEPTED,
            mirror_date=now,
            inform_until=fields.Date.add(now.date(), days=INFORM_DAYS),
        )
        self.env["lead.share.event"]._record(
            shares, events.ACCEPT, facts=lambda share: sorted(share.data or {})
        )
        shares.data = False
        for __, share, body in received:
            if share in shares:
                share._receive_withdrawal(body.get("no"))

    def _notify_correction(self, changed):
        super()._notify_correction(changed)
        removed = [name for name, value in changed.items() if not value]
        new = {name: value for name, value in changed.items() if value}
        self._send_message("data", lambda share: {"corrected": new, "gone": removed})

    def _notify_withdrawal(self, pairs):
        super()._notify_withdrawal(pairs)
        self._send_message("data", lambda share: {"no": pairs})

    def _receive_correction(self, body):
        """Take what was corrected there, of what was told once."""
        received = keep_known(body.get("corrected"))
        removed = body.get("gone")
        changed = dict.fromkeys(removed if _is_names(removed) else ()) | received
        changed = {
            name: changed[name] for name in changed if name in (self.marks or {})
        }
        if changed:
            before = self._renew_marks(changed)
            self.env["lead.share.event"]._record(
                self,
                events.CORRECT,
                who=self.giver_name,
                facts=lambda share: sorted(changed),
            )
            self._take_correction(changed, before)
        if body.get("no"):
            self.env["lead.share.event"]._record(
                self, events.CONSENT, who=self.giver_name
            )
            self._receive_withdrawal(body["no"])

    def _receive_withdrawal(self, pairs):
        """Record what the person withdrew with the other company."""
        Consent = self.env["lead.consent"]
        known = Consent._get_pairs("all", "all")
        said = [
            tuple(pair)
            for pair in (pairs if isinstance(pairs, list) else ())
            if isinstance(pair, list) and tuple(pair) in known
        ]
        Consent.create(self._prepare_refusals(self.copy_id, said))

    def _get_notified(self):
        return super()._get_notified() or self.connection_id.user_id


def _is_names(names):
    return isinstance(names, list) and all(isinstance(name, str) for name in names)

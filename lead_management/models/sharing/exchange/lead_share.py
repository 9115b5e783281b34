from odoo import api, fields, models

from ...messaging.gate.lead_consent import WITHDRAWN as NO
from ..policy.fact import FACTS, keep_known
from ..policy.kinds import (
    ACCEPTED,
    ACCEPTING,
    BASES,
    CONNECTION,
    DECLINED,
    ERASED,
    EXPIRED,
    KEPT,
    OFFERED,
    REASONS,
    RECALLED,
    RETURNED,
    WITHDRAWN,
    WORKED,
)
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
    # What is told
    # ------------------------------------------------------------

    @api.model
    def _prepare_share(self, lead, policy, partner, terms, now):
        values = super()._prepare_share(lead, policy, partner, terms, now)
        is_far = partner.kind == CONNECTION
        return {
            **values,
            "connection_id": partner.id if is_far else False,
            "out_seq": 0,
            "in_seq": 0,
        }

    def _tell(self, kind, body_of):
        far = self.filtered("connection_id")
        if far:
            self.env["lead.share.message"]._queue(far, kind, body_of)

    def _tell_offered(self):
        super()._tell_offered()
        self._tell("offer", self._prepare_offer)

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

    def _tell_given(self, state):
        super()._tell_given(state)
        if state in TAKEN_BACK:
            given = self.filtered("company_id")
            given._tell(
                "recall", lambda share: {"why": state, "note": share.note or ""}
            )

    def _tell_got(self, state):
        super()._tell_got(state)
        got = self.filtered(lambda share: not share.company_id)
        if state == DECLINED:
            got._tell("decline", self._prepare_reason)
        elif state in (ERASED, KEPT):
            got._tell(
                "erased", lambda share: {"kept": share.note if state == KEPT else ""}
            )
        elif state == RETURNED:
            got._tell(
                "status", lambda s: {"state": RETURNED, **self._prepare_reason(s)}
            )
        else:
            got._tell("status", self._prepare_status)

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
        far = self._get_ours(OFFERED).filtered("connection_id")
        if far:
            far._lock_offers()
            far._move(
                ACCEPTING,
                answer_date=fields.Datetime.now(),
                answer_user_id=self.env.uid,
            )
            far._tell("accept", lambda share: {})
        near = self.browse((self.sudo() - far).ids)  # sudo: compared only
        return super(LeadShare, near).action_accept() if near else None

    def _take_accept(self, told):
        """Hand the data over, where the offer still stands."""
        now = fields.Datetime.now()
        shares = self.concat(*(share for __, share, __ in told))
        open_ = shares.filtered(lambda s: s.state == OFFERED and s.term >= now)
        (shares - open_)._tell("recall", lambda share: {"why": EXPIRED, "note": ""})
        if not open_:
            return
        open_._accept(who=open_[:1].recipient_name)
        withdrawn = self._get_withdrawn(open_.lead_id)
        open_._tell(
            "data",
            lambda share: {
                "data": share.data or {},
                "no": withdrawn.get(share.lead_id.id, []),
            },
        )
        open_.data = False

    def _take_data(self, told):
        """Make our own leads of what came."""
        shares = self.browse()
        for __, share, body in told:
            if share.state != ACCEPTING:
                continue
            share.data = keep_known(body.get("data"))
            shares += share
        if not shares:
            return
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
        for __, share, body in told:
            share._take_no(body.get("no"))

    def _take_no(self, pairs):
        """Record what the person withdrew with the other company."""
        Consent = self.env["lead.consent"]
        known = Consent._get_pairs("all", "all")
        lead = self.copy_id
        if not (lead.email_normalized or lead.phone_sanitized):
            return
        for pair in pairs if isinstance(pairs, list) else ():
            if isinstance(pair, list) and tuple(pair) in known:
                purpose, channel = pair
                Consent._record(lead, NO, purpose=purpose, channel=channel, how="share")

    # ------------------------------------------------------------
    # What is heard
    # ------------------------------------------------------------

    def _take_offer(self, told):
        vals_list = [self._read_offer(message, body) for message, share, body in told]
        shares = self.create(vals_list)
        self.env["lead.share.event"]._record(
            shares, events.OFFER, facts=lambda share: sorted(share.teaser or {})
        )
        for connection, got in shares.grouped("connection_id").items():
            if connection.user_id:
                got._notify_user(connection.user_id)

    @api.model
    def _read_offer(self, message, body):
        connection = message.connection_id
        term = fields.Datetime.to_datetime(body.get("term") or False)
        currency = self.env["res.currency"].search(
            [("name", "=", str(body.get("currency") or ""))], limit=1
        )
        names = body.get("fields")
        terms = body.get("commission")
        basis = body.get("legal_basis")
        return {
            "uuid": message.share_uuid,
            "kind": CONNECTION,
            "connection_id": connection.id,
            "to_company_id": connection.company_id.id,
            "giver_name": connection.name,
            "recipient_name": connection.company_id.name,
            "state": OFFERED,
            "date": fields.Datetime.now(),
            "term": term or fields.Datetime.now(),
            "teaser": keep_known(body.get("teaser")),
            "fields_full": [n for n in names or () if FACTS.get(n)]
            if isinstance(names, list)
            else [],
            "purpose": str(body.get("purpose") or ""),
            "arrangement": str(body.get("arrangement") or ""),
            "legal_basis": basis if basis in dict(BASES) else False,
            "commission": _read_terms(terms),
            "currency_id": currency.id or connection.company_id.currency_id.id,
        }

    def _take_decline(self, told):
        for __, share, body in told:
            if share.state == OFFERED:
                reason = body.get("reason")
                share._decline(
                    reason if reason in dict(REASONS) else "other",
                    str(body.get("note") or ""),
                    who=share.recipient_name,
                )

    def _take_status(self, told):
        for __, share, body in told:
            share._take_one_status(body)

    def _take_one_status(self, body):
        if self.state not in WORKED:
            return
        state = body.get("state")
        if state == RETURNED:
            reason = body.get("reason")
            self._return(
                reason if reason in dict(REASONS) else "other",
                str(body.get("note") or ""),
                who=self.recipient_name,
            )
            return
        moments = {
            name: fields.Datetime.to_datetime(body[name])
            for name in ("first_touch", "last_touch")
            if body.get(name)
        }
        informed = fields.Date.to_date(body.get("informed") or False)
        if moments or informed:
            self.write({**moments, "informed_date": informed})
        stages = dict(self._fields["mirror_stage"].selection)
        stage = body.get("stage")
        value = body.get("value")
        self._set_status(
            state if state in WORKED else self.state,
            stage=stage if stage in stages else None,
            value=value if isinstance(value, int | float) else 0,
            currency=self.env["res.currency"].search(
                [("name", "=", str(body.get("currency") or ""))], limit=1
            ),
            reason=str(body.get("lost_reason") or ""),
            who=self.recipient_name,
        )

    def _take_recall(self, told):
        for __, share, body in told:
            if share.state in (OFFERED, ACCEPTING):
                over = EXPIRED if body.get("why") == EXPIRED else WITHDRAWN
                share._move(over, end_date=fields.Datetime.now())
                self.env["lead.share.event"]._record(
                    share, events.WITHDRAW, who=share.giver_name
                )
            elif share.state in WORKED:
                note = str(body.get("note") or "")
                share._move(RECALLED, note=note or False)
                self.env["lead.share.event"]._record(
                    share, events.RECALL, who=share.giver_name, detail=note or False
                )
                share._tell_recalled()

    def _take_erased(self, told):
        for __, share, body in told:
            if share.state != RECALLED:
                continue
            if kept := str(body.get("kept") or ""):
                share._keep(kept, who=share.recipient_name)
            else:
                share._erase(who=share.recipient_name)

    def _take_ping(self, told):
        for message, __, body in told:
            connection = message.connection_id
            secret = body.get("secret")
            if isinstance(secret, str) and len(secret) == 64:
                connection._set_secret(secret)
            have = body.get("have")
            if isinstance(have, int):
                self.env["lead.share.message"]._send_again(
                    connection, str(body.get("share") or ""), have
                )


def _read_terms(terms):
    """Return terms of a commission as far as they make sense, or None."""
    if not isinstance(terms, dict) or terms.get("kind") not in ("percent", "amount"):
        return None
    numbers = {
        name: terms.get(name) if isinstance(terms.get(name), int | float) else 0
        for name in ("rate", "amount", "cap", "months")
    }
    return {
        "kind": terms["kind"],
        "currency": str(terms.get("currency") or ""),
        **numbers,
        "months": int(numbers["months"]),
    }

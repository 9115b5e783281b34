from odoo import api, fields, models

from ..policy.constants import (
    ACCEPTING,
    BASES,
    CONNECTION,
    EXPIRED,
    OFFERED,
    REASONS,
    RECALLED,
    RETURNED,
    WITHDRAWN,
    WORKED,
)
from ..policy.fact import FACTS, find, keep_known
from ..share import lead_share_event as events


class LeadShare(models.Model):
    """What another database tells of shares, each sort in a method of its own."""

    _inherit = "lead.share"

    def _receive_offer(self, received):
        vals_list = [
            self._read_offer(message, body) for message, share, body in received
        ]
        shares = self.create(vals_list)
        self._forget_unused()
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
        currency = find(self.env, "res.currency", name=str(body.get("currency") or ""))
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

    def _receive_decline(self, received):
        for __, share, body in received:
            if share.state == OFFERED:
                reason = body.get("reason")
                share._decline(
                    reason if reason in dict(REASONS) else "other",
                    str(body.get("note") or ""),
                    who=share.recipient_name,
                )

    def _receive_status(self, received):
        for __, share, body in received:
            share._receive_one_status(body)

    def _receive_one_status(self, body):
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
            currency=find(
                self.env, "res.currency", name=str(body.get("currency") or "")
            ),
            reason=str(body.get("lost_reason") or ""),
            who=self.recipient_name,
        )

    def _receive_recall(self, received):
        for __, share, body in received:
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
                share._notify_recalled()

    def _receive_erased(self, received):
        for __, share, body in received:
            if share.state != RECALLED:
                continue
            if kept := str(body.get("kept") or ""):
                share._refuse_erasure(kept, who=share.recipient_name)
            else:
                share._erase(who=share.recipient_name)

    def _receive_commission(self, received):
        for __, share, body in received:
            one = self.env["lead.share.commission"].search(
                [("share_id", "=", share.id)]
            )
            if one:
                one._receive(body)

    def _receive_ping(self, received):
        for message, __, body in received:
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

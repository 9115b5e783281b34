from odoo import api, fields, models

from ...base.fast.bulk_create import bulk_create
from ...base.lead_internal_mixin import MODULE

OFFER, ACCEPT, DECLINE, EXPIRE = "offer", "accept", "decline", "expire"
WITHDRAW, STATUS, NOTE, FILE, RETURN = "withdraw", "status", "note", "file", "return"
RECALL, ERASE, KEEP, REMIND, INFORM = "recall", "erase", "keep", "remind", "inform"
CORRECT, CONSENT, COMMISSION = "correct", "consent", "commission"
KINDS = [
    (OFFER, "Offered: the preview was told"),
    (ACCEPT, "Accepted: the data was handed over"),
    (DECLINE, "Declined"),
    (EXPIRE, "Expired"),
    (WITHDRAW, "Withdrawn"),
    (STATUS, "Status"),
    (NOTE, "Note"),
    (FILE, "File"),
    (RETURN, "Returned"),
    (RECALL, "Recalled: erasure was asked for"),
    (ERASE, "Erasure confirmed"),
    (KEEP, "Kept for a legal reason"),
    (REMIND, "Reminder sent"),
    (INFORM, "The person was informed"),
    (CORRECT, "Corrected: the new data was handed over"),
    (CONSENT, "A withdrawn consent was passed on"),
    (COMMISSION, "Commission"),
]


class LeadShareEvent(models.Model):
    """What happened to a share: who, when, which fields went to whom. Never changed.

    This is the record of transfer that the law asks for. It names fields, and holds
    no value of any.
    """

    _name = "lead.share.event"
    _description = "Record of Transfer"
    _order = "date, id"
    _rec_name = "kind"
    _log_access = False

    share_id = fields.Many2one(
        "lead.share", required=True, readonly=True, ondelete="cascade", index=True
    )
    date = fields.Datetime(required=True, readonly=True)
    kind = fields.Selection(KINDS, string="Event", required=True, readonly=True)
    user_id = fields.Many2one("res.users", readonly=True, ondelete="set null")
    who = fields.Char(string="Author", readonly=True)
    fact_names = fields.Json(string="Field Keys", readonly=True)
    fields_shown = fields.Char(string="Fields", compute="_compute_fields_shown")
    detail = fields.Text(readonly=True)

    _date_idx = models.Index("(date)")

    @api.model
    def _personal_fields(self):
        return ("detail",)

    @api.depends("fact_names")
    @api.depends_context("lang")
    def _compute_fields_shown(self):
        field = self.env["lead.share.policy.fact"]._fields["fact"]
        labels = dict(field._description_selection(self.env))
        for event in self:
            names = event.fact_names or ()
            event.fields_shown = ", ".join(labels.get(n, n) for n in names)

    @api.model
    def _record(self, shares, kind, **values):
        """Write one event for each share, in one statement.

        :param values: ``who``, ``detail``, or ``facts``, a function that returns the
            names of the facts that went over with a share
        """
        facts = values.pop("facts", lambda share: None)
        now = fields.Datetime.now()
        who = values.pop("who", "") or self.env.user.name
        # what people wrote is cleaned by whoever has not done it
        known = () if values.get("detail") else (MODULE,)
        # sudo: nobody writes the record by hand
        return bulk_create(
            self.sudo(),
            [
                {
                    "share_id": share.id,
                    "date": now,
                    "kind": kind,
                    "user_id": self.env.uid,
                    "who": who,
                    "fact_names": facts(share),
                    "detail": values.get("detail", False),
                }
                for share in shares
            ],
            known=known,
        )

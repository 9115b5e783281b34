from odoo import api, fields, models

from .constants import DATUM_LABELS

WAITING, CLAIMED, RETRY = "waiting", "claimed", "retry"
DONE, UNKNOWN, REFUSED = "done", "unknown", "refused"
CHOICE = "choice"
STATES = [
    (WAITING, "Waiting"),
    (CLAIMED, "Being Asked"),
    (RETRY, "Asked Again Later"),
    (CHOICE, "Several Companies Found"),
    (DONE, "Answered"),
    (UNKNOWN, "No Answer"),
    (REFUSED, "Not Asked"),
]
OPEN = (WAITING, CLAIMED, RETRY)


class LeadCheckRequest(models.Model):
    """A question to a service: it is claimed, then asked, then what it said is kept."""

    _name = "lead.check.request"
    _inherit = ["lead.row.mixin", "lead.state.mixin", "lead.claim.mixin"]
    _description = "Verification Request"
    _order = "id desc"
    _log_access = False
    _rec_name = "datum"
    _impersonal = ("error",)
    _transitions = {
        WAITING: {CLAIMED, DONE, REFUSED},
        RETRY: {CLAIMED, DONE, REFUSED},
        CLAIMED: {DONE, RETRY, UNKNOWN, CHOICE},
        CHOICE: {DONE, REFUSED},
        DONE: set(),
        UNKNOWN: set(),
        REFUSED: set(),
    }

    service_id = fields.Many2one(
        "lead.check.service",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    datum = fields.Selection(
        DATUM_LABELS, string="Information", required=True, readonly=True
    )
    fingerprint = fields.Char(readonly=True, groups=fields.NO_ACCESS)
    state = fields.Selection(STATES, required=True, readonly=True, default=WAITING)
    date = fields.Datetime(
        string="Wanted", required=True, readonly=True, default=fields.Datetime.now
    )
    called = fields.Datetime(string="Asked", readonly=True)
    next_try = fields.Datetime(string="Next Attempt", readonly=True)
    tries = fields.Integer(string="Attempts", readonly=True)
    error = fields.Char(string="Problem", readonly=True)
    matches = fields.Json(string="Companies Found", readonly=True)
    user_id = fields.Many2one(
        "res.users", string="Requested By", readonly=True, ondelete="set null"
    )

    _open_uniq = models.UniqueIndex(
        "(lead_id, datum, service_id) WHERE state IN ('waiting', 'claimed', 'retry')"
    )
    _due_idx = models.Index("(next_try) WHERE state IN ('waiting', 'claimed', 'retry')")
    _called_idx = models.Index("(service_id, called) WHERE called IS NOT NULL")

    @api.model
    def _merge_get_values(self):
        # what is under way is about the value of the other lead
        return {}

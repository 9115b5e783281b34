from odoo import api, fields, models

from .constants import DATUM_LABELS, LEVEL_LABELS, SOURCES, VERDICTS


class LeadCheck(models.Model):
    """What was found out about a datum of a lead, by whom, and until when it holds.

    The one that counts is current, one for each lead and datum; those before it are
    kept. It belongs to the value it was made of, known by its fingerprint: another
    value makes it a thing of the past.
    """

    _name = "lead.check"
    _inherit = ["lead.row.mixin"]
    _description = "Verification"
    _order = "date desc, id desc"
    _log_access = False
    _rec_name = "datum"
    # what stands there tells nothing of a person; the fingerprint may be guessed back
    _impersonal = ("reason", "provider")

    lead_id = fields.Many2one(index=False)
    datum = fields.Selection(
        DATUM_LABELS, string="Information", required=True, readonly=True
    )
    fingerprint = fields.Char(readonly=True, groups=fields.NO_ACCESS)
    verdict = fields.Selection(VERDICTS, string="Result", required=True, readonly=True)
    level = fields.Selection(
        LEVEL_LABELS,
        required=True,
        readonly=True,
        help="How much is known: the format is right, the value is plausible, it "
        "exists, or somebody confirmed it.",
    )
    reason = fields.Char(string="Reason Code", required=True, readonly=True)
    reason_text = fields.Char(string="Reason", compute="_compute_reason_text")
    offer = fields.Char(
        string="Proposal", readonly=True, help="The value that may have been meant."
    )
    source = fields.Selection(SOURCES, required=True, readonly=True)
    provider = fields.Char(string="Service", readonly=True)
    reference = fields.Char(
        readonly=True, help="The number under which the service knows the answer."
    )
    date = fields.Datetime(required=True, readonly=True)
    expiry = fields.Datetime(
        string="Valid Until",
        readonly=True,
        help="Empty: until the value changes.",
    )
    cost = fields.Float(readonly=True)
    author_id = fields.Many2one(
        "res.users", readonly=True, ondelete="set null", index=False
    )
    is_current = fields.Boolean(string="Current", readonly=True)

    _current_uniq = models.UniqueIndex("(lead_id, datum) WHERE is_current")
    # the foreign key, and what was found about a datum before
    _lead_idx = models.Index("(lead_id, datum, date DESC)")
    _date_idx = models.Index("(date)")
    _author_idx = models.Index("(author_id) WHERE author_id IS NOT NULL")
    _expiry_idx = models.Index("(expiry) WHERE is_current AND expiry IS NOT NULL")
    # what a service said of a value, within a company
    _provider_idx = models.Index(
        "(provider, fingerprint, date DESC) WHERE provider IS NOT NULL"
    )

    @api.depends("reason", "offer")
    @api.depends_context("lang")
    def _compute_reason_text(self):
        for check in self:
            check.reason_text = check._get_reason_text(check.reason, check.offer)

    @api.depends("datum", "verdict")
    def _compute_display_name(self):
        data = dict(self._fields["datum"]._description_selection(self.env))
        verdicts = dict(self._fields["verdict"]._description_selection(self.env))
        for check in self:
            parts = [data.get(check.datum), verdicts.get(check.verdict)]
            check.display_name = ": ".join(filter(None, parts))

    @api.model
    def _merge_get_values(self):
        # the lead that stays has its own, and finds again what was said of its values
        return {"is_current": False}

from odoo import api, fields, models

from ...base.client_actions import notice
from ..constants import ALL, CHANNELS, CONSENT_PURPOSES
from .lead_consent import GIVEN, WITHDRAWN
from .lead_consent_manual import MANAGER


class LeadConsentDialog(models.TransientModel):
    """What leads told a salesperson about messages: asked, recorded, taken back."""

    _name = "lead.consent.dialog"
    _description = "Record Consent"

    lead_ids = fields.Many2many("crm.lead", required=True, string="Leads")
    lead_count = fields.Integer(compute="_compute_lead_count")
    # What
    state = fields.Selection(
        [(WITHDRAWN, "Opt-out"), (GIVEN, "Opt-in")],
        string="Consent",
        required=True,
        default=WITHDRAWN,
    )
    purpose = fields.Selection(CONSENT_PURPOSES, required=True, default=ALL)
    channel = fields.Selection(
        [*CHANNELS, (ALL, "All channels")], required=True, default=ALL
    )
    # From where
    source = fields.Char(
        string="Origin", help="A call, a form, a fair, a letter, with its date."
    )
    text = fields.Text(
        string="Wording",
        help="The exact words of the person, or the text they agreed to.",
    )
    proof = fields.Text(
        help="For example a signed form, an email or a recording, and where it is "
        "stored."
    )
    # What comes of it
    notice = fields.Text(compute="_compute_notice", export_string_translation=False)
    is_proof_needed = fields.Boolean(
        compute="_compute_notice", export_string_translation=False
    )
    recorded = fields.Json(readonly=True, export_string_translation=False)
    result = fields.Text(readonly=True, export_string_translation=False)

    @api.depends("lead_ids")
    def _compute_lead_count(self):
        for dialog in self:
            dialog.lead_count = len(dialog.lead_ids)

    @api.depends("lead_ids", "state", "purpose", "channel")
    def _compute_notice(self):
        for dialog in self:
            before = dialog._get_withdrawn_before()
            lines = dialog._get_left_out()
            is_manager = self.env.user.has_group(MANAGER)
            dialog.is_proof_needed = bool(before) and is_manager
            if dialog.is_proof_needed:
                lines.append(
                    self.env._(
                        "Withdrawn before, so a proof is needed: %s", len(before)
                    )
                )
            dialog.notice = "\n".join(lines)

    def _get_leads(self):
        """Return the leads that are there still, and the user's to write."""
        return self.lead_ids._origin.exists()._filtered_access("write")

    def _get_withdrawn_before(self):
        leads = self._get_leads()
        if self.state != GIVEN or not (self.purpose and self.channel):
            return leads.browse()
        return self.env["lead.consent"]._get_withdrawn_before(
            leads, self.purpose, self.channel
        )

    def _get_recordable(self):
        """Return the leads for which the user may record this."""
        leads = self.env["lead.consent"]._get_reachable(self._get_leads())
        if self.env.user.has_group(MANAGER):
            return leads
        return leads - self._get_withdrawn_before()

    def _get_left_out(self):
        """Return a line for each reason why leads are left out."""
        leads = self._get_leads()
        known = self.env["lead.consent"]._get_reachable(leads)
        lines = []
        if unknown := leads - known:
            lines.append(
                self.env._("Skipped, without address or number: %s", len(unknown))
            )
        if held := known - self._get_recordable():
            lines.append(
                self.env._(
                    "Skipped because of an earlier withdrawal: %s. A sales manager "
                    "can record the new consent with a proof.",
                    len(held),
                )
            )
        return lines

    def action_record(self):
        """Record it for the leads it may be recorded for, and say what was done."""
        self.ensure_one()
        self.check_access("write")
        left_out = self._get_left_out()
        records = self.env["lead.consent"]._record_manually(
            self._get_recordable(),
            self.state,
            self.purpose,
            self.channel,
            source=self.source,
            text=self.text,
            proof=self.proof,
        )
        self.recorded = records.ids
        lines = [self.env._("Recorded for leads: %s", len(records)), *left_out]
        self.result = "\n".join(lines)
        return self._get_action()

    def action_undo(self):
        """Take back exactly what this dialog has recorded."""
        self.ensure_one()
        self.check_access("write")
        ids = [id_ for id_ in self.recorded or () if isinstance(id_, int)]
        undone = self.env["lead.consent"].browse(ids)._undo()
        return notice(
            self.env._("Reverted for leads: %s", len(undone)),
            "success" if undone else "warning",
            next={"type": "ir.actions.act_window_close"},
        )

    def _get_action(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Consent"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [[False, "form"]],
            "target": "new",
        }

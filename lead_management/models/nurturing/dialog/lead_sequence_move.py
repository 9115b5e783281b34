from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..constants import DONE, DRAFT, FINISHED, LIVE


class LeadSequenceMove(models.TransientModel):
    """The dialog in which a version is activated: what becomes of those in the old."""

    _name = "lead.sequence.move"
    _description = "Activate a Version"

    version_id = fields.Many2one("lead.sequence.version", required=True, readonly=True)
    old_id = fields.Many2one(related="version_id.sequence_id.version_id")
    mode = fields.Selection(
        [
            ("stay", "They finish the version they are in"),
            ("move", "They continue in the new version"),
        ],
        required=True,
        default="stay",
        string="Leads in the Previous Version",
    )
    count = fields.Integer(string="Leads in It Now", compute="_compute_preview")
    preview = fields.Text(string="What Changes for Them", compute="_compute_preview")

    @api.depends("version_id")
    def _compute_preview(self):
        for dialog in self:
            moves = dialog.old_id._get_moves(dialog.version_id) if dialog.old_id else []
            dialog.count = sum(count for __, __, count, __ in moves)
            dialog.preview = "\n".join(
                self.env._(
                    "%(count)s at “%(step)s”: %(target)s",
                    count=count,
                    step=step.display_name or "",
                    target=self._describe_target(dialog.version_id, target),
                )
                for step, __, count, target in moves
            )

    @api.model
    def _describe_target(self, version, target):
        if not target:
            return self.env._("end, no later step is left")
        if target.version_id != version:
            return self.env._("finish the step first, then stay in the old version")
        return self.env._("continue at “%s”", target.display_name)

    def action_activate(self):
        """Activate the version, and move those on who are to be."""
        self.ensure_one()
        self.version_id.check_access("write")
        old, new = self.old_id, self.version_id
        if new.state != DRAFT:
            raise UserError(self.env._("This version is active already."))
        moves = old._get_moves(new) if self.mode == "move" else []
        new._activate()
        self._move(old, new, moves)
        return {"type": "ir.actions.act_window_close"}

    @api.model
    def _move(self, old, new, moves):
        """Let those in the old version wait for the steps of the new one."""
        # sudo: who is in a sequence is nobody's to write by hand
        Enrollment = self.env["lead.enrollment"].sudo()
        self.env.flush_all()
        for step, state, __, target in moves:
            inside = [
                ("version_id", "=", old.id),
                ("step_id", "=", step.id),
                ("state", "=", state),
            ]
            if not target:
                Enrollment.search(inside)._end(DONE, FINISHED)
            elif target.version_id == new:
                self.env.cr.execute(
                    SQL(
                        """
                        UPDATE lead_enrollment SET version_id = %s, step_id = %s
                        WHERE version_id = %s AND step_id = %s AND state = %s
                        """,
                        *(new.id, target.id, old.id, step.id, state),
                    )
                )
        Enrollment.invalidate_model(flush=False)
        return Enrollment.search_count(
            [("version_id", "=", new.id), ("state", "in", LIVE)]
        )

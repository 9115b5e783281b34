from odoo import api, fields, models
from odoo.tools import SQL

from ...messaging.moment import describe_moment
from ..constants import DRAFT, LIVE
from .step_kind import KINDS


class LeadSequence(models.Model):
    """The picture of a sequence: its steps, and how many are and were at each."""

    _inherit = "lead.sequence"

    flow = fields.Json(compute="_compute_flow")
    shown_version_id = fields.Many2one(
        "lead.sequence.version", string="Version Shown", compute="_compute_shown"
    )
    shown_number = fields.Integer(string="Version", compute="_compute_shown")
    is_draft_shown = fields.Boolean(compute="_compute_shown")
    live_count = fields.Integer(string="In It Now", compute="_compute_counts")
    attention_count = fields.Integer(string="Need Attention", compute="_compute_counts")
    entry_text = fields.Char(string="Entry", compute="_compute_entry_text")

    @api.depends("version_ids.state", "version_id")
    def _compute_shown(self):
        for sequence in self:
            version = sequence._get_shown_version()
            sequence.shown_version_id = version
            sequence.shown_number = version.number
            sequence.is_draft_shown = version.state == DRAFT and bool(
                sequence.version_id
            )

    def _compute_counts(self):
        counts = dict.fromkeys(self.ids, (0, 0))
        for sequence, state, count in self.env["lead.enrollment"]._read_group(
            [("sequence_id", "in", self.ids), ("state", "in", LIVE)],
            ["sequence_id", "state"],
            ["__count"],
        ):
            live, attention = counts[sequence.id]
            attention += count if state == "parked" else 0
            counts[sequence.id] = (live + count, attention)
        for sequence in self:
            live, attention = counts.get(sequence.id, (0, 0))
            sequence.live_count, sequence.attention_count = live, attention

    @api.depends(
        *("trigger", "stage_type", "score_min", "score_max", "inactive_days"),
        *("segment_ids", "persona_ids", "qualifier_id", "option_ids"),
    )
    @api.depends_context("lang")
    def _compute_entry_text(self):
        for sequence in self:
            label = sequence._get_label("trigger")
            detail = sequence._get_entry_detail()
            sequence.entry_text = f"{label}: {detail}" if detail else label

    def _get_label(self, fname):
        labels = dict(self._fields[fname]._description_selection(self.env))
        return labels.get(self[fname], "")

    def _get_entry_detail(self):
        return {
            "stage": self._get_label("stage_type"),
            "score": f"{self.score_min}–{self.score_max}",
            "segment": ", ".join(self.segment_ids.mapped("name")),
            "persona": ", ".join(self.persona_ids.mapped("name")),
            "answer": self._get_answer_detail(),
            "inactive": self.env._("%s days", self.inactive_days),
        }.get(self.trigger, "")

    def _get_answer_detail(self):
        question, answers = self.qualifier_id.name or "", self.option_ids
        return f"{question} {', '.join(answers.mapped('name'))}".strip()

    # ------------------------------------------------------------
    # The picture
    # ------------------------------------------------------------

    @api.depends("version_ids.step_ids", "version_id", "is_on", "goal", "trigger")
    @api.depends_context("lang", "uid")
    def _compute_flow(self):
        for sequence in self:
            version = sequence._get_shown_version()
            sequence.flow = version.id and {
                "version": version.id,
                "editable": not version._is_frozen() and version.has_access("write"),
                "entry": sequence.entry_text,
                "end": sequence._get_label("goal"),
                "kinds": sequence._get_kinds(),
                "steps": version._get_flow(),
                "facts": sequence._get_facts(version),
            }

    @api.model
    def _get_kinds(self):
        labels = dict(
            self.env["lead.sequence.step"]
            ._fields["kind"]
            ._description_selection(self.env)
        )
        return [
            {"name": cls.name, "label": labels[cls.name], "icon": cls.icon}
            for cls in KINDS
        ]

    def _get_facts(self, version):
        """Return what has come of it so far, as pairs of a label and a text."""
        self.env["lead.enrollment"].flush_model()
        [(total, live, replied, goal, days, optout, due)] = self.env.execute_query(
            SQL(
                """
                SELECT count(*), count(*) FILTER (WHERE state = ANY(%s)),
                       count(*) FILTER (WHERE reason = 'reply'),
                       count(goal_date),
                       percentile_cont(0.5) WITHIN GROUP (ORDER BY EXTRACT(
                           EPOCH FROM goal_date - date) / 86400),
                       count(*) FILTER (WHERE reason = 'optout'),
                       min(due) FILTER (WHERE state = 'waiting')
                FROM lead_enrollment WHERE sequence_id = %s
                """,
                list(LIVE),
                self.id,
            )
        )

        clicked = self._count_clicked()

        def share(count):
            return f"{count} ({count * 100 // total}%)" if total else "0"

        goals = share(goal)
        if goal:
            goals += self.env._(", median %s days", round(days or 0, 1))
        zone, now = self.env.user.tz or "UTC", fields.Datetime.now()
        return [
            (self.env._("Enrolled"), str(total)),
            (self.env._("In it now"), str(live)),
            (self.env._("Clicked a link"), share(clicked)),
            (self.env._("Stopped by a reply"), share(replied)),
            (self.env._("Goal"), goals),
            (self.env._("Opted out"), share(optout)),
            (
                self.env._("Next step"),
                describe_moment(self.env, due, zone, now) if due else "–",
            ),
        ]

    def _count_clicked(self):
        """Return how many of those enrolled followed a link."""
        self.env["lead.message.click"].flush_model()
        [(count,)] = self.env.execute_query(
            SQL(
                """
                SELECT count(DISTINCT message.enrollment_id)
                FROM lead_enrollment enrollment
                JOIN lead_message message ON message.enrollment_id = enrollment.id
                JOIN lead_message_click click ON click.message_id = message.id
                WHERE enrollment.sequence_id = %s AND click.is_machine IS NOT TRUE
                """,
                self.id,
            )
        )
        return count

    # ------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------

    def action_new_version(self):
        """Open a draft that begins with the steps of the active version."""
        self.ensure_one()
        self._get_shown_version()._new_draft()

    def action_activate_version(self):
        """Ask what becomes of those in the version before, and activate the draft."""
        self.ensure_one()
        draft = self._get_shown_version()
        if not self.version_id:
            draft._activate()
            return None
        draft._check_ready()
        dialog = self.env["lead.sequence.move"].create({"version_id": draft.id})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Activate Version %s", draft.number),
            "res_model": dialog._name,
            "res_id": dialog.id,
            "views": [[False, "form"]],
            "target": "new",
        }

    def action_view_enrollments(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "lead_management.lead_enrollment_action"
        )
        return {
            **action,
            "domain": [("sequence_id", "=", self.id)],
            "context": {"search_default_live": 1},
        }

    def action_view_report(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "lead_management.lead_sequence_report_action"
        )
        return {**action, "domain": [("sequence_id", "=", self.id)]}

    def action_enroll(self):
        """Open the dialog in which leads are chosen."""
        self.ensure_one()
        return self.env["lead.enroll"]._open(sequence_id=self.id)

    def action_fast_forward(self):
        """Show what would happen in the next weeks; nothing is sent."""
        self.ensure_one()
        dialog = self.env["lead.fast.forward"].create({"sequence_id": self.id})
        return dialog._get_action()

"""Steps that send nothing: they decide, change the lead, or ask a colleague."""

from datetime import timedelta

from odoo.fields import Domain
from odoo.tools import SQL

from ....tools.ab_test import choose_arm
from ..constants import (
    ARM_A,
    ARM_B,
    DONE,
    FINISHED,
    NO,
    ON_CLICK,
    ON_CONDITION,
    ON_REPLY,
    OUT_DONE,
    OWNERLESS,
    YES,
)
from ..sequence.step_kind import KINDS, StepKind, fill_placeholders


@KINDS.add
class TaskStep(StepKind):
    """Something the salesperson does; the sequence waits for it."""

    name = "task"
    label = "Task"
    icon = "fa-phone"
    needs = ("activity_type_id",)

    @classmethod
    def get_name(cls, step):
        return step.summary

    @classmethod
    def get_preview(cls, step):
        return fill_placeholders(step.note or step.activity_type_id.name or "", "…")

    def run(self, groups):
        for step, walkers in groups:
            owned = [walker for walker in walkers if walker.lead.user_id]
            for walker in walkers:
                if walker not in owned:
                    walker.pause(OWNERLESS)
            for walker, activity in zip(owned, self._plan(step, owned), strict=True):
                later = self.clock.now + timedelta(days=step.go_on_days)
                walker.assign(activity, later if step.go_on_days else None)

    def _plan(self, step, walkers):
        leads = self.env["crm.lead"].concat(*(walker.lead for walker in walkers))
        days = leads._touch_get_days(count=step.task_days) if leads else {}
        model_id = self.env["ir.model"]._get_id("crm.lead")
        Activity = self.env["mail.activity"].with_context(
            # nobody is told one by one about what a program plans
            mail_activity_quick_update=True
        )
        return Activity.create(
            [
                {
                    "res_model_id": model_id,
                    "res_id": walker.lead.id,
                    "activity_type_id": step.activity_type_id.id,
                    "user_id": walker.lead.user_id.id,
                    "date_deadline": days[walker.lead],
                    "summary": self._fill(own.summary, walker) or own.display_name,
                    "note": self._get_note(own, walker),
                    "automated": True,
                }
                for walker in walkers
                for own in [step.with_context(lang=walker.lead.user_id.lang)]
            ]
        )

    def _get_note(self, step, walker):
        return walker.lead._followup_get_note(self._fill(step.note, walker))

    def _fill(self, text, walker):
        """Return a text with the facts of the lead that are asked for in it."""
        lead = walker.lead.with_context(lang=walker.lead.user_id.lang)
        return self.env["lead.message.template"]._fill(text or "", lead)


@KINDS.add
class ChangeStep(StepKind):
    """A change of the lead: its stage, tags, segment or another field."""

    name = "change"
    label = "Change the Lead"
    icon = "fa-pencil"

    @classmethod
    def get_preview(cls, step):
        stage = dict(step._fields["stage_type"]._description_selection(step.env))
        return {
            "stage": stage.get(step.stage_type, ""),
            "tag": ", ".join(step.tag_ids.mapped("name")),
            "segment": step.segment_id.name or "",
            "field": step._describe_field_value(),
        }[step.change]

    @classmethod
    def find_missing(cls, step):
        name = {
            "stage": "stage_type",
            "tag": "tag_ids",
            "segment": "segment_id",
            "field": "field_name",
        }[step.change]
        return "" if step[name] else step._fields[name]._description_string(step.env)

    def run(self, groups):
        for step, walkers in groups:
            leads = self.env["crm.lead"].concat(*(walker.lead for walker in walkers))
            getattr(self, f"_change_{step.change}")(step, leads)
            for walker in walkers:
                walker.go_on()

    def _change_stage(self, step, leads):
        leads._stage_move(step.stage_type, step.version_id.sequence_id.name)

    def _change_tag(self, step, leads):
        leads.write({"tag_ids": [(4, tag.id) for tag in step.tag_ids]})

    def _change_segment(self, step, leads):
        leads.write({"segment_manual_id": step.segment_id.id})

    def _change_field(self, step, leads):
        leads.write({step.field_name: step._read_field_value()})


@KINDS.add
class BranchStep(StepKind):
    """Two arms, by a condition on the lead as it is then, or by what was clicked."""

    name = "branch"
    label = "Branch"
    icon = "fa-code-fork"
    arms = (YES, NO)

    @classmethod
    def get_preview(cls, step):
        if step.branch_on == ON_CONDITION:
            return ""  # the picture itself tells it in words
        return dict(step._fields["branch_on"]._description_selection(step.env))[
            step.branch_on
        ]

    def run(self, groups):
        for step, walkers in groups:
            if step.branch_on == ON_REPLY:
                self._branch_on_replies(walkers)
                continue
            if step.branch_on != ON_CONDITION:
                self._branch_on_clicks(step, walkers)
                continue
            ids = [walker.lead.id for walker in walkers]
            domain = step.version_id.sequence_id._parse_domain(step.domain)
            Lead = self.env["crm.lead"].with_context(active_test=False)
            fit = set(Lead.search(Domain("id", "in", ids) & domain).ids)
            for walker in walkers:
                walker.go_on(arm=YES if walker.lead.id in fit else NO)

    def _branch_on_replies(self, walkers):
        """Let those take the first arm who ever wrote to us, on whatever lead."""
        leads = self.env["crm.lead"].concat(*(walker.lead for walker in walkers))
        replied = leads._find_replied()
        for walker in walkers:
            walker.go_on(arm=YES if walker.lead.id in replied else NO)

    def _branch_on_clicks(self, step, walkers):
        """Let those take the first arm who followed a link of their messages."""
        for model in ("lead.message", "lead.message.click"):
            self.env[model].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT message.enrollment_id FROM lead_message message
                WHERE message.enrollment_id = ANY(%s)
                  AND EXISTS (SELECT FROM lead_message_click click
                              WHERE click.message_id = message.id
                                AND click.is_machine IS NOT TRUE)
                  AND (%s OR NOT EXISTS (
                      SELECT FROM lead_message later
                      WHERE later.enrollment_id = message.enrollment_id
                        AND later.id > message.id AND later.channel = 'email'
                        AND later.sent_date IS NOT NULL))
                """,
                [walker.id for walker in walkers],
                step.branch_on == ON_CLICK,
            )
        )
        clicked = {id_ for (id_,) in rows}
        for walker in walkers:
            walker.go_on(arm=YES if walker.id in clicked else NO)


@KINDS.add
class TestStep(StepKind):
    """Two arms, by chance: the same for the same person."""

    name = "ab"
    label = "A/B Test"
    icon = "fa-random"
    arms = (ARM_A, ARM_B)

    @classmethod
    def get_preview(cls, step):
        return step.env._("Planned: %s per arm", step.planned_size)

    def run(self, groups):
        for step, walkers in groups:
            for walker in walkers:
                walker.go_on(arm=choose_arm(walker.get_seed(step), step.share_a))


@KINDS.add
class EndStep(StepKind):
    name = "end"
    label = "End"
    icon = "fa-flag-checkered"
    is_end = True

    def run(self, groups):
        for __, walkers in groups:
            for walker in walkers:
                walker.log(OUT_DONE)
                walker.finish(DONE, FINISHED)

from odoo import models
from odoo.fields import Command
from odoo.tools.misc import clean_context
from odoo.tools.safe_eval import safe_eval

from ....exceptions import RefusedError
from ...base.stage_types import UNQUALIFIED, WON_TYPES
from ...scoring.mail_message import ACTIVITY_CHANNELS, CALL

CLOSED_TYPES = (*WON_TYPES, UNQUALIFIED)


class CrmLead(models.Model):
    """The Log dialog, and the stages its outcomes move leads to."""

    _inherit = "crm.lead"

    def action_log_call(self):
        """Open the dialog that logs a call, a meeting or an answer.

        In the context, ``touch_activity_id`` is the activity it completes and
        ``touch_channel`` what is logged, by default what that activity is, or a call;
        ``touch_minutes`` is how long it took; ``touch_next`` is with whom the day goes
        on.

        :raise AccessError: when the user may not write one of the leads
        """
        if not self:
            raise RefusedError(self.env._("Choose the leads you talked to."))
        self.check_access("write")
        activity = self._touch_get_asked_activity()
        channel = self.env.context.get("touch_channel")
        minutes = self.env.context.get("touch_minutes")
        following = self.env.context.get("touch_next")
        # the defaults of the view the user comes from are none of the dialog
        env = self.env(context=clean_context(self.env.context))
        Log = env["lead.touch.log"]
        if channel not in dict(Log._fields["channel"].selection):
            category = activity.activity_type_id.category
            channel = ACTIVITY_CHANNELS.get(category, CALL)
        log = Log.create(
            {
                "lead_ids": [Command.set(self.ids)],
                "channel": channel,
                "activity_id": activity.id,
                "duration": minutes if type(minutes) is int else 0,
                "next_title": following if isinstance(following, str) else False,
            }
        )
        return log._get_action()

    def _touch_get_asked_activity(self):
        """Return the activity the context asks to complete, if it is still open."""
        activity_id = self.env.context.get("touch_activity_id")
        Activity = self.env["mail.activity"]
        if not isinstance(activity_id, int):
            return Activity
        return Activity.search(
            [
                ("id", "=", activity_id),
                ("res_model", "=", "crm.lead"),
                ("res_id", "in", self.ids),
            ]
        )

    def _touch_is_closed(self, stage=None):
        """Return whether nothing needs to follow, here or in another stage."""
        stage = stage or self.stage_id
        if stage.stage_type in CLOSED_TYPES or stage.is_won:
            return True
        if stage != self.stage_id:
            return False
        return self.won_status != "pending" or not self.active

    def _touch_filter_moving(self, xmlid, values):
        """Return the leads that an automated action would move because of a touch.

        :param xmlid: the action, which may have been changed or switched off
        :param values: of the touch
        """
        action = self.env.ref(xmlid, raise_if_not_found=False)
        # sudo: what an administrator set up happens to whoever logs
        action = action and action.sudo()
        if not action or not action.active:
            return self.browse()
        domain = safe_eval(action.filter_domain or "[]", action._get_eval_context())
        # sudo: its domain is asked with all rights, as when it runs
        Touch = self.env["lead.touch"].sudo()
        return self.filtered(
            lambda lead: Touch.new({**values, "lead_id": lead.id}).filtered_domain(
                domain
            )
        )

    def _touch_get_proposed_stages(self, outcome):
        """Return the stage an outcome proposes for each lead, where it does."""
        if not outcome.stage_type:
            return {}
        targets = self._stage_of_type(outcome.stage_type)
        return {
            lead: targets[lead.team_id]
            for lead in self
            if targets[lead.team_id] and outcome._get_stage_type(lead)
        }

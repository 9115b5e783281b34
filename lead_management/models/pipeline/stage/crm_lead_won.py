from markupsafe import Markup

from odoo import models
from odoo.exceptions import UserError

from ....exceptions import StageGateError
from ...base.apart import attempt
from ...base.stage_types import CUSTOMER

DONE = {"type": "ir.actions.act_window_close"}


class CrmLead(models.Model):
    """Winning and losing by hand: nothing is forgotten, and it can be undone."""

    _inherit = "crm.lead"

    def action_win(self):
        """Make the lead a customer; ask for amount and closing date where missing.

        :return: an action that offers to undo it, or one that asks
        :raise AccessError: when the user may not write it
        """
        if len(self) != 1:
            raise UserError(self.env._("Choose one lead."))
        self.check_access("write")
        if self.won_status == "won":
            return DONE
        if self.expected_revenue and self.date_deadline:
            return self._win()
        return self.env["lead.won"]._open(self)

    def action_unqualify(self):
        """Ask why leads do not match, and whether to come back to them."""
        if not self:
            raise UserError(self.env._("Choose at least one lead."))
        self.check_access("write")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "lead_management.lead_unqualify_action"
        )
        return {**action, "context": {"default_lead_ids": self.ids}}

    def _win(self, values=None):
        """Win this lead; what its stage requires is asked for.

        :param values: what is known now; it is kept even if something is missing
        """
        with self.env["lead.undo"]._record(self) as recording:
            if values:
                self.write(values)
            try:
                with attempt(self.env):
                    self.action_set_won()
            except StageGateError as error:
                return self._gate_ask(error)
            self.env["lead.answer"]._settle(self)
        action = self.env["lead.undo"]._offer(
            recording, self.env._("“%s” is now a customer.", self.display_name)
        )
        if message := self._get_rainbowman_message():
            action["effect"] = {
                "type": "rainbow_man",
                "fadeout": "slow",
                "message": message,
                "img_url": "/web/static/img/smile.svg",
            }
        return action

    def _gate_ask(self, error):
        """Return an action that asks for what a stage requires.

        :param error: the :class:`StageGateError`
        """
        return {
            "type": "ir.actions.client",
            "tag": "lead_stage_gate",
            "params": error.context,
        }

    # ------------------------------------------------------------
    # What is planned
    # ------------------------------------------------------------

    def _stage_close_activities(self):
        """Close what was planned to win leads that are won, and say so.

        What somebody planned while winning them stays, as do meetings to come.
        """
        won = self.filtered(lambda lead: lead.stage_type == CUSTOMER)
        now = self.env.cr.now()
        today = now.date()
        won._drop_activities(
            won.activity_ids.filtered(
                lambda activity: (
                    activity.create_date < now
                    and not (
                        activity.calendar_event_id and activity.date_deadline >= today
                    )
                )
            ),
            self.env._("Closed because the lead is now a customer: %s"),
        )

    def _drop_activities(self, activities, text):
        """Delete what is planned with these leads, and note what it was.

        :param text: the note, with a place for the names
        """
        names = {}
        for activity in activities:
            name = activity.summary or activity.activity_type_id.name or ""
            names.setdefault(activity.res_id, []).append(name)
        if names:
            self.browse(names)._message_log_batch(
                {
                    lead_id: Markup("<p>%s</p>") % (text % ", ".join(found))
                    for lead_id, found in names.items()
                }
            )
            activities.unlink()

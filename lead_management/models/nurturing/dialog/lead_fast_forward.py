from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...messaging.moment import describe_moment
from ..engine.rehearsal import Rehearsal

LONGEST, MOST = 90, 200


class LeadFastForward(models.TransientModel):
    """The dialog that shows the next weeks in a moment: nothing is sent or written."""

    _name = "lead.fast.forward"
    _description = "Fast-Forward"

    sequence_id = fields.Many2one("lead.sequence", required=True, readonly=True)
    lead_ids = fields.Many2many("crm.lead", string="Only These Leads")
    days = fields.Integer(default=21)
    count = fields.Integer(string="Leads", default=50)
    reply_share = fields.Integer(string="Replies (% of Messages)", default=10)
    optout_share = fields.Integer(string="Opt-outs (% of Messages)", default=2)
    click_share = fields.Integer(string="Clicks (% of Emails)", default=20)
    story = fields.Json(compute="_compute_story")

    @api.constrains("days", "count", "reply_share", "optout_share", "click_share")
    def _check_limits(self):
        for dialog in self:
            if not (
                0 < dialog.days <= LONGEST
                and 0 < dialog.count <= MOST
                and 0 <= dialog.reply_share <= 100
                and 0 <= dialog.optout_share <= 100
                and 0 <= dialog.click_share <= 100
            ):
                raise ValidationError(
                    self.env._(
                        "Choose 1 to %(days)s days, 1 to %(leads)s leads and shares "
                        "from 0 to 100.",
                        days=LONGEST,
                        leads=MOST,
                    )
                )

    def _get_action(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Fast-Forward: %s", self.sequence_id.name),
            "res_model": self._name,
            "res_id": self.id,
            "views": [[False, "form"]],
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }

    @api.depends(
        *("sequence_id", "lead_ids", "days", "count", "reply_share", "optout_share"),
        "click_share",
    )
    @api.depends_context("lang", "uid")
    def _compute_story(self):
        for dialog in self:
            dialog.story = dialog._get_stories() if dialog.sequence_id else False

    def _get_leads(self):
        leads = self.lead_ids._origin or self.env["lead.enroll"]._propose(
            self.sequence_id
        )
        return leads[: min(max(self.count, 1), MOST)]

    def _get_stories(self):
        """Return the story of each lead, and what comes of all of them."""
        leads = self._get_leads()
        rehearsal = Rehearsal(
            self.sequence_id.sudo(),  # sudo: what a lead is in is asked of all
            min(max(self.days, 1), LONGEST),
            self.reply_share,
            self.optout_share,
            self.click_share,
        )
        now = fields.Datetime.now()
        zone = self.env.user.tz or "UTC"
        stories = []
        for lead, events, end in rehearsal.run(leads):
            stories.append(
                {
                    "id": lead.id,
                    "name": lead.name,
                    "end": end,
                    "events": [
                        {
                            "at": describe_moment(
                                self.env, at, zone, at - timedelta(days=30)
                            ),
                            "day": (at - now).days + 1,
                            "icon": icon,
                            "text": text,
                        }
                        for at, icon, text in events
                    ],
                }
            )
        return {"facts": rehearsal.get_facts(), "stories": stories}

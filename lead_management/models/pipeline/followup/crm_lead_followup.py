from dateutil.relativedelta import relativedelta
from markupsafe import Markup

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import plaintext2html

from ...base.crm_lead_automation import FOLLOWUPS
from .lead_followup_policy import OWNER, STAGE

# Leads of which somebody said, in this transaction, that no step is to follow.
STEPLESS_KEY = "lead_management.stepless"
# A lead that is taken up again is worked on at the next working day at the latest.
SOON = 1


class CrmLead(models.Model):
    """No lead without a next step: what happens to it plans what follows."""

    _inherit = "crm.lead"

    def _followup_changed(self, change):
        owned = change.of("user_id").filtered("user_id")
        moved = self - owned if change.is_new else change.of("stage_id")
        moved._followup_note(STAGE)
        owned._followup_note(OWNER)

    def action_restore(self):
        """Plan soon what is to be done: who restores a lead works on it now."""
        # before: entering the stage again is not to plan as for one that just got there
        lost = self.filtered(lambda lead: lead.won_status == "lost")
        lost._followup_note(STAGE, within=SOON)
        return super().action_restore()

    def _followup_note(self, trigger, outcome_id=None, within=None):
        """Plan what follows before the commit, where a policy says so.

        :param within: the working days it is away at most
        """
        if not self:
            return
        asked = {STAGE, trigger}
        triggers = self.env["lead.followup.policy"]._get_triggers()
        if any(data.trigger in asked for data in triggers):
            self._run_before_commit(
                "_followup_run", trigger, outcome_id, within, queue=FOLLOWUPS
            )

    @api.model
    def _work_followups(self, pending):
        self._work_automations(pending)

    def _followup_run(self, trigger, outcome_id, within=None):
        """Plan what the policies say for these leads; those in work are left alone."""
        # sudo: the policies serve everybody
        Policy = self.env["lead.followup.policy"].sudo()
        matches = Policy._get_matches(self.ids, trigger, outcome_id)
        busy = self._followup_get_busy()
        stepless = self.env.cr.precommit.data.get(STEPLESS_KEY, ())
        by_policy = {}
        for lead in self.filtered(
            lambda lead: lead.active and not lead.is_on_hold and lead.id not in stepless
        ):
            if policy_id := matches.get(lead.id):
                by_policy.setdefault(policy_id, []).append(lead.id)
        for policy in Policy.browse(by_policy):
            leads = self.browse(by_policy[policy.id])
            if not policy.is_additional:
                leads = leads.filtered(lambda lead: lead.id not in busy)
            policy._plan(leads, within)
            busy.update(leads.ids)

    def _followup_skip(self):
        """Plan nothing for these leads in this transaction: a person said so."""
        data = self.env.cr.precommit.data
        data.setdefault(STEPLESS_KEY, set()).update(self.ids)

    def _followup_get_busy(self):
        """Return the ids of those leads with which something is planned."""
        groups = self.env["mail.activity"]._read_group(
            Domain("res_model", "=", "crm.lead") & Domain("res_id", "in", self.ids),
            ["res_id"],
        )
        return {lead_id for (lead_id,) in groups}

    def _followup_get_days(self, user, count, unit=None):
        """Return the day for a step of each lead, one at which ``user`` works.

        :param count: working days from today; or as many of the ``unit`` of a plan
        :return: dict of lead to date
        """
        if not unit:
            return self._touch_get_days(count=count, user=user)
        Capacity = self.env["lead.assignment.capacity"]
        days = {}
        for company, leads in self.grouped("company_id").items():
            today = Capacity._get_today(user, company or user.company_id)
            day = today + relativedelta(**{unit: count})
            days |= leads._touch_get_days(day, user=user)
        return days

    def _followup_get_note(self, goal):
        """Return what to know before the step: its goal, and facts of this lead."""
        facts = [(label, value) for label, value in self._followup_get_facts() if value]
        note = plaintext2html(goal) if goal else Markup()
        if facts:
            items = Markup().join(
                Markup("<li>%s: %s</li>") % (label, value) for label, value in facts
            )
            note += Markup("<ul>%s</ul>") % items
        return note

    def _followup_get_facts(self):
        """Return pairs of a label and what is worth knowing before a step."""
        times = dict(self._fields["preferred_time"]._description_selection(self.env))
        channels = dict(
            self._fields["preferred_channel"]._description_selection(self.env)
        )
        return [
            (self.env._("Phone"), self._get_phone_shown()),
            (self.env._("Best time"), times.get(self.preferred_time)),
            (self.env._("Preferred channel"), channels.get(self.preferred_channel)),
            (
                self.env._("Interested in"),
                ", ".join(self.product_ids.mapped("display_name")),
            ),
        ]

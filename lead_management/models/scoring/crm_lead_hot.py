from odoo import fields, models

from .crm_lead import LEAD_SCORE


class CrmLead(models.Model):
    """What automated actions do about temperatures: once for all leads of a batch."""

    _inherit = "crm.lead"

    def _score_notify_hot(self):
        """Tell the salesperson of each lead that it turned hot, and why."""
        self._run_before_commit("_score_notify_hot_users")

    def _score_notify_hot_users(self):
        """Tell each salesperson about one lead, or in one message about many."""
        for user, leads in self.filtered("user_id").grouped("user_id").items():
            leads.with_context(lang=user.lang)._score_notify_hot_user(user)

    def _score_notify_hot_user(self, user):
        texts = self._score_get_hot_texts()
        if len(self) > 1:
            self.sorted("score_total", reverse=True)._notify_digest(
                user,
                self.env._("Leads that became hot: %s", len(self)),
                "lead_management.message_leads_hot",
                texts=texts,
            )
            return
        self.message_notify(
            partner_ids=user.partner_id.ids,
            subject=self.env._("“%s” became hot", self.name),
            body=texts[self.id],
        )

    def _score_get_hot_texts(self):
        """Return the score of each lead and the strongest reasons for it, by id."""
        reasons = self.env[LEAD_SCORE]._get_reasons(self.ids)
        return {
            lead.id: self.env._(
                "Score %(score)s: %(reasons)s",
                score=lead.score_total,
                reasons=", ".join(
                    f"{reason['name']} ({reason['points']:+d})"
                    for reason in reasons.get(lead.id, [])[:5]
                ),
            )
            for lead in self
        }

    def _score_schedule_call(self):
        """Schedule a call by tomorrow, for the salesperson of each lead."""
        self._run_before_commit("_score_plan_call")

    def _score_plan_call(self):
        """Plan the call; of many leads, nobody is told one by one."""
        call = self.env.ref("mail.mail_activity_data_call").id
        model_id = self.env["ir.model"]._get_id("crm.lead")
        for user, leads in self.filtered("user_id").grouped("user_id").items():
            owner = leads.with_context(
                lang=user.lang, mail_activity_quick_update=len(leads) > 1
            )
            tomorrow = fields.Date.add(fields.Date.context_today(owner), days=1)
            owner.env["mail.activity"].create(
                [
                    {
                        "res_model_id": model_id,
                        "res_id": lead.id,
                        "activity_type_id": call,
                        "user_id": user.id,
                        "date_deadline": tomorrow,
                        "summary": owner.env._("The lead became hot"),
                        "automated": True,
                    }
                    for lead in leads
                ]
            )

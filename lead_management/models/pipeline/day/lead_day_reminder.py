from odoo import fields, models

from ..time.step_words import WEEKDAY, say_day
from .crm_lead_day import HOT, ME, OVERDUE, TODAY

# What the mail tells of, and how many leads of each.
GROUPS = (OVERDUE, TODAY, HOT)
SHOWN = 5


class LeadDay(models.Model):
    """The mail of a morning: what is overdue, due today, hot without next step."""

    _inherit = "lead.day"

    def _run_reminder(self):
        """Write the mail, if there is anything to tell; return of how many leads."""
        user = self.user_id
        CrmLead = self._as_reader().env["crm.lead"]
        day = CrmLead.action_my_day(ME, limits=dict.fromkeys(GROUPS, SHOWN))
        number = sum(day["counts"][key] for key in GROUPS)
        if not number:
            return 0
        env = CrmLead.env
        # sudo: a rep may not write mails; this one is rendered with their rights
        self.env["mail.mail"].sudo().create(
            {
                "subject": env._(
                    "Your day: %(overdue)s overdue, %(today)s due today, %(hot)s hot",
                    overdue=day["counts"][OVERDUE],
                    today=day["counts"][TODAY],
                    hot=day["counts"][HOT],
                ),
                "body_html": self._render_reminder(env, day),
                "email_from": user.company_id.email_formatted or user.email_formatted,
                "author_id": user.company_id.partner_id.id,
                "email_to": user.email_formatted,
                "auto_delete": True,
            }
        )
        return number

    def _render_reminder(self, env, day):
        """Return the mail, in the language of the reader."""
        labels = env["crm.lead"]._day_get_labels()
        body = env["ir.qweb"]._render(
            "lead_management.day_reminder",
            {
                "user": env.user,
                "date": say_day(env, fields.Date.to_date(day["date"]), WEEKDAY),
                "groups": [
                    {**group, "label": labels[group["key"]]}
                    for group in day["groups"]
                    if group["key"] in GROUPS and group["count"]
                ],
            },
            minimal_qcontext=True,
        )
        return env["mail.render.mixin"]._replace_local_links(body)

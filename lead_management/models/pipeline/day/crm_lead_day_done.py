from datetime import datetime, time

import pytz

from odoo import api, fields, models
from odoo.tools import SQL


class CrmLead(models.Model):
    """What was done today: how far the day is."""

    _inherit = "crm.lead"

    @api.model
    def _day_count_done(self, scope):
        """Return how many leads the user of a day did something about today.

        They got in touch, or completed an activity. What waits again is not done.

        :return: a number; 0 for the day of a team
        """
        if not scope.user:
            return 0
        today = fields.Date.context_today(self)
        zone = pytz.timezone(self.env.context.get("tz") or self.env.user.tz or "UTC")
        midnight = zone.localize(datetime.combine(today, time.min))
        start = midnight.astimezone(pytz.utc).replace(tzinfo=None)
        [[number]] = self.env.execute_query(
            SQL(
                """
                SELECT count(*) FROM (
                    SELECT lead_id FROM lead_touch
                    WHERE user_id = %(user)s AND date >= %(start)s
                    UNION
                    SELECT res_id FROM mail_activity
                    WHERE user_id = %(user)s AND active IS NOT TRUE
                      AND res_model = 'crm.lead' AND date_done >= %(today)s
                ) AS done
                WHERE NOT EXISTS (
                    SELECT FROM mail_activity waiting
                    WHERE waiting.res_model = 'crm.lead' AND waiting.active
                      AND waiting.res_id = done.lead_id
                      AND waiting.user_id = %(user)s
                      AND waiting.date_deadline <= %(today)s
                )
                """,
                user=scope.user.id,
                start=start,
                today=today,
            )
        )
        return number

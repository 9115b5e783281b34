from collections import Counter
from contextlib import contextmanager

from odoo import fields, models
from odoo.tools import SQL


class CrmLead(models.Model):
    """What belongs to leads and is put back with them (see ``lead.undo``)."""

    _inherit = "crm.lead"

    def _get_undo_tables(self):
        """Return the tables whose rows are put back, those referred to first.

        :return: dict of table to the condition on ``found`` for the rows of these leads
        """
        planned = SQL("res_model = %s AND res_id = ANY(%s)", self._name, self.ids)
        activities = SQL("(SELECT id FROM mail_activity WHERE %s)", planned)
        of_lead = SQL("lead_id = ANY(%s)", self.ids)
        tables = {
            "crm_lead": SQL("id = ANY(%s)", self.ids),
            "mail_activity": planned,
            "ir_attachment": SQL(
                "res_model = %s AND res_id IN %s", "mail.activity", activities
            ),
            "activity_attachment_rel": SQL("activity_id IN %s", activities),
            "lead_day_escalation": SQL("activity_id IN %s", activities),
        }
        for table in (
            "lead_check",
            "lead_verification",
            "lead_score",
            "lead_pool_entry",
            "lead_sla_clock",
            "lead_assignment_log",
        ):
            tables[table] = of_lead
        return tables

    def _get_undo_appended(self):
        """Return the tables to which rows are only added, which go when it is undone.

        :return: as :meth:`_get_undo_tables`
        """
        of_lead = SQL("lead_id = ANY(%s)", self.ids)
        return {
            "lead_touch": of_lead,
            "lead_stage_transition": of_lead,
            "lead_score_change": of_lead,
            "lead_score_snapshot": of_lead,
            "mail_followers": SQL(
                "res_model = %s AND res_id = ANY(%s)", self._name, self.ids
            ),
            "mail_message": SQL(
                "model = %s AND res_id = ANY(%s)", self._name, self.ids
            ),
        }

    def _get_undo_guarded(self):
        """Return the tables whose rows nobody may have changed since."""
        return {"crm_lead", "mail_activity"}

    @contextmanager
    def _undo_counting_activities(self):
        """Tell the clients how many activities their users have more or less."""
        before = self._count_due_activities()
        yield
        after = self._count_due_activities()
        for user in before.keys() | after.keys():
            if difference := after[user] - before[user]:
                change = "activity_created" if difference > 0 else "activity_deleted"
                user._bus_send(
                    "mail.activity/updated", {change: True, "count_diff": difference}
                )

    def _count_due_activities(self):
        groups = self.env["mail.activity"]._read_group(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", self.ids),
                ("date_deadline", "<=", fields.Date.context_today(self)),
                ("user_id", "!=", False),
                ("active", "=", True),
            ],
            ["user_id"],
            ["__count"],
        )
        return Counter(dict(groups))

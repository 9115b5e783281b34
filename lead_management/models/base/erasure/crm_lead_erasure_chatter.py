from odoo import models
from odoo.tools import SQL

# Whoever works here is no stranger in the chatter of a lead.
COLLEAGUES = SQL("(SELECT partner_id FROM res_users WHERE share IS NOT TRUE)")


class CrmLead(models.Model):
    """The chatter of leads that are erased: that something was said stays, not what."""

    _inherit = "crm.lead"

    def _erase_chatter(self):
        """Empty messages, activities and what was tracked; delete files and posts."""
        attachments = self.env["ir.attachment"].search(
            [("res_model", "=", "crm.lead"), ("res_id", "in", self.ids)]
        )
        attachments.unlink()
        self.env.flush_all()
        for statement in (*self._sql_posts(), *self._sql_messages()):
            self.env.cr.execute(statement)

    def _sql_posts(self):
        """Return statements that delete copies of messages, and who got them."""
        messages = self._sql_of_chatter()
        return [
            SQL("DELETE FROM mail_mail WHERE mail_message_id IN %s", messages),
            SQL("DELETE FROM sms_sms WHERE mail_message_id IN %s", messages),
            SQL(
                "DELETE FROM mail_message_translation WHERE message_id IN %s", messages
            ),
            SQL(
                "DELETE FROM mail_notification WHERE mail_message_id IN %s AND"
                " (res_partner_id IS NULL OR res_partner_id NOT IN %s)",
                messages,
                COLLEAGUES,
            ),
            SQL(
                "DELETE FROM mail_message_res_partner_rel WHERE mail_message_id IN %s"
                " AND res_partner_id NOT IN %s",
                messages,
                COLLEAGUES,
            ),
            SQL(
                "DELETE FROM mail_followers WHERE res_model = 'crm.lead'"
                " AND res_id = ANY(%s) AND partner_id NOT IN %s",
                self.ids,
                COLLEAGUES,
            ),
            SQL(
                "DELETE FROM mail_scheduled_message WHERE model = 'crm.lead'"
                " AND res_id = ANY(%s)",
                self.ids,
            ),
        ]

    def _sql_messages(self):
        """Return statements that empty messages, activities and tracked values."""
        return [
            SQL(
                """
                DELETE FROM mail_tracking_value
                WHERE mail_message_id IN %s AND (field_id IS NULL OR field_id IN (
                    SELECT id FROM ir_model_fields
                    WHERE model = 'crm.lead' AND name = ANY(%s)))
                """,
                self._sql_of_chatter(),
                [*self._personal_fields()],
            ),
            SQL(
                """
                UPDATE mail_message
                SET body = '', subject = NULL, reply_to = NULL,
                    incoming_email_to = NULL, incoming_email_cc = NULL,
                    outgoing_email_to = NULL,
                    email_from = CASE WHEN author_id IN %(own)s THEN email_from END,
                    author_id = CASE WHEN author_id IN %(own)s THEN author_id END
                WHERE model = 'crm.lead' AND res_id = ANY(%(ids)s)
                """,
                own=COLLEAGUES,
                ids=self.ids,
            ),
            SQL(
                "UPDATE mail_activity SET summary = NULL, note = NULL, feedback = NULL,"
                " res_name = NULL WHERE res_model = 'crm.lead' AND res_id = ANY(%s)",
                self.ids,
            ),
        ]

    def _sql_of_chatter(self):
        return SQL(
            "(SELECT id FROM mail_message WHERE model = 'crm.lead'"
            " AND res_id = ANY(%s))",
            self.ids,
        )

from odoo import models

# In the context where many leads change at once: what Odoo tells of each of them, lead
# by lead, is written for all of them.
AT_ONCE_KEY = "lead_track_at_once"


class CrmLead(models.Model):
    """The discussions of many leads, written at once."""

    _inherit = "crm.lead"

    def _message_track(self, fields_iter, initial_values_dict):
        if not self.env.context.get(AT_ONCE_KEY) or len(self) < 2 or not fields_iter:
            return super()._message_track(fields_iter, initial_values_dict)
        attributes = ("string", "type", "selection", "currency_field")
        tracked = self.fields_get(fields_iter, attributes=attributes)
        leads = self.exists()
        tracking = {
            lead.id: lead._mail_track(tracked, initial_values_dict[lead.id])
            for lead in leads
        }
        changed = leads.filtered(lambda lead: tracking[lead.id][0])
        subtypes = changed._track_find_subtypes(tracking, initial_values_dict)
        messages = changed._post_at_once(
            [
                {
                    "body": lead._track_get_default_log_message(tracking[lead.id][0]),
                    "subtype_id": subtypes[lead].id,
                }
                for lead in changed
            ]
        )
        self.env["mail.tracking.value"].sudo().create(
            [
                {**values, "mail_message_id": message.id}
                for lead, message in zip(changed, messages, strict=True)
                for __, __, values in tracking[lead.id][1]
            ]
        )
        return tracking

    def _track_find_subtypes(self, tracking, initial_values_dict):
        """Return the kind of message each change is, a note at least.

        Odoo looks it up in the database, for each lead: here once for all that changed
        alike.
        """
        note = self.env.ref("mail.mt_note")
        known, subtypes = {}, {}
        for lead in self:
            changes = sorted(tracking[lead.id][0])
            before = {name: initial_values_dict[lead.id][name] for name in changes}
            now = [lead[name] for name in (*changes, "won_status", "active")]
            key = str((before, now))
            if key not in known:
                known[key] = lead._track_subtype(before) or note
            subtypes[lead] = known[key]
        return subtypes

    def _post_at_once(self, values_list):
        """Post a message on each of these leads, in a constant number of statements.

        Who follows what the message is about is told as usual, lead by lead.

        :param values_list: dicts of values, one a lead: at least ``body`` and
          ``subtype_id``
        :return: the messages, as superuser
        """
        author_id, email_from = self._message_compute_author()
        common = {
            "author_id": author_id,
            "email_from": email_from,
            "model": self._name,
            "message_type": "notification",
            "record_alias_domain_id": False,
            "record_company_id": False,
            "reply_to": email_from,
        }
        # sudo: whoever may change a lead may leave the message that tells it
        messages = self.sudo()._message_create(
            [
                {**common, **values, "res_id": lead.id}
                for lead, values in zip(self, values_list, strict=True)
            ]
        )
        self._notify_followers(messages)
        return messages

    def _notify_followers(self, messages):
        """Tell those who follow what these messages are about, where somebody does."""
        note = self.env.ref("mail.mt_note")
        # sudo: who follows a lead is told whoever posts
        followers = (
            self.env["mail.followers"]
            .sudo()
            .search_fetch(
                [
                    ("res_model", "=", self._name),
                    ("res_id", "in", self.ids),
                    ("subtype_ids", "in", (messages.subtype_id - note).ids),
                    ("partner_id", "not in", messages.author_id.ids),
                ],
                ["res_id", "subtype_ids"],
            )
        )
        following = {
            (follower.res_id, subtype)
            for follower in followers
            for subtype in follower.subtype_ids
        }
        for lead, message in zip(self, messages, strict=True):
            if (lead.id, message.subtype_id) in following:
                lead._notify_thread(message)

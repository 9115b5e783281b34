from contextlib import suppress

from markupsafe import escape

from odoo import models
from odoo.exceptions import MissingError
from odoo.tools import SQL


class CrmLead(models.Model):
    """The discussions of many leads, written at once.

    Odoo tells of a change lead by lead, in some ten statements each. What is written
    here for all leads that changed in a transaction is the same, column by column.
    """

    _inherit = "crm.lead"

    def _message_track(self, fields_iter, initial_values_dict):
        if len(self) < 2 or not fields_iter:
            return super()._message_track(fields_iter, initial_values_dict)
        attributes = ("string", "type", "selection", "currency_field")
        tracked = self.fields_get(fields_iter, attributes=attributes)
        tracking = {}
        for lead in self:
            with suppress(MissingError):  # deleted since
                before = initial_values_dict[lead.id]
                tracking[lead.id] = lead._mail_track(tracked, before)
        changed = self.browse(
            lead_id for lead_id, found in tracking.items() if found[0]
        )
        bodies = changed._track_take_bodies(tracking)
        authors = self._track_take("author")
        for author, leads in changed.grouped(lambda lead: authors.get(lead.id)).items():
            leads._track_write(tracking, initial_values_dict, bodies, author)
        return tracking

    def _track_take(self, what):
        """Take what somebody noted for the messages that tell of a change."""
        key = f"mail.tracking.{what}.{self._name}"
        return self.env.cr.precommit.data.pop(key, {})

    def _track_take_bodies(self, tracking):
        noted = self._track_take("message")
        return {
            lead.id: (
                noted[lead.id]
                if lead.id in noted
                else lead._track_get_default_log_message(tracking[lead.id][0])
            )
            for lead in self
        }

    def _track_write(self, tracking, initial_values_dict, bodies, author):
        """Post what changed where there is a kind of message for it, else log it."""
        author_id = author.id if author else None
        subtypes = self._track_find_subtypes(tracking, initial_values_dict)
        posted = self.filtered(lambda lead: subtypes[lead])
        logged = (self - posted).filtered(lambda lead: tracking[lead.id][1])
        messages = posted._post_at_once(
            [
                {"body": bodies[lead.id], "subtype_id": subtypes[lead].id}
                for lead in posted
            ],
            author_id,
        )
        messages += logged._message_log_batch(
            {lead.id: bodies[lead.id] for lead in logged}, author_id=author_id
        )
        # sudo: values of fields of a group are kept, and shown to that group alone
        self.env["mail.tracking.value"].sudo().create(
            [
                {**values, "mail_message_id": message.id}
                for lead, message in zip(posted + logged, messages, strict=True)
                for __, __, values in tracking[lead.id][1]
            ]
        )

    def _track_find_subtypes(self, tracking, initial_values_dict):
        """Return the kind of message each change is, if it is one.

        Odoo looks it up in the database, for each lead: here once for all that changed
        alike.
        """
        known, subtypes = {}, {}
        for lead in self:
            changes = sorted(tracking[lead.id][0])
            before = {name: initial_values_dict[lead.id][name] for name in changes}
            now = [lead[name] for name in (*changes, "won_status", "active")]
            key = str((before, now))
            if key not in known:
                subtype = lead._track_subtype(before)
                known[key] = subtype and subtype.exists()
            subtypes[lead] = known[key]
        return subtypes

    def _post_at_once(self, values_list, author_id=None):
        """Post a message on each of these leads, in a constant number of statements.

        Who follows what the message is about is told as usual, lead by lead.

        :param values_list: dicts of values, one a lead: at least ``body`` and
          ``subtype_id``
        :param author_id: contact that says it, by default the user
        :return: the messages, as superuser
        """
        if not self:
            # sudo: as the messages that are posted below
            return self.env["mail.message"].sudo()
        author_id, email_from = self._message_compute_author(author_id)
        common = {
            "author_id": author_id,
            "email_from": email_from,
            "email_add_signature": True,
            "model": self._name,
            "message_type": "notification",
        }
        # sudo: whoever may change a lead may leave the message that tells it
        leads = self.sudo()
        domains = leads._mail_get_alias_domains(default_company=self.env.company)
        companies = leads._mail_get_companies(default=self.env.company)
        replies = leads._notify_get_reply_to(default=email_from, author_id=author_id)
        parents = leads._get_parent_messages()
        messages = leads._message_create(
            [
                {
                    **common,
                    "record_alias_domain_id": domains[lead.id].id,
                    "record_company_id": companies[lead.id].id,
                    "reply_to": replies[lead.id],
                    "parent_id": parents.get(lead.id, False),
                    **values,
                    "body": escape(values["body"]),
                    "res_id": lead.id,
                }
                for lead, values in zip(leads, values_list, strict=True)
            ]
        )
        self._notify_followers(messages)
        return messages

    def _get_parent_messages(self):
        """Return the message that each next one answers, as Odoo chooses it."""
        self.env["mail.message"].flush_model()
        return dict(
            self.env.execute_query(
                SQL(
                    """
                    SELECT DISTINCT ON (res_id) res_id, id FROM mail_message
                    WHERE model = 'crm.lead' AND res_id = ANY(%s)
                        AND message_type != 'user_notification'
                    ORDER BY res_id, message_type IN ('comment', 'email') DESC,
                        date DESC, id DESC
                    """,
                    self.ids,
                )
            )
        )

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

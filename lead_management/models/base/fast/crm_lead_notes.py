import functools

from odoo import models
from odoo.tools.misc import clean_context

from ..context import BULK_NOTES
from .bulk_create import bulk_create


class CrmLead(models.Model):
    """New owners of many leads are noted in the discussions."""

    _inherit = "crm.lead"

    def _note_owners(self, leads, before):
        """Note new owners in the discussions of all leads at once.

        Odoo would post message after message.

        :param leads: list of leads
        :param before: dict of lead id to (salesperson, team) as they were
        """
        moved = [
            lead.id for lead in leads if (lead.user_id, lead.team_id) != before[lead.id]
        ]
        if not moved:
            return
        leads = BULK_NOTES.set(self.browse(moved), lang=None)
        messages = leads._message_log_batch(bodies={})
        info = leads.fields_get(["user_id", "team_id"], ["string", "type"])
        # sudo: tracked values are nobody's to write, as in Odoo
        Value = self.env["mail.tracking.value"].sudo()
        prepare = functools.cache(
            lambda old, new, fname: Value._create_tracking_values(
                old, new, fname, info[fname], leads
            )
        )
        bulk_create(
            Value,
            [
                {**prepare(old, lead[fname], fname), "mail_message_id": message.id}
                for lead, message in zip(leads, messages, strict=True)
                for fname, old in zip(
                    ("user_id", "team_id"), before[lead.id], strict=True
                )
                if old != lead[fname]
            ],
        )

    def _message_create(self, values_list):
        """Write the notes about new owners of many leads in one statement."""
        if not BULK_NOTES.get(self.env):
            return super()._message_create(values_list)
        # nothing of the context is meant for messages
        Message = self.env(context=clean_context(self.env.context))["mail.message"]
        columns = [
            fname for fname in values_list[0] if Message._fields[fname].column_type
        ]
        messages = bulk_create(
            Message,
            [{fname: values[fname] for fname in columns} for values in values_list],
            known=("mail",),
        )
        self.browse([values["res_id"] for values in values_list]).invalidate_recordset(
            ["message_ids"], flush=False
        )
        return messages

import functools

from odoo import api, models
from odoo.tools.misc import clean_context

from ...base.context import BULK_NOTES
from ...base.fast.bulk_create import bulk_create


class CrmLead(models.Model):
    """New owners are noted in the discussions, and told of their leads."""

    _inherit = "crm.lead"

    # ------------------------------------------------------------
    # Notes
    # ------------------------------------------------------------

    def _assignment_track(self, leads, before):
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

    # ------------------------------------------------------------
    # Notices
    # ------------------------------------------------------------

    @api.model
    def _assignment_tell(self, decisions, is_last=True):
        """Tell salespeople of their new leads: once for all batches of a routing.

        :param decisions: those that gave a lead to somebody else than before
        :param is_last: whether this is the last batch; else it is told with that one
        """
        # sudo: who is still to be told is nobody's to write
        Notice = self.env["lead.assignment.notice"].sudo()
        rows = [
            (item.lead.id, item.user.id, self.env.uid)
            for item in decisions
            if item.user != self.env.user
        ]
        if not is_last:
            Notice._keep(rows)
            return
        groups = {}
        for lead_id, user_id, actor_id in [*Notice._take(), *rows]:
            groups.setdefault((user_id, actor_id), []).append(lead_id)
        for (user_id, actor_id), lead_ids in groups.items():
            leads = self.env(user=actor_id, su=True)["crm.lead"].browse(lead_ids)
            leads._assignment_notify(leads.env["res.users"].browse(user_id))

    def _assignment_notify(self, user):
        """Tell salespeople about their new leads: each alone, or one list of many."""
        partner = user.partner_id
        if not partner.active:
            return
        leads = self.with_context(lang=user.lang)
        if len(leads) == 1:
            leads._message_auto_subscribe_notify(
                partner.ids, "mail.message_user_assigned"
            )
            return
        subject = leads.env._("New leads for you: %s", len(leads))
        leads._notify_digest(user, subject, "lead_management.message_leads_assigned")

from odoo import api, models


class CrmLead(models.Model):
    """New owners are told of their leads."""

    _inherit = "crm.lead"

    @api.model
    def _assignment_notify_owners(self, decisions, is_last=True):
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
            Notice._insert(rows)
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

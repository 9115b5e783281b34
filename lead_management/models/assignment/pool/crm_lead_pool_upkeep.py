from odoo import api, models
from odoo.exceptions import UserError

from ..routing.crm_lead import BATCH_SIZE
from ..rule.lead_assignment_rule import CAPTURE


class CrmLead(models.Model):
    """Leads and pools are kept in step, whatever people do with either."""

    _inherit = "crm.lead"

    def _claim_manually(self, user):
        """Claim those of the leads that wait in pools, for a salesperson's write.

        Somebody who writes the owner himself meets the limits of the button.

        :return: the leads that are claimed now, and stay leads of their pool
        """
        # sudo: the claim itself decides what the user may have
        pooled = self.sudo().filtered(
            lambda lead: lead.assignment_pool_id.active and not lead.user_id
        )
        if not pooled:
            return self.browse()
        if self._is_above_limits():
            return self.browse()
        # sudo: entries are nobody's to write but by a claim
        Entry = self.env["lead.pool.entry"].sudo()
        self._pool_lock_manually(user)
        for pool, leads in pooled.grouped("assignment_pool_id").items():
            leads._pool_check_member(user, pool)
            leads._pool_check_limits(user, pool, len(leads))
        for lead in pooled:
            if not Entry._claim(user, lead.ids):
                raise UserError(
                    self.env._(
                        "“%s” is being claimed by someone else. Choose another lead.",
                        lead.name,
                    )
                )
        pooled._pool_set_due(user)
        return self.browse(pooled.ids)

    def _merge_opportunity(self, user_id=False, *args, **kwargs):
        """Let who merges leads of a pool into somebody's lead take them first.

        Limits and history are those of a lead that is taken.
        """
        # sudo: whether they wait in a pool, which the user need not see
        waiting = self.filtered(lambda lead: not lead.user_id).sudo()
        waiting = waiting.filtered(lambda lead: lead.assignment_pool_id.active)
        if waiting and (user_id or self.user_id) and not self._is_above_limits():
            self.browse(waiting.ids).write({"user_id": self.env.uid})
        return super()._merge_opportunity(user_id, *args, **kwargs)

    def _pool_leave(self):
        """Take leads out of their pools, claimed or not."""
        if self.env["lead.pool"]._has_any():
            # sudo: the pools are kept in step whatever the user may do there
            self.env["lead.pool.entry"].sudo()._leave(self.ids)

    def _pool_return(self):
        """Let leads that have a pool and no owner wait there again."""
        # sudo: the pools are kept in step whatever the user may do there
        waiting = self.sudo().filtered(
            lambda lead: not lead.user_id and lead.assignment_pool_id.active
        )
        waiting.env["lead.pool.entry"]._enter(
            [(lead.id, lead.assignment_pool_id.id) for lead in waiting]
        )

    @api.model
    def _pool_reassign(self, limit=BATCH_SIZE):
        """Let the rules decide on leads that wait in archived pools.

        Who claimed one keeps it, as long as it is touched in time.

        :return: whether there are more of them
        """
        # sudo: a pool is archived with all that waits in it
        Entry = self.env["lead.pool.entry"].sudo()
        entries = Entry.search(
            [("pool_id.active", "=", False), ("user_id", "=", False)], limit=limit
        )
        if not entries:
            return False
        leads = entries.lead_id
        Entry._leave(leads.ids)
        waits = self.env["lead.assignment.rule"]._has_trigger(CAPTURE)
        leads._as_engine().write(
            {"assignment_pool_id": False, "assignment_pending": waits}
        )
        if waits:
            leads._assignment_defer()
        return len(entries) == limit

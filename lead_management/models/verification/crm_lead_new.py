from odoo import api, models

from ..base.derived.crm_lead_derived import CAREFUL, CREATED_KEY
from .constants import WAITING


class CrmLead(models.Model):
    """Checks of new leads are written in one round trip with what follows from them.

    They wait only where what is worked out of leads is refreshed right afterwards,
    and nothing of it can be undone alone; who asks for checks before finds them.
    """

    _inherit = "crm.lead"

    @api.model
    def _derived_flush(self):
        """Check first: what is worked out of leads may depend on it."""
        self._verification_flush(may_wait=True)
        return super()._derived_flush()

    @api.model
    def _derived_refresh_pending(self, pending):
        created = self.env.cr.precommit.data.get(CREATED_KEY, set())
        is_own = set().union(*pending.values()) <= created
        if not is_own or getattr(self.env.registry, CAREFUL, False):
            # a refresh beside others may be undone, and checks with it
            self._verification_write_waiting()
        super()._derived_refresh_pending(pending)
        self._verification_write_waiting()

    @api.model
    def _verification_write_waiting(self):
        """Write the checks that wait, if there are any."""
        for statement in self.env.cr.precommit.data.pop(WAITING, ()):
            self.env.cr.execute(statement)

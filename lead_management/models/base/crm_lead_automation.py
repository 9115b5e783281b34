from itertools import chain

from odoo import api, models

from .apart import run_apart
from .work import note, still_there

AUTOMATIONS, FOLLOWUPS = "automations", "followups"
# Odoo's, in the context: which records an automated action has seen already.
DONE = "__action_done"


class CrmLead(models.Model):
    """How automated work on leads is done: together, and without harm to people."""

    _inherit = "crm.lead"

    def _run_before_commit(self, method, *args, queue=AUTOMATIONS):
        """Run a method before the commit, on these leads and others it is to run on.

        Odoo runs an automated action record by record; ten thousand leads that are
        moved at once would be ten thousand batches of one.

        :param method: name of a method of leads that checks anew what it asks for
        :param queue: of the unit of work
        """
        done = _as_data(self.env.context.get(DONE))
        note(self.env, queue, dict.fromkeys(self.ids, done), (method, args))

    @api.model
    def _work_automations(self, pending):
        for (method, args), ids in pending.items():
            leads = still_there(self.browse(sorted(ids)))
            leads._go_on_after(ids.values())._run_apart(method, *args)
        self.env.flush_all()

    def _go_on_after(self, histories):
        """Return these leads, with what automated actions have led to them.

        So that two which contradict one another do not go on for ever.
        """
        done = {}
        # most leads have the very same: those of the batch they were moved in
        seen = {(one[0], id(one[-1])): one for one in chain(*histories)}
        for automation_id, model, ids in seen.values():
            automation = self.env["base.automation"].browse(automation_id)
            records = self.env[model].browse(ids)
            done[automation] = done.get(automation, records.browse()) | records
        return self.with_context(**{DONE: done}) if done else self

    def _run_apart(self, method, *args):
        """Run a method on these leads, together or else each for itself.

        :return: the leads it did not fail for
        :raise DATABASE_ERRORS: the whole request is to be tried again
        """
        return run_apart(self, lambda leads: getattr(leads, method)(*args), method)


def _as_data(done):
    """Return what automated actions have seen, as plain data; nothing forged."""
    if not isinstance(done, dict):
        return ()
    return tuple(
        (automation.id, records._name, records._ids)
        for automation, records in done.items()
        if isinstance(automation, models.BaseModel)
        and isinstance(records, models.BaseModel)
    )

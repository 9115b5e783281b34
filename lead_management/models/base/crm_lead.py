from odoo import api, models
from odoo.tools import ormcache

from .crm_lead_change import LeadChange

# The steps of what happens to a lead, one after the other. A step is what a room, or
# a part of it, has to do with it, in up to five methods of `crm.lead`; those it does
# not have are left out:
#
#   _<step>_prepare(change)   before leads are created or written: other values
#   _<step>_changed(change)   afterwards: what follows from it; what is to be written
#                             in turn is yielded, as pairs of leads and values
#   _<step>_removing()        before leads are deleted
#   _<step>_merging(merged)   before the rows of leads that are merged go to this one
#   _<step>_merged(merged)    afterwards, before these leads are deleted
#
# What `change` tells stands in `crm_lead_change.py`.
STEPS = (
    "texts",  # base: texts that can be stored
    "derived",  # base: scores and profile are worked out anew
    "verification",  # verification: what is checked again
    "profile",  # profile: addresses of social accounts
    "answers",  # qualification: columns of questions are answers
    "gate",  # qualification: what a stage requires
    "credit",  # credit: one check at a time, of merged leads
    "moments",  # scoring: what a lead reaches for the first time
    "routing",  # assignment: new leads are left to the rules
    "owner",  # assignment: limits, claims, and what follows from another owner
    "clock",  # assignment: response times
    "stage",  # pipeline: what makes a lead lost, and brings it back
    "history",  # pipeline: a row for each move
    "milestone",  # insights: the dates of what was reached
    "followup",  # pipeline: the next step
    "whatsapp",  # messaging: what is forgotten with a lead
    "nurturing",  # nurturing: what stops a sequence
    "campaign",  # campaign: the campaigns of merged leads
    "sharing",  # sharing: what others hear of it, and who may change it
)

# Fields whose values before a change are kept for the steps, and the fields that may
# change them when they are written.
WATCHED = {
    "user_id": {"user_id"},
    # follows the team, which follows the salesperson
    "stage_id": {"stage_id", "team_id", "user_id", "type"},
    "active": {"active", "stage_id"},
    "lost_reason_id": {"lost_reason_id", "stage_id"},
    # depends on the probability, which is predicted anew with every salesperson
    "won_status": {"won_status", "user_id", "stage_id", "active", "probability"},
}


class CrmLead(models.Model):
    """The walk: the one place that says what happens to a lead, and in which order.

    All roads lead through it: forms, imports, calls from outside, automated actions.
    """

    _inherit = "crm.lead"

    @api.model_create_multi
    def create(self, vals_list):
        nobody = self.browse()
        change = LeadChange(nobody, [(nobody, vals) for vals in vals_list])
        self._lead_prepare_change(change)
        leads = super().create([values for __, values in change.groups])
        change.leads = leads
        leads._lead_follow_change(change)
        return leads

    def write(self, vals):
        if not self:  # Odoo does so with every new lead
            return super().write(vals)
        change = LeadChange(self, [(self, vals)], self._lead_read_watched(vals))
        self._lead_prepare_change(change)
        for leads, values in change.groups:
            # a copy: Odoo adds to the values it is given
            super(CrmLead, leads).write(dict(values))
        self._lead_follow_change(change)
        return True

    def unlink(self):
        for removing in self._lead_hooks("removing"):
            removing()
        return super().unlink()

    # ------------------------------------------------------------
    # The steps
    # ------------------------------------------------------------

    @api.model
    def _lead_steps(self):
        """Return the names of the steps, in their order.

        A room in another addon appends its own; one of this addon stands in ``STEPS``.
        """
        return [*STEPS]

    def _lead_hooks(self, name):
        """Return the methods of a kind, bound to these leads, in order of the steps."""
        return [getattr(self, hook) for hook in self._lead_hook_names(name)]

    @api.model
    @ormcache("name", cache="stable")
    def _lead_hook_names(self, name):
        # kept: to look for what is not there takes longer than most writes
        hooks = [f"_{step}_{name}" for step in self._lead_steps()]
        return [hook for hook in hooks if hasattr(self, hook)]

    def _lead_prepare_change(self, change):
        for prepare in self._lead_hooks("prepare"):
            prepare(change)

    def _lead_follow_change(self, change):
        for changed in self._lead_hooks("changed"):
            for leads, values in changed(change) or ():
                # at once, and told to all steps, before the next step is
                leads.write(values)

    # ------------------------------------------------------------
    # Before
    # ------------------------------------------------------------

    @api.model
    def _lead_watched(self):
        """Return the fields of which steps ask how they were before, as ``WATCHED``.

        Stored fields only: reading another one would work it out with every write.
        """
        return WATCHED

    def _lead_read_watched(self, vals):
        """Return the watched fields as they are, before others are written.

        :return: dict of field name to a dict of lead id to value; to None where what
            is written cannot change it
        """
        return {
            fname: None
            if names.isdisjoint(vals)
            else {lead.id: lead[fname] for lead in self}
            for fname, names in self._lead_watched().items()
        }

    # ------------------------------------------------------------
    # Texts
    # ------------------------------------------------------------

    def _texts_prepare(self, change):
        change.map(self._clean_texts)

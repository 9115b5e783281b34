from odoo import api, fields, models

from ...base.derived.crm_lead_derived import DerivedColumn
from .lead_milestone import DATES

LEAD_MILESTONE = "lead.milestone"


def _milestone(name, label, text):
    """Return the field of a lead that shows a date of ``lead.milestone``."""
    fname = f"milestone_{name}_date"

    def search(leads, operator, value):
        return leads._derived_search(fname, operator, value)

    return fields.Datetime(
        string=label,
        compute="_compute_milestones",
        search=search,
        compute_sudo=True,
        help=text,
    )


class CrmLead(models.Model):
    """When a lead reached what for the first time, to filter, group and chart by."""

    _inherit = "crm.lead"

    milestone_contacted_date = _milestone(
        "contacted",
        "Contacted On",
        "The lead reached the stage Contacted, Nurturing or a later one for the first "
        "time.",
    )
    milestone_qualified_date = _milestone(
        "qualified",
        "Qualified On",
        "The lead reached the stage Qualified or a later one for the first time.",
    )
    milestone_negotiation_date = _milestone(
        "negotiation",
        "In Negotiation On",
        "The lead reached the stage Negotiation or a later one for the first time.",
    )
    milestone_won_date = _milestone(
        "won",
        "Won On",
        "The lead was won on this day. It stays when the customer is reactivated.",
    )
    milestone_lost_date = _milestone(
        "lost",
        "Lost On",
        "The lead was lost on this day, and is still lost.",
    )
    milestone_first_touch_date = _milestone(
        "first_touch",
        "First Touch On",
        "The lead was called or written to for the first time.",
    )
    milestone_first_reached_date = _milestone(
        "first_reached",
        "First Reached On",
        "The lead was really reached, or answered, for the first time.",
    )

    @api.model
    def _derived_models(self):
        # first: with the tables that follow it is one round trip
        return [LEAD_MILESTONE, *super()._derived_models()]

    @api.model
    def _derived_columns(self):
        return {
            **super()._derived_columns(),
            **{
                f"milestone_{name}": DerivedColumn(LEAD_MILESTONE, name, None)
                for name in DATES
            },
        }

    @api.depends("stage_id", "won_status", "date_closed")
    def _compute_milestones(self):
        self._derived_read(LEAD_MILESTONE)

    def _milestone_changed(self, change):
        # once more, now that the move is noted: scores may have been read meanwhile
        if change.is_new:
            self._derived_mark([LEAD_MILESTONE])
        elif moved := change.of("stage_id"):
            moved._derived_mark([LEAD_MILESTONE])

    def _milestone_merged(self, merged):
        # touches of the merged leads are this one's now
        self._derived_mark([LEAD_MILESTONE])

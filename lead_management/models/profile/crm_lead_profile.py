from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..base.derived.crm_lead_derived import DerivedColumn

LEAD_PROFILE = "lead.profile"


class CrmLead(models.Model):
    """Segment, persona and completeness of a lead, read from ``lead.profile``."""

    _inherit = "crm.lead"

    # Segment
    segment_id = fields.Many2one(
        "lead.segment",
        compute="_compute_profile",
        inverse="_inverse_segment_id",
        search="_search_segment_id",
        compute_sudo=True,
        # what is chosen by hand is checked where it is stored
        domain="[('company_id', 'in', [company_id, False])]",
        help="Set automatically by the conditions of the segments, unless a segment "
        "was chosen manually. Empty it to set it automatically again.",
    )
    segment_manual_id = fields.Many2one(
        "lead.segment",
        string="Manual Segment",
        check_company=True,
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
    )
    # Persona
    persona_id = fields.Many2one(
        "lead.persona",
        compute="_compute_profile",
        search="_search_persona_id",
        compute_sudo=True,
        help="The ideal customer that matches this lead best.",
    )
    persona_match = fields.Integer(
        compute="_compute_profile",
        search="_search_persona_match",
        compute_sudo=True,
        aggregator="avg",
        help="Percentage of the criteria of the persona that match.",
    )
    # Completeness
    profile_completeness = fields.Integer(
        compute="_compute_profile",
        search="_search_profile_completeness",
        compute_sudo=True,
        aggregator="avg",
        help="Percentage of the profile fields that are filled in, by weight.",
    )
    # what the two fields below are made of; of no use to anybody else
    profile_missing_items = fields.Char(
        compute="_compute_profile",
        compute_sudo=True,
        groups=fields.NO_ACCESS,
        export_string_translation=False,
    )
    profile_missing = fields.Json(
        string="Missing Profile Fields",
        compute="_compute_profile_missing",
        compute_sudo=True,
        help="Profile fields that are not filled in yet.",
    )
    profile_missing_ids = fields.Many2many(
        "lead.profile.item",
        string="Missing Information",
        compute="_compute_profile_missing",
        search="_search_profile_missing_ids",
        compute_sudo=True,
    )

    @api.model
    def _derived_models(self):
        return [*super()._derived_models(), LEAD_PROFILE]

    @api.model
    def _derived_columns(self):
        return {
            **super()._derived_columns(),
            "segment_id": DerivedColumn(LEAD_PROFILE, "segment_id", None),
            "persona_id": DerivedColumn(LEAD_PROFILE, "persona_id", None),
            "persona_match": DerivedColumn(LEAD_PROFILE, "persona_match", 0),
            "profile_completeness": DerivedColumn(LEAD_PROFILE, "completeness", 0),
            "profile_missing_items": DerivedColumn(LEAD_PROFILE, "missing", ""),
            "profile_missing": DerivedColumn(LEAD_PROFILE, None, None),
            "profile_missing_ids": DerivedColumn(LEAD_PROFILE, None, None),
        }

    @api.depends("segment_manual_id")
    def _compute_profile(self):
        self._derived_read(LEAD_PROFILE)

    def _inverse_segment_id(self):
        for segment, leads in self.grouped("segment_id").items():
            leads.segment_manual_id = segment

    def _search_segment_id(self, operator, value):
        return self._derived_search("segment_id", operator, value)

    def _search_persona_id(self, operator, value):
        return self._derived_search("persona_id", operator, value)

    def _search_persona_match(self, operator, value):
        return self._derived_search("persona_match", operator, value)

    def _search_profile_completeness(self, operator, value):
        return self._derived_search("profile_completeness", operator, value)

    # ------------------------------------------------------------
    # What is missing
    # ------------------------------------------------------------

    @api.depends("profile_missing_items")
    @api.depends_context("lang")
    def _compute_profile_missing(self):
        Item = self.env["lead.profile.item"]
        # the order of the items is the order in which they are asked
        every = Item._get_items()
        for lead in self:
            missing = (lead.profile_missing_items or "").split(",")
            items = [item for item in every if str(item.id) in missing]
            lead.profile_missing_ids = Item.browse(item.id for item in items)
            lead.profile_missing = [
                {
                    "label": item.label,
                    "field": item.information.field_name,
                    "qualifier": item.information.qualifier_id,
                }
                for item in items
            ]

    def _search_profile_missing_ids(self, operator, value):
        if operator in ("any", "any!"):
            # sudo: what leads lack may be told by items of companies not shown
            value = self.env["lead.profile.item"].sudo().search(value).ids
        elif operator != "in":
            return NotImplemented
        item_ids = [str(item_id) for item_id in value if item_id]
        nothing = False in value

        def to_sql(model, alias, query):
            model._derived_flush()
            condition = SQL("string_to_array(missing, ',') && %s::text[]", item_ids)
            if nothing:
                condition = SQL("%s OR missing = ''", condition)
            return SQL(
                "%s IN (SELECT lead_id FROM lead_profile WHERE %s)",
                SQL.identifier(alias, "id"),
                condition,
            )

        def predicate(lead):
            missing = {str(item_id) for item_id in lead.profile_missing_ids.ids}
            return bool(missing & set(item_ids)) or (nothing and not missing)

        return Domain.custom(to_sql=to_sql, predicate=predicate)

    # ------------------------------------------------------------
    # Merge
    # ------------------------------------------------------------

    def _merge_get_fields(self):
        return [*super()._merge_get_fields(), "segment_manual_id"]

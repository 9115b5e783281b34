from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..base.stage_types import (
    CUSTOMER,
    INACTIVE,
    NEGOTIATION,
    OPEN,
    QUALIFIED,
    STAGE_TYPES,
    UNQUALIFIED,
    WON_TYPES,
)

# The stages every Odoo database starts with: what they look like when nobody changed
# them, and the type each of them plays.
STOCK_STAGES = {
    "crm.stage_lead1": (OPEN, {"name": "New", "sequence": 1, "is_won": False}),
    "crm.stage_lead2": (
        QUALIFIED,
        {"name": "Qualified", "sequence": 2, "is_won": False},
    ),
    "crm.stage_lead3": (
        NEGOTIATION,
        {"name": "Proposition", "sequence": 3, "is_won": False},
    ),
    "crm.stage_lead4": (CUSTOMER, {"name": "Won", "sequence": 70, "is_won": True}),
}


class CrmStage(models.Model):
    _inherit = "crm.stage"

    stage_type = fields.Selection(
        STAGE_TYPES,
        index=True,
        help="What this stage means, whatever its name:\n"
        "Open: an enquiry nobody has answered yet\n"
        "Contacted: the need is understood\n"
        "Nurturing: interested, not ready yet\n"
        "Qualified: ready to buy\n"
        "Negotiation: offers and discounts are on the table\n"
        "Customer: won\n"
        "Inactive: was a customer, dormant now (still won)\n"
        "Unqualified: the need does not match (lost, but kept in sight)",
    )

    @api.constrains("stage_type", "is_won")
    def _check_stage_type_won(self):
        for stage in self.filtered("stage_type"):
            if stage.is_won != (stage.stage_type in WON_TYPES):
                raise ValidationError(
                    self.env._(
                        "“%(stage)s” cannot be of type %(type)s: Customer and Inactive "
                        "are won stages, the other types are not.",
                        stage=stage.name,
                        type=dict(
                            self._fields["stage_type"]._description_selection(self.env)
                        )[stage.stage_type],
                    )
                )

    def _touch_fits(self, team):
        """Return whether leads of a team can be in this stage."""
        # sudo: it may be a stage of teams the user does not see
        teams = self.sudo().team_ids
        return not teams or team in teams

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        return super().create(
            [
                {"is_won": vals["stage_type"] in WON_TYPES, **vals}
                if vals.get("stage_type")
                else vals
                for vals in vals_list
            ]
        )

    def write(self, vals):
        if "stage_type" not in vals:
            return super().write(vals)
        unqualified = vals["stage_type"] == UNQUALIFIED
        turning = self.filtered(
            lambda stage: (stage.stage_type == UNQUALIFIED) != unqualified
        )
        leads = (
            self.env["crm.lead"]
            .with_context(active_test=False)
            .search([("stage_id", "in", turning.ids)])
        )
        before = leads._get_won_lost_status()
        for stages, values in self._split_by_won(vals):
            super(CrmStage, stages).write(values)
        leads._compute_probabilities()
        leads._compute_won_status()
        leads._handle_won_lost(before, leads._get_won_lost_status())
        return True

    def _split_by_won(self, vals):
        """Return pairs (stages, values) with the won flag that goes with a type.

        Only where it changes: Odoo recomputes all leads of a stage when it is written.
        """
        is_won = vals["stage_type"] in WON_TYPES
        if not vals["stage_type"] or "is_won" in vals:
            return [(self, vals)]
        differing = self.filtered(lambda stage: stage.is_won != is_won)
        return [(differing, {**vals, "is_won": is_won}), (self - differing, vals)]

    @api.onchange("stage_type")
    def _onchange_stage_type(self):
        if self.stage_type:
            self.is_won = self.stage_type in WON_TYPES

    # ------------------------------------------------------------
    # Installation
    # ------------------------------------------------------------

    @api.model
    def _adopt_stock_pipeline(self, new_stages):
        """Make the eight stages of the stock pipeline, if it is untouched.

        The four stock records are renamed and kept, four are added. On a database
        whose administrator changed the pipeline nothing is renamed, added or moved:
        only the stock stages that are still what they were learn their type, and
        the administrator maps the others.

        :param new_stages: dict of each stage type to the values of its stage
        """
        stock = {
            xmlid: self.env.ref(xmlid, raise_if_not_found=False)
            for xmlid in STOCK_STAGES
        }
        untouched = {
            xmlid: stage
            for xmlid, stage in stock.items()
            if stage and stage._is_stock(STOCK_STAGES[xmlid][1])
        }
        pristine = len(untouched) == len(STOCK_STAGES) == self.search_count([])
        types = {STOCK_STAGES[xmlid][0]: stage for xmlid, stage in untouched.items()}
        for stage_type, stage in types.items():
            stage.stage_type = stage_type
        if pristine:
            self._install_eight_stages(types, new_stages)

    def _is_stock(self, values):
        """Return whether the administrator left this stock stage as it was."""
        stage = self.with_context(lang="en_US")
        return not stage.team_ids and all(
            stage[fname] == value for fname, value in values.items()
        )

    @api.model
    def _install_eight_stages(self, stages, definitions):
        """Write the ``definitions`` on ``stages`` and create those that lack."""
        languages = self._get_translated_languages()
        names = dict(STAGE_TYPES)
        for stage_type, values in definitions.items():
            values = {**values, "name": names[stage_type], "stage_type": stage_type}
            stage = stages.get(stage_type)
            if stage:
                # the translations of the old name go with it
                stage.update_field_translations("name", dict.fromkeys(languages, False))
                stage.with_context(lang="en_US").write(values)
            else:
                stage = self.with_context(lang="en_US").create(values)
            self.env["ir.model.data"]._update_xmlids(
                [
                    {
                        "xml_id": f"lead_management.stage_{stage_type}",
                        "record": stage,
                        "noupdate": True,
                    }
                ]
            )

    @api.model
    def _release_eight_stages(self):
        """Empty the stages that go with the addon and give the stock ones their names.

        Unqualified leads become lost the way Odoo knows it: archived, in the stage they
        fell from.
        """
        stages = {
            stage_type: self.env.ref(
                f"lead_management.stage_{stage_type}", raise_if_not_found=False
            )
            for stage_type, __ in STAGE_TYPES
        }
        stock = {
            stage_type: (stages[stage_type], values)
            for stage_type, values in STOCK_STAGES.values()
            if stages[stage_type]
        }
        CrmLead = self.env["crm.lead"].with_context(active_test=False)
        first = self.search([("stage_type", "=", False)], limit=1)
        for stage_type, __ in STAGE_TYPES:
            if stage_type == UNQUALIFIED:
                continue
            home = stock.get(CUSTOMER if stage_type == INACTIVE else OPEN)
            if stages[stage_type] and stage_type not in stock and home:
                CrmLead.search([("stage_id", "=", stages[stage_type].id)]).write(
                    {"stage_id": home[0].id}
                )
        lost = CrmLead.search([("stage_type", "=", UNQUALIFIED)])
        for (stage, reason), leads in lost.grouped(
            lambda lead: (lead.stage_before_id, lead.lost_reason_id)
        ).items():
            home = stage or stock.get(OPEN, [first])[0]
            leads.write({"stage_id": home.id})
            leads.action_set_lost(lost_reason_id=reason.id)
        self._give_back_names(stock)

    @api.model
    def _give_back_names(self, stock):
        """Name the stock stages as Odoo does, unless somebody renamed them since.

        :param stock: dict of stage type to (stage, its stock values)
        """
        names = dict(STAGE_TYPES)
        languages = self._get_translated_languages()
        for stage_type, (stage, values) in stock.items():
            if stage.with_context(lang="en_US").name != names[stage_type]:
                continue
            stage.update_field_translations("name", dict.fromkeys(languages, False))
            stage.with_context(lang="en_US").name = values["name"]
            stage.sequence = values["sequence"]
        self.env["ir.module.module"]._load_module_terms(["crm"], languages)

    @api.model
    def _get_translated_languages(self):
        installed = self.env["res.lang"].get_installed()
        return [code for code, __ in installed if code != "en_US"]

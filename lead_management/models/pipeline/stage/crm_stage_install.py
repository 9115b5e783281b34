from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...base.fast.sql_rows import sql_rows
from ...base.stage_types import (
    CUSTOMER,
    NEGOTIATION,
    OPEN,
    QUALIFIED,
    STAGE_TYPES,
    UNQUALIFIED,
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
    """The stages at installation and removal."""

    _inherit = "crm.stage"

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
        fell from. Stages that an administrator has mapped stay, and so do those that a
        mapping added, if they are in use.
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
        added = self.env["lead.stage.mapping.line"]._get_added_stages()
        ours = [
            stage
            for stage_type, stage in stages.items()
            if stage and stage_type not in stock
        ]
        going = self.union(
            *ours, added.filtered(lambda stage: stage.stage_type == UNQUALIFIED)
        )
        homes = going._get_target_stages(
            {key: stage for key, (stage, __) in stock.items()}
        )
        self._lose_unqualified(homes)
        CrmLead = self.env["crm.lead"].with_context(active_test=False)
        for stage, home in homes.items():
            CrmLead.search([("stage_id", "=", stage.id)]).write({"stage_id": home.id})
        added._unlink_unused()
        self._give_back_names(stock)

    def _get_target_stages(self, stock):
        """Return where the leads of stages go that are removed: stage to stage."""
        staying = self.search(Domain.TRUE) - self
        homes = {}
        for stage in self:
            candidates = staying.filtered(
                lambda other, stage=stage: other.is_won == stage.is_won
            )
            home = stock.get(CUSTOMER if stage.is_won else OPEN) or (
                candidates.filtered(lambda other: not other.team_ids) or candidates
            )
            if home or staying:
                homes[stage] = (home or staying)[0]
        return homes

    @api.model
    def _lose_unqualified(self, homes):
        """Archive the leads that are unqualified, each in the stage it fell from.

        They stay lost, at the stage where the prediction learned the loss: it learns
        nothing new. A won stage cannot hold a lost lead.

        :param homes: dict of stages that are removed to those their leads go to
        """
        self.env.flush_all()
        self.env["crm.lead"].invalidate_model(flush=False)
        pairs = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT lead.stage_id, COALESCE(lead.stage_before_id, 0)
                FROM crm_lead lead JOIN crm_stage stage ON stage.id = lead.stage_id
                WHERE stage.stage_type = %s
                """,
                UNQUALIFIED,
            )
        )
        first = (self.search([("is_won", "=", False)]) - self.union(*homes))[:1]
        rows = []
        for stage_id, before_id in pairs:
            stage = self.browse(before_id or stage_id)
            home = homes.get(stage, stage)
            rows.append((stage_id, before_id, (first if home.is_won else home).id))
        self.env["crm.lead"]._write_leads(
            [
                SQL("active = FALSE"),
                SQL("probability = 0"),
                SQL("automated_probability = 0"),
                SQL("stage_id = home.stage_id"),
                SQL("date_closed = COALESCE(date_closed, date_last_stage_update)"),
            ],
            SQL(
                "crm_lead.stage_id = home.from_id"
                " AND COALESCE(stage_before_id, 0) = home.before_id"
            ),
            SQL(
                "FROM (%s) AS home(from_id, before_id, stage_id)",
                sql_rows(("int", "int", "int"), rows),
            ),
        )

    def _unlink_unused(self):
        """Remove those of these stages that no lead of any company is in.

        :return: those that stay
        """
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id FROM crm_stage stage WHERE id = ANY(%s)
                    AND NOT EXISTS (SELECT FROM crm_lead WHERE stage_id = stage.id)
                """,
                self.ids,
            )
        )
        unused = self.browse(stage_id for [stage_id] in rows)
        # sudo: what Odoo counts of stages is nobody's to delete
        self.env["crm.lead.scoring.frequency"].sudo().search(
            [("variable", "=", "stage_id"), ("value", "in", list(map(str, unused.ids)))]
        ).unlink()
        unused.unlink()
        return self - unused

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

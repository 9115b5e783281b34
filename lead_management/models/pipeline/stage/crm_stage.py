from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ...base.stage_types import WON_TYPES
from .crm_lead_stage_status import get_stage_status

COUNT_FIELDS = (
    "open_count",
    "won_count",
    "lost_count",
    "lost_archived_count",
    "archived_count",
    "foreign_count",
)


class CrmStage(models.Model):
    _inherit = "crm.stage"

    @api.constrains("stage_type", "is_won")
    def _check_stage_type_won(self):
        for stage in self.filtered("stage_type"):
            if stage.is_won != (stage.stage_type in WON_TYPES):
                raise ValidationError(
                    self.env._(
                        "“%(stage)s” cannot be of type %(type)s: Customer and Inactive "
                        "are won stages, the other types are not.",
                        stage=stage.name,
                        type=dict(self._description_types())[stage.stage_type],
                    )
                )

    def _fits_team(self, team):
        """Return whether leads of a team, or of none, can be in this stage."""
        # sudo: it may be a stage of teams the user does not see
        teams = self.sudo().team_ids
        return not teams or bool(team & teams)

    @api.model
    def _description_types(self):
        """Return pairs of each type and its name in the language of the user."""
        return self._fields["stage_type"]._description_selection(self.env)

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
        self._write_types([(self, vals)])
        return True

    @api.model
    def _write_types(self, groups, kept_ids=(), note=None):
        """Give stages their types; their leads follow, all of them at once.

        :param groups: list of pairs (stages, values), the values with a ``stage_type``
        :param kept_ids: leads that do not follow: the caller writes them
        :param note: called with what will change, before anything is written
        """
        pairs = [
            pair for stages, vals in groups for pair in stages._split_by_won(dict(vals))
        ]
        changes = {
            stage.id: meaning
            for stages, vals in pairs
            for stage in stages
            if (meaning := get_stage_status(vals["stage_type"], vals["is_won"]))
            != get_stage_status(stage.stage_type, stage.is_won)
        }
        with self.env["crm.lead"]._follow_stages(changes, kept_ids) as turns:
            if note:
                note(turns)
            for stages, vals in pairs:
                stages._write_with_type(vals)

    def _split_by_won(self, vals):
        """Return pairs (stages, values) with the won flag that goes with a type."""
        if "is_won" not in vals and vals["stage_type"]:
            vals["is_won"] = vals["stage_type"] in WON_TYPES
        if "is_won" in vals:
            return [(self, vals)]
        return [
            (stages, {**vals, "is_won": is_won})
            for is_won, stages in self.grouped("is_won").items()
        ]

    def _write_with_type(self, vals):
        """Write values of which the won flag does not make Odoo write all leads.

        Odoo would write each of them, tracked, but neither those of other companies nor
        what the prediction has learned: :meth:`_follow_stages` does.
        """
        self.check_access("write")
        is_won = bool(vals["is_won"])
        differing = self.filtered(lambda stage: stage.is_won != is_won)
        self._fields["is_won"].write(differing, is_won)
        differing.modified(["is_won"])
        values = {key: value for key, value in vals.items() if key != "is_won"}
        super().write(values)  # pylint: disable=super-method-mismatch

    @api.onchange("stage_type")
    def _onchange_stage_type(self):
        if self.stage_type:
            self.is_won = self.stage_type in WON_TYPES

    # ------------------------------------------------------------
    # Mapping
    # ------------------------------------------------------------

    def action_map_stages(self):
        """Propose a type for each stage; see ``lead.stage.mapping``."""
        return self.env["lead.stage.mapping"].action_open()

    @api.model
    def _count_leads(self):
        """Return how many leads of which kind are in which stage, in one statement.

        :return: dict of stage id to a dict of field of ``lead.stage.mapping.line``
        """
        self.env["crm.lead"].flush_model(
            ["stage_id", "active", "won_status", "company_id"]
        )
        rows = self.env.execute_query(
            SQL(
                """
                SELECT stage_id,
                    count(*) FILTER (WHERE active AND won_status = 'pending'),
                    count(*) FILTER (WHERE active AND won_status = 'won'),
                    count(*) FILTER (WHERE won_status = 'lost'),
                    count(*) FILTER (WHERE NOT active AND won_status = 'lost'),
                    count(*) FILTER (WHERE NOT active AND won_status <> 'lost'),
                    count(*) FILTER (WHERE company_id <> ALL(%s))
                FROM crm_lead WHERE stage_id IS NOT NULL GROUP BY stage_id
                """,
                self.env.user.company_ids.ids,
            )
        )
        return {
            stage_id: dict(zip(COUNT_FIELDS, counts, strict=True))
            for stage_id, *counts in rows
        }

    @api.model
    def _get_all_names(self):
        """Return the names of all stages in all languages, by id."""
        self.flush_model(["name"])
        rows = self.env.execute_query(SQL("SELECT id, name FROM crm_stage"))
        return {stage_id: list(names.values()) for stage_id, names in rows}

    def _learn_as_next(self):
        """Let Odoo's prediction know of new stages what it knows of the next ones.

        As if it learned everything again: a lead that was won passed all stages, one
        that was lost passed those up to where it was lost, and nobody was in a new one.
        """
        self.env.flush_all()
        for stage in self.sorted("sequence", reverse=True):
            later = self.search([("sequence", ">", stage.sequence)], limit=1)
            model = later or self.search([("id", "!=", stage.id)], limit=1)
            self.env.cr.execute(
                SQL(
                    """
                    INSERT INTO crm_lead_scoring_frequency
                        (variable, value, won_count, lost_count, team_id)
                    SELECT variable, %s, won_count, %s, team_id
                    FROM crm_lead_scoring_frequency
                    WHERE variable = 'stage_id' AND value = %s
                    """,
                    str(stage.id),
                    SQL("lost_count") if later else 0.1,
                    str(model.id),
                )
            )
        self.env["crm.lead.scoring.frequency"].invalidate_model(flush=False)

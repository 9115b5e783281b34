from collections import namedtuple

from odoo import api, models
from odoo.tools import ormcache

from .lead_score_model import THRESHOLDS
from .lead_score_rule import COMPLETENESS, QUALIFIER, VERIFICATION

# Scoring models detached from the ORM, to be cached; names in one language.
BandData = namedtuple("BandData", "low is_unset option_id points name and_less")
GroupData = namedtuple("GroupData", "id name dimension floor cap")
ScoreRuleData = namedtuple(
    "ScoreRuleData",
    "id name kind dimension group_id points conditions company_id field_path "
    "qualifier_id bands codes type_ids days max_points half_life",
)
ModelData = namedtuple(
    "ModelData",
    "id name conditions company_id base full thresholds groups rules options",
)
# A row of the table that answers are matched with; ``term`` is the id of a rule, or
# minus the id of the model where the points are those of the options themselves.
AnswerRow = namedtuple("AnswerRow", "term qualifier_id option_id low high points name")
# What can be verified of a lead, each as the condition that it is; in percent of all.
VERIFIED = (
    (("verification_email", "=", "ok"),),
    (("verification_phone", "=", "ok"),),
)


class LeadScoreModel(models.Model):
    """Scoring models as plain data."""

    _inherit = "lead.score.model"

    # ------------------------------------------------------------
    # Data
    # ------------------------------------------------------------

    @api.model
    @ormcache("self.env.lang")
    def _get_active(self):
        """Return the active models in the order they are asked, as ``ModelData``."""
        # sudo: cached for everybody
        models_ = self.sudo().with_context(active_test=True)
        return tuple(
            model._to_data()
            for model in models_.search(self._get_active_domain())._in_order()
        )

    def _to_data(self):
        rules = self.rule_ids.filtered("active")
        return ModelData(
            id=self.id,
            name=self.name,
            conditions=self._get_conditions(),
            company_id=self.company_id.id,
            base=self.base_points,
            full=self.full_points,
            thresholds=tuple(self[fname] for pair in THRESHOLDS for fname in pair),
            groups=tuple(
                GroupData(g.id, g.name, g.dimension, g.floor, g.cap)
                for g in self.group_ids
            ),
            rules=tuple(self._to_rule_data(rule) for rule in rules),
            options=self._get_option_rows(
                rules.filtered(lambda rule: rule.kind == QUALIFIER).qualifier_id.ids
            ),
        )

    @api.model
    def _to_rule_data(self, rule):
        return ScoreRuleData(
            id=rule.id,
            name=rule.name,
            kind=rule.kind,
            dimension=rule.dimension,
            group_id=rule.group_id.id,
            points=rule.points,
            conditions=rule._get_conditions(),
            company_id=rule.company_id.id,
            field_path=(
                "profile_completeness" if rule.kind == COMPLETENESS else rule.field_path
            ),
            qualifier_id=rule.qualifier_id.id,
            bands=tuple(
                BandData(
                    band.value_from,
                    band.is_unset,
                    band.option_id.id,
                    band.points,
                    band.display_name,
                    band.and_less,
                )
                for band in rule.band_ids.sorted()
            ),
            codes=tuple(rule.event_ids.mapped("code")),
            type_ids=tuple(rule.activity_type_ids.ids),
            days=rule.days,
            max_points=rule.max_points,
            half_life=rule.half_life,
        )

    def _name_answer(self, question, answer):
        return self.env._("%(question)s: %(answer)s", question=question, answer=answer)

    def _get_option_rows(self, qualifier_ids):
        """Return the points of answers to questions that no rule speaks of."""
        return tuple(
            AnswerRow(
                -self.id,
                data.id,
                option.id,
                None,
                None,
                option.points,
                self._name_answer(data.name, option.name),
            )
            for data in self.env["lead.qualifier"]._get_all().values()
            if data.active and not data.field and data.id not in qualifier_ids
            for option in data.options
            if option.points
        )

    @api.model
    def _get_source_fields(self, models_):
        """Return the names of the fields of a lead that these models read."""
        names = set()
        for model in models_:
            names |= self._read_fields(model)
            if model.options:
                names.add("qualifier_answer_ids")
            for rule in model.rules:
                names |= self._get_rule_fields(rule)
        return names

    @api.model
    def _get_rule_fields(self, rule):
        """Return the names of the fields of a lead that one rule reads."""
        names = self._read_fields(rule)
        if rule.kind == QUALIFIER:
            names |= {"qualifier_answer_ids", "company_id"}
        elif rule.field_path:
            names.add(rule.field_path.split(".")[0])
        elif rule.kind == VERIFICATION:
            names |= {condition[0] for leaf in VERIFIED for condition in leaf}
        return names

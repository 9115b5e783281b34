from collections import namedtuple

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL, ormcache

from ..base.rule.conditions import LEAD_ID
from .lead_qualifier import COLUMN_PREFIX, COLUMN_TYPES, LEAD_FIELDS

OptionData = namedtuple("OptionData", "id key name points")
# A qualifier detached from the ORM so that it can be cached; texts in one language.
QualifierData = namedtuple(
    "QualifierData",
    "id name question help kind unit active company_id column field options limit",
)


class LeadQualifier(models.Model):
    """The questions as plain cached data, and who is asked what."""

    _inherit = "lead.qualifier"

    def _get_conditions(self):
        conditions = [*super()._get_conditions()]
        if self.team_ids:
            conditions.append(str([("team_id", "in", self.team_ids.ids)]))
        if self.product_ids:
            conditions.append(str([("product_ids", "in", self.product_ids.ids)]))
        if self.segment_ids:
            conditions.append(str([("segment_id", "child_of", self.segment_ids.ids)]))
        return tuple(conditions)

    @api.model
    def _get_company_domain(self, company_id):
        """Leads of no company may be asked by every company."""
        return Domain("company_id", "in", [company_id, False])

    @api.model
    @ormcache("self.env.lang")
    def _get_all(self):
        """Return all questions in order, archived ones included, by id."""
        # sudo: cached for everybody
        qualifiers = self.sudo().with_context(active_test=False).search(Domain.TRUE)
        return {qualifier.id: qualifier._to_data() for qualifier in qualifiers}

    def _to_data(self):
        limit = self._get_limit()
        offered = [
            OptionData(record.id, str(record.id), record.display_name, 0)
            for record in limit or ()
        ]
        return QualifierData(
            id=self.id,
            name=self.name,
            question=self.question or self.name,
            help=self.help or "",
            kind=self.kind,
            unit=self.unit or "",
            active=self.active,
            company_id=self.company_id.id,
            column=f"{COLUMN_PREFIX}{self.key}" if self.kind in COLUMN_TYPES else None,
            field=LEAD_FIELDS.get(self.kind),
            options=tuple(
                offered
                or (
                    OptionData(option.id, option.key, option.name, option.points)
                    for option in self.option_ids
                )
            ),
            limit=tuple(limit.ids) if limit else None,
        )

    def _get_limit(self):
        """Return what a question about records lets choose from, or None for all."""
        if self.kind == "product":
            return self.choice_product_ids or None
        if self.kind == "tag":
            return self.choice_tag_ids or None
        if self.kind == "segment" and self.choice_segment_id:
            return self.env["lead.segment"].search(
                [("id", "child_of", self.choice_segment_id.ids)]
            )
        return None

    @api.model
    @ormcache("self.env.lang")
    def _get_by_column(self):
        """Return the questions that have a column of their own, by its name."""
        return {data.column: data for data in self._get_all().values() if data.column}

    @api.model
    def _is_visible(self, data):
        """Return whether the user may see a question, and its answers."""
        if self.env.su:
            return True
        return data.active and (
            not data.company_id or data.company_id in self.env.companies.ids
        )

    @api.model
    def _get_asked(self, leads):
        """Return the questions each lead is asked, in order, in one statement at most.

        :return: dict of lead id to a list of ``QualifierData``
        """
        query = self._new_lead_query(leads.ids)
        every = self._get_all()
        compiled = [
            (every[rule.id], condition)
            for rule, condition in self._compile_rules(query)
            if self._is_visible(every[rule.id])
        ]
        if not compiled or not leads.ids:
            return {}
        if all(self._is_for_all(condition) for __, condition in compiled):
            return {lead_id: [data for data, __ in compiled] for lead_id in leads.ids}
        rows = self.env.execute_query(
            query.select(LEAD_ID, *(SQL("(%s) IS TRUE", sql) for __, sql in compiled))
        )
        return {
            lead_id: [
                data
                for (data, __), asked in zip(compiled, asked_of, strict=True)
                if asked
            ]
            for lead_id, *asked_of in rows
        }

    @api.model
    def _is_for_all(self, condition):
        """Return whether a compiled condition is none: no lead has to be asked for."""
        return condition.code.strip("()") == "TRUE" and not condition.params

    @api.model
    def _get_answered_domain(self, data):
        """Return the leads that answered a question."""
        if not data.field:
            return Domain(
                "qualifier_answer_ids",
                "any!",
                Domain("qualifier_id", "=", data.id),
                internal=True,
            )
        if data.kind == "deal_size":
            return Domain(data.field, ">", 0)
        if data.limit is not None:
            return Domain(data.field, "in", list(data.limit))
        return Domain(data.field, "!=", False)

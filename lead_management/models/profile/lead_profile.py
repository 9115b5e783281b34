import logging

from odoo import api, fields, models
from odoo.tools import SQL, ormcache

from ..base.rule.conditions import DOMAIN_ERRORS, LEAD_ID

_logger = logging.getLogger(__name__)


class LeadProfile(models.Model):
    """The segment and the persona of a lead, and how complete its profile is."""

    _name = "lead.profile"
    _inherit = ["lead.derived.mixin"]
    _description = "Lead Profile"
    _log_access = False

    segment_id = fields.Many2one("lead.segment", index=True)
    persona_id = fields.Many2one("lead.persona", index=True)
    persona_match = fields.Integer(required=True)
    completeness = fields.Integer(required=True)
    # the ids of the items, with commas between: read and searched, never joined
    missing = fields.Char(required=True)

    @api.model
    def _source_fields(self):
        names = {"segment_manual_id", "company_id", "segment_id"}
        names |= self.env["lead.segment"]._rule_fields()
        return names | self._fact_fields()

    @api.model
    @ormcache()
    def _fact_fields(self):
        """Return the fields that personas and completeness are worked out of."""
        names = set(self.env["lead.persona"]._rule_fields())
        Item = self.env["lead.profile.item"]
        for item in self._representatives():
            try:
                domain = Item._get_known_domain(item.information)
            except DOMAIN_ERRORS:
                continue
            names |= {
                condition.field_expr.split(".")[0]
                for condition in domain.iter_conditions()
            }
        return names

    @api.model
    def _prepare_refresh(self, lead_ids, nowait):
        """Return the one or two statements that bring profiles up to date.

        Where personas or completeness depend on the segment, that comes first. The
        completeness is the weight of what is known in percent of the weight of all
        that counts.
        """
        statements = [self._prepare_facts(lead_ids, nowait)]
        if "segment_id" in self._fact_fields():
            statements.insert(0, self._prepare_segments(lead_ids, nowait))
        return statements

    @api.model
    def _sql_column(self, fname):
        """Return a column of the lead; what is not written yet is, first."""
        field = self.env["crm.lead"]._fields[fname]
        return SQL.identifier("crm_lead", fname, to_flush=field)

    # ------------------------------------------------------------
    # Segments
    # ------------------------------------------------------------

    @api.model
    def _prepare_segments(self, lead_ids, nowait):
        query = self.env["lead.segment"]._new_lead_query(lead_ids)
        self._prepare_query(query, lead_ids, nowait)
        segment = self._sql_segment(query)
        return SQL(
            """
            INSERT INTO lead_profile
                (id, lead_id, segment_id, persona_match, completeness, missing)
            SELECT id, id, segment_id, 0, 0, '' FROM (%s) AS found
            ON CONFLICT (id) DO UPDATE SET segment_id = EXCLUDED.segment_id
            WHERE lead_profile.segment_id IS DISTINCT FROM EXCLUDED.segment_id
            """,
            query.select(SQL("%s AS id", LEAD_ID), SQL("%s AS segment_id", segment)),
        )

    @api.model
    def _sql_segment(self, query):
        """Return the SQL expression of the segment: by hand, else by condition."""
        whens = [
            SQL("WHEN %s THEN %s", condition, rule.id)
            for rule, condition in self.env["lead.segment"]._compile_rules(query)
        ]
        found = SQL("CASE %s END", SQL(" ").join(whens)) if whens else SQL("NULL::int4")
        return SQL("COALESCE(%s, %s)", self._sql_column("segment_manual_id"), found)

    # ------------------------------------------------------------
    # Persona and completeness
    # ------------------------------------------------------------

    @api.model
    def _prepare_facts(self, lead_ids, nowait):
        """Find the persona and what is known, in one statement.

        Three steps: each condition once (materialized: otherwise it is evaluated once
        per use), then the best persona, then the weights that count for it. Rows that
        stay are not even locked, as a bare upsert would.
        """
        query = self.env["lead.persona"]._new_lead_query(lead_ids)
        self._prepare_query(query, lead_ids, nowait)
        matches = self._compile_matches(query)
        items = self._compile_items(query)
        columns = [
            SQL("%s AS id", LEAD_ID),
            SQL("%s AS company_id", self._sql_column("company_id")),
            SQL("%s AS segment_id", self._sql_segment(query)),
            *(SQL("%s AS %s", expr, name) for __, name, expr in matches),
            *(SQL("(%s) IS TRUE AS %s", expr, name) for __, name, expr in items),
        ]
        persona, match = self._sql_persona(matches)
        completeness, missing = self._sql_completeness(items)
        return SQL(
            """
            WITH fact AS MATERIALIZED (%(facts)s),
            matched AS MATERIALIZED (
                SELECT *, %(persona)s AS persona_id, %(match)s AS persona_match
                FROM fact
            ),
            known AS MATERIALIZED (
                SELECT id, segment_id, persona_id, persona_match,
                       %(completeness)s AS completeness, %(missing)s AS missing
                FROM matched
            )
            INSERT INTO lead_profile
                (id, lead_id, segment_id, persona_id, persona_match,
                 completeness, missing)
            SELECT known.id, known.id, known.segment_id, known.persona_id,
                   known.persona_match, known.completeness, known.missing
            FROM known LEFT JOIN lead_profile before ON before.id = known.id
            WHERE before.id IS NULL
               OR (before.segment_id, before.persona_id, before.persona_match,
                   before.completeness, before.missing)
                  IS DISTINCT FROM
                  (known.segment_id, known.persona_id, known.persona_match,
                   known.completeness, known.missing)
            ON CONFLICT (id) DO UPDATE
            SET segment_id = EXCLUDED.segment_id,
                persona_id = EXCLUDED.persona_id,
                persona_match = EXCLUDED.persona_match,
                completeness = EXCLUDED.completeness,
                missing = EXCLUDED.missing
            """,
            facts=query.select(*columns),
            persona=persona,
            match=match,
            completeness=completeness,
            missing=missing,
        )

    @api.model
    def _compile_matches(self, query):
        """Compile how well a lead matches each persona, in percent.

        :return: list of (persona data, name of the column, SQL expression)
        """
        Persona = self.env["lead.persona"]
        thresholds = Persona._get_thresholds()
        compiled = []
        for rule in Persona._active_rules():
            try:
                criteria = [
                    Persona._compile_domain(domain, query)
                    for domain in Persona._split_criteria(rule.conditions)
                ]
                scope = Persona._compile_domain(
                    Persona._get_lead_domain((), rule.company_id), query
                )
            except DOMAIN_ERRORS as error:
                # sudo: whoever meets a broken rule need not be a manager
                Persona.browse(rule.id).sudo()._switch_off(str(error))
                continue
            if not criteria:
                continue
            met = SQL(" + ").join(
                SQL("CASE WHEN %s THEN 1 ELSE 0 END", criterion)
                for criterion in criteria
            )
            percent = SQL("round(100.0 * (%s) / %s)::int4", met, len(criteria))
            counted = SQL(
                "CASE WHEN %s AND %s >= %s THEN %s ELSE 0 END",
                scope,
                percent,
                thresholds[rule.id],
                percent,
            )
            compiled.append((rule, SQL.identifier(f"match_{rule.id}"), counted))
        return compiled

    @api.model
    def _sql_persona(self, matches):
        """Return the SQL expressions of the best persona and its match."""
        if not matches:
            return SQL("NULL::int4"), SQL("0")
        best = SQL("GREATEST(%s)", SQL(", ").join(name for __, name, __ in matches))
        persona = SQL(
            "CASE %s WHEN 0 THEN NULL %s END",
            best,
            SQL(" ").join(
                SQL("WHEN %s THEN %s", name, p.id) for p, name, __ in matches
            ),
        )
        return persona, best

    @api.model
    def _representatives(self):
        """Return one item of each piece of information that counts."""
        items = self.env["lead.profile.item"]._get_items()
        return {item.information: item for item in items}.values()

    @api.model
    def _compile_items(self, query):
        """Compile what is known of a lead, once for all items of an information.

        :return: list of (information, name of the column, SQL condition)
        """
        Item = self.env["lead.profile.item"]
        compiled = []
        for item in self._representatives():
            try:
                domain = Item._get_known_domain(item.information)
                known = self.env["lead.segment"]._compile_domain(domain, query)
            except DOMAIN_ERRORS as error:
                _logger.warning("Profile item %s left out: %s", item.id, error)
                continue
            compiled.append(
                (item.information, SQL.identifier(f"known_{item.id}"), known)
            )
        return compiled

    @api.model
    def _sql_completeness(self, items):
        """Return the SQL expressions of the completeness and of what is missing."""
        if not items:
            return SQL("100"), SQL("''")
        known, total, missing = [], [], []
        for information, name, __ in items:
            weight = self._sql_most_special(information, "weight", 0)
            item_id = self._sql_most_special(information, "id", None)
            total.append(weight)
            known.append(SQL("CASE WHEN %s THEN %s ELSE 0 END", name, weight))
            missing.append(
                SQL("CASE WHEN NOT %s AND %s > 0 THEN %s END", name, weight, item_id)
            )
        completeness = SQL(
            "COALESCE(100 * (%s) / NULLIF(%s, 0), 100)",
            SQL(" + ").join(known),
            SQL(" + ").join(total),
        )
        return completeness, SQL("concat_ws(',', %s)", SQL(", ").join(missing))

    @api.model
    def _sql_most_special(self, information, attribute, default):
        """Return an attribute of the item that counts for company and persona."""
        items = self.env["lead.profile.item"]._get_items()
        items = [item for item in items if item.information == information]
        items.sort(key=lambda i: (not i.persona_id, not i.company_id))
        whens = []
        for item in items:
            scope = []
            if item.persona_id:
                scope.append(SQL("persona_id = %s", item.persona_id))
            if item.company_id:
                scope.append(SQL("company_id = %s", item.company_id))
            value = getattr(item, attribute)
            if not scope:
                default = value
                break
            whens.append(SQL("WHEN %s THEN %s", SQL(" AND ").join(scope), value))
        if not whens:
            return SQL("%s", default)
        return SQL("CASE %s ELSE %s END", SQL(" ").join(whens), default)

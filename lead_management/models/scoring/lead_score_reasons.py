from collections import namedtuple

from odoo import api, fields, models
from odoo.tools import SQL

from ..base.rule.conditions import LEAD_ID
from .model.lead_score_rule import ACTIVITY, BANDS, FIELD, FIT, QUALIFIER, VETO

# What the rules make of a lead: its ``ModelData`` or None; pairs (rule data or None,
# points); how often and when last events of a rule happened, by its id; the
# ``AnswerRow`` that give points; the ids of the questions the lead answered.
Explained = namedtuple("Explained", "model terms events hits answered")


class LeadScore(models.Model):
    """Why a lead has its score, and what would raise it."""

    _inherit = "lead.score"

    @api.model
    def _explain(self, lead_ids):
        """Return what the rules make of leads, in one statement.

        :return: dict of lead id to an :class:`Explained`
        """
        Model = self.env["lead.score.model"]
        models_ = Model._get_active()
        query = Model._new_lead_query(lead_ids)
        compiled = Model._compile(models_, query, lead_ids)
        rows = Model._get_answer_rows(models_)
        terms = [term for one in compiled for term in one.terms]
        activities = [rule for rule, __ in terms if rule and rule.kind == ACTIVITY]
        asked = "answers" in query._joins
        found = self.env.execute_query(
            query.select(
                LEAD_ID,
                SQL.identifier("crm_lead", "company_id"),
                Model._sql_first(
                    compiled, [SQL("%s", n) for n in range(len(compiled))], None
                ),
                self._sql_array("int4", [points for __, points in terms]),
                SQL("answers.hits") if asked else SQL("NULL"),
                SQL("answers.answered") if asked else SQL("NULL"),
                self._sql_event_array("int4", activities, "count"),
                self._sql_event_array("timestamp", activities, "last"),
            )
        )
        explained = {}
        companies = {rule.id: rule.company_id for rule, __ in terms if rule}
        for lead_id, company_id, number, points, hits, answered, counts, lasts in found:
            one = compiled[number] if number is not None else None
            start = sum(len(before.terms) for before in compiled[: number or 0])
            own = one.terms if one else []
            events = {
                rule.id: (count, last)
                for rule, count, last in zip(activities, counts, lasts, strict=True)
            }
            explained[lead_id] = Explained(
                model=one.model if one else None,
                terms=[
                    (rule, points[start + position])
                    for position, (rule, __) in enumerate(own)
                ],
                events=events,
                hits=[
                    rows[hit]
                    for hit in hits or ()
                    if companies.get(rows[hit].term) in (None, False, company_id)
                ],
                answered=set(answered or ()),
            )
        return explained

    @api.model
    def _sql_array(self, type_, expressions):
        return SQL(f"ARRAY[%s]::{type_}[]", SQL(", ").join(expressions))

    @api.model
    def _sql_event_array(self, type_, rules, detail):
        return self._sql_array(
            type_, [SQL.identifier("events", f"term_{r.id}_{detail}") for r in rules]
        )

    # ------------------------------------------------------------
    # Reasons
    # ------------------------------------------------------------

    @api.model
    def _get_reasons(self, lead_ids):
        """Return what makes the score of leads, in points before they are scaled.

        :return: dict of lead id to a list of dicts with ``name``, ``points`` and
          ``dimension``; ``kind`` for vetoes and limits; for activities ``date``,
          ``count`` and ``full``, the points before they cooled down; vetoes first, then
          the strongest, what lowers the score last
        """
        return {
            lead_id: self._get_lead_reasons(explained)
            for lead_id, explained in self._explain(lead_ids).items()
        }

    @api.model
    def _get_lead_reasons(self, explained):
        model, terms, events, hits, __ = explained
        if not model:
            return []
        reasons = [
            self._prepare_reason(rule, points, events)
            for rule, points in terms
            if rule and points and rule.kind != QUALIFIER
        ]
        own = {rule.id: rule for rule, __ in terms if rule}
        own[-model.id] = None
        reasons += [
            {
                "name": row.name,
                "points": row.points,
                "dimension": own[row.term].dimension if own[row.term] else FIT,
            }
            for row in hits
            if row.term in own
        ]
        reasons += self._get_unset_reasons(terms, hits)
        reasons += self._get_limit_reasons(model, terms)
        if model.base:
            reasons.append(
                {
                    "name": self.env._("Starting points"),
                    "points": model.base,
                    "dimension": FIT,
                }
            )
        return sorted(reasons, key=lambda r: (r.get("kind") != VETO, -r["points"]))

    @api.model
    def _prepare_reason(self, rule, points, events):
        reason = {"name": rule.name, "points": points, "dimension": rule.dimension}
        if rule.kind == VETO:
            return {**reason, "kind": VETO, "points": 0}
        if rule.kind == ACTIVITY:
            count, last = events[rule.id]
            full = rule.points * count
            full = max(-rule.max_points, min(rule.max_points, full))
            reason.update(date=fields.Date.to_string(last), count=count, full=full)
        return reason

    @api.model
    def _get_unset_reasons(self, terms, hits):
        """Return the questions whose points are for not having answered."""
        shown = {row.term for row in hits}
        name_answer = self.env["lead.score.model"]._name_answer
        return [
            {
                "name": name_answer(rule.name, band.name),
                "points": points,
                "dimension": rule.dimension,
            }
            for rule, points in terms
            if rule and rule.kind == QUALIFIER and points and rule.id not in shown
            for band in rule.bands
            if band.is_unset
        ]

    @api.model
    def _get_limit_reasons(self, model, terms):
        """Return what the limits of groups take away or give back."""
        reasons = []
        for group in model.groups:
            given = [
                points
                for rule, points in terms
                if rule and rule.group_id == group.id and rule.kind != VETO
            ]
            if not given:
                continue
            total = sum(given)
            limited = max(group.floor, min(group.cap, total))
            if limited != total:
                reasons.append(
                    {
                        "name": self.env._(
                            "Limit of “%(group)s”: %(limit)s",
                            group=group.name,
                            limit=limited,
                        ),
                        "points": limited - total,
                        "dimension": group.dimension,
                        "kind": "cap",
                    }
                )
        return reasons

    # ------------------------------------------------------------
    # What would raise it
    # ------------------------------------------------------------

    @api.model
    def _get_open_points(self, lead, explained):
        """Return the points that information not there yet could give.

        :return: dict of (``"field"``, name) or (``"qualifier"``, id) to points
        """
        model, terms, __, __, answered = explained
        points_of = {}

        def add(key, points):
            if points > 0:
                points_of[key] = points_of.get(key, 0) + points

        every = self.env["lead.qualifier"]._get_all()
        for rule, points in terms:
            if rule and rule.company_id not in (False, lead.company_id.id):
                continue  # it never counts for this lead
            if rule and rule.kind == QUALIFIER and rule.qualifier_id not in answered:
                data = every[rule.qualifier_id]
                given = [band.points for band in rule.bands if not band.is_unset]
                add(("qualifier", rule.qualifier_id), self._best(data, given) - points)
            elif rule and rule.kind == FIELD and not points:
                for information in self._get_empty(lead, rule):
                    add(information, rule.points)
            elif rule and rule.kind == BANDS and "." not in rule.field_path:
                if not lead[rule.field_path]:
                    best = max((band.points for band in rule.bands), default=0)
                    add(("field", rule.field_path), best - points)
        options = {}
        for row in model.options if model else ():
            options.setdefault(row.qualifier_id, []).append(row.points)
        for qualifier_id, given in options.items():
            if qualifier_id not in answered:
                add(("qualifier", qualifier_id), self._best(every[qualifier_id], given))
        return points_of

    @api.model
    def _best(self, data, points):
        """Return the most that the answer to a question can give."""
        positive = [number for number in points if number > 0]
        return sum(positive) if data.kind == "multiple" else max(positive, default=0)

    @api.model
    def _get_empty(self, lead, rule):
        """Return the information a rule reads of which nothing is known."""
        questions = self.env["lead.qualifier"]._get_by_column()
        names = self.env["lead.score.model"]._read_fields(rule)
        return [
            ("qualifier", questions[name].id) if name in questions else ("field", name)
            for name in sorted(names & set(self.env["crm.lead"]._fields))
            if self._is_empty(lead, name)
        ]

    @api.model
    def _is_empty(self, lead, name):
        """Return whether nothing is known; what others stand behind is not read."""
        field = lead._fields[name]
        if field.type != "many2many" or not field.store:
            return not lead[name]
        if lead.id in field._get_cache(lead.env):
            return not lead[name]
        return not self.env.execute_query(
            SQL(
                "SELECT 1 FROM %s WHERE %s = %s LIMIT 1",
                SQL.identifier(field.relation),
                SQL.identifier(field.column1),
                lead.id,
            )
        )

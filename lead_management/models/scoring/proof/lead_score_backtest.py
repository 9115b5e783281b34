import math

from odoo import api, fields, models
from odoo.tools import SQL, Query

from ....tools import score_quality
from ..model.lead_score_rule import VETO
from ..model.lead_score_terms import NO_EVENTS

BAND_EDGES = (0, 20, 40, 60, 80)
# Fewer closed leads than this prove nothing; nor do fewer that met a rule.
ENOUGH_CLOSED, ENOUGH_MET = 200, 30
# Two standard errors: what chance alone hardly does.
SIGNIFICANT = 1.96
# What :meth:`_new_capture_query` knows besides the columns of a lead.
WON = SQL.identifier("crm_lead", "test_won")
CAPTURED = SQL.identifier("crm_lead", "test_captured")


class LeadScoreModel(models.Model):
    """How well a version tells won from lost leads."""

    _inherit = "lead.score.model"

    backtest = fields.Json(readonly=True, copy=False)

    def action_backtest(self):
        """Try this version on the closed leads, as they were known at capture."""
        self.ensure_one()
        self.check_access("write")
        self.env.flush_all()
        self.env["crm.lead"]._derived_flush()
        # sudo: the engine; whoever may write the version may know how good it is
        data = self.sudo()._to_data()
        scores, rules = self._test_scores([data], data)
        won = sum(row[1] for row in scores)
        report = {
            "date": fields.Datetime.now().isoformat(),
            "captured": self._count_captured(data),
            "leads": won + sum(row[2] for row in scores),
            "won": won,
            "models": self._compare(data, scores),
            "rules": self._rate_rules(data, scores, rules),
            "open": self._test_open(data),
            "hot": self._get_shares(scores),
        }
        report["base_rate"] = won / report["leads"] if report["leads"] else None
        report["warnings"] = self._find_warnings(report)
        self.backtest = report
        self._save_calibration(report["rules"])
        return True

    # ------------------------------------------------------------
    # Closed leads
    # ------------------------------------------------------------

    @api.model
    def _new_capture_query(self):
        """Return a query on closed leads of the own companies, as first known.

        Where a snapshot was taken at capture its columns stand in for those of today;
        what is not a column of the lead (tags, answers, related records) is today's.
        """
        left_out = self.env["lead.score.snapshot"]._get_left_out()
        # OFFSET 0: the columns of a lead are put together once, not once per use
        table = SQL(
            """(
            SELECT known.*, lead.won_status = 'won' AS test_won,
                   COALESCE(snapshot.values->>'won_status' = 'pending', FALSE)
                       AS test_captured,
                   (snapshot.values->>'automated_probability')::numeric
                       AS test_predicted,
                   snapshot.values AS test_values
            FROM crm_lead lead
            LEFT JOIN lead_score_snapshot snapshot
                ON snapshot.lead_id = lead.id AND snapshot.moment = 'capture',
            LATERAL jsonb_populate_record(
                lead, COALESCE(snapshot.values, '{}') - %s::text[]
            ) AS known
            WHERE lead.won_status IN ('won', 'lost')
                AND (lead.company_id IS NULL OR lead.company_id = ANY(%s))
            OFFSET 0
            )""",
            [*left_out, "id"],
            self.env.companies.ids,
        )
        # sudo: as of all queries on leads that conditions are compiled for
        engine = self.sudo().with_context(active_test=False).env
        return Query(engine, "crm_lead", table)

    @api.model
    def _new_scoped_query(self, data):
        """Return the closed leads that a model is about."""
        query = self._new_capture_query()
        domain = self._get_lead_domain(data.conditions, data.company_id)
        query.add_where(self._compile_domain(domain, query))
        return query

    def _count_captured(self, data):
        """Return of how many closed leads all that is asked was kept at capture."""
        kept, marked = self.env["lead.score.snapshot"]._get_kept()
        asked = self._get_source_fields([data]) & {*kept, *marked}
        query = self._new_scoped_query(data)
        query.add_where(CAPTURED)
        values = SQL.identifier("crm_lead", "test_values")
        query.add_where(SQL("jsonb_exists_all(%s, %s::text[])", values, sorted(asked)))
        [(count,)] = self.env.execute_query(query.select(SQL("count(*)")))
        return count

    @api.model
    def _test_scores(self, models_, scope):
        """Score the closed leads in ``scope`` by models, in one statement.

        :return: list of (score, won, lost) and a dict of rule id (None for points of
          answers) to: the won and the lost among those that met the rule, and the
          correlation of its points with winning, -1 to 1, or None
        """
        terms = []

        def more(compiled):
            terms.extend(term for one in compiled for term in one.terms)
            points = SQL(", ").join(sql for __, sql in terms)
            return [
                ("won", WON),
                ("points", SQL("ARRAY[%s]::int4[]", points)),
            ]

        scored = self._sql_scores(
            models_, self._new_scoped_query(scope), events=NO_EVENTS, more=more
        )
        self.env.cr.execute("SET LOCAL jit = off")
        rows = self.env.execute_query(
            SQL(
                """
                WITH scored AS MATERIALIZED (%s)
                SELECT 0, total, count(*) FILTER (WHERE won),
                       count(*) FILTER (WHERE NOT won), NULL::float8
                FROM scored GROUP BY total
                UNION ALL
                SELECT 1, term.number,
                       count(*) FILTER (WHERE term.points != 0 AND won),
                       count(*) FILTER (WHERE term.points != 0 AND NOT won),
                       corr(term.points, won::int4)
                FROM scored, unnest(points) WITH ORDINALITY AS term (points, number)
                GROUP BY term.number
                """,
                scored,
            )
        )
        scores = [(total, won, lost) for kind, total, won, lost, __ in rows if not kind]
        rules = {}
        for kind, number, won, lost, correlation in rows:
            if kind:
                rule = terms[number - 1][0]
                rules[rule.id if rule else None] = (won, lost, correlation)
        return scores, rules

    def _compare(self, data, scores):
        """Return how well this version, the active ones and Odoo's prediction sort."""
        rated = [self._rate("this", self.display_name, scores), *self._get_proof()]
        active = self._get_active()
        if active and data.id not in [model.id for model in active]:
            others, __ = self._test_scores(active, data)
            name = self.env._("Active version")
            rated.append(self._rate("active", name, others))
        predicted = self._read_predictions(data)
        known = sum(won + lost for __, won, lost in predicted)
        # one prediction for all leads is none
        if known >= ENOUGH_MET and len(predicted) > 1:
            name = self.env._("Odoo's prediction at capture")
            rated.append(self._rate("odoo", name, predicted))
        return rated

    def _read_predictions(self, data):
        """Return what Odoo predicted at capture: list of (percent, won, lost).

        Without statistics to go by Odoo predicts 0 for every lead: that is left out.
        """
        query = self._new_scoped_query(data)
        query.add_where(CAPTURED)
        query.add_where(SQL("%s > 0", SQL.identifier("crm_lead", "test_predicted")))
        percent = SQL("round(%s, 1)", SQL.identifier("crm_lead", "test_predicted"))
        query.groupby = percent
        rows = self.env.execute_query(
            query.select(
                percent,
                SQL("count(*) FILTER (WHERE %s)", WON),
                SQL("count(*) FILTER (WHERE NOT %s)", WON),
            )
        )
        return [(float(percent or 0), won, lost) for percent, won, lost in rows]

    @api.model
    def _rate(self, key, name, scores):
        """Return the quality of scores, as the report shows it."""
        won = sum(row[1] for row in scores)
        lost = sum(row[2] for row in scores)
        area = score_quality.auc(scores)
        return {
            "key": key,
            "name": name,
            "leads": won + lost,
            "auc": area,
            "error": score_quality.auc_error(area, won, lost) if area else None,
            "lift10": score_quality.lift(scores, 0.1),
            "lift20": score_quality.lift(scores, 0.2),
            "separates": bool(area) and score_quality.separates(scores),
            "bands": [
                band._asdict() for band in score_quality.bands(scores, BAND_EDGES)
            ],
        }

    # ------------------------------------------------------------
    # Rules
    # ------------------------------------------------------------

    @api.model
    def _rate_rules(self, data, scores, rules):
        """Return the support, win rate and lift of each rule, and a verdict."""
        won = sum(row[1] for row in scores)
        closed = won + sum(row[2] for row in scores)
        return [
            self._rate_rule(rule, won, closed, *rules.get(rule.id, (0, 0, None)))
            for rule in data.rules
        ]

    @api.model
    def _rate_rule(self, rule, all_won, closed, won, lost, correlation):
        met = won + lost
        rate = won / met if met else None
        if rule.kind == VETO and correlation:
            correlation = -correlation  # it counts what it takes out
        return {
            "id": rule.id,
            "name": rule.name,
            # each range has points of its own
            "points": None if rule.bands or rule.kind == VETO else rule.points,
            "leads": met,
            "won": won,
            "rate": rate,
            "lift": rate * closed / all_won if met and all_won else None,
            "verdict": self._assess_rule(closed, met, correlation),
        }

    @api.model
    def _assess_rule(self, closed, met, correlation):
        """Return what history says of the points of a rule.

        The square of the correlation (phi, for a rule that is met or not) times the
        number of leads is chi-square with one degree of freedom.
        """
        if met < ENOUGH_MET or correlation is None:
            return "few"
        if abs(correlation) * math.sqrt(closed) < SIGNIFICANT:
            return "weak"
        return "right" if correlation > 0 else "wrong"

    def _save_calibration(self, rules):
        """Keep what was found of each rule where the rules are listed."""
        for rule in rules:
            # no change of the rule: its scores stand
            self.env.cr.execute(
                """
                UPDATE lead_score_rule
                SET tested_leads = %s, tested_rate = %s, tested_lift = %s
                WHERE id = %s AND model_id = %s
                """,
                [rule["leads"], rule["rate"], rule["lift"], rule["id"], self.id],
            )
        self.env["lead.score.rule"].invalidate_model(
            ["tested_leads", "tested_rate", "tested_lift"], flush=False
        )

    # ------------------------------------------------------------
    # Warnings
    # ------------------------------------------------------------

    def _find_warnings(self, report):
        warnings = []
        if self.learnt:
            warnings.append("in_sample")
        if report["leads"] < ENOUGH_CLOSED:
            warnings.append("few")
        if not report["models"][0]["separates"]:
            warnings.append("no_signal")
        if report["captured"] < report["leads"]:
            warnings.append("today")
        return warnings

from odoo import api, fields, models
from odoo.tools import SQL

from ...base.fast.sql_rows import sql_rows
from ...base.lead_row_mixin import DROP

# How many waiting leads are counted to say "the best of so many".
COUNTED = 1000
LOWEST = -(2**31)
HIGHEST = 2**31 - 1
# Moments are counted in seconds from here: so they fit from 1952 to 2088.
EPOCH = "2020-01-01"


class LeadPoolEntry(models.Model):
    """A lead in a pool: waiting, or claimed and not yet touched.

    A narrow table of its own, so that thousands of claims a second neither scan nor
    lock ``crm_lead``.
    """

    _name = "lead.pool.entry"
    _inherit = ["lead.row.mixin"]
    _description = "Pool Lead"
    _log_access = False
    _order = "priority desc, lead_id"
    _merge = DROP  # what is merged waits nowhere

    lead_id = fields.Many2one(index=False)
    pool_id = fields.Many2one("lead.pool", required=True, ondelete="cascade")
    priority = fields.Integer(required=True, default=0, aggregator=None)
    date = fields.Datetime(required=True, default=fields.Datetime.now)
    # Claim
    user_id = fields.Many2one("res.users", string="Claimed By", ondelete="set null")
    claim_date = fields.Datetime(string="Claimed On")
    claim_due = fields.Datetime(string="Contact By")

    _lead_uniq = models.UniqueIndex("(lead_id)", "A lead can wait in one pool only.")
    _next_idx = models.Index("(pool_id, priority DESC, lead_id) WHERE user_id IS NULL")
    _claims_idx = models.Index("(user_id, pool_id) WHERE user_id IS NOT NULL")
    _due_idx = models.Index("(claim_due) WHERE user_id IS NOT NULL")

    @api.model
    def _sql_priority(self):
        """Return what the leads of a pool are ordered by: ``pool`` and ``lead``.

        Moments beyond what fits, of leads that were imported, say, are all the same.
        """
        return SQL(
            """
            CASE pool."order" WHEN 'score' THEN COALESCE(score.total, 0) ELSE
                GREATEST(%s, LEAST(%s,
                    extract(epoch FROM lead.create_date - %s::timestamp)
                    * CASE pool."order" WHEN 'oldest' THEN -1 ELSE 1 END
                ))::int
            END
            """,
            LOWEST + 1,
            HIGHEST,
            EPOCH,
        )

    @api.model
    def _enter(self, pairs):
        """Put leads into pools, where they wait again, in one statement.

        :param pairs: list of (lead id, pool id)
        """
        if not pairs:
            return
        self.flush_model()
        self.env["lead.pool"].flush_model()
        self.env["crm.lead"]._derived_flush()
        self.env["crm.lead"].flush_model(["create_date"])
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO lead_pool_entry (lead_id, pool_id, priority, date)
                SELECT new.lead_id, pool.id, %(priority)s, %(now)s
                FROM (%(rows)s) AS new(lead_id, pool_id)
                JOIN lead_pool pool ON pool.id = new.pool_id
                JOIN crm_lead lead ON lead.id = new.lead_id
                LEFT JOIN lead_score score ON score.lead_id = lead.id
                ON CONFLICT (lead_id) DO UPDATE SET
                    pool_id = EXCLUDED.pool_id, priority = EXCLUDED.priority,
                    date = EXCLUDED.date, user_id = NULL, claim_date = NULL,
                    claim_due = NULL
                """,
                priority=self._sql_priority(),
                now=fields.Datetime.now(),
                rows=sql_rows(("int4", "int4"), pairs),
            )
        )
        self.invalidate_model()

    @api.model
    def _leave(self, lead_ids):
        """Take leads out of their pools."""
        self.flush_model()
        self.env.cr.execute(
            SQL("DELETE FROM lead_pool_entry WHERE lead_id = ANY(%s)", list(lead_ids))
        )
        self.invalidate_model()

    @api.model
    def _follow_scores(self, lead_ids=None, pools=None):
        """Order waiting leads by their scores now.

        Those that somebody is just claiming are left out.
        """
        conditions = [SQL("entry.user_id IS NULL")]
        if lead_ids is not None:
            conditions.append(SQL("entry.lead_id = ANY(%s)", list(lead_ids)))
        if pools is None:
            conditions.append(SQL("""pool."order" = 'score'"""))
        else:
            pools.flush_recordset(["order"])
            conditions.append(SQL("pool.id = ANY(%s)", pools.ids))
        self.env.cr.execute(
            SQL(
                """
                UPDATE lead_pool_entry SET priority = now.priority
                FROM (
                    SELECT entry.id, %(priority)s AS priority
                    FROM lead_pool_entry entry
                    JOIN lead_pool pool ON pool.id = entry.pool_id
                    JOIN crm_lead lead ON lead.id = entry.lead_id
                    LEFT JOIN lead_score score ON score.lead_id = lead.id
                    WHERE %(conditions)s
                        AND entry.priority IS DISTINCT FROM (%(priority)s)
                    FOR NO KEY UPDATE OF entry SKIP LOCKED
                ) now
                WHERE lead_pool_entry.id = now.id
                """,
                priority=self._sql_priority(),
                conditions=SQL(" AND ").join(conditions),
            )
        )

    # ------------------------------------------------------------
    # Claims
    # ------------------------------------------------------------

    @api.model
    def _claim_next(self, user, pools):
        """Claim the best lead of some pools for a user, in one statement.

        Each pool offers its next lead; among them the highest score wins, then the
        oldest. Leads another transaction holds are skipped, and those the user gave
        back before, or may not have.

        :return: (lead id, pool id), or Nones when nothing waits
        """
        rows = self.env.execute_query(self._sql_claim_next(user, pools))
        self.invalidate_model()
        return rows[0] if rows else (None, None)

    @api.model
    def _sql_claim_next(self, user, pools):
        return SQL(
            """
            UPDATE lead_pool_entry SET user_id = %(user)s, claim_date = %(now)s
            WHERE id = (
                SELECT next.id
                FROM unnest(%(pools)s) AS pool(id)
                CROSS JOIN LATERAL (
                    SELECT entry.id, entry.lead_id FROM lead_pool_entry entry
                    JOIN crm_lead lead ON lead.id = entry.lead_id
                    WHERE entry.pool_id = pool.id AND entry.user_id IS NULL
                        AND (lead.company_id = ANY(%(companies)s)
                            OR lead.company_id IS NULL)
                        AND NOT EXISTS (
                            SELECT FROM lead_assignment_log log
                            WHERE log.lead_id = entry.lead_id
                                AND log.user_before_id = %(user)s
                                AND log.outcome IN ('released', 'expired')
                        )
                    ORDER BY entry.priority DESC, entry.lead_id
                    LIMIT 1
                    FOR NO KEY UPDATE OF entry, lead SKIP LOCKED
                ) next
                LEFT JOIN lead_score score ON score.lead_id = next.lead_id
                ORDER BY score.total DESC NULLS LAST, next.lead_id
                LIMIT 1
            )
            RETURNING lead_id, pool_id
            """,
            user=user.id,
            now=fields.Datetime.now(),
            pools=pools.ids,
            companies=user.company_ids.ids,
        )

    @api.model
    def _claim(self, user, lead_ids):
        """Claim certain leads for a user, if they still wait.

        :return: dict of the ids of the leads that were claimed to those of their pools
        """
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                UPDATE lead_pool_entry SET user_id = %s, claim_date = %s
                WHERE lead_id = ANY(%s) AND user_id IS NULL
                RETURNING lead_id, pool_id
                """,
                user.id,
                fields.Datetime.now(),
                list(lead_ids),
            )
        )
        self.invalidate_model()
        return dict(rows)

    @api.model
    def _put_last(self, lead_ids):
        """Let waiting leads be the last of their pools, until their scores move."""
        self.flush_model()
        self.env.cr.execute(
            SQL(
                "UPDATE lead_pool_entry SET priority = %s "
                "WHERE lead_id = ANY(%s) AND user_id IS NULL",
                LOWEST,
                list(lead_ids),
            )
        )
        self.invalidate_model()

    @api.model
    def _set_due(self, rows):
        """Set until when claimed leads have to be touched.

        :param rows: list of (lead id, moment)
        """
        if not rows:
            return
        self.flush_model()
        self.env.cr.execute(
            SQL(
                """
                UPDATE lead_pool_entry SET claim_due = due.moment
                FROM (%s) AS due(lead_id, moment)
                WHERE lead_pool_entry.lead_id = due.lead_id
                """,
                sql_rows(("int4", "timestamp"), rows),
            )
        )
        self.invalidate_model()

    def _expire(self):
        """Let a lead wait again that was claimed and not touched."""
        if self.lead_id.user_id == self.user_id:
            self.lead_id._release("expired", trigger="sla")
        else:
            self._leave(self.lead_id.ids)

    @api.model
    def _rank(self, lead_id):
        """Return how good a lead is among those waiting in its pool, by their scores.

        :return: (rank from 0 for the worst to 1 for the best, number of waiting leads)
        """
        self.env["crm.lead"]._derived_flush()
        [(worse, equal, total)] = self.env.execute_query(
            SQL(
                """
                SELECT count(*) FILTER (WHERE others.total < own.total),
                    count(*) FILTER (WHERE others.total = own.total), count(*)
                FROM lead_pool_entry entry
                JOIN lead_score own ON own.lead_id = entry.lead_id
                JOIN lead_pool_entry other ON other.pool_id = entry.pool_id
                    AND (other.user_id IS NULL OR other.id = entry.id)
                JOIN lead_score others ON others.lead_id = other.lead_id
                WHERE entry.lead_id = %s
                """,
                lead_id,
            )
        )
        if total < 2:
            return 0.5, total
        return (worse + (equal - 1) / 2) / (total - 1), total

    @api.model
    def _count_waiting(self, pool_id):
        """Return how many leads wait in a pool, counted up to a thousand."""
        [(count,)] = self.env.execute_query(
            SQL(
                """
                SELECT count(*) FROM (
                    SELECT FROM lead_pool_entry
                    WHERE pool_id = %s AND user_id IS NULL LIMIT %s
                ) waiting
                """,
                pool_id,
                COUNTED,
            )
        )
        return count

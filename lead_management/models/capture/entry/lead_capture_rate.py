from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

KEPT = timedelta(days=2)
# So many bytes of files a source takes within an hour: of one network, of all.
MOST_OF_ONE, MOST_OF_ALL = 50 * 2**20, 500 * 2**20
ALL = ""


class LeadCaptureRate(models.Model):
    """How often sources are called, hour by hour: counted in one statement."""

    _name = "lead.capture.rate"
    _description = "Calls of a Capture Source"
    _log_access = False
    _rec_name = "who"

    source_id = fields.Many2one(
        "lead.capture.source", required=True, ondelete="cascade"
    )
    who = fields.Char(help="The network of the caller, or empty for all of them.")
    hour = fields.Datetime(required=True)
    hits = fields.Integer(required=True)
    forged = fields.Integer(help="Calls whose signature or key is wrong.")
    size = fields.Integer(help="Bytes of the files that came in.")

    _who_uniq = models.UniqueIndex("(source_id, hour, who)")
    _hour_idx = models.Index("(hour)")

    @api.model
    def _count(self, source, network, is_forged=False):
        """Count a call, and return how many of its sort there were within the hour.

        What is forged counts for itself: it uses up nothing of what the source takes.

        :return: pair of those of the network, and of all
        """
        sort = SQL.identifier("forged" if is_forged else "hits")
        hour = fields.Datetime.now().replace(minute=0, second=0, microsecond=0)
        rows = self.env.execute_query(
            SQL(
                """
                INSERT INTO lead_capture_rate AS rate
                    (source_id, who, hour, hits, forged)
                VALUES (%(source)s, %(all)s, %(hour)s, %(genuine)s, %(forged)s),
                       (%(source)s, %(who)s, %(hour)s, %(genuine)s, %(forged)s)
                ON CONFLICT (source_id, hour, who) DO UPDATE
                SET hits = rate.hits + EXCLUDED.hits,
                    forged = COALESCE(rate.forged, 0) + EXCLUDED.forged
                RETURNING who, %(sort)s
                """,
                source=source.id,
                all=ALL,
                who=network or "?",
                hour=hour,
                genuine=int(not is_forged),
                forged=int(is_forged),
                sort=sort,
            )
        )
        counts = dict(rows)
        return counts[network or "?"], counts[ALL]

    @api.model
    def _has_room(self, source, network, items):
        """Count the files of a call; return whether the source takes them still.

        After :meth:`_count`, which made the rows of the hour.
        """
        size = sum(len(file.content) for item in items for file in item.files)
        if not size:
            return True
        hour = fields.Datetime.now().replace(minute=0, second=0, microsecond=0)
        rows = self.env.execute_query(
            SQL(
                """
                UPDATE lead_capture_rate
                SET size = LEAST(COALESCE(size, 0) + %(size)s::bigint, %(most)s)
                WHERE source_id = %(source)s AND who IN %(who)s AND hour = %(hour)s
                RETURNING who, size
                """,
                size=size,
                most=2 * MOST_OF_ALL,
                source=source.id,
                who=(ALL, network or "?"),
                hour=hour,
            )
        )
        sizes = dict(rows)
        one, total = sizes.get(network or "?", size), sizes.get(ALL, size)
        return one <= MOST_OF_ONE and total <= MOST_OF_ALL

    @api.autovacuum
    def _gc_rates(self):
        self.search([("hour", "<", fields.Datetime.now() - KEPT)]).unlink()

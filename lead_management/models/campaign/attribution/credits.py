"""Who gets how much of a result, worked out in the database for many leads at once.

The shares are those of `tools/attribution.py`, which tests compare with.
"""

from odoo.tools import SQL

from ....tools.attribution import (
    DECAY,
    ENDS,
    FIRST,
    HALF_LIFE,
    LAST,
    LINEAR,
    POSITION,
)

# Share of touch k of n; `part` is what it counts before all together are made 1.
WEIGHTS = {
    FIRST: SQL("CASE k WHEN 1 THEN 1.0 ELSE 0.0 END"),
    LAST: SQL("CASE k WHEN n THEN 1.0 ELSE 0.0 END"),
    LINEAR: SQL("1.0 / n"),
    POSITION: SQL(
        "CASE WHEN n <= 2 THEN 1.0 / n WHEN k IN (1, n) THEN %s"
        " ELSE %s::numeric / (n - 2) END",
        ENDS,
        round(1 - 2 * ENDS, 9),
    ),
    DECAY: SQL("part / SUM(part) OVER (PARTITION BY basis, lead_id)"),
}


def get_credits(results, model):
    """Return the query of shares: one row for each touch before a result.

    What is known of no touch is told by the campaign on the lead; where there is none
    either, the campaign is NULL and the share 1: it is not given to others.

    :param results: query with basis, lead_id, moment, amount, currency_id
    :param model: one of ``tools.attribution.MODELS``; the bases ``created`` and
        ``open`` go to the first touch whatever it is
    :return: query with basis, lead_id, moment, amount, currency_id, campaign_id,
        touch_id, date, k, n, weight
    """
    return SQL(
        """
        WITH result AS MATERIALIZED (%(results)s),
        touch AS (
            SELECT result.*, touch.id AS touch_id, touch.campaign_id, touch.date,
                   ROW_NUMBER() OVER in_order AS k,
                   COUNT(*) OVER (PARTITION BY result.basis, result.lead_id) AS n,
                   EXTRACT(EPOCH FROM touch.date - MAX(touch.date)
                       OVER (PARTITION BY result.basis, result.lead_id)) AS age
              FROM result
              JOIN lead_campaign_touch touch
                ON touch.lead_id = result.lead_id AND touch.date <= result.moment
            WINDOW in_order AS (
                PARTITION BY result.basis, result.lead_id
                ORDER BY touch.date, touch.id
            )
        ),
        weighed AS (
            SELECT *, POWER(2.0, GREATEST(age / 86400 / %(half_life)s, -1000)) AS part
              FROM touch
        )
        SELECT basis, lead_id, moment, amount, currency_id, campaign_id, touch_id,
               date, k, n,
               CASE WHEN basis IN ('created', 'open') THEN %(first)s
                    ELSE %(weight)s END AS weight
          FROM weighed
         UNION ALL
        SELECT result.*, lead.campaign_id, NULL, lead.create_date, 1, 1, 1.0
          FROM result JOIN crm_lead lead ON lead.id = result.lead_id
         WHERE NOT EXISTS (
            SELECT FROM lead_campaign_touch touch
             WHERE touch.lead_id = result.lead_id AND touch.date <= result.moment
         )
        """,
        results=results,
        half_life=HALF_LIFE,
        first=WEIGHTS[FIRST],
        weight=WEIGHTS[model],
    )

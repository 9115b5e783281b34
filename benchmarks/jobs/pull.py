"""Salespeople who pull the next lead of a pool at the same time."""

import queue
import statistics
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import psycopg2
from harness.job import Job, job
from harness.lead_rows import insert_leads
from harness.transactions import really

from odoo import api, sql_db

POOL = "Bench pool"
NUMBER = 320


@job("pull", "pull 320 leads from a pool as large as the database")
class Pull(Job):
    """Each pull in a transaction of its own that commits, as in production.

    ``floor`` is the claim alone: its statement and a commit, over 16 connections that
    stay open, without Odoo around it and without an owner being written. Half, 95 % and
    the most that a pull took are printed beside the table.
    """

    variants = {"16 at once": None, "one after the other": None}
    threads = {"16 at once": 16, "one after the other": 1}

    def rows(self, variant):
        return NUMBER

    def setup(self, env, addon):
        if addon:
            self.teardown(env, addon)
            reps = env["res.users"].search(
                [("login", "=like", "bench_rep_%")], limit=16
            )
            env["lead.pool"].create(
                {"name": POOL, "member_ids": reps.ids, "wip_limit": 0}
            )

    def teardown(self, env, addon):
        if not addon:
            return
        pool = env["lead.pool"].search([("name", "=", POOL)])
        env.cr.execute(
            "DELETE FROM lead_pool_entry WHERE pool_id = ANY(%s)", [pool.ids]
        )
        env["crm.lead"].with_context(active_test=False).search(
            [("assignment_pool_id", "in", pool.ids)]
        ).unlink()
        pool.unlink()

    def prepare(self, env, side, variant=""):
        """The leads to pull wait before all others, which nobody gets to."""
        pool = env["lead.pool"].search([("name", "=", POOL)])
        self.teardown(env, True)
        self.setup(env, True)
        pool = env["lead.pool"].search([("name", "=", POOL)])
        ids = insert_leads(env, NUMBER, True, start=self.leads, pool=True)
        env.cr.execute(
            "UPDATE crm_lead SET assignment_pool_id = %s WHERE id = ANY(%s)",
            [pool.id, ids],
        )
        env.cr.execute(
            """
            INSERT INTO lead_pool_entry (lead_id, pool_id, priority, date)
            SELECT id, %s, CASE WHEN id = ANY(%s) THEN 1000 ELSE id %% 100 END, now()
            FROM crm_lead
            """,
            [pool.id, ids],
        )
        env.cr.execute("ANALYZE lead_pool_entry")
        env.cr.commit()
        return pool.member_ids.ids

    def ours(self, env, user_ids, variant=""):
        self._pull_all(env, user_ids, variant, self._pull)

    def floor(self, env, user_ids, variant=""):
        """Rows are claimed by the statement of the addon, with its parameters."""
        users = env["res.users"].browse(user_ids)
        statements = queue.Queue()
        for user in users:
            pools = env["lead.pool"]._get_of_user(user)
            sql = env["lead.pool.entry"]._sql_claim_next(user, pools)
            connection = psycopg2.connect(
                **sql_db.connection_info_for(env.cr.dbname)[1]
            )
            statements.put((connection, connection.cursor(), sql.code, sql.params))
        env.cr.commit()
        self._pull_all(env, user_ids, "16 at once", self._claim, statements)
        while not statements.empty():
            statements.get()[0].close()

    def _pull_all(self, env, user_ids, variant, pull, source=None):
        """Run all pulls; fail when a lead was given twice, or none was left to give."""
        with really(), ThreadPoolExecutor(self.threads[variant]) as pool:
            jobs = [
                pool.submit(
                    pull, source or env.registry, user_ids[number % len(user_ids)]
                )
                for number in range(NUMBER)
            ]
            start = time.perf_counter()
            results = [each.result() for each in jobs]
            total = time.perf_counter() - start
        leads = Counter(lead_id for lead_id, __ in results)
        assert None not in leads, "a pull found nothing"
        assert set(leads.values()) == {1}, "a lead was given twice"
        seconds = sorted(duration for __, duration in results)
        late = seconds[int(len(seconds) * 0.95)]
        print(
            f"  {pull.__name__.strip('_')}: half {statistics.median(seconds):.3f} s, "
            f"95 % {late:.3f} s, most {seconds[-1]:.3f} s, "
            f"{NUMBER / total:.0f} per second",
            file=sys.stderr,
            flush=True,
        )

    @staticmethod
    def _pull(registry, user_id):
        """What the button does, in a request of its own."""
        start = time.perf_counter()
        with registry.cursor() as cr:
            action = api.Environment(cr, user_id, {})["crm.lead"].action_pull_next()
        return action.get("res_id"), time.perf_counter() - start

    @staticmethod
    def _claim(statements, __):
        """Use a connection that nobody uses now; what it takes counts from there."""
        connection, cursor, code, params = statements.get()
        start = time.perf_counter()
        cursor.execute(code, params)
        [(lead_id, __)] = cursor.fetchall()
        connection.commit()
        seconds = time.perf_counter() - start
        statements.put((connection, cursor, code, params))
        return lead_id, seconds

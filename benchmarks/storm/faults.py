"""Post submissions while workers are killed and PostgreSQL is restarted.

In the end each answer has its row, each row its end, and nobody is two leads. Exit code
1 when not. The database is copied to a PostgreSQL server of its own.
"""

import argparse
import random
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import psycopg2
import requests

from . import doors, place, world

KINDS = ("form", "api", "google", "tiktok")
# Parts of all statements that fail as those of two that wrote the same rows.
CONFLICT = """
CREATE FUNCTION storm_conflict() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF random() < TG_ARGV[0]::float THEN
        RAISE EXCEPTION 'could not serialize access' USING ERRCODE = '40001';
    END IF;
    RETURN NEW;
END $$
"""
CONFLICTS = (
    ("lead_capture_entry", "INSERT", 0.02),
    ("lead_capture_entry", "UPDATE", 0.002),
    ("crm_lead", "INSERT", 0.002),
)
# Those that are not an end; what needs a person is one, and would be listed here too.
WAITING = "SELECT count(*) FROM lead_capture_entry WHERE state IN ('stored', 'retry')"
SETTLE_SECONDS = 900
TIMES = 20
SERVED = ("--workers=2", "--max-cron-threads=2")


class Storm:
    """What is posted, and what is broken meanwhile."""

    def __init__(self, cluster, where, sources, options):
        self.cluster, self.place, self.posts = cluster, where, options.posts
        self.kill_every, self.restart_every = options.kill, options.restart
        self.doors = doors.Doors(where.url, sources)
        self.sources = sources
        self.told, self.done = Counter(), threading.Event()
        self.answered = {}

    def plan(self):
        """Return what is posted: pairs of kind and number of a person.

        Of ten posts one is sent twice at once, and one person comes by two doors.
        """
        pairs, number = [], 0
        while len(pairs) < self.posts:
            number += 1
            kind = KINDS[number % len(KINDS)]
            pairs.append((kind, number))
            if number % 10 == 1:
                pairs.append((kind, number))
            if number % 10 == 2:
                pairs.append((KINDS[(number + 1) % len(KINDS)], number))
        return pairs[: self.posts]

    def send(self, pair):
        """Post until it is taken, as whoever posts does."""
        while not self.done.is_set():
            try:
                answer = self.doors.post(*pair)
            except requests.RequestException:
                self.told["no answer"] += 1
                time.sleep(0.5)
                continue
            if doors.is_taken(answer):
                self.told["taken"] += 1
                self.answered[pair] = True
                return
            self.told[f"answer {answer.status_code}"] += 1
            # Odoo's own pages: it answers so while its database is away
            kind = answer.headers.get("Content-Type", "")
            is_away = answer.status_code in (403, 404) and "html" in kind
            if answer.status_code < 500 and not is_away:
                raise AssertionError(f"{pair}: {answer.status_code} {answer.text}")
            time.sleep(0.2)

    def kill(self):
        """Kill a worker, whatever it is doing."""
        workers = self.place.workers()
        if workers and place.kill(random.choice(workers)):
            self.told["workers killed"] += 1

    def restart(self):
        """Restart the database server: it crashes, or it is stopped."""
        mode = random.choice(("immediate", "fast"))
        self.cluster.restart(mode)
        self.told[f"restarts, {mode}"] += 1

    def every(self, posts, job):
        """Do a job each time when so many posts were taken."""
        due = posts
        while not self.done.wait(0.05):
            if self.told["taken"] >= due:
                job()
                due += random.uniform(0.5, 1.5) * posts

    def revive(self):
        """Start Odoo again, as the system does: it ends when its database does."""
        while not self.done.wait(0.5):
            if self.place.odoo.poll() is not None:
                self.told["restarts, Odoo"] += 1
                self.place.start(*SERVED)

    def report(self):
        while not self.done.wait(15):
            print(f"  … {dict(self.told)}", file=sys.stderr, flush=True)

    def equal(self):
        """Post the same twenty times at once to each kind; return what is wrong."""
        wrong = {}
        for place_, kind in enumerate(self.sources, 900_000):
            jobs = [lambda kind=kind, n=place_: self.doors.post(kind, n)] * TIMES
            with ThreadPoolExecutor(TIMES) as pool:
                answers = [one.result() for one in [pool.submit(job) for job in jobs]]
            told = {
                (one.status_code, one.text, one.headers.get("Location"))
                for one in answers
            }
            [[rows]] = self.place.query(
                "SELECT count(*) FROM lead_capture_entry WHERE source_id = %s",
                self.sources[kind]["id"],
            )
            if (len(told), rows) != (1, 1) or not doors.is_taken(answers[0]):
                wrong[kind] = f"{len(told)} different answers, {rows} rows: {told}"
        self.place.query(
            "DELETE FROM lead_capture_entry WHERE source_id = ANY(%s)"
            " AND lead_id IS NULL AND state IN ('stored', 'retry')",
            [self.sources[kind]["id"] for kind in self.sources if kind not in KINDS],
        )
        return wrong

    def disturb(self):
        """Let statements fail from now on.

        Each table in a transaction of its own: Odoo is at work, and two locks at once
        would wait for one that waits for them.
        """
        self.place.query(CONFLICT)
        for table, event, part in CONFLICTS:
            self.place.query(
                f"CREATE TRIGGER storm_{event.lower()} BEFORE {event} ON {table}"
                f" FOR EACH ROW EXECUTE FUNCTION storm_conflict({part})"
            )

    def calm(self):
        for table, event, __ in CONFLICTS:
            self.place.query(f"DROP TRIGGER storm_{event.lower()} ON {table}")

    def rage(self, workers):
        self.disturb()
        jobs = (
            partial(self.every, self.kill_every, self.kill),
            partial(self.every, self.restart_every, self.restart),
            self.revive,
            self.report,
        )
        breaking = [threading.Thread(target=job, daemon=True) for job in jobs]
        for thread in breaking:
            thread.start()
        try:
            with ThreadPoolExecutor(workers) as pool:
                try:
                    list(pool.map(self.send, self.plan()))
                finally:
                    self.done.set()
        finally:
            for thread in breaking:
                thread.join()
        self.calm()

    def settle(self):
        """Wait until everything came to its end; what waits longer is made due."""
        end = time.monotonic() + SETTLE_SECONDS
        while time.monotonic() < end:
            [[waiting]] = self.place.query(WAITING)
            unowned = self._count_unowned()
            if not waiting and not unowned:
                return
            print(f"  … {waiting} waiting, {unowned} unowned", file=sys.stderr)
            if self.place.odoo.poll() is not None:
                self.place.start(*SERVED)
            self.place.query(
                "UPDATE lead_capture_entry SET next_try = NULL WHERE state = 'retry'"
            )
            self.place.query(
                "INSERT INTO ir_cron_trigger (cron_id, call_at) SELECT res_id, now()"
                " AT TIME ZONE 'UTC' FROM ir_model_data WHERE model = 'ir.cron'"
                " AND name IN ('ir_cron_capture', 'ir_cron_assign')"
            )
            self.place.wake()
            time.sleep(2)

    def _count_unowned(self):
        [[count]] = self.place.query(
            "SELECT count(*) FROM crm_lead WHERE capture_source_id = ANY(%s)"
            " AND user_id IS NULL",
            [one["id"] for one in self.sources.values()],
        )
        return count

    def judge(self):
        """Return what is wrong, in words; nothing when all is well."""
        ids = [one["id"] for one in self.sources.values()]
        kinds = {one["id"]: kind for kind, one in self.sources.items()}
        rows = self.place.query(
            "SELECT source_id, email_normalized, state, lead_id FROM lead_capture_entry"
            " WHERE source_id = ANY(%s)",
            ids,
        )
        leads = self.place.query(
            "SELECT l.id, l.email_normalized, l.user_id, s.id FROM crm_lead l"
            " LEFT JOIN lead_score s ON s.id = l.id WHERE capture_source_id = ANY(%s)",
            ids,
        )
        kept = Counter((kinds[source], email) for source, email, *__ in rows)
        states = Counter(state for __, __, state, __ in rows)
        made = Counter(email for __, email, *__ in leads)
        ours = range(900_000, 900_000 + len(self.sources))
        apart = {f"s{number}@example.com" for number in ours}
        rows = [row for row in rows if row[1] not in apart]
        leads = [lead for lead in leads if lead[1] not in apart]
        wanted = {f"s{number}@example.com" for __, number in self.answered}
        posted = {(kind, f"s{number}@example.com") for kind, number in self.answered}
        ends = {lead for *__, state, lead in rows if state == "done"}
        self.told.update({f"rows {state}": count for state, count in states.items()})
        self.told["leads"] = len(leads)
        return {
            "answers without a row": len(posted - kept.keys()),
            "rows of the same submission": sum(n > 1 for n in kept.values()),
            "rows without an end": sum(
                count
                for state, count in states.items()
                if state not in ("done", "attached")
            ),
            "people without a lead": len(wanted - made.keys()),
            "people who are several leads": sum(n > 1 for n in made.values()),
            "leads of no row": len({lead for lead, *__ in leads} - ends),
            "rows of no lead": sum(lead is None for *__, lead in rows),
            "leads without owner": sum(user is None for __, __, user, __ in leads),
            "leads without score": sum(score is None for *__, score in leads),
        }


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--database", required=True, help="the one to copy")
    parser.add_argument("--posts", type=int, default=10_000)
    parser.add_argument("--senders", type=int, default=4)
    parser.add_argument("--kill", type=int, default=50, help="posts between kills")
    parser.add_argument(
        "--restart", type=int, default=500, help="posts between restarts"
    )
    options = parser.parse_args(argv)
    place.catch_signals()
    with place.own_cluster() as cluster:
        name = f"storm_{cluster.home.name[-6:].strip('-')}"
        place.copy_database(options.database, name, cluster.address)
        where = place.Place(name, options.database, cluster.address)
        try:
            wrong = _run(cluster, where, options)
        finally:
            where.remove()
    return 1 if wrong else 0


def _run(cluster, where, options):
    sources = world.make(where)
    with where.served(*SERVED):
        storm = Storm(cluster, where, sources, options)
        unequal = storm.equal()
        print(f"{TIMES} equal posts at once of each kind: {unequal or 'one row each'}")
        began = time.monotonic()
        storm.rage(options.senders)
        sent = time.monotonic() - began
        storm.settle()
    found = storm.judge()
    print(f"{options.posts} posts in {sent:.0f} s, settled after {_since(began):.0f} s")
    for name, count in sorted(storm.told.items()):
        print(f"  {count:7} {name}")
    for name, count in found.items():
        print(f"  {count:7} {name}{'' if not count else '   <- WRONG'}")
    return unequal or any(found.values())


def _since(began):
    return time.monotonic() - began


if __name__ == "__main__":
    try:
        sys.exit(main())
    except psycopg2.Error as error:
        sys.exit(f"the database server of the storm is gone: {error}")

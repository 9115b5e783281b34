"""How fast submissions are answered, become leads, and are found in the inbox.

    answer   the answer to a post, against Odoo's own form of its website
    ready    from the answer until the lead is there, scored and owned
    run      submissions worked off by one worker, and by two
    inbox    opening the inbox, with many submissions and with few

Exit code 1 when a goal is missed. What is compared runs by turns, so that a machine
that is busy slows both.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time

import requests

from . import doors, place, world

PARTS = ("answer", "ready", "run", "inbox")
WEBSITE = "website_crm"
FIELDS = (
    "date kind person email_normalized phone_sanitized state reason is_known_person "
    "unmapped_name"
).split()
FILL = """
INSERT INTO lead_capture_entry (source_id, company_id, key, state, date, payload,
    headers, person, email_normalized, outcome, tries)
SELECT %(source)s, s.company_id, 'fill ' || n,
    (ARRAY['done', 'done', 'done', 'done', 'done', 'attached', 'done', 'done', 'done',
     'quarantined', 'done', 'done', 'parked', 'done', 'done', 'done', 'done', 'done',
     'ignored', 'test'])[1 + n %% 20],
    now() AT TIME ZONE 'UTC' - (n %% 15552000) * interval '1 day' * 180
        / %(count)s,
    '{"email": "' || n || '@example.com"}', '{}', 'Person ' || n,
    n || '@example.com', '[["created", {}]]', 0
FROM generate_series(1, %(count)s) n, lead_capture_source s
WHERE s.id = %(source)s
"""


def percentile(values, part):
    return sorted(values)[min(int(len(values) * part), len(values) - 1)]


def show(name, values):
    found = [f"{1000 * percentile(values, part):.0f}" for part in (0.5, 0.95)]
    print(f"  {name:32} p50 {found[0]:>6} ms   p95 {found[1]:>6} ms   ({len(values)})")


class Speed:
    """Each part is a method that returns whether its goal is met."""

    def __init__(self, where, sources, options):
        self.place, self.sources, self.options = where, sources, options
        self.doors = doors.Doors(where.url, sources)
        self.number = 1_000_000

    def _next(self):
        self.number += 1
        return self.number

    def _time(self, job):
        began = time.perf_counter()
        answer = job()
        assert answer.status_code < 400, answer.text[:500]
        return time.perf_counter() - began

    def _post_website(self):
        number = self._next()
        values = {
            "name": f"Offer {number}",
            "contact_name": f"Person {number}",
            "email_from": f"w{number}@example.com",
            "description": f"Please call me about offer {number}.",
        }
        return requests.post(f"{self.place.url}/website/form/crm.lead", values)

    def answer(self):
        jobs = {
            "Odoo's website form": self._post_website,
            "web form": lambda: self.doors.post("form", self._next()),
            "webhook": lambda: self.doors.post("google", self._next()),
        }
        times = {name: [] for name in jobs}
        with self.place.served("--max-cron-threads=0"):
            for job in jobs.values():
                self._time(job)
            for __ in range(self.options.posts):
                for name, job in jobs.items():
                    times[name].append(self._time(job))
        for name, values in times.items():
            show(name, values)
        stock = percentile(times.pop("Odoo's website form"), 0.95)
        worst = max(percentile(values, 0.95) for values in times.values()) / stock
        print(f"  p95 of ours / Odoo's: {worst:.2f} (goal 0.25)")
        return worst <= 0.25

    def ready(self):
        delays = []
        with self.place.served("--max-cron-threads=1"):
            for turn in range(2 + self.options.posts // 5):
                number, kind = self._next(), ("form", "google")[turn % 2]
                self._time(lambda: self.doors.post(kind, number))  # noqa: B023
                began = time.perf_counter()
                while not self._is_ready(number):
                    time.sleep(0.02)
                delays.append(time.perf_counter() - began)
                time.sleep(0.3)
        delays = delays[2:]
        show("lead there, scored and owned", delays)
        return percentile(delays, 0.95) <= 2

    def _is_ready(self, number):
        if time.perf_counter() % 60 > 59.9:
            print("  … waiting", file=sys.stderr)
        return self.place.query(
            "SELECT 1 FROM crm_lead l JOIN lead_score s ON s.id = l.id"
            " WHERE l.email_normalized = %s AND l.user_id IS NOT NULL",
            f"s{number}@example.com",
        )

    def run(self):
        rates = {}
        for workers in (1, 2):
            self._store(self.options.entries)
            rates[workers], memory, used = self._work_off(workers)
            growth = max(line[-1] - line[len(line) // 4] for line in memory)
            print(
                f"  {workers} worker(s): {rates[workers]:.0f} a second, "
                f"{1000 * used / self.options.entries:.0f} ms of its processor each, "
                f"{growth:+.1f} MiB from the first quarter to the end"
            )
        print(f"  two / one: {rates[2] / rates[1]:.2f} (goal 1.7)")
        return rates[1] >= 40 and rates[2] >= 1.7 * rates[1]

    def _store(self, count):
        numbers = [self._next() for __ in range(count)]
        self.place.query(
            "INSERT INTO lead_capture_entry (source_id, company_id, key, state, date,"
            " payload, headers, tries) SELECT s.id, s.company_id, 'run ' || n,"
            " 'stored', now() AT TIME ZONE 'UTC', json_build_object('email', 'r' || n"
            " || '@example.com', 'name', 'Person ' || n)::text, '{}', 0"
            " FROM unnest(%s) n, lead_capture_source s WHERE s.id = %s",
            numbers,
            self.sources["api"]["id"],
        )
        self.place.query("ANALYZE lead_capture_entry")

    def _work_off(self, workers):
        """Return how many a second so many workers did, the memory of each, and the
        processor time of all.
        """
        processes = [
            subprocess.Popen(
                [sys.executable, "-m", "storm.worker", self.place.name],
                cwd=place.ROOT / "benchmarks",
                env={**place.environment(), "ODOO_RC": str(self.place.config)},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            for __ in range(workers)
        ]
        for process in processes:
            assert process.stdout.readline().strip() == "ready"
        began = time.monotonic()
        for process in processes:
            process.stdin.write("go\n")
            process.stdin.flush()
        found = [json.loads(process.communicate()[0]) for process in processes]
        seconds = time.monotonic() - began
        total = sum(one["count"] for one in found)
        assert total == self.options.entries, total
        used = sum(one["used"] for one in found)
        return total / seconds, [one["memory"] for one in found], used

    def inbox(self):
        source, medians = self.sources["tiktok"]["id"], {}
        for count in (self.options.few, self.options.many):
            self.place.query(
                "DELETE FROM lead_capture_entry WHERE key LIKE 'fill %%'"
            ) if medians else None
            self.place.query(
                FILL.replace("%(count)s", str(count))
                .replace("%(source)s", str(source))
                .replace("%%", "%")
            )
            self._vacuum()
            with self.place.served("--max-cron-threads=0"):
                medians[count] = self._open_inbox(count)
        few, many = medians.values()
        print(
            f"  {self.options.many:,} / {self.options.few:,}: {many / few:.2f}"
            " (goal 1.3)"
        )
        return many / few <= 1.3

    def _vacuum(self):
        subprocess.run(
            [
                "psql",
                "-qX",
                "-d",
                self.place.name,
                "-c",
                "VACUUM ANALYZE lead_capture_entry",
            ],
            env=place.environment(self.place.address),
            check=True,
        )

    def _open_inbox(self, count):
        session = requests.Session()
        session.post(
            f"{self.place.url}/web/session/authenticate",
            json={
                "params": {"db": self.place.name, "login": "storm", "password": "storm"}
            },
        ).raise_for_status()
        fields = {name: {} for name in FIELDS}
        fields |= {"source_id": {"fields": {"display_name": {}}}, "lead_id": {}}
        calls = {
            "list": (
                "web_search_read",
                [[], fields],
                {"limit": 80, "count_limit": 10001},
            ),
            "head": ("action_inbox_summary", [], {}),
            "needs": (
                "web_search_read",
                [[("state", "in", ["parked", "quarantined", "retry"])], fields],
                {"limit": 80, "count_limit": 10001},
            ),
        }
        times = {name: [] for name in calls}
        for __ in range(15):
            for name, (method, args, options) in calls.items():
                times[name].append(self._call(session, method, args, options))
        for name, values in times.items():
            show(f"{name}, {count:,} submissions", values[2:])
        return sum(statistics.median(times[name][2:]) for name in ("list", "head"))

    def _call(self, session, method, args, options):
        began = time.perf_counter()
        answer = session.post(
            f"{self.place.url}/web/dataset/call_kw/lead.capture.entry/{method}",
            json={
                "params": {
                    "model": "lead.capture.entry",
                    "method": method,
                    "args": args,
                    "kwargs": options,
                }
            },
        ).json()
        assert "result" in answer, answer
        return time.perf_counter() - began


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--database", required=True, help="the one to copy")
    parser.add_argument("--posts", type=int, default=200)
    parser.add_argument("--entries", type=int, default=10_000)
    parser.add_argument("--few", type=int, default=10_000)
    parser.add_argument("--many", type=int, default=1_000_000)
    options = parser.parse_args(argv)
    place.catch_signals()
    name = f"storm_speed_{os.getpid()}"
    wanted = options.parts or PARTS
    subprocess.run(
        ["createdb", "-T", options.database, name], env=place.environment(), check=True
    )
    where = place.Place(name, options.database)
    try:
        missed = _run(where, wanted, options)
    finally:
        where.remove()
        subprocess.run(["dropdb", "--force", name], env=place.environment())
    return 1 if missed else 0


def _run(where, wanted, options):
    if "answer" in wanted:
        where.install(WEBSITE)
    speed = Speed(where, world.make(where), options)
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    missed = []
    for part in wanted:
        print(f"{part}:", flush=True)
        if not getattr(speed, part)():
            missed.append(part)
            print("  <- MISSED")
    return missed


if __name__ == "__main__":
    sys.exit(main())

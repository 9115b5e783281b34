"""The command line."""

import argparse
import sys
import traceback

from .job import JOBS

DEFAULT_LEADS = 100_000
DEFAULT_REPEAT = 3


def main(argv=None):
    """Run the chosen jobs and print one table.

    :return: exit code: 1 when a job crashed, or missed its goal under ``--check``
    """
    import jobs  # noqa: F401, PLC0415 - registers them

    options = _parse(argv)
    if options.list:
        for name, job in JOBS.items():
            print(f"{name:24} {job.description}")
        return 0
    unknown = set(options.names) - set(JOBS)
    if unknown:
        raise SystemExit(f"No such job: {', '.join(sorted(unknown))} (see --list)")
    return _run(options)


def _parse(argv):
    parser = argparse.ArgumentParser(description=main.__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", help="jobs to run; none: all of them")
    parser.add_argument("--list", action="store_true", help="list the jobs and stop")
    parser.add_argument(
        "--leads", type=int, default=DEFAULT_LEADS, help="leads in each database"
    )
    parser.add_argument(
        "--proportional",
        action="store_true",
        help="as many salespeople as such a company has, each with 5,000 leads; by "
        "default the same 20, with more and more leads each",
    )
    parser.add_argument(
        "--repeat",
        type=int,
        default=DEFAULT_REPEAT,
        help="interleaved rounds per job (default 3; fast jobs take 7 times as many)",
    )
    parser.add_argument("--json", metavar="FILE", help="write all samples there")
    parser.add_argument(
        "--check", action="store_true", help="exit with 1 when a goal is missed"
    )
    return parser.parse_args(argv)


def _run(options):
    # here, since --list and --help need neither Odoo nor databases
    from . import database, generate, lead_values, measure, report  # noqa: PLC0415

    databases = database.open_databases()
    reps = lead_values.REPS
    if options.proportional:
        reps = max(reps, options.leads // lead_values.LEADS_PER_REP)
    for each in databases:
        generate.ensure_leads(each, options.leads, reps)
    rows, crashed = [], []
    for name in options.names or JOBS:
        _progress(name)
        job = JOBS[name](options.leads)
        try:
            results = measure.measure(job, *databases, options.repeat)
        except Exception:  # noqa: BLE001 - the other jobs still count
            traceback.print_exc()
            crashed.append(name)
            continue
        rows += report.make_rows(job, results)
    print(report.format_table(rows))
    print(f"\n{report.LEGEND}")
    if crashed:
        print(f"Crashed: {', '.join(crashed)}")
    if options.json:
        report.write_json(options.json, options.leads, rows)
    missed = any(row["missed"] for row in rows)
    return int(bool(crashed) or (options.check and missed))


def _progress(text):
    print(f"… {text}", file=sys.stderr, flush=True)

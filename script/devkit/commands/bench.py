"""script/bench: the benchmarks, on two fresh databases with and without the addon."""

from contextlib import ExitStack

from .. import process
from ..cache import ROOT
from ..setup import workshop


def main(arguments):
    """Prepare the databases, then hand over to benchmarks/run.py."""
    with workshop() as shop, ExitStack() as stack:
        databases, runner = shop.databases, shop.runner
        with_addon, without = (
            stack.enter_context(databases.temporary(template, purpose))
            for template, purpose in (
                (databases.addon, "with"),
                (databases.base, "without"),
            )
        )
        return process.run(
            [runner.python, ROOT / "benchmarks" / "run.py", *arguments],
            cwd=ROOT,
            terminal=True,
            env=runner.environment(
                BENCH_DB_WITH=with_addon,
                BENCH_DB_WITHOUT=without,
                ODOO_RC=runner.write_config(with_addon),
            ),
        )

"""script/storm: submissions to a server of its own, `speed` or `faults`."""

from .. import cache, process
from ..cache import ROOT
from ..errors import Problem
from ..setup import workshop

PARTS = ("speed", "faults")


def main(arguments):
    """Prepare a database to copy, then hand over to benchmarks/storm."""
    if not arguments or arguments[0] not in PARTS:
        raise Problem(
            f"script/storm needs to know what to do: {' or '.join(PARTS)}.",
            "script/storm speed --help lists the options.",
        )
    part, *options = arguments
    with workshop() as shop:
        with cache.preparing():
            name = shop.databases.addon()
        runner = shop.runner
        return process.run(
            [
                *(runner.python, "-m", f"storm.{part}"),
                *("--database", name, *options),
            ],
            cwd=ROOT / "benchmarks",
            terminal=True,
            env=runner.environment(ODOO_RC=runner.write_config(name)),
        )

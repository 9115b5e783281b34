"""Read the results of Odoo's own test runner from its log."""

import re
from dataclasses import dataclass, field

LINE = re.compile(
    r"^\S+ \S+ \d+ (?P<level>[A-Z]+) \S+ "
    r"odoo\.addons\.(?P<module>\w+)\.tests\.(?P<file>[\w.]+): (?P<text>.*)$"
)
STARTED = re.compile(r"^Starting (?P<test>\S+) \.\.\.")
FAILED = re.compile(r"^(?:FAIL|ERROR): (?:Subtest )?(?P<test>\S+)")
SKIPPED = re.compile(r"^skipped (?P<test>\S+) : (?P<reason>.*)")
SUMMARY = re.compile(r"(\d+) failed, (\d+) error\(s\) of (\d+) tests")


@dataclass
class Results:
    """Which tests ran, failed and were skipped; each by module.file.Class.test."""

    ran: set = field(default_factory=set)
    failed: set = field(default_factory=set)
    skipped: dict = field(default_factory=dict)
    finished: bool = False

    def of_module(self, module):
        """Only the results of one module."""

        def own(names):
            return {name for name in names if name.split(".")[0] == module}

        return Results(
            own(self.ran),
            own(self.failed),
            {name: self.skipped[name] for name in own(self.skipped)},
            self.finished,
        )


def read(text):
    """Results found in the text of a log."""
    results = Results()
    for line in text.splitlines():
        results.finished = results.finished or bool(SUMMARY.search(line))
        match = LINE.match(line)
        if not match:
            continue
        prefix = f"{match['module']}.{match['file']}"
        if found := STARTED.match(match["text"]):
            results.ran.add(f"{prefix}.{found['test']}")
        elif found := SKIPPED.match(match["text"]):
            results.skipped[f"{prefix}.{found['test']}"] = found["reason"]
        elif match["level"] == "ERROR" and (found := FAILED.match(match["text"])):
            results.failed.add(f"{prefix}.{found['test']}")
    return results

"""The table, and the same as JSON."""

import json

from .job import Goal

HEADER = [
    "job",
    "ours",
    "peer",
    "floor",
    "ours/peer",
    "ours/floor",
    "rows",
    "stmts ours/peer",
    "MiB ours/peer",
    "goal",
]
LEGEND = (
    "Times: median wall time. Ratios: median of the ratios of neighbouring samples.\n"
    "peer: Odoo's own crm, in the database without the addon; floor: bare SQL on the "
    "same rows.\n"
    "MiB: largest growth of the resident set of the Python process during a sample."
)


def make_rows(job, results):
    """Return one dict per variant and floor of a measured job."""
    peer = results.get(("peer", ""))
    rows = []
    for variant, goals in job.variants.items():
        ours = results["ours", variant]
        goals = goals if isinstance(goals, tuple) else (goals,)
        for floor_name, goal in zip(job.floors, goals, strict=False):
            first = floor_name == job.floors[0]
            label = [job.name, variant, "" if first else f"({floor_name})"]
            sides = (
                ours,
                peer if first else None,
                results.get((floor_name, "")),
            )
            rows.append(
                _make_row(
                    " ".join(filter(None, label)),
                    job.rows(variant),
                    sides,
                    goal or Goal(),
                )
            )
    return rows


def _make_row(name, count, sides, goal):
    ours, peer, floor = sides
    return {
        "job": name,
        "rows": count,
        **{
            side: result
            and {
                "seconds": result.seconds,
                "samples": result.times,
                "statements": result.statements,
                "memory_mib": result.memory,
            }
            for side, result in zip(("ours", "peer", "floor"), sides, strict=True)
        },
        "ours/peer": peer and ours.ratio(peer),
        "ours/floor": floor and ours.ratio(floor),
        "goal": str(goal),
        "missed": goal.missed(ours, peer, floor),
    }


# ------------------------------------------------------------
# Text
# ------------------------------------------------------------


def format_table(rows):
    """Return the rows as an aligned Markdown table."""
    cells = [HEADER, *(_format_row(row) for row in rows)]
    widths = [max(len(row[i]) for row in cells) for i in range(len(HEADER))]
    lines = [_format_line(row, widths) for row in cells]
    rule = ["-" * width for width in widths]
    rule[1:-1] = ["-" * (width - 1) + ":" for width in widths[1:-1]]
    lines.insert(1, "| " + " | ".join(rule) + " |")
    return "\n".join(lines)


def _format_line(row, widths):
    padded = [cell.rjust(width) for cell, width in zip(row, widths, strict=True)]
    for index in (0, -1):
        padded[index] = row[index].ljust(widths[index])
    return f"| {' | '.join(padded)} |"


def _format_row(row):
    sides = [row["ours"], row["peer"], row["floor"]]
    return [
        row["job"],
        *(_format_seconds(side) for side in sides),
        _format_ratio(row["ours/peer"]),
        _format_ratio(row["ours/floor"]),
        f"{row['rows']:,}",
        "/".join(f"{side['statements']}" if side else "-" for side in sides[:2]),
        "/".join(f"{side['memory_mib']:.0f}" if side else "-" for side in sides[:2]),
        _format_goal(row["goal"], row["missed"]),
    ]


def _format_goal(goal, missed):
    if not goal:
        return ""
    return f"{goal}: " + (f"MISSED ({', '.join(missed)})" if missed else "ok")


def _format_seconds(side):
    if not side:
        return "-"
    seconds = side["seconds"]
    return f"{seconds:.2f} s" if seconds >= 1 else f"{seconds * 1000:.1f} ms"


def _format_ratio(ratio):
    if ratio is None:
        return "-"
    return f"{ratio:.2f}" if ratio < 10 else f"{ratio:.0f}"


def write_json(path, leads, rows):
    with open(path, "w") as file:
        json.dump({"leads": leads, "rows": rows}, file, indent=1)

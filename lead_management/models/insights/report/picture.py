"""Pictures of numbers, as the browser draws them."""

from ....tools.cohorts import get_ticks


def bars(entries):
    """Return bars: a label, a number that opens its records, and a note beside it.

    :param entries: list of (label, number, size, note), or with the size of an outline
    """
    sizes = [size for __, __, *rest in entries for size in rest[::2] if size]
    largest = max(sizes, default=0) or 1
    return {
        "kind": "bars",
        "bars": [
            {
                "label": label,
                "number": number,
                "width": (rest[0] or 0) / largest,
                "text": rest[1],
                **({"outline": (rest[2] or 0) / largest} if len(rest) > 2 else {}),
            }
            for label, number, *rest in entries
        ],
    }


def columns(label, entries, legend=(), ticks=None, tick_texts=None):
    """Return columns over time, with marks beside what came.

    :param entries: dicts of ``label``, ``value``, ``title``, ``marks`` (up to two
        values or None), ``is_open`` for what is not over yet
    :param legend: list of (icon, text)
    """
    values = [entry["value"] for entry in entries]
    values += [mark for entry in entries for mark in entry.get("marks", ()) if mark]
    return {
        "kind": "columns",
        "label": label,
        "columns": entries,
        "ticks": ticks or get_ticks(max(values, default=0)),
        "tickTexts": tick_texts,
        "legend": [{"icon": icon, "text": text} for icon, text in legend],
    }

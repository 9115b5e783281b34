"""When leads come, by weekday and hour."""

from datetime import date, timedelta

from babel.dates import format_date

from odoo.fields import Domain
from odoo.tools import get_lang
from odoo.tools.misc import babel_locale_parse

from ..recent import CREATE_DATE
from ..section import SECTIONS, Section, table

# A Monday; those after it are the other weekdays.
MONDAY = date(2026, 1, 5)


@SECTIONS.add
class Arrivals(Section):
    """Leads by weekday and hour, by the clocks of the company."""

    key = "arrivals"

    def get_title(self):
        return self.env._("When Leads Come")

    def get_help(self):
        return self.env._(
            "Leads created in the 26 weeks up to the end of the period, by weekday and "
            "hour in the time zone of the company."
        )

    def build(self):
        frame = self.frame
        domain = Domain(CREATE_DATE, ">=", str(frame.weeks_since)) & frame.until(
            CREATE_DATE, frame.period
        )
        counts = frame.recent.hours
        locale = babel_locale_parse(get_lang(self.env).code)
        hours = self._get_hours(counts)
        largest = max(counts.values(), default=1)
        shown, lines = [], []
        for weekday in range(1, 8):
            day = MONDAY + timedelta(days=weekday - 1)
            label = format_date(day, "EEE", locale)
            numbers = [
                frame.number(
                    counts.get((weekday, hour), 0),
                    domain & Domain("insight_filter", "=", f"hour:{weekday}:{hour}"),
                    f"{label} {hour}:00",
                )
                for hour in hours
            ]
            cells = [
                {
                    "number": number,
                    "level": min(4, int(5 * number["value"] / (largest + 1))),
                }
                for number in numbers
            ]
            shown.append({"label": label, "cells": cells})
            lines.append([label, *numbers])
        return {
            "picture": {
                "kind": "heat",
                "columns": [str(hour) for hour in hours],
                "rows": shown if counts else [],
            },
            "table": table(
                [self.env._("Weekday"), *(f"{hour}:00" for hour in hours)], lines
            ),
            "empty": "" if counts else self.env._("No lead came in these weeks."),
        }

    def _get_hours(self, counts):
        """Return the hours in which anything comes, those between included."""
        hours = [hour for __, hour in counts] or [8, 18]
        return range(min(*hours, 8), max(*hours, 18) + 1)

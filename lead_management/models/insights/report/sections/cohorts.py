"""How many of the leads that came are won."""

from datetime import timedelta

from .....tools.chance import ENOUGH
from .....tools.cohorts import aalen_johansen, get_share
from ..picture import columns
from ..recent import CREATE_DATE, OLDEST
from ..section import SECTIONS, Section, table


@SECTIONS.add
class Cohorts(Section):
    """The share of leads won within 90 days, by the month they came in."""

    key = "cohorts"

    def get_title(self):
        return self.env._("Won Within 90 Days, by Month of Creation")

    def get_help(self):
        return self.env._(
            "Of the leads created in a month, the share won within 90 days. Leads that "
            "are still open count up to their age (Aalen–Johansen): young months are "
            "neither too good nor too bad. Months with leads younger than 90 days are "
            "outlined."
        )

    def build(self):
        months = self.frame.months
        days = {number: {} for number in range(len(months))}
        for (number, age), counts in self.frame.recent.cohorts.items():
            days[number][age] = counts
        return self._show(months, days)

    def _show(self, months, days):
        frame = self.frame
        Insight = self.env["lead.insight"]
        entries, lines = [], []
        for number, month in enumerate(months):
            created = sum(sum(counts) for counts in days[number].values())
            share = get_share(aalen_johansen(days[number]), OLDEST)
            text = frame.format_percent(share, 1)
            if created < ENOUGH:
                share, text = 0, ""
            is_open = month.whole + timedelta(days=OLDEST) > frame.period.until
            label = Insight._format_month(month.start)
            entries.append(
                {
                    "label": label,
                    "value": 100 * share,
                    "title": f"{label}: {text or '–'}",
                    "is_open": is_open,
                }
            )
            domain = frame.within(CREATE_DATE, month)
            won = sum(counts[0] for counts in days[number].values())
            lines.append(
                [
                    Insight._format_period(month),
                    frame.number(created, domain, label),
                    frame.format_count(won),
                    text,
                    self.env._("not yet 90 days old") if is_open else "",
                ]
            )
        titles = [
            self.env._("Created in"),
            self.env._("Leads"),
            self.env._("Won so far"),
            self.env._("Share"),
            self.env._("Remark"),
        ]
        if not any(sum(map(sum, found.values())) >= ENOUGH for found in days.values()):
            return {
                "table": table(titles, lines),
                "empty": self.env._("Fewer than five leads came in each month."),
            }
        largest = max((entry["value"] for entry in entries), default=0)
        ticks = (
            [0, 10, 20]
            if largest <= 20
            else [0, 25, 50]
            if largest <= 50
            else [0, 50, 100]
        )
        return {
            "picture": columns(
                self.get_title(),
                entries,
                ticks=ticks,
                tick_texts=[frame.format_percent(tick / 100) for tick in ticks],
            ),
            "table": table(titles, lines),
        }

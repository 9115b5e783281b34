"""What the amount won consists of: how many leads, how good, at what price."""

from odoo.tools import SQL

from .....tools.causes import decompose_product
from ..recent import CREATE_DATE, QUALIFIED_DATE, WON_DATE, sql_in, sql_until
from ..section import SECTIONS, Section, table


@SECTIONS.add
class Chain(Section):
    """Leads × qualified × won × amount of both periods, and what each did."""

    key = "chain"

    def get_title(self):
        return self.env._("Why the Amount Won Changed")

    def get_help(self):
        return self.env._(
            "Of the leads created in a period: how many there are, the share qualified "
            "by its end, the share of these that was won by its end, and what a won "
            "one brings. Their product is the amount won. The parts add up to the "
            "change exactly. Leads that were won without an amount are not in it."
        )

    def build(self):
        now, before = self._count()
        labels = self._get_labels()
        parts = decompose_product(self._get_factors(before), self._get_factors(now))
        rows = [
            [
                label,
                self._show(place, before),
                self._show(place, now),
                self._format_difference(part),
            ]
            for place, (label, part) in enumerate(
                zip(labels, parts or [None] * len(labels), strict=True)
            )
        ]
        total = None if parts is None else now[3] - before[3]
        rows.append(
            [
                self.env._("Amount won"),
                self.frame.format_amount(before[3]),
                self.frame.format_amount(now[3]),
                self._format_difference(total),
            ]
        )
        bars = [
            self._bar(label, part)
            for label, part in zip(labels, parts or [], strict=False)
        ]
        bars.append({**self._bar(self.env._("Total change"), total), "is_sum": True})
        return {
            "picture": parts and {"kind": "causes", "bars": bars},
            "table": table(self._get_columns(), rows),
            "note": self._describe_won(now, before),
            "empty": ""
            if parts is not None
            else self.env._(
                "Nothing was won yet of the leads created in one of the periods. "
                "Longer periods tell more."
            ),
        }

    def _count(self):
        """Return leads, qualified and won ones and their amount, of both periods."""
        frame = self.frame
        columns = []
        for period in (frame.period, frame.before):
            created = sql_in(SQL.identifier(CREATE_DATE), period)
            qualified, won = (
                SQL("%s AND %s", created, sql_until(SQL.identifier(fname), period))
                for fname in (QUALIFIED_DATE, WON_DATE)
            )
            columns += [
                SQL("count(*) FILTER (WHERE %s)", created),
                SQL("count(*) FILTER (WHERE %s)", qualified),
                SQL("count(*) FILTER (WHERE %s AND amount > 0)", won),
                SQL("sum(amount) FILTER (WHERE %s AND amount > 0)::float", won),
            ]
        [row] = frame.run(
            "SELECT %s FROM (%s) AS lead",
            SQL(", ").join(columns),
            frame.select(
                frame.within(CREATE_DATE, frame.period)
                | frame.within(CREATE_DATE, frame.before),
                [CREATE_DATE, QUALIFIED_DATE, WON_DATE],
                amount=frame.sql_amount,
            ),
        )
        numbers = [value or 0 for value in row]
        return numbers[:4], numbers[4:]

    def _get_factors(self, numbers):
        leads, qualified, won, amount = numbers
        if not all(numbers):
            return 0, 0, 0, 0
        return leads, qualified / leads, won / qualified, amount / won

    def _get_labels(self):
        return [
            self.env._("Leads created"),
            self.env._("Share qualified"),
            self.env._("Share of these won"),
            self.env._("Mean amount won"),
        ]

    def _show(self, place, numbers):
        """Return a factor as it is read."""
        frame = self.frame
        leads, qualified, won, amount = numbers
        return (
            frame.format_count(leads),
            frame.format_rate(qualified, leads),
            frame.format_rate(won, qualified),
            frame.format_amount(amount / won) if won else "",
        )[place]

    def _format_difference(self, value):
        if value is None:
            return ""
        text = self.frame.format_amount(abs(value))
        return ("+" if value > 0 else "−" if value < 0 else "") + text

    def _bar(self, label, value):
        return {
            "label": label,
            "value": value,
            "text": self._format_difference(value),
            "is_sum": False,
        }

    def _describe_won(self, now, before):
        return self.env._(
            "Won of the leads created in the period: %(now)s, before: %(before)s.",
            now=self.frame.format_count(now[2]),
            before=self.frame.format_count(before[2]),
        )

    def _get_columns(self):
        return [
            self.env._("Figure"),
            self.env._("Before"),
            self.env._("Now"),
            self.env._("Part of the change"),
        ]

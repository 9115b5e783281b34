"""The groups of a change as a table."""

from odoo.fields import Domain

from .....tools.causes import get_excess
from ..frame import CREATED, QUALIFIED, WIN_RATE, WON
from ..section import table

OTHERS = "others"


class WhyTable:
    """The table behind the picture of causes."""

    def _make_table(self, fname, groups, labels, parts, verdicts):
        frame = self.frame
        named = [key or False for key in groups if key != OTHERS]
        is_count = frame.options.metric == CREATED
        excess = {key: verdicts[key][1] for key in groups}
        if is_count:
            excess = get_excess({key: (g.n0, g.n1) for key, g in groups.items()})
        rows = []
        for key, group in groups.items():
            mine = Domain(fname, "=", key or False)
            if key == OTHERS:
                mine = Domain(fname, "not in", named)
            numbers = self._make_numbers(mine, group, labels[key])
            verdict = verdicts[key][0]
            if is_count:
                words = frame.get_words()["count"]
                told = frame.format_verdict(verdict, excess[key], words)
                cells = [*numbers[:2], frame.format_signed(excess[key], 1), told]
            else:
                direction = parts[key].rate
                words = frame.get_words()["rate"]
                scale = 100 if frame.options.metric == WIN_RATE else 1
                cells = [
                    *numbers,
                    frame.format_rate(group.k0, group.n0),
                    frame.format_rate(group.k1, group.n1),
                    frame.format_signed(scale * parts[key].mix, 1),
                    frame.format_signed(scale * parts[key].rate, 1),
                    frame.format_verdict(verdict, direction, words),
                ]
            rows.append([labels[key], *cells])
        return table(self._get_columns(fname), rows, self._get_note())

    def _make_numbers(self, mine, group, label):
        frame = self.frame
        numbers = []
        for place, period in ((0, frame.before), (2, frame.period)):
            whole, done = self.get_domains(period)
            title = f"{label}, {frame.env['lead.insight']._format_period(period)}"
            numbers.append(frame.number(group[place], whole & mine, title))
            numbers.append(frame.number(group[place + 1], done & mine, title))
        if frame.options.metric == CREATED:
            return [numbers[0], numbers[2]]
        return [numbers[0], numbers[2], numbers[1], numbers[3]]

    def _get_columns(self, fname):
        label = self.frame.get_dimension_label(fname)
        if self.frame.options.metric == CREATED:
            return [
                label,
                self.env._("Leads before"),
                self.env._("Leads now"),
                self.env._("Own"),
                self.env._("Verdict"),
            ]
        done = {
            QUALIFIED: (self.env._("Qualified before"), self.env._("Qualified now")),
            WON: (self.env._("Won before"), self.env._("Won now")),
            WIN_RATE: (self.env._("Won before"), self.env._("Won now")),
        }[self.frame.options.metric]
        return [
            label,
            self.env._("Leads before"),
            self.env._("Leads now"),
            *done,
            self.env._("Rate before"),
            self.env._("Rate now"),
            self.env._("Mix"),
            self.env._("Rate"),
            self.env._("Rate alone"),
        ]

    def _get_note(self):
        return self.env._(
            "“Clearly” means 99% certain, “probably” 90%, for all groups together. One "
            "dimension at a time: the parts of sources and of salespeople overlap."
        )

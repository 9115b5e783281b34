"""The causes of a change, told in a few sentences."""

from .....tools.causes import decompose_count, decompose_rate, get_excess
from .....tools.chance import CLEARLY, PROBABLY, get_verdict, p_counts, p_rates
from ..frame import CREATED, QUALIFIED, WIN_RATE


class Explanation:
    """What to say of groups, their parts and how sure these are."""

    def __init__(self, frame, fname, groups, labels, parts, verdicts):
        self.frame, self.env = frame, frame.env
        self.fname, self.groups, self.labels = fname, groups, labels
        self.parts, self.verdicts = parts, verdicts
        self.metric = frame.options.metric
        self.n0, self.k0, self.n1, self.k1 = (
            (sum(values) for values in zip(*groups.values(), strict=True))
            if groups
            else (0, 0, 0, 0)
        )
        self.period = self.env["lead.insight"]._format_period(frame.before)

    # ------------------------------------------------------------
    # Bars
    # ------------------------------------------------------------

    def get_bars(self):
        """Return the parts of the change as bars: dicts of label, value and text."""
        if self.metric == CREATED:
            return self._get_group_bars()
        if self.metric == WIN_RATE:
            parts = decompose_rate(self.groups).values()
            bars = [
                (self.env._("Mix: other leads"), 100 * sum(part.mix for part in parts)),
                (
                    self.env._("Rate: within the groups"),
                    100 * sum(part.rate for part in parts),
                ),
            ]
        else:
            parts = decompose_count(self.groups)
            more = self.n1 >= self.n0
            bars = [
                (
                    self.env._("Volume: more leads")
                    if more
                    else self.env._("Volume: fewer leads"),
                    parts.volume,
                ),
                (self.env._("Mix: other leads"), parts.mix),
                (self.env._("Rate: within the groups"), parts.rate),
            ]
        return [self._bar(label, value) for label, value in bars] + [
            {
                **self._bar(
                    self.env._("Total change"), sum(value for __, value in bars)
                ),
                "is_sum": True,
            }
        ]

    def _get_group_bars(self):
        changes = sorted(
            ((group.n1 - group.n0, key) for key, group in self.groups.items()),
            key=lambda pair: -abs(pair[0]),
        )
        bars = [self._bar(self.labels[key], change) for change, key in changes[:6]]
        if rest := [change for change, __ in changes[6:]]:
            bars.append(self._bar(self.env._("Others"), sum(rest)))
        total = self._bar(self.env._("Total change"), self.n1 - self.n0)
        return [*bars, {**total, "is_sum": True}]

    def _bar(self, label, value):
        # parts that add up to a whole number are one, whatever was lost on the way
        digits = 0 if float(round(value, 9)).is_integer() else 1
        text = self.frame.format_signed(value, digits)
        if self.metric == WIN_RATE:
            text = self.env._("%s points", self.frame.format_signed(value, 1))
        return {"label": label, "value": value, "text": text, "is_sum": False}

    # ------------------------------------------------------------
    # Sentences
    # ------------------------------------------------------------

    def get_sentences(self):
        """Return what is to be said, the most important first; at most four."""
        if not self.n0 and not self.n1:
            return [self.env._("There are no leads to compare in these periods.")]
        if not self.n0:
            return [
                self.env._(
                    "%(now)s, and nothing in %(period)s to compare with.",
                    now=self._count(self.n1, self.k1),
                    period=self.period,
                )
            ]
        if self.metric == CREATED:
            return [self._explain_total(), *self._explain_groups()]
        return [
            self._explain_total(),
            *self._explain_main_part(),
            *self._explain_rates(),
        ]

    def _count(self, n, k):
        text = self.frame.format_count
        if self.metric == CREATED:
            return self.env._("Leads created: %s", text(n))
        if self.metric == WIN_RATE:
            share = self.frame.format_percent(k / n if n else 0)
            return self.env._(
                "%(share)s of %(n)s closed leads were won", share=share, n=text(n)
            )
        if self.metric == QUALIFIED:
            return self.env._(
                "Of %(n)s leads created, %(k)s are qualified", n=text(n), k=text(k)
            )
        return self.env._("Of %(n)s leads created, %(k)s are won", n=text(n), k=text(k))

    def _explain_total(self):
        """Say what it is now, how much it changed, and whether that is a change."""
        frame = self.frame
        if self.metric == WIN_RATE:
            change = 100 * ((self.k1 / self.n1 if self.n1 else 0) - self.k0 / self.n0)
            p = p_rates(self.k1, self.n1, self.k0, self.n0)
            size = self.env._("%s points", frame.format_signed(change, 1))
            words = frame.get_words()["rate"]
        else:
            now, before = (
                (self.n1, self.n0) if self.metric == CREATED else (self.k1, self.k0)
            )
            change = now - before
            days = frame.period.days, frame.before.days
            p = p_counts(now, before, days[0] / (sum(days) or 1))
            size = frame.format_signed(change)
            words = frame.get_words()["count"]
        verdict = get_verdict(p, self.n0, self.n1)
        return self.env._(
            "%(now)s: %(change)s against %(period)s (%(verdict)s).",
            now=self._count(self.n1, self.k1),
            change=size,
            period=self.period,
            verdict=frame.format_verdict(verdict, change, words),
        )

    def _explain_main_part(self):
        """Say which of volume, mix and rate did most of it, and which group in it."""
        frame = self.frame
        scale = 100 if self.metric == WIN_RATE else 1
        sums = {
            "mix": scale * sum(part.mix for part in self.parts.values()),
            "rate": scale * sum(part.rate for part in self.parts.values()),
        }
        if self.metric != WIN_RATE:
            sums["volume"] = decompose_count(self.groups).volume
        main = max(sums, key=lambda name: abs(sums[name]))
        if abs(sums[main]) < 0.05 or len(self.groups) < 1:
            return []
        size = frame.format_signed(sums[main], 1)
        if main == "volume":
            return [
                self.env._(
                    "Most of it (%(size)s) is volume: %(n1)s leads instead of %(n0)s.",
                    size=size,
                    n1=frame.format_count(self.n1),
                    n0=frame.format_count(self.n0),
                )
            ]
        if main == "mix":
            return [self._explain_mix(size, sums[main])]
        key = max(self.parts, key=lambda key: abs(self.parts[key].rate))
        return [
            self.env._(
                "Most of it (%(size)s) is the rate within the groups, above all "
                "%(group)s: from %(r0)s to %(r1)s.",
                size=size,
                group=self.labels[key],
                **self._rates(key),
            )
        ]

    def _explain_mix(self, size, total):
        """Say which group got larger or smaller; mostly these are two."""
        frame = self.frame
        same = [
            key
            for key in sorted(self.parts, key=lambda key: -abs(self.parts[key].mix))
            if self.parts[key].mix * total > 0
        ]
        key, group = same[0], self.groups[same[0]]
        values = {
            "size": size,
            "group": self.labels[key],
            "n1": frame.format_count(group.n1),
            "n0": frame.format_count(group.n0),
            "rate": frame.format_percent(
                (group.k0 + group.k1) / ((group.n0 + group.n1) or 1)
            ),
        }
        text = self.env._(
            "Most of it (%(size)s) is mix: %(group)s brought %(n1)s leads instead of "
            "%(n0)s, at a rate of %(rate)s.",
            **values,
        )
        if len(same) > 1:
            other = self.groups[same[1]]
            text = self.env._(
                "Most of it (%(size)s) is mix: %(group)s brought %(n1)s leads instead "
                "of %(n0)s, at a rate of %(rate)s, and %(other)s %(m1)s instead of "
                "%(m0)s.",
                other=self.labels[same[1]],
                m1=frame.format_count(other.n1),
                m0=frame.format_count(other.n0),
                **values,
            )
        return text

    def _rates(self, key):
        group, percent = self.groups[key], self.frame.format_percent
        return {
            "r0": percent(group.k0 / group.n0) if group.n0 else "–",
            "r1": percent(group.k1 / group.n1) if group.n1 else "–",
        }

    def _get_named(self):
        """Return the groups that changed by themselves, the largest change first."""
        named = [
            key for key in self.groups if self.verdicts[key][0] in (CLEARLY, PROBABLY)
        ]
        return sorted(named, key=lambda key: -abs(self.verdicts[key][1]))

    def _explain_rates(self):
        frame = self.frame
        sentences = [
            self.env._(
                "%(group)s by itself is %(verdict)s: from %(r0)s to %(r1)s.",
                group=self.labels[key],
                verdict=frame.format_verdict(
                    self.verdicts[key][0],
                    self.parts[key].rate,
                    frame.get_words()["rate"],
                ),
                **self._rates(key),
            )
            for key in self._get_named()[:2]
        ]
        return sentences or [
            self.env._("Within the groups no single rate changed clearly.")
        ]

    def _explain_groups(self):
        frame = self.frame
        excess = get_excess({key: (g.n0, g.n1) for key, g in self.groups.items()})
        sentences = [
            self.env._(
                "%(group)s by itself has %(verdict)s: %(n1)s instead of %(n0)s.",
                group=self.labels[key],
                verdict=frame.format_verdict(
                    self.verdicts[key][0], excess[key], frame.get_words()["count"]
                ),
                n1=frame.format_count(self.groups[key].n1),
                n0=frame.format_count(self.groups[key].n0),
            )
            for key in self._get_named()[:2]
        ]
        return sentences or [
            self.env._("All groups moved alike, or within their usual variation.")
        ]

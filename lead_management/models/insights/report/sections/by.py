"""What came of the period by source, team, segment; and by product."""

from odoo.fields import Domain
from odoo.tools import SQL

from .....tools.chance import wilson
from ..frame import DIMENSIONS
from ..picture import bars
from ..recent import CREATE_DATE, EVENTS, QUALIFIED_DATE
from ..section import SECTIONS, Section, table

SHOWN = 25


@SECTIONS.add
class By(Section):
    """What happened in the period, by one dimension: each event at its own date."""

    key = "by"

    def get_title(self):
        label = self.frame.get_dimension_label(self._get_dimension())
        return self.env._("Events by %s", label)

    def get_help(self):
        return self.env._(
            "Leads created, qualified, won and lost in the period, each by the date of "
            "that event: those won need not be among those created. Win rate: of the "
            "leads closed in the period, with the interval it lies in with 95% "
            "certainty. Outline: created in the period before."
        )

    def _get_dimension(self):
        return self.frame.options.dimension or DIMENSIONS[0]

    def build(self):
        frame, fname = self.frame, self._get_dimension()
        found = self._count(fname)
        order = sorted(found, key=lambda key: -sum(found[key]))[:SHOWN]
        labels = frame.get_labels(fname, order)
        entries, lines = [], []
        for key in order:
            entry, line = self._make_row(fname, key, labels[key], found[key])
            entries.append(entry)
            lines.append(line)
        titles = [
            frame.get_dimension_label(fname),
            self.env._("Created before"),
            self.env._("Created"),
            self.env._("Qualified"),
            self.env._("Won"),
            self.env._("Lost"),
            self.env._("Win rate"),
            self.env._("Interval"),
        ]
        return {
            "picture": bars(entries[:10]),
            "table": table(titles, lines),
            "empty": "" if lines else self.env._("Nothing happened in this period."),
        }

    def _count(self, fname):
        """Return dict of group to what happened: created before, then each event.

        Each date has an index of its own: what happened is read, and nothing else.
        """
        frame = self.frame
        periods = [(CREATE_DATE, frame.before)]
        periods += [(date, frame.period) for date in EVENTS.values()]
        events = SQL(" UNION ALL ").join(
            SQL(
                "SELECT %s AS place, %s AS key FROM (%s) AS lead",
                place,
                SQL.identifier(fname),
                frame.select(frame.within(date, period), [fname]),
            )
            for place, (date, period) in enumerate(periods)
        )
        rows = frame.run(
            "SELECT key, place, count(*) FROM (%s) AS event GROUP BY 1, 2", events
        )
        counts = {}
        for key, place, number in rows:
            counts.setdefault(key, [0] * len(periods))[place] = number
        return counts

    def _make_row(self, fname, key, label, counts):
        frame = self.frame
        mine = Domain(fname, "=", key or False)
        dates = [CREATE_DATE, *EVENTS.values()]
        periods = [frame.before] + [frame.period] * len(EVENTS)
        numbers = [
            frame.number(count, mine & frame.within(date, period), label)
            for count, date, period in zip(counts, dates, periods, strict=True)
        ]
        before, created, __, won, lost = counts
        closed = won + lost
        interval = ""
        if closed:
            interval = " – ".join(map(frame.format_percent, wilson(won, closed)))
        rate = frame.format_rate(won, closed)
        qualified = self.env._("qualified: %s", numbers[2]["text"])
        line = [label, *numbers, rate, interval]
        return (label, numbers[1], created, qualified, before), line


@SECTIONS.add
class Products(Section):
    """Leads qualified in the period by product; they add up to all of them."""

    key = "products"

    def get_title(self):
        return self.env._("Qualified by Product")

    def get_help(self):
        return self.env._(
            "Leads qualified in the period. A lead that is interested in several "
            "products counts for each of them in part, so that the parts add up to the "
            "leads; a number opens all leads interested in the product."
        )

    def build(self):
        frame = self.frame
        qualified = frame.within(QUALIFIED_DATE, frame.period)
        rows = frame.run(
            """
            SELECT interest.product_id, count(*), sum(1.0 / interest.number)
            FROM (%s) AS lead
            LEFT JOIN (
                SELECT lead_id, product_id,
                       count(*) OVER (PARTITION BY lead_id) AS number
                FROM crm_lead_product_rel
            ) AS interest ON interest.lead_id = lead.id
            GROUP BY 1 ORDER BY 3 DESC NULLS LAST
            """,
            frame.select(qualified),
        )
        # sudo: the name of a product of a lead one sees
        products = (
            self.env["product.product"]
            .sudo()
            .browse([product_id for product_id, *__ in rows if product_id])
        )
        names = {product.id: product.display_name for product in products}
        entries, lines = [], []
        for product_id, count, part in rows:
            name = names.get(product_id) or self.env._("None")
            size = float(part) if product_id else count
            domain = qualified & Domain("product_ids", "=", product_id or False)
            if product_id:
                domain = qualified & Domain("product_ids", "in", [product_id])
            number = frame.number(
                size, domain, name, count=count, text=frame.format_count(round(size, 1))
            )
            leads = self.env._("leads: %s", frame.format_count(count))
            entries.append((name, number, size, leads))
            lines.append([name, number, frame.format_count(count)])
        return {
            "picture": bars(entries[:10]),
            "table": table(
                [self.env._("Product"), self.env._("Qualified"), self.env._("Leads")],
                lines,
            ),
            "empty": ""
            if lines
            else self.env._("No lead was qualified in this period."),
        }

from functools import partial

from odoo import models
from odoo.tools import format_date

from ....tools.chance import CLEARLY, PROBABLY
from ....tools.day_words import format_day
from ....tools.durations import format_duration
from ....tools.percents import format_percent
from .lead_report_numbers import (
    CREATED,
    HOT,
    QUALIFIED,
    RESPONSE,
    SOURCES_SHOWN,
    TARGETS,
    WON,
)


class LeadReportSubscription(models.Model):
    """The report in words: at most five sentences, a table, and bars."""

    _inherit = "lead.report.subscription"

    def _render(self, period):
        """Return the report of a period as its recipient reads it.

        :return: dict with ``subject``, ``body`` and ``is_empty``
        """
        self.ensure_one()
        one = self._as_recipient()
        numbers = one._collect(period)
        is_empty = not any(numbers[name]["value"] for name in (CREATED, QUALIFIED, WON))
        title = one._get_title(numbers)
        body = one.env["ir.qweb"]._render(
            "lead_management.report_mail",
            {
                "head": one._get_head(period),
                "title": title,
                "sentences": one._get_sentences(numbers, is_empty),
                "hot": numbers[HOT]["value"],
                "hot_text": one._get_hot_text(numbers),
                "rows": [] if is_empty else one._get_rows(numbers),
                "sources": [] if is_empty else one._get_bars(numbers),
                "link": one._get_link(period),
                "now": one._get_now_label(),
                "foot": one._get_foot(),
                "subscription": one,
            },
            minimal_qcontext=True,
        )
        return {
            "subject": f"{title} · {one._format_period(period)}",
            "body": one.env["mail.render.mixin"]._replace_local_links(body),
            "is_empty": is_empty,
        }

    # ------------------------------------------------------------
    # Head and foot
    # ------------------------------------------------------------

    def _get_head(self, period):
        """Return the line above: company, whose leads, which period."""
        whose = {
            "mine": self.env._("Own leads"),
            "team": self.team_id.name,
            "all": self.env._("All leads"),
        }[self.scope]
        return " · ".join([self.company_id.name, whose, self._format_period(period)])

    def _format_period(self, period):
        """Return a period as people call it."""
        if self.kind == "day":
            return format_date(self.env, period.start, date_format="EEEE, d MMMM y")
        if self.kind == "month":
            return format_day(self.env, period.start, "yMMMM")
        if self.kind == "quarter":
            return format_day(self.env, period.start, "yQQQ")
        return self.env._(
            "Week %(number)s, %(first)s – %(last)s",
            number=period.start.isocalendar().week,
            first=format_day(self.env, period.start, "MMMd"),
            last=format_day(self.env, period.last, "yMMMd"),
        )

    def _get_now_label(self):
        return {
            "day": self.env._("Day"),
            "week": self.env._("Week"),
            "month": self.env._("Month"),
            "quarter": self.env._("Quarter"),
        }[self.kind]

    def _get_foot(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        return self.env._(
            "%(kind)s at %(hour)s:00 your time. Days begin and end in the time zone "
            "%(zone)s. Numbers cover the leads you can see.",
            kind=labels[self.kind],
            hour=self.hour,
            zone=str(self._get_zone()),
        )

    def _get_link(self, period):
        return f"/odoo/lead-report?report={self.id}&start={period.start}&what="

    # ------------------------------------------------------------
    # Sentences
    # ------------------------------------------------------------

    def _get_title(self, numbers):
        """Return the headline: the qualified ones, and how many more or fewer."""
        found = numbers[QUALIFIED]
        change = found["value"] - found["before"]
        values = {"number": found["value"], "change": abs(change)}
        if not change:
            return self.env._("Qualified: %(number)s, as many as before", **values)
        if change > 0:
            return self.env._(
                "Qualified: %(number)s, %(change)s more than before", **values
            )
        return self.env._(
            "Qualified: %(number)s, %(change)s fewer than before", **values
        )

    def _get_sentences(self, numbers, is_empty):
        if is_empty:
            return [self.env._("No lead was created, qualified or won.")]
        sentences = [
            self._get_verdict_sentence(numbers[QUALIFIED]),
            self._get_created_sentence(numbers),
            self._get_response_sentence(numbers[RESPONSE]),
        ]
        return [sentence for sentence in sentences if sentence]

    def _get_verdict_sentence(self, found):
        if found["value"] == found["before"]:
            return ""
        if found["verdict"] == CLEARLY:
            return self.env._("That is more than chance: the change is clear.")
        if found["verdict"] == PROBABLY:
            return self.env._("The change is probably more than chance.")
        if found["verdict"] == "few":
            return self.env._("These are too few to tell whether anything changed.")
        return self.env._("The change is within the usual variation.")

    def _get_created_sentence(self, numbers):
        found = numbers[CREATED]
        text = self.env._(
            "Leads created: %(number)s (before: %(before)s), %(verdict)s.",
            number=found["value"],
            before=found["before"],
            verdict=self._get_verdict_text(found),
        )
        sources = numbers["sources"]
        if len(sources) > 1 and sources[0][CREATED]:
            text += " " + self.env._(
                "Most came from %(name)s: %(created)s, with %(qualified)s qualified.",
                **sources[0],
            )
        return text

    def _get_response_sentence(self, found):
        if found["value"] is None:
            return ""
        if found["before"] is None:
            return self.env._(
                "First response took %s (median).",
                format_duration(self.env, found["value"]),
            )
        return self.env._(
            "First response took %(now)s (median), before %(before)s.",
            now=format_duration(self.env, found["value"]),
            before=format_duration(self.env, found["before"]),
        )

    def _get_hot_text(self, numbers):
        return self.env._(
            "Hot leads without contact for two days: %s", numbers[HOT]["value"]
        )

    def _get_verdict_text(self, found):
        is_more = found["value"] > found["before"]
        if found["verdict"] == CLEARLY:
            return (
                self.env._("clearly more") if is_more else self.env._("clearly fewer")
            )
        if found["verdict"] == PROBABLY:
            return (
                self.env._("probably more") if is_more else self.env._("probably fewer")
            )
        return self.env._("no clear change")

    # ------------------------------------------------------------
    # Table and bars
    # ------------------------------------------------------------

    def _get_rows(self, numbers):
        labels = self._get_labels()
        rows = [
            {
                "key": name,
                "label": labels[name],
                "now": numbers[name]["value"],
                "before": numbers[name]["before"],
                "verdict": self._get_verdict_text(numbers[name]),
                "is_clear": numbers[name]["verdict"] in (CLEARLY, PROBABLY),
            }
            for name in (CREATED, QUALIFIED, WON)
        ]
        for name, show in (
            (RESPONSE, partial(format_duration, self.env)),
            (TARGETS, partial(format_percent, self.env)),
        ):
            found = numbers[name]
            if found["value"] is not None:
                before = found["before"]
                rows.append(
                    {
                        "key": name,
                        "label": labels[name],
                        "now": show(found["value"]),
                        "before": "–" if before is None else show(before),
                        "verdict": "",
                        "is_clear": False,
                    }
                )
        return rows

    def _get_bars(self, numbers):
        """Return the sources with a width in percent each: cells show everywhere."""
        rows = [row for row in numbers["sources"] if row[CREATED]][:SOURCES_SHOWN]
        most = max((row[CREATED] for row in rows), default=0)
        return [
            {
                **row,
                "width": max(1, round(100 * row[CREATED] / most)),
                "text": self.env._("qualified %s", row[QUALIFIED]),
            }
            for row in rows
        ]

from odoo import api, models
from odoo.exceptions import AccessError

from ....tools.periods import BEFORE, LAST_YEAR, shift
from ...base.rpc_arguments import a_dict, checked
from .frame import DIMENSIONS, METRICS, Frame, read_options
from .section import SECTIONS


def _are_keys(value):
    """Return whether these can be keys of sections, or say that all are wanted."""
    return value in (None, False) or (
        isinstance(value, (list, tuple)) and all(isinstance(key, str) for key in value)
    )


class LeadInsight(models.AbstractModel):
    """The numbers of a period: how many, since when, why, and how sure that is."""

    _name = "lead.insight"
    _description = "Insights"

    @api.model
    @checked(options=a_dict, sections=_are_keys)
    def get_report(self, options=None, sections=None):
        """Return the report of a period, as the user may see it.

        :param options: dict with any of ``kind`` (day, week, month, quarter, year),
            ``day`` (any day of the period; default today), ``compare`` (``before`` or
            ``year``), ``scope`` (``mine``, ``team`` with ``team_id``, ``all``),
            ``metric``, ``dimension`` and ``days`` of the cohort
        :param sections: keys of those that are wanted; default all
        :return: dict with ``period``, ``before``, ``scopes``, ``zone`` and
            ``sections``; each number in it is a dict with ``value``, ``text`` and the
            ``model`` and ``domain`` of exactly its records
        :raise AccessError: for who works with no leads
        """
        if not self.env.user.has_group("sales_team.group_sale_salesman"):
            raise AccessError(self.env._("Insights are for salespeople."))
        frame = self._get_frame(options)
        wanted = [
            section(frame)
            for section in SECTIONS
            if not sections or section.key in sections
        ]
        return {
            **self._get_head(frame),
            "keys": [section.key for section in SECTIONS],
            "sections": {
                section.key: section.render()
                for section in wanted
                if section.is_shown()
            },
        }

    @api.model
    def _get_frame(self, options):
        # what waits to be worked out is, before anything is counted
        self.env["crm.lead"]._derived_flush()
        # compiling a statement takes longer than any of them; sorts fit into memory;
        # the leads of some moves are found by their ids, rather than all be read
        self.env.cr.execute(
            "SET LOCAL jit = off; SET LOCAL work_mem = '48MB';"
            "SET LOCAL random_page_cost = 1.1"
        )
        return Frame(self.env, read_options(self.env, options))

    @api.model
    def _get_head(self, frame):
        """Return which period it is, and what else can be chosen."""
        period, before = frame.period, frame.before
        options = frame.options
        return {
            "options": {
                **options._asdict(),
                "day": str(period.start),
                "scope": frame.scope_kind,
                "team_id": frame.team.id or None,
            },
            "period": self._describe_period(frame, period),
            "before": self._describe_period(frame, before),
            "previous": str(shift(period.kind, period.start, -1)),
            "next": (str(period.end) if period.end <= frame.today else None),
            "zone": str(frame.zone),
            "company": frame.company.name,
            "scopes": [
                {
                    "scope": kind,
                    "team_id": team.id or None,
                    "label": frame.get_scope_label(kind, team),
                }
                for kind, team in frame.get_scopes()
            ],
            "scope": frame.get_scope_label(frame.scope_kind, frame.team),
            "dimensions": [
                {"key": fname, "label": frame.get_dimension_label(fname)}
                for fname in DIMENSIONS
            ],
            "metrics": [
                {"key": metric, "label": self._get_metric_labels()[metric]}
                for metric in METRICS
            ],
            "compares": [
                {"key": BEFORE, "label": self.env._("Period before")},
                {"key": LAST_YEAR, "label": self.env._("Same period last year")},
            ],
        }

    @api.model
    def _get_metric_labels(self):
        return {
            "created": self.env._("Leads Created"),
            "qualified": self.env._("Qualified"),
            "won": self.env._("Won"),
            "win_rate": self.env._("Win Rate"),
        }

    @api.model
    def _describe_period(self, frame, period):
        return {
            "label": self._format_period(period),
            "start": str(period.start),
            "last": str(period.last),
            "since": str(period.since),
            "until": str(period.until),
            "is_running": period.is_running,
        }

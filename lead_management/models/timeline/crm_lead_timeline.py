from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import ormcache

from ..base.rpc_arguments import a_dict, a_text, an_id, checked
from .lead_timeline import DETAILS, GROUP_OF, GROUPS, MILESTONES, OTHER, PLANNED

PAGE = 40
# Rows that are looked through for a text at a time.
SEARCH_PAGE = 200
READ = ("date", "recorded_date", "kind", "direction", "user_id", "res_id")


class CrmLead(models.Model):
    """The story of one lead, a page at a time."""

    _inherit = "crm.lead"

    @checked(options=a_dict)
    def action_timeline(self, options=None):
        """Return a part of the story of this lead, the latest first.

        :param options: dict with any of ``group`` (a key of ``GROUPS``), ``user_id``,
            ``since`` and ``until`` (days), ``milestones`` (only these), ``search`` (a
            text), ``before`` (the last row that was read: its date and id)
        :return: dict with ``rows`` and ``has_more``; without ``before`` also
            ``planned``, what is ahead; ``counts``, by group; ``people``
        """
        self.ensure_one()
        self.check_access("read")
        options = self._check_timeline_options(options or {})
        rows, has_more = self._read_timeline_page(options)
        result = {"rows": [self._format_timeline_row(*row) for row in rows]}
        result["has_more"] = has_more
        if "before" not in options:
            result |= self._read_timeline_frame()
        return result

    @api.model
    def _check_timeline_options(self, options):
        """Return what was asked for; what no screen asks for is refused."""
        kinds = {
            "group": lambda value: value in [*GROUPS],
            "user_id": an_id,
            "since": self._is_day,
            "until": self._is_day,
            "milestones": lambda value: isinstance(value, bool),
            "search": a_text,
            "before": self._is_timeline_place,
        }
        options = {
            name: value for name, value in options.items() if value not in (None, "")
        }
        for name, value in options.items():
            if name not in kinds or not kinds[name](value):
                raise UserError(
                    self.env._("The timeline cannot be filtered by “%s”.", name)
                )
        return options

    @api.model
    def _is_day(self, value):
        try:
            return isinstance(value, str) and bool(fields.Date.to_date(value))
        except ValueError:
            return False

    @api.model
    def _is_timeline_place(self, value):
        try:
            date, row_id = value
            is_date = isinstance(date, str) and bool(fields.Datetime.to_datetime(date))
        except (TypeError, ValueError):
            return False
        return is_date and type(row_id) is int and 0 < row_id < 2**62

    def _get_timeline_domain(self, options):
        """Return what happened to this lead, as far as it is asked for."""
        domain = Domain("lead_id", "=", self.id) & Domain("kind", "!=", PLANNED)
        domain &= Domain("date", "<=", fields.Datetime.now())
        if group := options.get("group"):
            kinds = Domain("kind", "in", GROUPS[group])
            if group == OTHER:
                kinds |= ~Domain("kind", "in", [*GROUP_OF])
            domain &= kinds
        if options.get("milestones"):
            domain &= Domain("kind", "in", MILESTONES)
        if user_id := options.get("user_id"):
            domain &= Domain("user_id", "=", user_id)
        if since := options.get("since"):
            domain &= Domain("date", ">=", since)
        if until := options.get("until"):
            domain &= Domain("date", "<=", f"{until} 23:59:59")
        if "before" in options:
            date, row_id = options["before"]
            domain &= Domain("date", "<", date) | (
                Domain("date", "=", date) & Domain("id", "<", row_id)
            )
        return domain

    def _read_timeline_page(self, options):
        """Return rows with what is told of them, and whether there are more."""
        domain = self._get_timeline_domain(options)
        text = options.get("search", "").strip().casefold()
        if not text:
            return self._read_timeline(domain, PAGE)
        found, is_more = [], True
        while is_more and len(found) < PAGE:
            rows, is_more = self._read_timeline(domain, SEARCH_PAGE)
            found += [row for row in rows if self._is_told(text, *row)]
            if rows:
                last = rows[-1][0]
                place = [fields.Datetime.to_string(last.date), last.id]
                domain = self._get_timeline_domain({**options, "before": place})
        return found[:PAGE], is_more or len(found) > PAGE

    def _read_timeline(self, domain, limit):
        Timeline = self.env["lead.timeline"]
        rows = Timeline.search_fetch(domain, READ, limit=limit + 1)
        described = rows[:limit]._describe()
        return [(row, described[row.id]) for row in rows[:limit]], len(rows) > limit

    def _is_told(self, text, row, told):
        parts = [*map(told.get, DETAILS), row.user_id.name]
        return any(text in part.casefold() for part in parts if part)

    @api.model
    @ormcache("self.env.lang")
    def _get_timeline_kinds(self):
        """Return the names of the kinds of rows."""
        field = self.env["lead.timeline"]._fields["kind"]
        return dict(field._description_selection(self.env))

    def _format_timeline_row(self, row, told):
        """Return a row as the browser shows it."""
        return {
            "id": row.id,
            "date": fields.Datetime.to_string(row.date),
            "recorded": fields.Datetime.to_string(row.recorded_date),
            "kind": row.kind,
            "kind_label": self._get_timeline_kinds()[row.kind],
            "is_day": row.kind == PLANNED,
            "group": GROUP_OF.get(row.kind, OTHER),
            "direction": row.direction or False,
            **{name: told.get(name) or False for name in DETAILS},
            # sudo: names of colleagues are no secret among those who share a lead
            "who": told.get("who") or row.user_id.sudo().name or False,
        }

    def _read_timeline_frame(self):
        """Return what is ahead, and what there is to choose from."""
        Timeline = self.env["lead.timeline"]
        mine = Domain("lead_id", "=", self.id)
        now = fields.Datetime.now()
        ahead = Timeline.search_fetch(
            mine & (Domain("kind", "=", PLANNED) | Domain("date", ">", now)),
            READ,
            order="date, id",
            limit=PAGE,
        )
        described = ahead._describe()
        counts, people = dict.fromkeys(GROUPS, 0), {}
        past = mine & Domain("kind", "!=", PLANNED) & Domain("date", "<=", now)
        for kind, user, count in Timeline._read_group(
            past, ["kind", "user_id"], ["__count"]
        ):
            counts[GROUP_OF.get(kind, OTHER)] += count
            if user:
                people[user.id] = user.sudo().name  # sudo: as above
        return {
            "planned": [
                self._format_timeline_row(row, described[row.id]) for row in ahead
            ],
            "counts": counts,
            "people": sorted(people.items(), key=lambda person: person[1]),
        }

from collections import Counter

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import ormcache

from ..base.rpc_arguments import a_dict, a_text, an_id, checked
from .lead_timeline import DETAILS, GROUP_OF, GROUPS, MILESTONES, OTHER, PLANNED

PAGE = 40
# Rows that are looked through for a text at a time.
SEARCH_PAGE = 200
READ = (
    *("date", "recorded_date", "kind", "direction"),
    *("user_id", "author_id", "res_id"),
)


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
        story = self._read_timeline_keys()
        now = fields.Datetime.now()
        ahead = story.filtered(lambda row: row.kind == PLANNED or row.date > now)
        past = story - ahead
        rows, has_more = self._find_timeline_page(past, options)
        planned = ahead[::-1][:PAGE] if "before" not in options else ahead.browse()
        shown = self._format_timeline_rows(rows + planned)
        result = {"rows": shown[: len(rows)], "has_more": has_more}
        if "before" not in options:
            result["planned"] = shown[len(rows) :]
            result |= self._count_timeline(past)
        return result

    def _read_timeline_keys(self):
        """Return all that happened to this lead, the latest first.

        Keys are few bytes, and most of what reading them costs is finding out how to:
        one statement for what stands on a page, what is ahead and what is counted.
        """
        story = self.env["lead.timeline"].search_fetch(
            [("lead_id", "=", self.id)], READ
        )
        # sudo: names of colleagues are no secret among those who share a lead
        people = story.sudo()
        (people.user_id.partner_id | people.author_id).mapped("name")
        return story

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
        """Return what is asked for of the story."""
        domain = Domain.TRUE
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

    def _find_timeline_page(self, story, options):
        """Return the rows of a page, and whether there are more."""
        rows = story.filtered_domain(self._get_timeline_domain(options))
        text = options.get("search", "").strip().casefold()
        if text:
            rows = self._find_timeline_texts(rows, text)
        return rows[:PAGE], len(rows) > PAGE

    def _find_timeline_texts(self, rows, text):
        """Return the first rows that say a text: as many as a page, and one more."""
        found = rows.browse()
        for start in range(0, len(rows), SEARCH_PAGE):
            part = rows[start : start + SEARCH_PAGE]
            described = part._describe()
            found += part.filtered(
                lambda row, description=described: self._contains_text(
                    text, row, description[row.id]
                )
            )
            if len(found) > PAGE:
                break
        return found

    def _contains_text(self, text, row, description):
        # sudo: names of colleagues are no secret among those who share a lead
        parts = [*map(description.get, DETAILS), row.user_id.sudo().name]
        return any(text in part.casefold() for part in parts if part)

    @api.model
    @ormcache("self.env.lang")
    def _get_timeline_kinds(self):
        """Return the names of the kinds of rows."""
        field = self.env["lead.timeline"]._fields["kind"]
        return dict(field._description_selection(self.env))

    def _format_timeline_rows(self, rows):
        """Return rows as the browser shows them."""
        described = rows._describe()
        return [self._format_timeline_row(row, described[row.id]) for row in rows]

    def _format_timeline_row(self, row, description):
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
            **{name: description.get(name) or False for name in DETAILS},
            # sudo: names of colleagues are no secret among those who share a lead
            "who": description.get("who") or row.user_id.sudo().name or False,
        }

    def _count_timeline(self, past):
        """Return what there is to choose from."""
        counts = Counter(GROUP_OF.get(row.kind, OTHER) for row in past)
        # sudo: names of colleagues are no secret among those who share a lead
        people = past.user_id.sudo()
        return {
            "counts": dict.fromkeys(GROUPS, 0) | counts,
            "people": sorted(
                ((user.id, user.name) for user in people), key=lambda one: one[1]
            ),
        }

"""Working time: the arithmetic against minutes counted one by one, and calendars."""

import doctest
from datetime import date, datetime, timedelta

import pytz
from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.fields import Command

from odoo.addons.lead_management.tests.common import LeadManagementCase
from odoo.addons.lead_management.tools import presence
from odoo.addons.lead_management.tools.presence import (
    HOURS,
    LEAVE,
    Presence,
    subtract,
)

END = 80
WEEKDAYS, ALL_DAYS = range(5), range(7)
OFFICE = ((8, 12), (13, 17))
HOUR = timedelta(hours=1)
NEW_YORK = "America/New_York"


# ------------------------------------------------------------
# Arithmetic
# ------------------------------------------------------------


@st.composite
def intervals(draw, least_gap=0):
    """Sorted intervals without overlaps; attendances may touch each other."""
    result, last = [], draw(st.integers(0, 8))
    for gap, length in draw(
        st.lists(st.tuples(st.integers(least_gap, 8), st.integers(1, 8)), max_size=5)
    ):
        result.append((last + gap, last + gap + length))
        last += gap + length
    return result


def minutes(pairs):
    return {minute for start, end in pairs for minute in range(start, end)}


def first(among, moment):
    return min((minute for minute in among if minute >= moment), default=None)


moments = st.integers(0, END)
attendances, times_off = intervals(), intervals(least_gap=1)
examples = settings(deadline=None, max_examples=150, derandomize=True, database=None)


@examples
@given(attendances, times_off)
def test_subtract_is_a_difference_of_sets(work, leaves):
    result = subtract(work, leaves)
    assert minutes(result) == minutes(work) - minutes(leaves)
    assert result == sorted(result)
    assert all(start < end for start, end in result)


@examples
@given(attendances, times_off, moments)
def test_next_free_is_the_first_free_minute(work, leaves, moment):
    free = minutes(work) - minutes(leaves)
    assert Presence(work, leaves).next_free(moment) == first(free, moment)


@examples
@given(attendances, times_off, moments, st.booleans())
def test_absence_is_time_off_or_the_hours(work, leaves, moment, working_hours):
    at_work, off = minutes(work), minutes(leaves)
    free = first(at_work - off, moment)
    due = first(at_work, moment)
    expected = None, None
    if moment in off or due in off:
        expected = LEAVE, free
    elif working_hours and moment not in at_work:
        expected = HOURS, free
    assert Presence(work, leaves).absence(moment, working_hours) == expected


@examples
@given(attendances, times_off, moments, st.integers(1, 20))
def test_add_counts_free_minutes_only(work, leaves, moment, duration):
    free = sorted(m for m in minutes(work) - minutes(leaves) if m >= moment)
    expected = free[duration - 1] + 1 if len(free) >= duration else None
    assert Presence(work, leaves).add(moment, duration) == expected


@examples
@given(attendances, times_off, moments)
def test_add_nothing_is_the_next_free_minute(work, leaves, moment):
    known = Presence(work, leaves)
    assert known.add(moment, 0) == known.next_free(moment)


@examples
@given(attendances, times_off, moments, moments)
def test_between_counts_free_minutes(work, leaves, start, end):
    free = minutes(work) - minutes(leaves)
    expected = len(free & set(range(start, end)))
    assert Presence(work, leaves).between(start, end) == expected


@examples
@given(attendances, times_off, moments, st.integers(1, 20))
def test_between_is_what_was_added(work, leaves, moment, duration):
    known = Presence(work, leaves)
    end = known.add(moment, duration)
    if end is not None:
        assert known.between(moment, end) == duration


@examples
@given(attendances, times_off, moments, st.integers(0, 20), st.integers(0, 5))
def test_more_time_is_never_due_earlier(work, leaves, moment, duration, more):
    known = Presence(work, leaves)
    later = known.add(moment, duration + more)
    assert later is None or known.add(moment, duration) <= later


def test_doctests():
    failed, attempted = doctest.testmod(presence)
    assert attempted
    assert not failed


# ------------------------------------------------------------
# Calendars
# ------------------------------------------------------------


class CalendarCase(LeadManagementCase):
    """Company A works from 8 to 12 and 13 to 17 in Paris, every day of the week."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Capacity = cls.env["lead.assignment.capacity"]
        cls.nobody = cls.env["res.users"]
        cls.env["resource.calendar.leaves"].search([]).unlink()
        cls.calendar = cls._new_calendar("Europe/Paris", ALL_DAYS)
        cls.company.resource_calendar_id = cls.calendar

    @classmethod
    def _new_calendar(cls, tz, days, hours=OFFICE, company=None, **values):
        attendances = [
            Command.create(
                {
                    "name": f"{day} {start}",
                    "dayofweek": str(day),
                    "hour_from": start,
                    "hour_to": end,
                    "day_period": "morning" if end < 13 else "afternoon",
                }
            )
            for day in days
            for start, end in hours
        ]
        return cls.env["resource.calendar"].create(
            {
                "name": f"Working time in {tz}",
                "tz": tz,
                "company_id": (company or cls.company).id,
                "attendance_ids": [Command.clear(), *attendances],
                **values,
            }
        )

    @classmethod
    def _new_resource(cls, user, **values):
        return cls.env["resource.resource"].create(
            {
                "name": user.name,
                "user_id": user.id,
                "company_id": cls.company.id,
                "calendar_id": cls.calendar.id,
                "tz": "Europe/Paris",
                **values,
            }
        )

    @classmethod
    def _new_leave(cls, start, end, resource=None, **values):
        return cls.env["resource.calendar.leaves"].create(
            {
                "name": "Off",
                "date_from": cls._utc(start),
                "date_to": cls._utc(end),
                "resource_id": resource.id if resource else False,
                **values,
            }
        )

    @staticmethod
    def _utc(text, tz="Europe/Paris", is_dst=None):
        """Return a moment on the clocks of a place as Odoo keeps it."""
        moment = datetime.fromisoformat(text)
        if tz == "UTC":
            return moment
        moment = pytz.timezone(tz).localize(moment, is_dst=is_dst)
        return moment.astimezone(pytz.utc).replace(tzinfo=None)

    def _due(self, start, hours, user=None, tz="Europe/Paris", company=None):
        """Return when so many working hours have passed, on the clocks of a place."""
        due = self.Capacity._add_working_time(
            self.nobody if user is None else user,
            company or self.company,
            self._utc(start, tz),
            hours * HOUR,
        )
        due = pytz.utc.localize(due).astimezone(pytz.timezone(tz))
        return due.strftime("%Y-%m-%d %H:%M")

    def _presence(self, user, start, tz="Europe/Paris", company=None):
        company = company or self.company
        start = self._utc(start, tz)
        return self.Capacity._get_presences(user, company, start)[user.id]

    def _absence(self, user, moment, tz="Europe/Paris", hours=True, company=None):
        known = self._presence(user, moment, tz, company)
        return known.absence(self._utc(moment, tz), hours)[0]


class TestClockChange(CalendarCase):
    """Promises count working time, whatever the clocks do in the night between."""

    def test_summer_begins_in_paris(self):
        self.assertEqual(self._due("2026-03-28 15:00", 8), "2026-03-29 15:00")
        self.assertEqual(self._due("2026-03-28 15:00", 4), "2026-03-29 10:00")

    def test_summer_ends_in_paris(self):
        self.assertEqual(self._due("2026-10-24 15:00", 8), "2026-10-25 15:00")
        self.assertEqual(self._due("2026-10-24 16:59", 1), "2026-10-25 08:59")

    def test_summer_begins_and_ends_in_new_york(self):
        tz = NEW_YORK
        self.company.resource_calendar_id = self._new_calendar(tz, ALL_DAYS)
        for start, due in (
            ("2026-03-07 15:00", "2026-03-08 15:00"),
            ("2026-10-31 15:00", "2026-11-01 15:00"),
        ):
            self.assertEqual(self._due(start, 8, tz=tz), due)

    def test_elapsed_time_is_not_a_day(self):
        """From Saturday to Sunday at the same hour there are 23 hours, then 25."""
        for start, elapsed in (("2026-03-28 15:00", 23), ("2026-10-24 15:00", 25)):
            begin = self._utc(start)
            due = self.Capacity._add_working_time(
                self.nobody, self.company, begin, 8 * HOUR
            )
            self.assertEqual(due - begin, elapsed * HOUR)

    def test_hours_that_do_not_exist_are_not_worked(self):
        night = self._new_calendar("Europe/Paris", ALL_DAYS, ((0, 6),))
        self.company.resource_calendar_id = night
        known = self.Capacity._get_company_presence(
            self.company, self._utc("2026-03-29 00:00")
        )
        worked = known.between(
            self._utc("2026-03-29 00:00"), self._utc("2026-03-29 06:00"), timedelta()
        )
        self.assertEqual(worked, 5 * HOUR)
        self.assertEqual(self._due("2026-03-29 00:00", 5), "2026-03-29 06:00")

    def test_hours_that_come_twice_are_worked_twice(self):
        night = self._new_calendar("Europe/Paris", ALL_DAYS, ((0, 6),))
        self.company.resource_calendar_id = night
        self.assertEqual(self._due("2026-10-25 00:00", 7), "2026-10-25 06:00")

    def test_a_promise_of_weeks_over_the_change(self):
        self.company.resource_calendar_id = self._new_calendar("Europe/Paris", WEEKDAYS)
        self.assertEqual(self._due("2026-03-16 08:00", 80), "2026-03-27 17:00")
        self.assertEqual(self._due("2026-03-16 08:00", 88), "2026-03-30 17:00")


class TestWhoWorksWhen(CalendarCase):
    """The working time of a user is that of his resource, or else of the company."""

    def test_user_in_another_time_zone_than_the_company(self):
        tz = NEW_YORK
        self._new_resource(self.rep, tz=tz)
        due = self._due("2026-06-01 16:00", 2, self.rep, tz)
        self.assertEqual(due, "2026-06-02 09:00")
        self.assertIsNone(self._absence(self.rep, "2026-06-01 16:30", tz))
        self.assertEqual(self._absence(self.rep, "2026-06-01 11:00"), HOURS)
        self.assertIsNone(self._absence(self.rep_2, "2026-06-01 11:00"))

    def test_clock_change_of_the_user_counts_for_the_user(self):
        """Between 8 and 29 March New York is five hours behind Paris, not six."""
        self._new_resource(self.rep, tz=NEW_YORK)
        for day, end in (("05", "23:00"), ("12", "22:00"), ("30", "23:00")):
            self.assertEqual(
                self._due(f"2026-03-{day} 12:00", 8, self.rep), f"2026-03-{day} {end}"
            )

    def test_user_with_working_time_of_his_own(self):
        mornings = self._new_calendar("Europe/Paris", WEEKDAYS, ((9, 11),))
        self._new_resource(self.rep, calendar_id=mornings.id)
        self.assertEqual(self._due("2026-06-05 10:00", 2, self.rep), "2026-06-08 10:00")
        self.assertEqual(self._due("2026-06-05 10:00", 2), "2026-06-05 12:00")

    def test_resource_of_another_company_does_not_count(self):
        mornings = self._new_calendar(
            "Europe/Paris", WEEKDAYS, ((9, 11),), self.company_b
        )
        self._new_resource(
            self.rep, calendar_id=mornings.id, company_id=self.company_b.id
        )
        self.assertIsNone(self._absence(self.rep, "2026-06-01 16:00"))

    def test_weekend(self):
        self.company.resource_calendar_id = self._new_calendar("Europe/Paris", WEEKDAYS)
        self.assertEqual(self._due("2026-06-05 16:00", 2), "2026-06-08 09:00")
        self.assertEqual(self._absence(self.rep, "2026-06-06 10:00"), HOURS)
        self.assertIsNone(self._absence(self.rep, "2026-06-06 10:00", hours=False))

    def test_year_change(self):
        self.company.resource_calendar_id = self._new_calendar("Europe/Paris", WEEKDAYS)
        self.assertEqual(self._due("2026-12-31 16:00", 4), "2027-01-01 11:00")
        self._new_leave("2027-01-01 00:00", "2027-01-01 23:59")
        self.assertEqual(self._due("2026-12-31 16:00", 4), "2027-01-04 11:00")

    def test_two_weeks_in_turn(self):
        calendar = self._new_calendar("Europe/Paris", ())
        calendar.two_weeks_calendar = True
        Attendance = self.env["resource.calendar.attendance"]
        calendar.attendance_ids.unlink()
        for week, day in ((0, 0), (1, 3)):  # Monday in one week, Thursday in the other
            Attendance.create(
                {
                    "name": "Day",
                    "calendar_id": calendar.id,
                    "dayofweek": str(day),
                    "week_type": str(week),
                    "day_period": "morning",
                    "hour_from": 8,
                    "hour_to": 12,
                }
            )
        self.company.resource_calendar_id = calendar
        monday = date(2026, 6, 1)
        if Attendance.get_week_type(monday):
            monday += timedelta(days=7)
        begin = f"{monday} 08:00"
        for hours, days in ((4, 0), (8, 10), (12, 14), (16, 24)):
            day = monday + timedelta(days=days)
            self.assertEqual(self._due(begin, hours), f"{day} 12:00")

    def test_no_calendar_at_all_is_around_the_clock(self):
        self.company.resource_calendar_id = False
        self.assertEqual(self._due("2026-06-06 23:00", 30), "2026-06-08 05:00")
        self.assertIsNone(self._absence(self.rep, "2026-06-07 03:00"))

    def test_resource_without_calendar_is_around_the_clock(self):
        resource = self._new_resource(self.rep, calendar_id=False)
        self.assertEqual(self._due("2026-06-06 23:00", 2, self.rep), "2026-06-07 01:00")
        self._new_leave("2026-06-08 00:00", "2026-06-08 23:59", resource)
        self.assertEqual(self._absence(self.rep, "2026-06-08 03:00"), LEAVE)
        self.assertIsNone(self._absence(self.rep, "2026-06-09 03:00"))

    def test_flexible_hours_are_around_noon(self):
        flexible = self._new_calendar(
            "Europe/Paris",
            (),
            flexible_hours=True,
            hours_per_day=8,
            full_time_required_hours=40,
        )
        self._new_resource(self.rep, calendar_id=flexible.id)
        self.assertIsNone(self._absence(self.rep, "2026-06-03 12:00"))
        self.assertEqual(self._absence(self.rep, "2026-06-03 03:00"), HOURS)
        self.assertEqual(self._due("2026-06-03 12:00", 8, self.rep), "2026-06-04 12:00")

    def test_a_promise_beyond_what_is_known_is_due_all_the_same(self):
        leave = self._new_leave("2026-01-01 00:00", "2026-12-31 23:59")
        self.assertEqual(self._due("2026-06-01 10:00", 8), "2026-06-01 18:00")
        leave.unlink()
        self.assertEqual(self._due("2026-06-01 08:00", 8), "2026-06-01 17:00")


class TestTimeOff(CalendarCase):
    def test_public_holiday_is_for_everybody(self):
        self._new_resource(self.rep)
        self._new_leave("2026-07-14 00:00", "2026-07-14 23:59")
        for user in (self.rep, self.rep_2, None):
            self.assertEqual(self._due("2026-07-13 16:00", 2, user), "2026-07-15 09:00")
        for user in (self.rep, self.rep_2):
            self.assertEqual(self._absence(user, "2026-07-14 10:00"), LEAVE)

    def test_holiday_of_the_calendar(self):
        self._new_leave(
            "2026-07-14 00:00", "2026-07-14 23:59", calendar_id=self.calendar.id
        )
        self.assertEqual(self._due("2026-07-13 16:00", 2), "2026-07-15 09:00")

    def test_holiday_of_another_calendar_does_not_count(self):
        other = self._new_calendar("Europe/Paris", WEEKDAYS)
        self._new_leave("2026-07-14 00:00", "2026-07-14 23:59", calendar_id=other.id)
        self.assertEqual(self._due("2026-07-13 16:00", 2), "2026-07-14 09:00")

    def test_holiday_of_another_company_does_not_count(self):
        self._new_resource(self.rep)
        calendar_b = self._new_calendar(
            "Europe/Paris", ALL_DAYS, company=self.company_b
        )
        self.company_b.resource_calendar_id = calendar_b
        day = "2026-07-14 00:00", "2026-07-14 23:59"
        self._new_leave(*day).company_id = self.company_b
        self._new_leave(*day, calendar_id=calendar_b.id)
        for user in (self.rep, self.rep_2, None):
            self.assertEqual(self._due("2026-07-13 16:00", 2, user), "2026-07-14 09:00")
        due = self._due("2026-07-13 16:00", 2, company=self.company_b)
        self.assertEqual(due, "2026-07-15 09:00")

    def test_leave_of_one_person_is_his_alone(self):
        resource = self._new_resource(self.rep)
        self._new_resource(self.rep_2)
        self._new_leave("2026-07-14 00:00", "2026-07-17 23:59", resource)
        self.assertEqual(self._due("2026-07-13 16:00", 2, self.rep), "2026-07-18 09:00")
        for user in (self.rep_2, self.rep_3, None):
            self.assertEqual(self._due("2026-07-13 16:00", 2, user), "2026-07-14 09:00")

    def test_who_is_off_tomorrow_is_away_this_night(self):
        resource = self._new_resource(self.rep)
        self._new_leave("2026-07-14 00:00", "2026-07-14 23:59", resource)
        self.assertEqual(
            self._absence(self.rep, "2026-07-13 20:00", hours=False), LEAVE
        )
        self.assertIsNone(self._absence(self.rep, "2026-07-13 16:00", hours=False))
        self.assertIsNone(self._absence(self.rep, "2026-07-14 23:59:30", hours=False))

    def test_half_a_day_off(self):
        resource = self._new_resource(self.rep)
        self._new_leave("2026-07-14 12:00", "2026-07-14 17:00", resource)
        self.assertEqual(self._due("2026-07-14 11:00", 2, self.rep), "2026-07-15 09:00")
        self.assertEqual(self._absence(self.rep, "2026-07-14 12:30"), LEAVE)

    def test_leave_that_began_long_ago_still_counts(self):
        resource = self._new_resource(self.rep)
        self._new_leave("2026-01-01 00:00", "2026-06-10 23:59", resource)
        until = self._presence(self.rep, "2026-06-01 10:00").absence(
            self._utc("2026-06-01 10:00"), False
        )
        self.assertEqual(until, (LEAVE, self._utc("2026-06-11 08:00")))

    def test_overlapping_leaves_are_counted_once(self):
        resource = self._new_resource(self.rep)
        self._new_leave("2026-07-14 08:00", "2026-07-14 15:00", resource)
        self._new_leave("2026-07-14 00:00", "2026-07-14 12:00")
        known = self._presence(self.rep, "2026-07-14 08:00")
        worked = known.between(
            self._utc("2026-07-14 00:00"), self._utc("2026-07-15 00:00"), timedelta()
        )
        self.assertEqual(worked, 2 * HOUR)

    def test_time_off_that_is_no_leave_does_not_count(self):
        self._new_leave("2026-07-14 00:00", "2026-07-14 23:59", time_type="other")
        self.assertEqual(self._due("2026-07-13 16:00", 2), "2026-07-14 09:00")

    def test_many_users_are_told_apart(self):
        users = self.rep + self.rep_2 + self.rep_3
        off = self._new_resource(self.rep)
        self._new_resource(self.rep_2, tz=NEW_YORK)
        self._new_leave("2026-07-14 00:00", "2026-07-14 23:59", off)
        start = self._utc("2026-07-14 10:00")
        known = self.Capacity._get_presences(users, self.company, start)
        reasons = [known[user.id].absence(start, True)[0] for user in users]
        self.assertEqual(reasons, [LEAVE, HOURS, None])


class TestPeriods(LeadManagementCase):
    """Days, weeks and months of limits begin at midnight where the user is."""

    # Clocks change in the night, at midnight, or from one o'clock back to midnight.
    PLACES = (
        "Europe/Paris",
        NEW_YORK,
        "Asia/Kolkata",
        "Pacific/Auckland",
        "Pacific/Chatham",
        "Africa/Cairo",
        "Asia/Beirut",
        "America/Santiago",
        "America/Havana",
        "Atlantic/Azores",
    )

    def _get_start(self, tz, moment, period="day"):
        Capacity = self.env["lead.assignment.capacity"]
        periods = Capacity._get_periods(tz, moment)
        return Capacity._to_utc(periods[period], tz)

    @staticmethod
    def _get_local_date(tz, moment):
        return pytz.utc.localize(moment).astimezone(tz).date()

    def _is_first_minute(self, tz, start, moment):
        """Return whether the day of a moment began then, and not a minute before."""
        today = self._get_local_date(tz, moment)
        before = start - timedelta(minutes=1)
        return (
            start <= moment
            and self._get_local_date(tz, start) == today
            and self._get_local_date(tz, before) < today
        )

    def test_a_day_begins_with_its_first_minute(self):
        """Tried in every half hour of the days around each change of the clocks."""
        for place in self.PLACES:
            tz = pytz.timezone(place)
            changes = getattr(tz, "_utc_transition_times", [datetime(2026, 6, 1)])
            moments = [
                change + number * HOUR / 2
                for change in changes
                for number in range(-60, 60)
                if change.year == 2026
            ]
            wrong = [
                moment
                for moment in moments
                if not self._is_first_minute(tz, self._get_start(tz, moment), moment)
            ]
            self.assertEqual((place, wrong), (place, []))

    def test_week_and_month_begin_in_the_night_before_their_first_day(self):
        for place, *moments in (
            (
                "Europe/Paris",
                "2026-03-29 12:00",
                "2026-03-22 23:00",
                "2026-02-28 23:00",
            ),
            (
                "Europe/Paris",
                "2026-04-01 12:00",
                "2026-03-29 22:00",
                "2026-03-31 22:00",
            ),
            (NEW_YORK, "2026-11-02 04:59", "2026-10-26 04:00", "2026-11-01 04:00"),
            (NEW_YORK, "2026-11-02 05:00", "2026-11-02 05:00", "2026-11-01 04:00"),
            (
                "Asia/Kolkata",
                "2026-12-31 19:00",
                "2026-12-27 18:30",
                "2026-12-31 18:30",
            ),
        ):
            moment, week, month = map(datetime.fromisoformat, moments)
            tz = pytz.timezone(place)
            with self.subTest(place=place, moment=moment):
                self.assertEqual(self._get_start(tz, moment, "week"), week)
                self.assertEqual(self._get_start(tz, moment, "month"), month)

    def test_week_of_the_year_change_begins_in_the_old_year(self):
        periods = self.env["lead.assignment.capacity"]._get_periods(
            pytz.timezone("Europe/Paris"), datetime(2026, 12, 31, 23, 30)
        )
        self.assertEqual(
            periods,
            {
                "day": date(2027, 1, 1),
                "week": date(2026, 12, 28),
                "month": date(2027, 1, 1),
            },
        )

    def test_zone_is_that_of_the_user_or_else_of_the_company(self):
        Capacity = self.env["lead.assignment.capacity"]
        self.company.resource_calendar_id.tz = "Asia/Tokyo"
        self.rep.tz, self.rep_2.tz = NEW_YORK, False
        zones = [
            Capacity._get_timezone(user, self.company).zone
            for user in (self.rep, self.rep_2)
        ]
        self.assertEqual(zones, [NEW_YORK, "Asia/Tokyo"])

    def test_leads_of_today_are_those_since_midnight_of_the_user(self):
        """The same three leads are of one day in Auckland, of two in New York."""
        Capacity = self.env["lead.assignment.capacity"]
        moments = ["2026-06-09 13:00", "2026-06-10 02:00", "2026-06-10 05:00"]
        for user, tz in ((self.rep, "Pacific/Auckland"), (self.rep_2, NEW_YORK)):
            user.tz = tz
            for moment in moments:
                self.env["lead.assignment.log"].create(
                    {
                        "lead_id": self._new_lead(user_id=user.id).id,
                        "user_id": user.id,
                        "date": moment,
                        "trigger": "capture",
                        "outcome": "assigned",
                    }
                )
        loads = Capacity._get_loads(
            self.rep + self.rep_2, self.company, datetime(2026, 6, 10, 6, 0)
        )
        self.assertEqual(loads[self.rep.id]["day"], 3)
        self.assertEqual(loads[self.rep_2.id]["day"], 1)
        self.assertEqual(loads[self.rep_2.id]["week"], 3)

"""Working time, hours of the day and changes of the clocks, in many zones."""

from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.lead_management.tools.sequence_time import (
    ALL_DAYS,
    DAYS,
    HOURS,
    WORKDAYS,
    Window,
    add_wait,
    fit_window,
    to_local,
    to_utc,
)

ZONES = (
    "Europe/Paris",
    "America/New_York",
    "America/Sao_Paulo",
    "Australia/Lord_Howe",
    "Asia/Kolkata",
    "Africa/Casablanca",
)
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)).map(
    lambda moment: moment.replace(microsecond=0)
)
WINDOWS = st.builds(
    lambda start, length, days: Window(start, min(24, start + length), days),
    st.integers(0, 20),
    st.integers(1, 12),
    st.sets(st.integers(0, 6), min_size=1).map(frozenset),
)


@tagged("standard", "post_install", "-at_install")
class TestTime(BaseCase):
    @settings(max_examples=300, deadline=None)
    @given(MOMENTS, st.sampled_from(ZONES), WINDOWS, st.text(max_size=5))
    def test_messages_keep_to_their_hours(self, moment, zone, window, seed):
        """Whatever the clocks do: never before, and within the hours of an open day."""
        at = fit_window(moment, [zone], window, seed)
        self.assertGreaterEqual(at, moment)
        self.assertLess(at - moment, timedelta(days=9))
        local = to_local(at, zone)
        hour = local.hour + local.minute / 60
        self.assertIn(local.weekday(), window.days)
        # a night in which an hour is skipped opens an hour later
        self.assertTrue(window.start <= hour < max(window.end, window.start + 2), local)
        self.assertEqual(fit_window(at, [zone], window, seed), at)

    @settings(max_examples=300, deadline=None)
    @given(MOMENTS, st.sampled_from(ZONES), st.integers(0, 40))
    def test_days_keep_the_time_on_the_clock(self, moment, zone, count):
        before, after = (
            to_local(one, zone) for one in (moment, add_wait(moment, count, DAYS, zone))
        )
        self.assertEqual((after.date() - before.date()).days, count)
        shift = abs(
            timedelta(hours=after.hour, minutes=after.minute)
            - timedelta(hours=before.hour, minutes=before.minute)
        )
        # unless it is a time that is skipped in that night
        self.assertLessEqual(shift, timedelta(hours=1))
        if shift:
            wall = datetime.combine(after.date(), before.time())
            self.assertNotEqual(to_local(to_utc(wall, zone), zone), wall)

    @settings(max_examples=200, deadline=None)
    @given(MOMENTS, st.sampled_from(ZONES), st.integers(1, 30))
    def test_working_days(self, moment, zone, count):
        after = to_local(add_wait(moment, count, WORKDAYS, zone), zone)
        self.assertLess(after.weekday(), 5)
        self.assertGreaterEqual(
            (after.date() - to_local(moment, zone).date()).days, count
        )

    def test_hours_pass(self):
        night = datetime(2026, 3, 28, 23)
        self.assertEqual(
            add_wait(night, 24, HOURS, "Europe/Paris"), night + timedelta(days=1)
        )

    def test_a_weekday_list_lets_it_go_once(self):
        """A day that is open is not found again and again."""
        office = Window(9, 10, frozenset({1, 3}))
        at = fit_window(datetime(2026, 11, 30, 12), ["UTC"], office, 1)
        self.assertEqual(at.date(), datetime(2026, 12, 1).date())
        later = fit_window(at + timedelta(hours=2), ["UTC"], office, 1)
        self.assertEqual(later.date(), datetime(2026, 12, 3).date())
        self.assertEqual(len(ALL_DAYS), 7)

from odoo.tests import HttpCase

from ..timeline.test_timeline import TimelineCase


class TestTimelineTour(TimelineCase, HttpCase):
    """The story of a lead in the browser, on a laptop and on a phone."""

    browser_size = "1366x768"

    def test_rep_reads_the_story(self):
        self._live()
        self._start()

    def test_rep_reads_the_story_on_a_phone(self):
        self.browser_size, self.touch_enabled = "390x844", True
        self._live()
        self._start()

    def _start(self):
        self.env.flush_all()
        self.start_tour(
            f"/odoo/crm.lead/{self.lead.id}",
            "lead_management_timeline",
            login=self.rep.login,
            timeout=120,
        )

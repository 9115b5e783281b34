from datetime import datetime

from freezegun import freeze_time

from odoo.addons.lead_management.tests.common import LeadManagementCase

# The company's zone is UTC here: 29 days of a month have gone.
NOW = datetime(2026, 5, 29, 12)


def get_numbers(part):
    """Yield all numbers of a report that open records."""
    if isinstance(part, dict):
        if "domain" in part and "count" in part:
            yield part
        for value in part.values():
            yield from get_numbers(value)
    elif isinstance(part, (list, tuple)):
        for value in part:
            yield from get_numbers(value)


class InsightCase(LeadManagementCase):
    """Two months of leads of which each has its place.

    ============ ====== ========== ======== ======================================
    lead         rep    created    source   what became of it
    ============ ====== ========== ======== ======================================
    won          rep    April 3    web      all the way, won May 8
    skipped      rep    May 4      web      straight to negotiation May 6
    qualified    rep_2  May 5      ads      contacted 6, qualified 9
    back         rep_2  May 6      ads      qualified 8, back to contacted 10
    archived     rep    May 7      ads      contacted 8, archived as lost 12
    unqualified  rep_2  May 7      ads      unqualified 11
    recycled     rep    April 5    web      unqualified April 9, recycled May 3
    reactivated  rep    April 6    web      won April 20, inactive 25, back May 10
    nobody       none   May 10     none     open, without company
    merged       rep    May 11     web      a duplicate that was merged into *won*
    ============ ====== ========== ======== ======================================
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["crm.lead"].with_context(active_test=False).search([]).unlink()
        cls.env.company.resource_calendar_id.tz = "UTC"
        cls.company_b.resource_calendar_id = cls.env.company.resource_calendar_id
        cls.web, cls.ads = cls.env["utm.source"].create(
            [{"name": "Insight Web"}, {"name": "Insight Ads"}]
        )
        cls.leads = {}
        rep, rep_2 = cls.rep.id, cls.rep_2.id
        web, ads = cls.web.id, cls.ads.id
        cls._live(
            "won",
            rep,
            web,
            (4, 3),
            contacted=(4, 4),
            nurturing=(4, 6),
            qualified=(4, 20),
            negotiation=(5, 2),
            customer=(5, 8),
        )
        cls._live("skipped", rep, web, (5, 4), negotiation=(5, 6))
        cls._live("qualified", rep_2, ads, (5, 5), contacted=(5, 6), qualified=(5, 9))
        cls._live("back", rep_2, ads, (5, 6), qualified=(5, 8), contacted=(5, 10))
        cls._live("archived", rep, ads, (5, 7), contacted=(5, 8))
        with freeze_time(datetime(2026, 5, 12, 10)):
            cls.leads["archived"].action_set_lost()
            cls.env.cr.flush()
        cls._live("unqualified", rep_2, ads, (5, 7), unqualified=(5, 11))
        cls._live("recycled", rep, web, (4, 5), unqualified=(4, 9))
        cls._move("recycled", contacted=(5, 3))
        cls._live("reactivated", rep, web, (4, 6), customer=(4, 20), inactive=(4, 25))
        cls._move("reactivated", contacted=(5, 10))
        cls._live("nobody", False, False, (5, 10), team_id=False, company_id=False)
        cls._live("merged", rep, web, (5, 11))
        with freeze_time(datetime(2026, 5, 12, 11)):
            (cls.leads["won"] + cls.leads.pop("merged")).merge_opportunity()
            cls.env.cr.flush()
        with freeze_time(datetime(2026, 5, 15, 10)):
            cls.lead_b = cls._new_lead(
                user_id=cls.rep_b.id, team_id=cls.team_b.id, company_id=cls.company_b.id
            )
            cls.env.cr.flush()
        cls._date(cls.lead_b, (5, 15))

    @classmethod
    def _live(
        cls, name, user_id, source_id, day, team_id=None, company_id=None, **moves
    ):
        values = {
            "name": name,
            "user_id": user_id,
            "source_id": source_id,
            "team_id": cls.team.id if team_id is None else team_id,
            "company_id": cls.company.id if company_id is None else company_id,
            "expected_revenue": 1000,
        }
        with freeze_time(datetime(2026, *day, 10)):
            cls.leads[name] = cls._new_lead(**values)
            cls.env.cr.flush()
        cls._date(cls.leads[name], day)
        cls._move(name, **moves)

    @classmethod
    def _date(cls, lead, day):
        """Say when a lead was created: else it is when the transaction began."""
        cls.env.flush_all()
        cls.env.cr.execute(
            "UPDATE crm_lead SET create_date = %s WHERE id = %s",
            [datetime(2026, *day, 10), lead.id],
        )
        cls.env.invalidate_all()

    @classmethod
    def _move(cls, name, **moves):
        for stage, day in moves.items():
            with freeze_time(datetime(2026, *day, 10)):
                cls.leads[name].stage_id = cls._stage(stage)
                cls.env.cr.flush()

    def setUp(self):
        super().setUp()
        frozen = freeze_time(NOW)
        frozen.start()
        self.addCleanup(frozen.stop)

    def _report(self, user=None, sections=None, **options):
        insight = self.env["lead.insight"].with_user(user or self.manager)
        return insight.get_report(options, sections)

    def _section(self, key, user=None, **options):
        return self._report(user, [key], **options)["sections"][key]

    def _find(self, number, user=None):
        """Return the records that a number opens."""
        records = self.env[number["model"]].with_user(user or self.manager)
        return records.with_context(active_test=False).search(number["domain"])

    def _names(self, number, user=None):
        return sorted(self._find(number, user).mapped("name"))

    def _tile(self, key, **options):
        tiles = self._section("tiles", **options)["tiles"]
        return next(tile for tile in tiles if tile["key"] == key)

    def _row(self, key, label, **options):
        """Return the row of a table by its first cell."""
        rows = self._section(key, **options)["table"]["rows"]
        return next((row for row in rows if row[0] == label), None)

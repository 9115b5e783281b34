import doctest

from odoo.tests import BaseCase, tagged

from odoo.addons.lead_management.models.base import plugins
from odoo.addons.lead_management.models.messaging import kinds
from odoo.addons.lead_management.tools import (
    ab_test,
    addresses,
    away,
    backoff,
    causes,
    chance,
    choices,
    cohorts,
    import_batch,
    import_cells,
    incoming_text,
    periods,
    phones,
    presence,
    quick_days,
    quiet_hours,
    rotation,
    score_quality,
    scorecard,
    scorecard_buckets,
    scorecard_check,
    scorecard_fit,
    scorecard_groups,
    scorecard_scale,
    sequence_plan,
    sequence_time,
    smtp_replies,
    stage_names,
    stage_order,
    texts,
    whatsapp_errors,
    whatsapp_files,
    whatsapp_payload,
    workdays,
)


@tagged("standard", "post_install", "-at_install")
class TestDoctests(BaseCase):
    def test_tools(self):
        for module in (
            ab_test,
            addresses,
            away,
            backoff,
            causes,
            chance,
            choices,
            cohorts,
            import_batch,
            import_cells,
            incoming_text,
            kinds,
            plugins,
            periods,
            phones,
            plugins,
            presence,
            quick_days,
            quiet_hours,
            rotation,
            score_quality,
            scorecard,
            scorecard_buckets,
            scorecard_check,
            scorecard_fit,
            scorecard_groups,
            scorecard_scale,
            sequence_plan,
            sequence_time,
            smtp_replies,
            stage_names,
            stage_order,
            texts,
            workdays,
            whatsapp_errors,
            whatsapp_files,
            whatsapp_payload,
        ):
            with self.subTest(module=module.__name__):
                failed, attempted = doctest.testmod(module)
                self.assertTrue(attempted)
                self.assertFalse(failed)

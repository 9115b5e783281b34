import doctest

from odoo.tests import BaseCase, tagged

from odoo.addons.lead_management.tools import (
    import_batch,
    import_cells,
    presence,
    rotation,
    score_quality,
    scorecard,
    scorecard_buckets,
    scorecard_fit,
    stage_names,
    stage_order,
    workdays,
)


@tagged("standard", "post_install", "-at_install")
class TestDoctests(BaseCase):
    def test_tools(self):
        for module in (
            import_batch,
            import_cells,
            presence,
            rotation,
            score_quality,
            scorecard,
            scorecard_buckets,
            scorecard_fit,
            stage_names,
            stage_order,
            workdays,
        ):
            with self.subTest(module=module.__name__):
                failed, attempted = doctest.testmod(module)
                self.assertTrue(attempted)
                self.assertFalse(failed)

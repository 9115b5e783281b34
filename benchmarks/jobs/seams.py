"""What stands beside private methods of Odoo, against Odoo's own road.

Each variant takes Odoo's road at one place; the floor is the road as it is. The last
ratio says how many times slower it would be without that piece.
"""

from harness.job import Job, job

from .assignment import Assign
from .pipeline import Kanban, Move


class Seams(Job):
    peer = None

    def floor(self, env, prepared, variant=""):
        super().ours(env, prepared)

    def ours(self, env, prepared, variant=""):
        # found once the configuration says where
        from odoo.addons.lead_management.tests.roads import odoo_road

        with odoo_road(variant):
            super().ours(env, prepared)


@job("seams-assign", "assign 1,000 leads, Odoo's own road at one place")
class SeamsAssign(Seams, Assign):
    variants = dict.fromkeys(
        (
            "bulk_create",
            "crm_lead_engine._write_owner",
            "crm_lead_engine._check_company",
            "crm_lead_notes._message_create",
            "mail_followers._insert_followers",
        )
    )


@job("seams-move", "move 1,000 leads to the next stage, Odoo's own road")
class SeamsMove(Seams, Move):
    variants = dict.fromkeys(("crm_lead_track._message_track",))


@job("seams-kanban", "open the pipeline of all leads, Odoo's own road")
class SeamsKanban(Seams, Kanban):
    variants = dict.fromkeys(("crm_lead_currency._read_group_select",))

    def prepare(self, env, side, variant=""):
        return super().prepare(env, side, "six columns")

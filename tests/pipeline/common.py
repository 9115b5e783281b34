from odoo.fields import Command

from odoo.addons.lead_management.tests.common import LeadManagementCase

# name, sequence, is won, folded, what the mapping proposes and why
PIPELINE = (
    ("Fresh enquiries", 1, False, False, "open", "name"),
    ("Contact made", 2, False, False, "contacted", "name"),
    ("Walk the dog", 3, False, False, "contacted", "place"),
    ("Devis envoyé", 4, False, False, "negotiation", "name"),
    ("Pitch", 5, False, False, "negotiation", "place"),
    ("Party", 70, True, False, "customer", "won"),
    ("Signed", 80, False, False, "customer", "name"),
    ("Dead", 90, False, True, "unqualified", "name"),
)


def read_frequencies(env):
    """Return what the prediction has learned, without its empty rows."""
    env.flush_all()
    rows = env["crm.lead.scoring.frequency"].search([])
    return {
        (row.team_id.id, row.variable, row.value): (
            round(row.won_count),
            round(row.lost_count),
        )
        for row in rows
        if round(row.won_count) or round(row.lost_count)
    }


class StageMappingCase(LeadManagementCase):
    """A company that came with a pipeline of its own, and leads all over it.

    ``Pitch`` is for the team of company A only.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        parameters = cls.env["ir.config_parameter"]
        parameters.set_param("crm.pls_start_date", "2000-01-01")
        parameters.set_param("crm.pls_fields", "")
        cls.env["crm.lead"].with_context(active_test=False).search([]).unlink()
        cls.env["crm.lead.scoring.frequency"].search([]).unlink()
        cls.env["lead.sla"].search([]).active = False
        old = cls.env["crm.stage"].search([])
        cls.stages = {
            name: cls.env["crm.stage"].create(
                {"name": name, "sequence": sequence, "is_won": is_won, "fold": fold}
            )
            for name, sequence, is_won, fold, *__ in PIPELINE
        }
        cls.env["lead.pool"].search([]).unlink()
        old.unlink()
        cls.stages["Pitch"].team_ids = [Command.set(cls.team.ids)]
        cls.reason = cls.env["crm.lost.reason"].create({"name": "No budget"})
        cls.Mapping = cls.env["lead.stage.mapping"].with_user(cls.manager)

    @classmethod
    def _lead_in(cls, stage, **values):
        return cls._new_lead(stage_id=cls.stages[stage].id, **values)

    @classmethod
    def _lost_in(cls, stage, **values):
        lead = cls._lead_in(stage, **values)
        lead.action_set_lost(lost_reason_id=cls.reason.id)
        return lead

    @classmethod
    def _types(cls):
        return {
            stage.name: (stage.stage_type, stage.is_won)
            for stage in cls.env["crm.stage"].search([])
        }

    def _open(self, user=None):
        """Return the draft that a manager gets."""
        Mapping = self.Mapping.with_user(user or self.manager)
        mapping = Mapping.browse(Mapping.action_open()["res_id"])
        self.assertEqual(mapping.state, "draft")
        return mapping

    def _line(self, mapping, name):
        return mapping.line_ids.filtered(lambda line: line.name == name)

    def _addition(self, mapping, stage_type):
        return mapping.addition_ids.filtered(lambda line: line.stage_type == stage_type)

    def _choose(self, mapping, **types):
        """Choose types by the name of the stage, spaces as underscores."""
        for name, stage_type in types.items():
            self._line(mapping, name.replace("_", " ")).stage_type = stage_type

    def _only(self, mapping, *names):
        """Leave all stages but these as they are, and add none."""
        for line in mapping.line_ids:
            if line.name not in names:
                line.stage_type = line.type_before
        mapping.addition_ids.is_added = False

    def _state(self, leads):
        """What the mapping may change of leads, straight from the database."""
        self.env.flush_all()
        self.env.cr.execute(
            """
            SELECT id, stage_id, stage_before_id, active, won_status, probability,
                automated_probability, lost_reason_id, date_closed,
                date_last_stage_update, prorated_revenue, user_id, team_id, company_id
            FROM crm_lead WHERE id = ANY(%s) ORDER BY id
            """,
            [leads.ids],
        )
        return self.env.cr.fetchall()

    def _assert_learned(self):
        """Assert that the prediction knows what it would learn from scratch."""
        live = read_frequencies(self.env)
        self.env["crm.lead"]._rebuild_pls_frequency_table()
        self.assertEqual(live, read_frequencies(self.env))

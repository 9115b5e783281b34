"""What stands beside private methods of Odoo leaves behind what Odoo would."""

from contextlib import nullcontext

from odoo.exceptions import UserError

from odoo.addons.lead_management.models.base.fast.bulk_create import (
    _is_plain,
    bulk_create,
)
from odoo.addons.lead_management.tests.common import LeadManagementCase
from odoo.addons.lead_management.tests.roads import odoo_road

# Differs from one lead to the next, or from one moment to the next.
OWN = {
    *("id", "create_date", "write_date", "date", "date_start", "duration", "waited"),
    *("lead_id", "message_id", "mail_message_id", "parent_id", "res_id"),
    *("assignment_date", "date_open", "date_last_stage_update", "date_due"),
    *("date_next", "stage_date", "score_date", "reply_to", "rule_version"),
}
# Rows that changes of leads leave behind, and how they are found.
ROWS = {
    "mail.message": [("model", "=", "crm.lead")],
    "mail.tracking.value": [("mail_message_id.model", "=", "crm.lead")],
    "mail.followers": [("res_model", "=", "crm.lead")],
    "lead.assignment.log": [],
    "lead.stage.transition": [],
}


LEADS = 3


class TestFast(LeadManagementCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contacted = cls._stage("contacted")
        cls.rule = cls.env["lead.assignment.rule"].create(
            {"name": "All", "target": "user", "user_id": cls.rep_2.id}
        )

    # ------------------------------------------------------------
    # Roads
    # ------------------------------------------------------------

    def _route(self, leads):
        leads.with_user(self.manager).action_route()

    def _move(self, leads):
        leads.with_user(self.rep).write({"stage_id": self.contacted.id})

    def _take(self, act, piece=None):
        """Return what an act leaves behind, and how often Odoo's road was taken."""
        owner = self.rep.id if act == self._move else False
        leads = self.env["crm.lead"]
        self.rule.active = False
        for _number in range(LEADS):
            leads += self._new_lead(name="Same", type="opportunity", user_id=owner)
        self.commit()
        self.rule.active = True
        last = {model: self._find(model).ids[-1:] or [0] for model in ROWS}
        with odoo_road(piece) if piece else nullcontext() as taken:
            act(leads)
            self.commit()
        self.env.invalidate_all()
        rows = {
            model: self._read(self._find(model, [("id", ">", last[model][0])]))
            for model in ROWS
        }
        rows["crm.lead"] = self._read(leads)
        # the next road starts from the same load
        leads.unlink()
        return rows, taken

    def _find(self, model, domain=()):
        return self.env[model].sudo().search([*ROWS[model], *domain], order="id")

    def _read(self, records):
        """Return the columns of records."""
        names = [
            name
            for name, field in records._fields.items()
            if field.store
            and field.column_type
            and name not in OWN
            and field.type != "properties"
        ]
        if records._name == "mail.followers":
            names.append("subtype_ids")
        return sorted(
            str([(name, str(record[name])) for name in names]) for record in records
        )

    def _assert_same(self, act, pieces):
        ours, __ = self._take(act)
        self.assertTrue(all(ours[model] for model in self._left_by(act)))
        for piece in pieces:
            with self.subTest(piece=piece):
                theirs, taken = self._take(act, piece)
                self.assertTrue(taken, "this piece is not used")
                for model, rows in theirs.items():
                    self.assertEqual(ours[model], rows, model)

    def _left_by(self, act):
        return {
            self._route: set(ROWS) - {"lead.stage.transition"},
            self._move: {
                "mail.message",
                "mail.tracking.value",
                "lead.stage.transition",
            },
        }[act]

    # ------------------------------------------------------------
    # Tests
    # ------------------------------------------------------------

    def test_routing(self):
        self._assert_same(
            self._route,
            [
                "bulk_create",
                "crm_lead_engine._write_owner",
                "crm_lead_engine._check_company",
                "crm_lead_notes._message_create",
                "mail_followers._insert_followers",
            ],
        )

    def test_companies_of_many_are_checked(self):
        """One lead that does not suit is found among many that do."""
        partner = self.env["res.partner"].create(
            {"name": "Other", "company_id": self.company_b.id}
        )
        leads = self.env["crm.lead"]
        for rep in (self.rep_b, self.rep_b, self.rep):
            leads += self._new_lead(
                user_id=rep.id, company_id=rep.company_id.id, team_id=False
            )
        with self.assertRaisesRegex(UserError, "Other"):
            leads.write({"partner_id": partner.id})
        leads[:2].write({"partner_id": partner.id})

    def test_many_are_written_in_one_statement(self):
        """Nothing of our own or of Odoo's stands in the way of the short road."""
        for model in ("mail.message", "mail.tracking.value", "mail.followers"):
            self.assertTrue(_is_plain(self.env[model], ("mail",)), model)
        self.assertTrue(_is_plain(self.env["lead.assignment.log"], ()))

    def test_texts_are_cleaned_on_the_short_road(self):
        log = {"trigger": "capture", "outcome": "failed", "detail": "a\x00b"}
        lead = self._new_lead()
        record = bulk_create(
            self.env["lead.assignment.log"].sudo(), [{**log, "lead_id": lead.id}]
        )
        self.assertEqual(record.detail, "ab")

    def test_moving(self):
        self._assert_same(self._move, ["crm_lead_track._message_track"])

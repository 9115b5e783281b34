from odoo import fields
from odoo.exceptions import AccessError
from odoo.tools import SQL

from odoo.addons.lead_management.tests.common import LeadManagementCase

ROW_MIXIN = "lead.row.mixin"
OPERATIONS = ("read", "write", "create", "unlink")


class RowCase(LeadManagementCase):
    """A lead of each kind, and for each of them a row of each model."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.blind, cls.open = (
            cls.env["lead.pool"].create(
                {"name": "P", "team_id": cls.team.id, "is_blind": is_blind}
            )
            for is_blind in (True, False)
        )
        cls.leads = {
            "own": cls._new_lead(),
            "archived": cls._new_lead(active=False),
            "of_rep_2": cls._new_lead(user_id=cls.rep_2.id),
            "free": cls._new_lead(user_id=False, team_id=False),
            "in_blind": cls._new_lead(user_id=False),
            "in_open": cls._new_lead(user_id=False),
            "own_of_blind": cls._new_lead(),
            "of_rep_b": cls._new_lead(user_id=cls.rep_b.id),
            "free_b": cls._new_lead(user_id=False, team_id=cls.team_b.id),
            "own_in_b": cls._new_lead(),
        }
        cls.env.cr.flush()
        own = {"company_id": cls.company.id}
        for name, values in {
            "free": {"company_id": None},
            "in_blind": {"assignment_pool_id": cls.blind.id, **own},
            "own_of_blind": {"assignment_pool_id": cls.blind.id},
            "in_open": {"assignment_pool_id": cls.open.id, **own},
            "own_in_b": {"company_id": cls.company_b.id},
        }.items():
            cls._write_row(cls.leads[name], values)
        cls.env.invalidate_all()
        cls.every = cls.env["crm.lead"].concat(*cls.leads.values())
        cls.both = cls._new_user("lm_both", "manager")
        cls.both.company_ids += cls.company_b
        cls.models = cls._get_row_models()
        cls.rows = {name: cls._fill(cls.env[name]) for name in cls.models}

    @classmethod
    def _get_row_models(cls):
        mixin = cls.registry[ROW_MIXIN]
        return [
            name
            for name, model in cls.registry.items()
            if issubclass(model, mixin) and model._auto and not model._abstract
        ]

    @classmethod
    def _write_row(cls, record, values):
        """Write columns by SQL: nothing of what follows is wanted."""
        cls.env.cr.execute(
            SQL(
                "UPDATE %s SET %s WHERE id = %s",
                SQL.identifier(record._table),
                SQL(", ").join(
                    SQL("%s = %s", SQL.identifier(name), value)
                    for name, value in values.items()
                ),
                record.id,
            )
        )

    @classmethod
    def _fill(cls, model):
        """Insert a row of each lead, with what the table asks for; return them."""
        cls.env.flush_all()
        cls.env.cr.execute(SQL("DELETE FROM %s", SQL.identifier(model._table)))
        values = {
            field.name: cls._get_example(field)
            for field in model._fields.values()
            if field.required and field.store and field.column_type
            if field.name not in ("id", "lead_id")
        }
        for lead in cls.every:
            row = {**values, "id": lead.id, "lead_id": lead.id}
            if model._name == "lead.message":
                row["key"] = f"key {lead.id}"
            if model._name == "lead.colleague":
                row["until"] = "2020-01-01"  # shared with nobody any more
            if model._name == "lead.enrollment.step":
                row["step_key"] = f"key {lead.id}"
            cls.env.cr.execute(
                SQL(
                    "INSERT INTO %s (%s) VALUES (%s)",
                    SQL.identifier(model._table),
                    SQL(", ").join(map(SQL.identifier, row)),
                    SQL(", ").join(SQL("%s", value) for value in row.values()),
                )
            )
        cls.env.invalidate_all()
        return model.browse(cls.every.ids)

    @classmethod
    def _new_message(cls):
        """Return a message that rows may be of."""
        values = {"channel": "email", "key": "a message", "lead_id": cls.every[0].id}
        return cls.env["lead.message"].create(values)

    @classmethod
    def _get_example(cls, field):
        if field.type == "many2one":
            return {
                "crm.lead": lambda: None,
                "lead.qualifier": lambda: cls._new_qualifier("Why", "text").id,
                "lead.stage.mapping": cls._new_mapping,
                "lead.sequence": lambda: cls._new_version().sequence_id.id,
                "lead.sequence.version": lambda: cls._new_version().id,
                # each row has the id of its lead
                "lead.enrollment": lambda: cls.every[0].id,
                "lead.message": lambda: cls._new_message().id,
                "lead.pool": lambda: cls.open.id,
                "res.users": lambda: cls.rep.id,
                "lead.check.service": cls._new_service,
                # each row has the id of its lead
                "lead.credit.check": lambda: cls.every[0].id,
            }[field.comodel_name]()
        if field.type == "selection":
            return field.get_values(cls.env)[0]
        if field.type in ("date", "datetime"):
            return fields.Datetime.now()
        return 0 if field.type in ("integer", "float", "boolean") else "x"

    @classmethod
    def _new_version(cls):
        return cls.env["lead.sequence"].create({"name": "S"}).version_ids

    @classmethod
    def _new_service(cls):
        return cls.env["lead.check.service"].search([], limit=1).id or (
            cls.env["lead.check.service"].create({"key": "vies"}).id
        )

    @classmethod
    def _new_mapping(cls):
        Mapping = cls.env["lead.stage.mapping"].with_user(cls.manager)
        return Mapping.action_open()["res_id"]

    @classmethod
    def _give_all_rights(cls, group):
        """Let a group do everything, as far as no record rule keeps it from it."""
        cls.env["ir.model.access"].create(
            [
                {
                    "name": "all",
                    "model_id": cls.env["ir.model"]._get_id(name),
                    "group_id": cls.env.ref(group).id,
                    **{f"perm_{operation}": True for operation in OPERATIONS},
                }
                for name in cls.models
            ]
        )

    def _get_visible(self, env, name="crm.lead"):
        """Return the ids of the leads a user may see, and so of the rows of a model."""
        if name == "lead.pool.entry" and self.company not in env.companies:
            return set()  # a rule of its own: the company of the pool
        leads = env["crm.lead"].with_context(active_test=False)
        return set(leads.search([("id", "in", self.every.ids)]).ids)

    def _environments(self):
        """Each user, and whoever works for two companies in each, and in both."""
        users = (self.rep, self.rep_2, self.leader, self.manager)
        for user in (*users, self.rep_b, self.manager_b):
            yield user.login, self.env(user=user)
        one, other = self.company.id, self.company_b.id
        for companies in ([one], [other], [one, other]):
            yield (
                f"both in {companies}",
                self.env(user=self.both, context={"allowed_company_ids": companies}),
            )

    def _check_reading(self, model, rows, visible):
        mine = rows.with_env(model.env)
        model.env.invalidate_all()
        among = [("id", "in", rows.ids)]
        self.assertEqual(set(model.search(among).ids), visible)
        self.assertEqual(model.search_count(among), len(visible))
        self.assertEqual(set(mine._filtered_access("read").ids), visible)
        groups = model._read_group(among, ["lead_id"], ["__count"])
        self.assertEqual({lead.id for lead, __ in groups}, visible)
        seen = model.browse(sorted(visible))
        model.env.invalidate_all()
        self.assertEqual(len(seen.read(["lead_id"])), len(visible))
        for row in (mine - seen)[-1:]:
            for road in (
                lambda row=row: row.read(["lead_id"]),
                lambda row=row: row._export_rows([["lead_id", "id"]]),
            ):
                model.env.invalidate_all()
                with self.assertRaises(AccessError):
                    road()

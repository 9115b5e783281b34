from odoo import api, models
from odoo.fields import Command
from odoo.tools import SQL


class LeadScoreExample(models.Model):
    """The lead of an example, as rows of the database for the time of a savepoint."""

    _inherit = "lead.score.example"

    def _insert_leads(self):
        """Insert a lead for each example, by SQL: nothing else takes notice of it.

        Its id is minus the id of the example.
        """
        columns = self.env["lead.qualifier"]._get_by_column()
        for example in self:
            values = example._parse_values()
            answers = {
                columns[name]: values.pop(name)
                for name in list(values)
                if name in columns
            }
            example._insert_lead(values)
            for data, value in answers.items():
                example._insert_answer(data, value)

    def _insert_lead(self, values):
        CrmLead = self.env["crm.lead"].with_context(default_user_id=False)
        values = {"name": self.name, "type": "opportunity", **values}
        for name, value in values.items():
            if CrmLead._fields[name].type == "many2many":
                ids = [value] if isinstance(value, int) else list(value or ())
                values[name] = [Command.set(ids)]
        lead = CrmLead.new(values)
        stored = [
            field
            for field in CrmLead._fields.values()
            if field.store and field.column_type and field.name != "id"
        ]
        self.env.cr.execute(
            SQL(
                "INSERT INTO crm_lead (id, %s) VALUES (%s, %s)",
                SQL(", ").join(SQL.identifier(field.name) for field in stored),
                -self.id,
                SQL(", ").join(
                    SQL("%s", self._get_column_value(field, lead)) for field in stored
                ),
            )
        )
        for name in values:
            field = CrmLead._fields[name]
            if field.type == "many2many" and field.store:
                ids = lead[name].ids or lead[name]._origin.ids
                self._insert_relation(field, -self.id, ids)

    @api.model
    def _get_column_value(self, field, lead):
        value = lead[field.name]
        if field.type == "many2one":
            value = value._origin.id
        return field.convert_to_column_insert(value, lead)

    @api.model
    def _insert_relation(self, field, record_id, ids):
        self.env.cr.execute(
            SQL(
                "INSERT INTO %s (%s, %s) SELECT %s, unnest(%s::int4[])",
                SQL.identifier(field.relation),
                SQL.identifier(field.column1),
                SQL.identifier(field.column2),
                record_id,
                list(ids),
            )
        )

    def _insert_answer(self, data, value):
        Answer = self.env["lead.qualifier.answer"]
        if not isinstance(value, (str, int, float, bool)):
            value = list(value)
        parsed = Answer._parse(data, value)
        if parsed is None:
            return
        values = Answer._prepare_answer(data, -self.id, parsed, "automation")
        options = values.pop("option_ids", ())
        values = {"is_current": True, **values}
        [(answer_id,)] = self.env.execute_query(
            SQL(
                "INSERT INTO lead_qualifier_answer (%s) VALUES (%s) RETURNING id",
                SQL(", ").join(map(SQL.identifier, values)),
                SQL(", ").join(SQL("%s", value or None) for value in values.values()),
            )
        )
        field = Answer._fields["option_ids"]
        self._insert_relation(field, answer_id, options)

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError
from odoo.tools import SQL

from ...tools.choices import ChoiceChange
from ..base.apart import attempt
from ..base.lead_row_mixin import OWN
from .lead_qualifier import (
    CHOICE,
    DATE,
    MULTIPLE,
    NUMBER,
    TEXT,
    YES_NO,
)

SOURCES = [
    ("rep", "Salesperson"),
    ("form", "Form"),
    ("import", "Import"),
    ("api", "API"),
    ("chatbot", "Chatbot"),
    ("automation", "Automation"),
]
# The column that holds the answers of each kind.
VALUE_COLUMNS = {
    YES_NO: "option_id",
    CHOICE: "option_id",
    MULTIPLE: "option_ids",
    NUMBER: "value_number",
    DATE: "value_date",
    TEXT: "value_text",
}
# Those columns in the order in which many answers are read at once.
READ_ORDER = ("option_id", "option_ids", "value_number", "value_date", "value_text")


class LeadQualifierAnswer(models.Model):
    """What a lead answered to a question: who noted it, when, and where from.

    One answer is current per lead and question; those before it are kept. Answers are
    written through the lead (:meth:`_record`), never directly.
    """

    _name = "lead.qualifier.answer"
    _inherit = ["lead.row.mixin"]
    _description = "Answer"
    _order = "answer_date desc, id desc"
    _rec_name = "display_value"
    _merge = OWN  # one is current for each question

    qualifier_id = fields.Many2one(
        "lead.qualifier", required=True, ondelete="restrict", string="Question"
    )
    company_id = fields.Many2one(related="qualifier_id.company_id", store=True)
    is_current = fields.Boolean(string="Current", default=True)
    # Value
    option_id = fields.Many2one(
        "lead.qualifier.option", string="Choice", ondelete="restrict", index=True
    )
    option_ids = fields.Many2many(
        "lead.qualifier.option",
        "lead_qualifier_answer_option_rel",
        "answer_id",
        "option_id",
        string="Choices",
        ondelete="restrict",
    )
    value_number = fields.Float(string="Number", digits=(18, 4))
    value_date = fields.Date(string="Date")
    value_text = fields.Text(string="Text")
    display_value = fields.Char(string="Answer", compute="_compute_display_value")
    # Origin
    source = fields.Selection(SOURCES, required=True)
    user_id = fields.Many2one("res.users", string="Answered By")
    answer_date = fields.Datetime(
        string="Answered On", required=True, default=fields.Datetime.now
    )

    _current_uniq = models.UniqueIndex(
        "(lead_id, qualifier_id) WHERE is_current",
        "A lead can have only one current answer to a question.",
    )
    # cover what lists and conditions read of the current answers; written as the ORM
    # writes a condition, or PostgreSQL would not see that it is the same
    _option_idx = models.Index(
        "(qualifier_id, option_id, lead_id) WHERE is_current IS TRUE"
    )
    _number_idx = models.Index("(qualifier_id, value_number) WHERE is_current IS TRUE")
    _date_idx = models.Index("(qualifier_id, value_date) WHERE is_current IS TRUE")
    _answer_date_idx = models.Index("(answer_date)")

    @api.depends(*VALUE_COLUMNS.values())
    @api.depends_context("lang")
    def _compute_display_value(self):
        every = self.env["lead.qualifier"]._get_all()
        for answer in self:
            data = every[answer.qualifier_id.id]
            answer.display_value = self._show(data, answer._get_value(data))

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        answers = super().create(vals_list)
        answers.lead_id._answers_refresh()
        return answers

    def write(self, vals):
        leads = self.lead_id
        result = super().write(vals)
        (leads | self.lead_id)._answers_refresh()
        return result

    # ------------------------------------------------------------
    # Recording
    # ------------------------------------------------------------

    @api.model
    def _record(self, given, source):
        """Note answers; what was answered before is kept as history.

        :param given: dict of (lead id, qualifier id) to the value to store, as
          :meth:`_parse` returns it; None takes the answer back
        :param source: a key of ``SOURCES``
        """
        every = self.env["lead.qualifier"]._get_all()
        before = self._find_current(given)
        outdated, vals_list = self.browse(), []
        for (lead_id, qualifier_id), value in given.items():
            data = every[qualifier_id]
            answer = before.get((lead_id, qualifier_id), self.browse())
            if (answer._get_value(data) if answer else None) == value:
                continue
            outdated += answer
            if value is not None:
                vals_list.append(self._prepare_answer(data, lead_id, value, source))
        if outdated or vals_list:
            outdated._replace(vals_list)

    @api.model
    def _find_current(self, keys):
        """Return the current answers by lead id and qualifier id."""
        current = self.search(
            [
                ("lead_id", "in", list({lead_id for lead_id, __ in keys})),
                ("qualifier_id", "in", list({q_id for __, q_id in keys})),
                ("is_current", "=", True),
            ]
        )
        return {(a.lead_id.id, a.qualifier_id.id): a for a in current}

    @api.model
    def _make_choices(self, given):
        """Put in place of each change of choices what is chosen after it, per lead.

        What was chosen before is not checked again: only what somebody adds.
        """
        changes = {k: v for k, v in given.items() if isinstance(v, ChoiceChange)}
        relative = [key for key, change in changes.items() if change.is_relative]
        before = self._find_current(relative) if relative else {}
        every = self.env["lead.qualifier"]._get_all()
        for key, change in changes.items():
            self._parse(every[key[1]], list(change.added))
            chosen = before[key].option_ids.ids if key in before else ()
            given[key] = change.apply(chosen) or None

    def _replace(self, vals_list):
        """Make these answers history, and others current."""
        try:
            with attempt(self.env):
                self.is_current = False
                self.flush_recordset()
                self.create(vals_list).flush_recordset()
        except psycopg2.errors.UniqueViolation as error:
            # somebody else answered in the same moment: start again, seeing it
            raise ConcurrencyError(str(error)) from error

    @api.model
    def _prepare_answer(self, data, lead_id, value, source):
        return {
            "lead_id": lead_id,
            "qualifier_id": data.id,
            "company_id": data.company_id,
            "source": source,
            "user_id": self.env.uid,
            "answer_date": fields.Datetime.now(),
            VALUE_COLUMNS[data.kind]: value,
        }

    # ------------------------------------------------------------
    # Reading many
    # ------------------------------------------------------------

    @api.model
    def _read_current(self, lead_ids):
        """Return the current answers of leads, in one statement.

        :return: dict of (lead id, qualifier id) to a dict with ``value``, ``source``,
          ``author`` (a name) and ``date``
        """
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT answer.lead_id, answer.qualifier_id, answer.option_id,
                       CASE WHEN qualifier.kind = 'multiple' THEN ARRAY(
                           SELECT rel.option_id
                           FROM lead_qualifier_answer_option_rel rel
                           WHERE rel.answer_id = answer.id ORDER BY rel.option_id
                       ) END,
                       answer.value_number::float8, answer.value_date,
                       answer.value_text, answer.source, author.name,
                       answer.answer_date
                FROM lead_qualifier_answer answer
                JOIN lead_qualifier qualifier ON qualifier.id = answer.qualifier_id
                LEFT JOIN res_users ON res_users.id = answer.user_id
                LEFT JOIN res_partner author ON author.id = res_users.partner_id
                WHERE answer.is_current AND answer.lead_id = ANY(%s)
                """,
                list(lead_ids),
            )
        )
        every = self.env["lead.qualifier"]._get_all()
        position = {name: number for number, name in enumerate(READ_ORDER)}
        return {
            (lead_id, qualifier_id): {
                "value": values[position[VALUE_COLUMNS[every[qualifier_id].kind]]],
                "source": source,
                "author": author or "",
                "date": answer_date,
            }
            for lead_id, qualifier_id, *values, source, author, answer_date in rows
        }

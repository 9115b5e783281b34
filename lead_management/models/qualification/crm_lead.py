from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.http import request

from ...tools.answers import clean_number
from ...tools.choices import ChoiceChange
from ..base.context import CAPTURED, IMPORT
from ..base.rpc_arguments import a_dict, checked
from .lead_stage_requirement import RECOMMENDED, REQUIRED

# Where a request comes from that is no click of a rep.
API_PATHS = ("/json", "/xmlrpc", "/jsonrpc")


class CrmLead(models.Model):
    """The questions a lead is asked, and what it answered."""

    _inherit = "crm.lead"

    qualifier_answer_ids = fields.One2many(
        "lead.qualifier.answer",
        "lead_id",
        string="Answers",
        domain=[("is_current", "=", True)],
        readonly=True,
    )
    qualifier_history_ids = fields.One2many(
        "lead.qualifier.answer", "lead_id", string="All Answers", readonly=True
    )
    qualification = fields.Json(
        compute="_compute_qualification",
        help="Questions with their answers, and the question to ask next.",
    )

    # ------------------------------------------------------------
    # Questions
    # ------------------------------------------------------------

    @api.depends_context("uid", "allowed_company_ids", "lang")
    def _compute_qualification(self):
        asked = self.env["lead.qualifier"]._get_asked(self)
        answers = self.env["lead.qualifier.answer"]._read_current(self.ids)
        for lead in self:
            questions = [
                lead._prepare_question(data, answers.get((lead._origin.id, data.id)))
                for data in asked.get(lead._origin.id, [])
            ]
            lead._rate_questions(questions)
            lead.qualification = lead._prepare_qualification(questions)

    @api.model
    def _prepare_qualification(self, questions):
        unanswered = [question for question in questions if not question["answered"]]
        best = max(unanswered, key=lambda question: question["rank"], default=None)
        return {
            "questions": questions,
            "answered": len(questions) - len(unanswered),
            "total": len(questions),
            "next": best and best["id"],
        }

    def _prepare_question(self, data, answer):
        """Return what the form needs to put a question and to show its answer."""
        if data.field:
            value = self._get_own_answer(data)
        else:
            value = answer["value"] if answer else None
        answered = value not in (None, False, 0, []) or (
            answer is not None and not data.field
        )
        return {
            "id": data.id,
            "name": data.name,
            "question": data.question,
            "help": data.help,
            "kind": data.kind,
            "unit": data.unit
            or (data.kind == "deal_size" and self._get_currency())
            or "",
            "options": [{"id": o.id, "name": o.name} for o in data.options],
            "limited": data.limit is not None,
            "value": fields.Date.to_string(value) if data.kind == "date" else value,
            "answered": answered,
            **self._prepare_origin(answer),
        }

    def _get_currency(self):
        return self.company_currency.symbol

    def _get_own_answer(self, data):
        """Return the answer to a question that is a field of the lead."""
        value = self[data.field]
        if data.kind == "deal_size":
            return value
        ids = [i for i in value.ids if data.limit is None or i in data.limit]
        if data.kind == "segment":
            return ids[0] if ids else False
        return ids

    def _prepare_origin(self, answer):
        """Return who noted an answer, when, and where from."""
        if not answer:
            return {"by": "", "on": "", "source": ""}
        sources = self.env["lead.qualifier.answer"]._fields["source"]
        return {
            "by": answer["author"],
            "on": fields.Datetime.to_string(answer["date"]),
            "source": dict(sources._description_selection(self.env))[answer["source"]],
        }

    def _get_answer_gains(self):
        """Hook: what answers would add, as dicts with ``points``.

        Each names a ``field`` of the lead, or a ``qualifier`` by its id.
        """
        return []

    def _rate_questions(self, questions):
        """Add to each question what its answer would move, and why it is worth asking.

        The rank puts first what this stage or the next requires, then the most points,
        then what they recommend, then the order of the questions.
        """
        every = self.env["lead.qualifier"]._get_all()
        levels = self._get_gate_levels()
        gains = {
            hint.get("field") or hint["qualifier"]: hint["points"]
            for hint in self._get_answer_gains()
        }
        for position, question in enumerate(questions):
            data = every[question["id"]]
            level, stage = levels.get(data.id) or levels.get(data.field) or (None, None)
            gain = gains.get(data.field or data.id, 0)
            question["level"] = level or ""
            question["points"] = gain
            question["rank"] = [
                level == REQUIRED,
                gain,
                level == RECOMMENDED,
                -position,
            ]
            question["reason"] = self._explain_question(level, stage, gain)

    @api.model
    def _explain_question(self, level, stage, points):
        if level == REQUIRED and points:
            return self.env._(
                "required for “%(stage)s”, up to +%(points)s points",
                stage=stage,
                points=points,
            )
        if level == REQUIRED:
            return self.env._("required for “%s”", stage)
        if points:
            return self.env._("up to +%s points", points)
        if level == RECOMMENDED:
            return self.env._("recommended for “%s”", stage)
        return self.env._("not answered yet")

    # ------------------------------------------------------------
    # Answers
    # ------------------------------------------------------------

    @checked(answers=a_dict)
    def action_qualify(self, answers):
        """Note answers of this lead, one or several at once.

        :param answers: dict of the id of a question (text or number) to the answer; an
          empty answer takes it back
        :return: the questions as they stand now, as in ``qualification``
        """
        self.ensure_one()
        self.check_access("write")
        self._qualify(answers or {})
        return self.qualification

    def _qualify(self, answers):
        """Note the answers to questions, checked, on all these leads."""
        Qualifier = self.env["lead.qualifier"]
        every = Qualifier._get_all()
        given, own = {}, {}
        for key, value in answers.items():
            data = every.get(int(key)) if str(key).isdecimal() else None
            if not data or not Qualifier._is_visible(data):
                raise UserError(
                    self.env._(
                        "This question is no longer asked. Reload the page to see "
                        "the current questions."
                    )
                )
            if data.field:
                own.update(self._prepare_own_answer(data, value))
            else:
                given[data.id] = value
        if own:
            self.write(own)
        self._record_answers(given)

    def _record_answers(self, given):
        """Note answers in ``lead.qualifier.answer``.

        :param given: dict of question id to what was answered
        """
        self._record_answers_of({lead.id: given for lead in self})

    @api.model
    def _record_answers_of(self, given_by_lead):
        """Note the answers of several leads: dict of lead id to answers by question."""
        every = self.env["lead.qualifier"]._get_all()
        # sudo: answers are written through the lead only, whose access was checked
        Answer = self.env["lead.qualifier.answer"].sudo()
        parsed = {
            (lead_id, qualifier_id): value
            if isinstance(value, ChoiceChange)
            else Answer._parse(every[qualifier_id], value)
            for lead_id, given in given_by_lead.items()
            for qualifier_id, value in given.items()
        }
        if parsed:
            Answer._make_choices(parsed)
            Answer._record(parsed, self._get_answer_source())

    def _answers_refresh(self):
        """Bring what depends on the answers of these leads up to date."""
        columns = [
            column
            for column in self.env["lead.qualifier"]._get_by_column()
            if column in self._fields
        ]
        self.invalidate_recordset(["qualification", *columns], flush=False)
        self._derived_mark_by(["qualifier_answer_ids"])

    def _prepare_own_answer(self, data, value):
        """Return the values to write for a question that is a field of the lead.

        What a limited question does not let choose from is left as it is.
        """
        if data.kind == "deal_size":
            return {data.field: self._parse_amount(data, value)}
        ids = value if isinstance(value, (list, tuple)) else [value]
        chosen = self._find_chosen(data, [item for item in ids if item])
        if data.kind == "segment":
            return {data.field: chosen[:1].id}
        if data.limit is None:
            return {data.field: [Command.set(chosen.ids)]}
        unchosen = [item for item in data.limit if item not in chosen.ids]
        commands = [*map(Command.link, chosen.ids), *map(Command.unlink, unchosen)]
        return {data.field: commands}

    @api.model
    def _parse_amount(self, data, value):
        """Return the deal size somebody answered; nothing is 0."""
        try:
            amount = clean_number(value or 0)
            if amount < 0:
                raise ValueError(value)
        except (ValueError, TypeError) as error:
            raise ValidationError(
                self.env._(
                    "“%(value)s” cannot be used as an answer to “%(question)s”. "
                    "Enter an amount of 0 or more.",
                    value=str(value)[:100],
                    question=data.name,
                )
            ) from error
        return amount

    @api.model
    def _find_chosen(self, data, ids):
        """Return the records somebody chose, all of them offered by the question."""
        Comodel = self.env[self._fields[data.field].comodel_name]
        offered = all(type(item) is int for item in ids) and (
            data.limit is None or set(ids) <= set(data.limit)
        )
        chosen = Comodel.browse(ids if offered else []).exists()
        if not offered or len(chosen) != len(set(ids)):
            raise ValidationError(
                self.env._(
                    "This choice is not available for “%s”. Reload the page to see "
                    "the available choices.",
                    data.name,
                )
            )
        chosen.check_access("read")
        return chosen

    @api.model
    def _get_answer_source(self):
        """Return where the answers of this call come from, as in ``SOURCES``."""
        if IMPORT.get(self.env):
            return "import"
        if CAPTURED.get(self.env) or self.env.user._is_public():
            return "form"
        if not request or not request.httprequest:
            return "automation" if self.env.user._is_superuser() else "rep"
        return "api" if request.httprequest.path.startswith(API_PATHS) else "rep"

    # ------------------------------------------------------------
    # Merge
    # ------------------------------------------------------------

    def _answers_merged(self, merged):
        """Keep the answers of all leads: the latest of each question is current."""
        # sudo: the history is nobody's to write
        answers = (
            self.env["lead.qualifier.answer"]
            .sudo()
            .search([("lead_id", "in", (self + merged).ids)])
        )
        current = answers.filtered("is_current")
        latest = {}
        for answer in current:  # the latest come first
            latest.setdefault(answer.qualifier_id, answer)
        outdated = current - current.browse().concat(*latest.values())
        outdated.is_current = False
        if outdated:
            outdated.flush_recordset()
        answers.lead_id = self

"""The score of leads worked out by hand: the rules read one by one, in Python.

Nothing here asks the engine. Conditions are ``filtered_domain``, everything else is
arithmetic on what the records say, so that an error in the SQL cannot repeat itself.
"""

from ast import literal_eval
from collections import namedtuple
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from math import floor

Event = namedtuple("Event", "lead_id code date type_id")
Score = namedtuple("Score", "model_id fit engagement total grade temperature")

NOBODY = Score(None, 0, 0, 0, "C3", "cold")
LEAD_FIELD_KINDS = ("product", "segment", "tag", "deal_size")
ACTIVITIES_DONE = ("call", "activity")
DAY = 24 * 60 * 60


def half_up(number):
    """Return the whole number next to an exact one, halves away from zero."""
    number = Fraction(number)
    if number < 0:
        return -half_up(-number)
    return floor(number + Fraction(1, 2))


def scaled(points, full):
    return max(0, min(100, half_up(Fraction(100 * points, full))))


class Oracle:
    """What leads score by models that are active, given what happened with them."""

    def __init__(self, models, leads, events, now):
        self.models = models.sorted(
            lambda model: (not model.company_id, model.sequence, model.id)
        )
        self.leads = leads.sudo().with_context(active_test=False)
        self.now = now
        self.matching = {}
        self.events = {}
        for event in events:
            self.events.setdefault(event.lead_id, []).append(event)
        self.questions = (
            leads.env["lead.qualifier"].sudo().with_context(active_test=True).search([])
        )

    # ------------------------------------------------------------
    # Scores
    # ------------------------------------------------------------

    def score(self, lead):
        """Return the :class:`Score` of a lead."""
        model = self.find_model(lead)
        if not model:
            return NOBODY
        full = model.full_points
        fit, engagement = (
            self.raw(model, lead, dimension) for dimension in ("fit", "engagement")
        )
        total = scaled(fit + engagement, full)
        fit, engagement = scaled(fit, full), scaled(engagement, full)
        if self.is_vetoed(model, lead):
            return Score(model.id, fit, engagement, 0, "C3", "cold")
        grade = self.step(fit, ("A", model.fit_a_from), ("B", model.fit_b_from), "C")
        grade += self.step(
            engagement,
            ("1", model.engagement_1_from),
            ("2", model.engagement_2_from),
            "3",
        )
        temperature = self.step(
            total, ("hot", model.hot_from), ("warm", model.warm_from), "cold"
        )
        return Score(model.id, fit, engagement, total, grade, temperature)

    @staticmethod
    def step(number, high, middle, low):
        for name, least in (high, middle):
            if number >= least:
                return name
        return low

    def find_model(self, lead):
        """Return the first model that is about a lead, those of companies first."""
        for model in self.models:
            if self.is_of(model, lead) and self.meets(model, lead):
                return model
        return None

    def rules_of(self, model):
        return model.with_context(active_test=True).rule_ids.filtered("active")

    def is_vetoed(self, model, lead):
        return any(
            self.is_of(rule, lead) and self.meets(rule, lead)
            for rule in self.rules_of(model)
            if rule.kind == "veto"
        )

    def raw(self, model, lead, dimension):
        """Return the points of a dimension before they are scaled."""
        loose, grouped = 0, {}
        for rule in self.rules_of(model):
            if rule.kind == "veto" or rule.dimension != dimension:
                continue
            points = self.points(rule, lead)
            if rule.group_id:
                grouped[rule.group_id] = grouped.get(rule.group_id, 0) + points
            else:
                loose += points
        for group, points in grouped.items():
            loose += max(group.floor, min(group.cap, points))
        if dimension == "fit":
            loose += model.base_points + self.points_of_options(model, lead)
        return loose

    # ------------------------------------------------------------
    # Conditions
    # ------------------------------------------------------------

    def is_of(self, record, lead):
        return not record.company_id or record.company_id == lead.company_id

    def meets(self, record, lead):
        """Return whether a lead meets the condition of a rule or a model."""
        text = record.domain
        if text not in self.matching:
            self.matching[text] = set(
                self.leads.filtered_domain(literal_eval(text)).ids
            )
        return lead.id in self.matching[text]

    # ------------------------------------------------------------
    # Points
    # ------------------------------------------------------------

    def points(self, rule, lead):
        if not self.is_of(rule, lead):
            return 0
        return getattr(self, f"points_of_{rule.kind}")(rule, lead)

    def points_of_field(self, rule, lead):
        return rule.points if self.meets(rule, lead) else 0

    def points_of_bands(self, rule, lead):
        return self.band_points(rule, self.read_number(lead, rule.field_path))

    def points_of_completeness(self, rule, lead):
        return self.band_points(rule, lead.profile_completeness)

    def points_of_verification(self, rule, lead):
        verified = [lead.verification_email == "ok", lead.verification_phone == "ok"]
        return self.range_points(rule, 100 * sum(verified) // len(verified))

    def read_number(self, lead, path):
        """Return a number of a lead, or None where nothing has it."""
        question = self.questions.filtered(lambda q: q.column_name == path)
        if question and question.kind == "number":
            answer = self.answer(lead, question)
            return answer.value_number if answer else None
        *parts, last = path.split(".")
        record = lead
        for part in parts:
            record = record[part]
        return record[last] if record else None

    def band_points(self, rule, value):
        """Return the points of a number; 0 is not set, but for an answer."""
        unset = rule.band_ids.filtered("is_unset")
        if value is None:
            # a lead without the related record has no number to compare
            return unset.points
        if unset and not value and not self.is_question(rule.field_path):
            return unset.points
        return self.range_points(rule, value)

    def is_question(self, path):
        return bool(path) and path in self.questions.mapped("column_name")

    def range_points(self, rule, value):
        """Return the points of the last range that begins at or below a number."""
        ranges = rule.band_ids.filtered(lambda b: not b.is_unset and not b.option_id)
        below = ranges.filtered(lambda band: band.value_from <= value)
        return below.sorted("value_from")[-1:].points

    # ------------------------------------------------------------
    # Answers
    # ------------------------------------------------------------

    def answer(self, lead, question):
        """Return what a lead answers now to a question that it may be asked."""
        if question not in self.questions or not self.is_of(question, lead):
            return lead.qualifier_answer_ids.browse()
        return lead.qualifier_answer_ids.filtered(
            lambda answer: answer.is_current and answer.qualifier_id == question
        )

    def points_of_qualifier(self, rule, lead):
        answer = self.answer(lead, rule.qualifier_id)
        if not answer:
            return rule.band_ids.filtered("is_unset").points
        if rule.qualifier_id.kind == "number":
            return self.range_points(rule, answer.value_number)
        chosen = answer.option_id | answer.option_ids
        return sum(band.points for band in rule.band_ids if band.option_id in chosen)

    def points_of_options(self, model, lead):
        """Return the points of answers to questions that no rule speaks of."""
        spoken_of = (
            self.rules_of(model)
            .filtered(lambda rule: rule.kind == "qualifier")
            .qualifier_id
        )
        points = 0
        for question in self.questions - spoken_of:
            if question.kind not in LEAD_FIELD_KINDS:
                answer = self.answer(lead, question)
                points += sum((answer.option_id | answer.option_ids).mapped("points"))
        return points

    # ------------------------------------------------------------
    # Events
    # ------------------------------------------------------------

    def points_of_activity(self, rule, lead):
        worth = sum(
            (self.worth(rule, event) for event in self.events.get(lead.id, ())),
            Decimal(0),
        )
        limited = max(Decimal(-rule.max_points), min(Decimal(rule.max_points), worth))
        return half_up(limited)

    def worth(self, rule, event):
        """Return the points of one event, in hundredths where it cools down."""
        seconds = (self.now - event.date).total_seconds()
        age = floor(seconds / DAY)
        if seconds < 0 or age >= rule.days:
            return Decimal(0)
        if event.code not in rule.event_ids.mapped("code"):
            return Decimal(0)
        if rule.activity_type_ids and event.code in ACTIVITIES_DONE:
            if event.type_id not in rule.activity_type_ids.ids:
                return Decimal(0)
        if not rule.half_life:
            return Decimal(rule.points)
        cooled = rule.points * 0.5 ** (age / rule.half_life)
        # what the database keeps of a double: 15 digits
        return Decimal(f"{cooled:.15g}").quantize(Decimal("0.01"), ROUND_HALF_UP)

"""All questions the report answers, with the definition of each."""

from ..section import SECTIONS, Section


@SECTIONS.add
class Questions(Section):
    """What each number means, in one place."""

    key = "questions"

    def get_title(self):
        return self.env._("What Each Number Means")

    def get_help(self):
        return ""

    def build(self):
        return {
            "questions": [
                {"number": number, "title": title, "text": text}
                for number, (title, text) in enumerate(self._get_questions(), 1)
            ]
        }

    def _get_questions(self):
        _ = self.env._
        return [
            (
                _("How many leads came?"),
                _("Leads created in the period, lost and archived ones included."),
            ),
            (
                _("How many were qualified?"),
                _(
                    "Leads that reached the stage Qualified or a later one for the "
                    "first time in the period."
                ),
            ),
            (
                _("Qualified for which product?"),
                _("The same; a lead counts in equal parts for each of its products."),
            ),
            (
                _("What is in the pipeline?"),
                _(
                    "Leads that are open now, by stage: number, amount, amount × "
                    "probability, median age in the stage, without next step."
                ),
            ),
            (
                _("What was in the pipeline on a day?"),
                _(
                    "All moves into a stage before it less all moves out of it and less "
                    "the leads closed before it."
                ),
            ),
            (
                _("How does the pipeline develop?"),
                _("The same at the end of each of the last 13 weeks."),
            ),
            (
                _("How far do leads come?"),
                _(
                    "Of the leads created in the period, those that reached a step or a "
                    "later one, by the end of the period or within 30, 60 or 90 days."
                ),
            ),
            (
                _("What becomes of leads in a stage?"),
                _(
                    "Of the leads that entered it in the period: went up, went back, "
                    "were lost, or are still there; together all of them."
                ),
            ),
            (
                _("How long are leads in a stage?"),
                _(
                    "Median and ninth decile of those that left it in the period, and "
                    "the age of those that are there now."
                ),
            ),
            (
                _("How fast do we sell?"),
                _(
                    "Cycle: median from creation to the win. Velocity: open leads × win "
                    "rate × mean amount / cycle."
                ),
            ),
            (
                _("How many of the closed leads are won?"),
                _("Won / (won + lost) by the date they were closed."),
            ),
            (
                _("How many of the leads that came are won?"),
                _(
                    "Share won within 90 days of creation; open leads count up to their "
                    "age (Aalen–Johansen)."
                ),
            ),
            (
                _("Which source, person, team or segment?"),
                _("Events of the period by each of them, each at its own date."),
            ),
            (
                _("How fast do we answer?"),
                _("From creation to the first call or message: median, ninth decile."),
            ),
            (
                _("Do we keep our promises?"),
                _("Response targets due in the period: met / (met + missed)."),
            ),
            (
                _("Whom do we reach, after how many attempts?"),
                _(
                    "Of the leads created in the period, those somebody really talked "
                    "with or that answered; attempts before that."
                ),
            ),
            (
                _("Who is left alone?"),
                _(
                    "Leads nobody called or wrote to within 24 hours; hot open leads "
                    "without a touch for 7 days."
                ),
            ),
            (
                _("Does the score mean anything?"),
                _("Win rate of closed leads by the score they had when they came."),
            ),
            (
                _("When do leads come?"),
                _("By weekday and hour in the time zone of the company, 26 weeks."),
            ),
            (
                _("Why are leads lost, and where?"),
                _("Leads lost in the period, by reason and the stage they fell from."),
            ),
            (
                _("How often do leads go back?"),
                _("Moves to an earlier stage, of all moves out of a stage."),
            ),
            (
                _("What does a second chance bring?"),
                _("Recycled and reactivated leads, and how many are won or lost now."),
            ),
            (
                _("What will be won?"),
                _(
                    "From own history, and by amount × probability; with what both said "
                    "before and what came."
                ),
            ),
            (
                _("Do we reach our targets?"),
                _("What was reached of the targets of the months of the period."),
            ),
            (
                _("What does a lead cost?"),
                _("Costs of campaigns by the leads they brought, in their own report."),
            ),
            (
                _("Are leads distributed fairly?"),
                _("Leads received against the fair share, in Lead Distribution."),
            ),
        ]

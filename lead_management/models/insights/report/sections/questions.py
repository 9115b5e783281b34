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
        return [
            (
                self.env._("How many leads came?"),
                self.env._(
                    "Leads created in the period, lost and archived ones included."
                ),
            ),
            (
                self.env._("How many were qualified?"),
                self.env._(
                    "Leads that reached the stage Qualified or a later one for the "
                    "first time in the period."
                ),
            ),
            (
                self.env._("Qualified for which product?"),
                self.env._(
                    "The same; a lead counts in equal parts for each of its products."
                ),
            ),
            (
                self.env._("What is in the pipeline?"),
                self.env._(
                    "Leads that are open now, by stage: number, amount, amount × "
                    "probability, median age in the stage, without next step."
                ),
            ),
            (
                self.env._("What was in the pipeline on a day?"),
                self.env._(
                    "Leads that were open at the end of the period, by the stage and "
                    "with the amount of then. Choose the day above."
                ),
            ),
            (
                self.env._("How does the pipeline develop?"),
                self.env._(
                    "Their number at the end of each of the twelve weeks before."
                ),
            ),
            (
                self.env._("How far do leads come?"),
                self.env._(
                    "Of the leads created in the period, those that reached a step or "
                    "a later one, by the end of the period or within 30, 60 or 90 days."
                ),
            ),
            (
                self.env._("What becomes of leads in a stage?"),
                self.env._(
                    "Of the leads that entered it in the period: went up, went back, "
                    "were lost, or are still there; together all of them."
                ),
            ),
            (
                self.env._("How long are leads in a stage?"),
                self.env._(
                    "Median and ninth decile of those that left it in the period, and "
                    "the age of those that are there now."
                ),
            ),
            (
                self.env._("How fast do we sell?"),
                self.env._(
                    "Cycle: median from creation to the win. Velocity: open leads × "
                    "win rate × mean amount / cycle."
                ),
            ),
            (
                self.env._("How many of the closed leads are won?"),
                self.env._("Won / (won + lost) by the date they were closed."),
            ),
            (
                self.env._("How many of the leads that came are won?"),
                self.env._(
                    "Share won within 90 days of creation; open leads count up to "
                    "their age (Aalen–Johansen)."
                ),
            ),
            (
                self.env._("Which source, person, team or segment?"),
                self.env._(
                    "Events of the period by each of them, each at its own date."
                ),
            ),
            (
                self.env._("How fast do we answer?"),
                self.env._(
                    "From creation to the first call or message: median, ninth decile."
                ),
            ),
            (
                self.env._("Do we keep our promises?"),
                self.env._("Response targets due in the period: met / (met + missed)."),
            ),
            (
                self.env._("Whom do we reach, after how many attempts?"),
                self.env._(
                    "Of the leads created in the period, those somebody really talked "
                    "with or that answered; attempts before that."
                ),
            ),
            (
                self.env._("Who is left alone?"),
                self.env._(
                    "Leads nobody called or wrote to within 24 hours; hot open leads "
                    "without a touch for 7 days."
                ),
            ),
            (
                self.env._("Does the score mean anything?"),
                self.env._(
                    "Win rate of closed leads by the score they had when they came."
                ),
            ),
            (
                self.env._("When do leads come?"),
                self.env._(
                    "By weekday and hour in the time zone of the company, 26 weeks."
                ),
            ),
            (
                self.env._("Why are leads lost, and where?"),
                self.env._(
                    "Leads lost in the period, by reason and the stage they fell from."
                ),
            ),
            (
                self.env._("How often do leads go back?"),
                self.env._("Moves to an earlier stage, of all moves out of a stage."),
            ),
            (
                self.env._("What does a second chance bring?"),
                self.env._(
                    "Recycled and reactivated leads, and how many are won or lost now."
                ),
            ),
            (
                self.env._("What will be won?"),
                self.env._(
                    "From own history, and by amount × probability; with what both "
                    "said before and what came."
                ),
            ),
            (
                self.env._("Do we reach our targets?"),
                self.env._(
                    "What was reached of the targets of the months of the period, and "
                    "what the forecast adds until their end."
                ),
            ),
            (
                self.env._("What does a lead cost?"),
                self.env._(
                    "Costs of campaigns by the leads they brought, in their own report."
                ),
            ),
            (
                self.env._("Are leads distributed fairly?"),
                self.env._(
                    "Leads received against the fair share, in Lead Distribution."
                ),
            ),
        ]

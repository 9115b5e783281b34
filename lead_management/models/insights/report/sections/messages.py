"""Which template is answered."""

from odoo.fields import Domain
from odoo.tools import SQL

from ..picture import bars
from ..recent import sql_in
from ..section import SECTIONS, Section, table

MESSAGE = "lead.message"


@SECTIONS.add
class Messages(Section):
    """Messages sent in the period, by template: delivered, read, answered."""

    key = "messages"

    def get_title(self):
        return self.env._("Which Template Is Answered")

    def get_help(self):
        return self.env._(
            "Messages sent in the period, by template. Answered: the contact replied "
            "to that message. Read is only known where the channel tells it."
        )

    def build(self):
        frame = self.frame
        rows = frame.run(
            """
            SELECT template_id, count(*), count(read_date), count(replied_date)
            FROM lead_message message JOIN (%s) AS lead ON lead.id = message.lead_id
            WHERE %s GROUP BY 1 ORDER BY 4 DESC, 2 DESC
            """,
            frame.select([]),
            sql_in(SQL("message.sent_date"), frame.period),
        )
        # sudo: the name of the template of a message one sees
        templates = (
            self.env["lead.message.template"]
            .sudo()
            .browse([template_id for template_id, *__ in rows if template_id])
        )
        names = {template.id: template.name for template in templates.exists()}
        sent = frame.within("sent_date", frame.period)
        entries, lines = [], []
        for template_id, count, read, replied in rows:
            name = names.get(template_id) or self.env._("Without template")
            mine = sent & Domain("template_id", "=", template_id or False)
            numbers = [
                frame.number(number, frame.of_leads(mine & more), name, model=MESSAGE)
                for number, more in (
                    (count, Domain.TRUE),
                    (read, Domain("read_date", "!=", False)),
                    (replied, Domain("replied_date", "!=", False)),
                )
            ]
            share = frame.format_rate(replied, count)
            entries.append((name, numbers[2], replied, share, count))
            lines.append([name, *numbers, share])
        titles = [
            self.env._("Template"),
            self.env._("Sent"),
            self.env._("Read"),
            self.env._("Answered"),
            self.env._("Share"),
        ]
        return {
            "picture": bars(entries[:10]),
            "table": table(titles, lines),
            "note": self.env._("Bar: answered. Outline: sent.") if lines else "",
            "empty": "" if lines else self.env._("No message was sent in this period."),
        }

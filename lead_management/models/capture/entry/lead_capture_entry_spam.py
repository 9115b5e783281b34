from odoo import models

from ....tools.capture_values import count_links
from ....tools.strict_email import is_disposable

# What speaks for spam, and how much.
HONEYPOT, FAST, UNSIGNED, LINKS = 60, 40, 20, 30
DISPOSABLE, MANY, FLOOD = 20, 30, 50
CAPTCHAS = {"captcha": 60, "captcha_silent": 50, "captcha_missing": 20}
FASTEST = 3
MOST_LINKS = 2
# Submissions of one network within an hour.
MOST_OF_ONE = 20


class LeadCaptureEntry(models.Model):
    """Spam is a sum of reasons. It is set aside, and one click takes it back."""

    _inherit = "lead.capture.entry"

    def _get_spam(self, reading):
        """Return the reasons to take it for spam, each with its points."""
        door = self.source_id._get_door()
        found = [*self._get_spam_of_text(reading)]
        limit = door.is_limited and self.source_id.hour_limit
        if limit and (self._get_facts("total") or 0) > limit:
            found.append(["flood", {"points": FLOOD}])
        if door.route == "form":
            found += self._get_spam_of_form()
        return found

    def _get_spam_of_text(self, reading):
        links = count_links(
            [*reading.texts.values(), *(text for __, text in reading.notes)]
        ) - bool(reading.texts.get("website"))
        if links > MOST_LINKS:
            yield ["links", {"count": links, "points": LINKS}]
        if is_disposable(reading.email):
            yield ["disposable", {"points": DISPOSABLE}]

    def _get_spam_of_form(self):
        if self._get_facts("honeypot"):
            yield ["honeypot", {"points": HONEYPOT}]
        seconds = self._get_facts("seconds")
        if seconds is None:
            yield ["unsigned", {"points": UNSIGNED}]
        elif seconds < FASTEST:
            yield ["fast", {"seconds": seconds, "points": FAST}]
        if (self._get_facts("hits") or 0) > MOST_OF_ONE:
            yield ["many", {"points": MANY}]
        if verdict := self._get_facts("captcha"):
            yield [verdict, {"points": CAPTCHAS.get(verdict, 0)}]

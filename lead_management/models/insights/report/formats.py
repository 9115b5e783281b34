"""Numbers as the reader writes them, and the words for what they mean."""

from odoo.tools import format_amount, formatLang

from ....tools.chance import ENOUGH, FEW, NOT_CLEAR, PROBABLY
from ....tools.durations import format_duration
from ....tools.percents import format_percent


class Formats:
    """What a report says of numbers; expects ``env``, ``Lead`` and ``currency``."""

    def format_count(self, value):
        """Return a count as the reader writes it."""
        digits = 0 if float(value).is_integer() else 1
        return formatLang(self.env, value, digits=digits)

    def format_percent(self, share, digits=0):
        """Return a share in percent, or nothing where there is none."""
        return "" if share is None else format_percent(self.env, share, digits)

    def format_rate(self, done, count):
        """Return the share of some in percent; of fewer than five, only the numbers."""
        if not count:
            return ""
        if count < ENOUGH:
            return self.env._("%(done)s of %(count)s", done=done, count=count)
        return self.format_percent(done / count)

    def format_signed(self, value, digits=0):
        """Return a change with its sign."""
        text = formatLang(self.env, abs(value), digits=digits)
        if not any(digit in text for digit in "123456789"):
            return formatLang(self.env, 0, digits=0)
        return ("+" if value > 0 else "−") + text

    def format_amount(self, amount):
        """Return an amount, without the cents nobody looks at."""
        amount = round(amount or 0)
        text = format_amount(self.env, amount, self.currency, trailing_zeroes=False)
        return text

    def format_duration(self, seconds):
        """Return a duration in its two largest units."""
        return format_duration(self.env, seconds)

    def format_verdict(self, verdict, direction, words):
        """Return how sure a change is, and what it is.

        :param words: pair of words for more and for less
        """
        if verdict == FEW:
            return self.env._("too few to compare")
        if verdict == NOT_CLEAR or not direction:
            return self.env._("no clear change")
        word = words[0] if direction > 0 else words[1]
        if verdict == PROBABLY:
            return self.env._("probably %s", word)
        return self.env._("clearly %s", word)

    def get_dimension_label(self, fname):
        """Return what leads are divided by, in the language of the reader."""
        return self.Lead._fields[fname]._description_string(self.env)

    def get_words(self):
        """Return the pairs of words for changes: of counts, of rates, of durations."""
        return {
            "count": (self.env._("more"), self.env._("fewer")),
            "rate": (self.env._("higher"), self.env._("lower")),
            "duration": (self.env._("slower"), self.env._("faster")),
        }

    def get_labels(self, fname, keys):
        """Return the name of each group of a dimension; the key of none is None."""
        field = self.Lead._fields[fname]
        labels = {None: self.env._("None")}
        keys = [key for key in keys if key is not None]
        if field.type == "selection":
            labels.update(field._description_selection(self.env))
        elif keys:
            # sudo: the name of what a lead one sees is linked to
            records = self.env[field.comodel_name].sudo().browse(keys).exists()
            labels.update({record.id: record.display_name for record in records})
        return labels

from babel.dates import format_date, format_interval

from odoo import api, models
from odoo.tools import get_lang
from odoo.tools.misc import babel_locale_parse

from ....tools.periods import DAY, MONTH, YEAR


class LeadInsight(models.AbstractModel):
    """Periods as people call them."""

    _inherit = "lead.insight"

    @api.model
    def _format_period(self, period):
        """Return what a period is called; of one that runs, as far as it has gone."""
        locale = babel_locale_parse(get_lang(self.env).code)
        start, last = period.start, period.last
        if period.kind == DAY or start == last:
            return format_date(
                start, "MMM d, y" if locale.language == "en" else "long", locale
            )
        is_whole = (period.end - last).days == 1
        if is_whole and period.kind == MONTH:
            return format_date(start, "LLLL y", locale)
        if is_whole and period.kind == YEAR:
            return format_date(start, "y", locale)
        return format_interval(start, last, "yMMMd", locale=locale)

    @api.model
    def _format_month(self, day):
        """Return the short name of a month."""
        locale = babel_locale_parse(get_lang(self.env).code)
        return format_date(day, "LLL", locale)

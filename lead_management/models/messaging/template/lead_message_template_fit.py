from collections import Counter, namedtuple

from odoo import api, models

# How many leads a template suits, how well, and for how many it is translated.
Fit = namedtuple("Fit", "count points translated")


class LeadMessageTemplate(models.Model):
    """Which templates are proposed for which leads."""

    _inherit = "lead.message.template"

    @api.model
    def _get_usable_domain(self, leads):
        """Return which templates may be used for leads at all."""
        return [("company_id", "in", [False, *leads.company_id.ids])]

    def _get_fit(self, leads, langs):
        """Return how many leads templates suit, and how well.

        :param langs: dict of lead id to the code of its language
        :return: dict of template id to :class:`Fit`
        """
        moments = Counter(
            (lead.stage_id, lead.segment_id, langs.get(lead.id)) for lead in leads
        )
        known = self._get_langs()
        return {
            template.id: template._sum_fit(moments, known.get(template.id, ()))
            for template in self
        }

    def _sum_fit(self, moments, langs):
        count = points = translated = 0
        for (stage, segment, lang), leads in moments.items():
            suits = self._suits_stage(stage), self._suits_segment(segment)
            if all(suits):
                count += leads
                points += sum(suits) * leads
            translated += leads * (not lang or lang in langs)
        return Fit(count, points, translated)

    # A stage or segment that is listed counts for more than when none is.

    def _suits_stage(self, stage):
        if not self.stage_ids:
            return 1
        types = set(self.stage_ids.mapped("stage_type")) - {False}
        return 2 * (stage in self.stage_ids or stage.stage_type in types)

    def _suits_segment(self, segment):
        if not self.segment_ids:
            return 1
        above = {int(part) for part in (segment.parent_path or "").split("/") if part}
        return 2 * bool(above & set(self.segment_ids.ids))

from odoo import api, models
from odoo.tools import format_date, format_datetime

BEFORE = 5


class LeadCheck(models.Model):
    """A check in words."""

    _inherit = "lead.check"

    def _get_label(self, fname):
        return dict(self._fields[fname]._description_selection(self.env))[self[fname]]

    @api.model
    def _get_how(self, result):
        """Return how, when and until when, in a line for a mark.

        :param result: with ``source``, ``provider``, ``date`` and ``expiry``
        """
        sources = dict(self._fields["source"]._description_selection(self.env))
        how = result.provider and self._get_provider_name(result.provider)
        how = how or sources.get(result.source, "")
        values = {"how": how, "date": format_date(self.env, result.date[:10])}
        if result.expiry:
            values["until"] = format_date(self.env, result.expiry[:10])
            return self.env._(
                "%(how)s. Checked on %(date)s, valid until %(until)s.", **values
            )
        return self.env._(
            "%(how)s. Checked on %(date)s, valid until the value changes.", **values
        )

    def _get_lines(self):
        """Return how, when, by whom and until when, as pairs of label and text."""
        env = self.env
        how = self.provider and self._get_provider_name(self.provider)
        lines = [
            [env._("How"), how or self._get_label("source")],
            [env._("Checked"), format_datetime(env, self.date, dt_format="short")],
            [env._("Valid Until"), self._get_end()],
        ]
        if self.author_id:
            # sudo: the name of a colleague
            lines.insert(2, [env._("By"), self.author_id.sudo().name])
        if self.reference:
            lines.append([env._("Reference"), self.reference])
        lines.append([env._("Before"), self._get_before() or env._("Nothing")])
        return lines

    def _get_end(self):
        if self.expiry:
            return format_date(self.env, self.expiry)
        return self.env._("The value changes")

    @api.model
    def _get_provider_name(self, provider):
        """Return the name of a service."""
        return provider

    def _get_before(self):
        """Return the checks of the datum before this one, in a line."""
        before = self.search(
            [
                ("lead_id", "=", self.lead_id.id),
                ("datum", "=", self.datum),
                ("is_current", "=", False),
            ],
            limit=BEFORE,
        )
        return ", ".join(
            f"{check._get_label('verdict')} ({format_date(self.env, check.date)})"
            for check in before
        )

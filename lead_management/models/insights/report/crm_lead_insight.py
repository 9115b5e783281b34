from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from .leads_found import FILTERS


class CrmLead(models.Model):
    """Finds the leads behind numbers of a report that no field tells."""

    _inherit = "crm.lead"

    insight_filter = fields.Char(
        string="Behind a Number",
        compute="_compute_insight_filter",
        search="_search_insight_filter",
        compute_sudo=True,
        export_string_translation=False,
    )
    # what came when, and whose it is, without reading leads that are a kilobyte wide
    _insight_idx = models.Index(
        "(create_date) INCLUDE (id, company_id, user_id, team_id)"
    )

    def _compute_insight_filter(self):
        self.insight_filter = False

    @api.model
    def _search_insight_filter(self, operator, value):
        """Return the leads that were counted.

        :param value: names of filters with what they go by, such as
            ``within:qualified:30``; one condition a domain, as Odoo merges those
            on the same field
        """
        if operator != "in":
            return NotImplemented
        return Domain.OR(self._insight_get_filter(text) for text in value)

    @api.model
    def _insight_get_filter(self, text):
        """Return the domain of filters that all hold, joined by ``+``; ``!`` is not."""
        makers = [self._insight_make_filter(part) for part in str(text).split("+")]

        def to_sql(model, alias, query):
            return SQL(" AND ").join(make(model, alias, query) for make in makers)

        return Domain.custom(to_sql=to_sql)

    @api.model
    def _insight_make_filter(self, text):
        name, *arguments = text.removeprefix("!").split(":")
        make = FILTERS.get(name)
        try:
            to_sql = make and make(self.env, *arguments)
        except (TypeError, ValueError, KeyError, OverflowError):
            to_sql = None
        if not to_sql:
            raise UserError(self.env._("There is no such group of leads."))
        wanted = SQL("IS NOT TRUE" if text.startswith("!") else "IS TRUE")
        return lambda *args: SQL("((%s) %s)", to_sql(*args), wanted)

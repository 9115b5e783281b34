from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...base.stage_types import INACTIVE, UNQUALIFIED

# More leads of one person than anybody looks through.
LIMIT = 100


class CrmLead(models.Model):
    """Which lead a message from outside belongs to."""

    _inherit = "crm.lead"

    # Odoo's own index of addresses is one for parts of them, and slow to look up one.
    _email_normalized_idx = models.Index(
        "(email_normalized) WHERE email_normalized IS NOT NULL"
    )
    _whatsapp_own_idx = models.Index("(whatsapp_own) WHERE whatsapp_own IS NOT NULL")

    @api.model
    def _find_writer(self, company, emails=(), numbers=()):
        """Return the lead of somebody who wrote, or none.

        No lead of another company is looked at. Open leads come first, of these the
        ones with an owner, of these the newest. A lead in the archive is none: what
        comes in there would be seen by nobody.

        :param company: the one that was written to
        :param emails: normalized addresses, one of which must be the lead's
        :param numbers: phone numbers, likewise
        """
        if not emails and not numbers:
            return self.browse()
        domain = Domain("company_id", "in", [company.id, False]) & Domain(
            "id", "in", self._sql_with_address(emails, numbers)
        )
        leads = self.search(domain, order="id desc", limit=LIMIT)
        return leads.sorted(lambda lead: lead._get_writer_rank())[:1]

    @api.model
    def _sql_with_address(self, emails=(), numbers=()):
        """Return a query of the ids of leads with one of these addresses or numbers.

        By UNION, each part of it by its index: for OR all leads are read.
        """
        wanted = {
            "email_normalized": list(emails),
            "phone_sanitized": list(numbers),
            "whatsapp_own": list(numbers),
        }
        wanted = {column: values for column, values in wanted.items() if values}
        self.env["crm.lead"].flush_model(wanted)
        return SQL(
            "(%s)",
            SQL(" UNION ").join(
                SQL(
                    "SELECT id FROM crm_lead WHERE %s = ANY(%s)",
                    SQL.identifier(column),
                    values,
                )
                for column, values in wanted.items()
            ),
        )

    def _get_writer_rank(self):
        """Return a key by which the lead a message belongs to comes first."""
        is_open = self.won_status == "pending" and self.stage_id.stage_type not in (
            INACTIVE,
            UNQUALIFIED,
        )
        return (
            not is_open,
            not self.user_id,
            not self.company_id,
            -self.id,
        )

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .lead_capture_entry import ATTACHED
from .lead_capture_entry_lead import OPEN_LEADS, get_oldest


class CrmLead(models.Model):
    """Where a lead came from, and what happens when its person comes again."""

    _inherit = "crm.lead"

    capture_source_id = fields.Many2one(
        "lead.capture.source",
        readonly=True,
        copy=False,
        ondelete="set null",
        index="btree_not_null",
        help="The form, ad, mailbox or program that delivered the lead.",
    )
    capture_entry_ids = fields.One2many(
        "lead.capture.entry",
        "lead_id",
        string="Submissions",
        readonly=True,
        groups="sales_team.group_sale_manager",
    )
    campaign_touch_ids = fields.One2many(
        "lead.campaign.touch", "lead_id", string="Campaign Touches", readonly=True
    )

    # ------------------------------------------------------------
    # Hooks of other rooms
    # ------------------------------------------------------------

    @api.model
    def _capture_create(self, values_list):
        """Create the leads of several submissions; rooms extend it."""
        return self.create(values_list)

    def _capture_done(self, entry, reading, is_new):
        """Take over what rooms find in a submission; they extend it.

        :param entry: the ``lead.capture.entry``
        :param reading: the :class:`Reading` of it
        :param is_new: whether the lead was made of it
        """
        entry._hand_over_files(self)

    def _capture_describe(self, state):
        """Return what a test tells of the lead it would make; rooms extend it.

        :param state: what the entry would be: done or attached
        :return: list of reasons, as in the outcome of an entry
        """
        if not self:
            return []
        if state == ATTACHED:
            return [["test_attached", {"lead": self.name}]]
        return [["test_new", {}]]

    # ------------------------------------------------------------
    # Known people
    # ------------------------------------------------------------

    @api.model
    def _capture_find(self, company, email, phone, days):
        """Return the open lead of a person in a company, the latest one, or none.

        By its own address or number, or as the lead of the contact with the address.
        By one index after the other: for OR all leads are read.

        :param email: normalized, or None
        :param phone: in the international format, or None
        :param days: how long ago it was created or changed, at most
        """
        if not (email or phone):
            return self.browse()
        self.flush_model(["email_normalized", "phone_sanitized", "partner_id"])
        parts = [
            SQL("SELECT id FROM crm_lead WHERE %s = %s", SQL.identifier(column), value)
            for column, value in (
                ("email_normalized", email),
                ("phone_sanitized", phone),
            )
            if value
        ]
        if email:
            self.env["res.partner"].flush_model(["email_normalized"])
            parts.append(
                SQL(
                    "SELECT lead.id FROM res_partner partner"
                    " JOIN crm_lead lead ON lead.partner_id = partner.id"
                    " WHERE partner.email_normalized = %s",
                    email,
                )
            )
        same = SQL("(%s)", SQL(" UNION ").join(parts))
        domain = (
            Domain("id", "in", same)
            & Domain("company_id", "in", [company.id, False])
            & Domain("won_status", "=", "pending")
            & Domain("write_date", ">=", get_oldest(days))
        )
        leads = self.search(domain, order="id desc", limit=OPEN_LEADS)
        return leads.sorted(lambda lead: not lead.user_id)[:1]

    def _capture_post(self, entry, body):
        """Write a submission into the chatter, as something the person wrote.

        The salesperson is told; clocks, scores and touches take it for an answer.
        """
        title = self.env._("New submission: %s", entry.source_id._get_title())
        partner = self.partner_id.filtered("partner_share")
        return self.message_post(
            body=body or title,
            subject=title,
            message_type="email",
            subtype_xmlid="mail.mt_comment",
            author_id=partner.id,
            email_from=False if partner else self.email_from or entry.person or "?",
            partner_ids=self.user_id.partner_id.ids,
            notify_skip_followers=True,
        )

    # ------------------------------------------------------------
    # Merge, erasure
    # ------------------------------------------------------------

    @api.model
    def _merge_get_rows(self):
        return {**super()._merge_get_rows(), "lead.capture.entry": {}}

    def _erase_rows(self):
        """Empty what came in from the person, whatever became of it."""
        self._capture_get_entries()._erase()
        self.env.flush_all()
        super()._erase_rows()

    def _capture_get_entries(self):
        """Return what came in from the people behind these leads.

        By address; by number only where no other address came with it: several people
        may have one number.
        """
        emails = [email for email in self.mapped("email_normalized") if email]
        numbers = [number for number in self.mapped("phone_sanitized") if number]
        by_number = Domain("phone_sanitized", "in", numbers) & Domain(
            "email_normalized", "in", [False, *emails]
        )
        same = Domain("email_normalized", "in", emails) | by_number
        if companies := self.company_id:
            same &= Domain("company_id", "in", companies.ids)
        # sudo: who may erase a person need not read what came in
        entries = self.env["lead.capture.entry"].sudo()
        return entries.search(Domain("lead_id", "in", self.ids) | same)

from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ....tools.whatsapp_payload import get_variants

# How long free texts may be sent after the lead wrote.
WINDOW = timedelta(hours=24)


class LeadWhatsappContact(models.Model):
    """Somebody who wrote to an account on WhatsApp, and when last.

    Kept apart from leads: the window of 24 hours is one of two numbers, whatever lead
    there is. The row is also what two messages of the same number wait for.
    """

    _name = "lead.whatsapp.contact"
    _description = "WhatsApp Contact"
    _log_access = False
    _rec_name = "sender"

    account_id = fields.Many2one(
        "lead.whatsapp.account", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="account_id.company_id")
    sender = fields.Char(
        required=True,
        readonly=True,
        help="Phone number, or the Meta ID of a contact who hides the number.",
    )
    name = fields.Char(string="Name on WhatsApp", readonly=True)
    last_date = fields.Datetime(string="Last Message", readonly=True)
    # of the last lead the messages went to: the only trace of who hides the number
    lead_id = fields.Many2one(
        "crm.lead", readonly=True, ondelete="set null", index="btree_not_null"
    )

    _sender_uniq = models.UniqueIndex("(account_id, sender)")

    @api.model
    def _personal_fields(self):
        return ("sender", "name")

    @api.model
    def _get_locked(self, account, sender, name):
        """Return the row of a sender, locked until the end of the transaction.

        Where another transaction has just written it, this one is told to try again:
        what it has read is older.
        """
        self.flush_model()
        [(contact_id,)] = self.env.execute_query(
            SQL(
                """
                INSERT INTO lead_whatsapp_contact AS contact (account_id, sender, name)
                VALUES (%s, %s, %s)
                ON CONFLICT (account_id, sender)
                DO UPDATE SET name = COALESCE(EXCLUDED.name, contact.name)
                RETURNING id
                """,
                account.id,
                sender,
                name or None,
            )
        )
        contact = self.browse(contact_id)
        contact.invalidate_recordset(flush=False)
        return contact

    def _wrote(self, date, lead):
        """Note that the sender wrote; an older message changes nothing."""
        if not self.last_date or date > self.last_date:
            self.last_date = date
        self.lead_id = lead

    @api.model
    def _get_open_until(self, account, number):
        """Return until when free texts may be sent to a number, or False.

        :param number: with its country, like +33612345678
        """
        digits = "".join(filter(str.isdigit, number or ""))
        senders = [variant[1:] for variant in get_variants(digits)]
        contacts = self.search(
            [("account_id", "=", account.id), ("sender", "in", senders)]
        )
        last = max(filter(None, contacts.mapped("last_date")), default=False)
        return last and last + WINDOW

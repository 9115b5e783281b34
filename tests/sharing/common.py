"""Two companies, one of which offers leads to the other."""

from odoo.fields import Command

from odoo.addons.lead_management.tests.common import LeadManagementCase

SECRETS = {
    "name": "Zanzibarquestion",
    "contact_name": "Zanzibarperson",
    "partner_name": "Zanzibarcompany",
    "email_from": "zanzibarmail@example.com",
    "phone": "+32470987654",
    "street": "Zanzibarstreet 7",
    "zip": "98765",
    "website": "https://zanzibar.example.com",
    "function": "Zanzibarboss",
    "description": "<p>Zanzibarnotes</p>",
}


class SharingCase(LeadManagementCase):
    """``rep`` of company A offers, ``rep_b`` of company B answers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner_b = cls.env["lead.share.partner"].create(
            {
                "company_id": cls.company.id,
                "kind": "company",
                "to_company_id": cls.company_b.id,
            }
        )
        cls.contact = cls.env["res.partner"].create(
            {"name": "Nordfit", "email": "nordfit@example.com", "lang": "en_US"}
        )
        cls.partner_link = cls.env["lead.share.partner"].create(
            {
                "company_id": cls.company.id,
                "kind": "partner",
                "partner_id": cls.contact.id,
                "sequence": 20,
            }
        )
        cls.policy = cls._new_policy()

    @classmethod
    def _new_policy(cls, **values):
        return cls.env["lead.share.policy"].create(
            {
                "name": "Elsewhere",
                "company_id": cls.company.id,
                "recipient_ids": [Command.set(cls.partner_b.ids)],
                "legal_basis": "interest",
                "commission_kind": "percent",
                "commission_rate": 8,
                **values,
            }
        )

    @classmethod
    def _new_secret_lead(cls, **values):
        return cls._new_lead(
            **{
                **SECRETS,
                "expected_revenue": 13572,
                "country_id": cls.env.ref("base.us").id,
                "state_id": cls.env.ref("base.state_us_50").id,
                **values,
            }
        )

    def _offer(self, leads, policy=None, user=None, recipients=None):
        """Offer leads as ``rep``; return the shares with all rights."""
        shares = (
            self.env["lead.share"]
            .with_user(user or self.rep)
            ._offer(
                leads.with_user(user or self.rep), policy or self.policy, recipients
            )
        )
        shares.flush_recordset()
        return shares

    def _accept(self, shares, user=None):
        mine = shares.sudo(False).with_user(user or self.rep_b)
        mine.action_accept()
        shares.invalidate_recordset()
        return shares.copy_id

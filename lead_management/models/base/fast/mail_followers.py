from odoo import models
from odoo.fields import Command
from odoo.tools import SQL

from ..context import ENGINE
from .bulk_create import bulk_create
from .sql_rows import sql_rows

# Whose create() forgets what is cached of the documents, as is done here.
KNOWN = ("mail",)


class MailFollowers(models.Model):
    _inherit = "mail.followers"

    def _insert_followers(
        self,
        res_model,
        res_ids,
        partner_ids,
        subtypes=None,
        customer_ids=None,
        check_existing=True,
        existing_policy="skip",
    ):
        """Let the new owner of many leads follow them in a few statements."""
        if ENGINE.get(self.env) is None or not subtypes:
            return super()._insert_followers(
                res_model,
                res_ids,
                partner_ids,
                subtypes=subtypes,
                customer_ids=customer_ids,
                check_existing=check_existing,
                existing_policy=existing_policy,
            )
        new, updated = self._add_followers(
            res_model,
            res_ids,
            partner_ids,
            subtypes,
            check_existing=check_existing,
            existing_policy=existing_policy,
        )
        # sudo: as Odoo does it
        followers = self.sudo().with_context(default_partner_id=False)
        for follower_id, values in updated.items():
            followers.browse(follower_id).write(values)
        return followers._insert_alike(
            [
                {**values, "res_id": res_id}
                for res_id, values_list in new.items()
                for values in values_list
            ]
        )

    def _insert_alike(self, vals_list):
        """Create followers whose only values are columns and a set of subtypes."""
        if not vals_list:
            return
        records = bulk_create(
            self,
            [
                {name: vals[name] for name in ("res_model", "res_id", "partner_id")}
                for vals in vals_list
            ],
            KNOWN,
        )
        field = self._fields["subtype_ids"]
        rows = [
            (follower.id, subtype_id)
            for follower, vals in zip(records, vals_list, strict=True)
            for command, __, subtype_ids in vals["subtype_ids"]
            if command == Command.SET
            for subtype_id in subtype_ids
        ]
        self.env.cr.execute(
            SQL(
                "INSERT INTO %s (%s, %s) %s ON CONFLICT DO NOTHING",
                SQL.identifier(field.relation),
                SQL.identifier(field.column1),
                SQL.identifier(field.column2),
                sql_rows(("int4", "int4"), rows),
            )
        )
        records.invalidate_recordset(["subtype_ids"], flush=False)
        self.env[vals_list[0]["res_model"]].browse(
            [vals["res_id"] for vals in vals_list]
        ).invalidate_recordset(["message_follower_ids", "message_partner_ids"], False)

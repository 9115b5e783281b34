import psycopg2

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...tools.import_batch import ImportBatch, ImportPart, fingerprint
from ...tools.import_cells import is_address, is_negative, is_no_amount
from ..base.apart import attempt
from ..base.context import IMPORT, IMPORT_PART

# Into how many parts rows the database refused are cut to find the bad ones.
PARTS = 8
SHOWN_STAGES = 20

# What is looked at in a cell before Odoo converts it, by name or type of the field.
CELL_CHECKS = {
    "email_from": "_import_check_email",
    "float": "_import_check_amount",
    "monetary": "_import_check_amount",
}
# What to do about a cell Odoo cannot convert, by name or type of the field.
CELL_ADVICE = {
    "stage_id": "_import_advise_stage",
    "many2one": "_import_advise_name",
    "many2many": "_import_advise_name",
    "integer": "_import_advise_number",
    "float": "_import_advise_number",
    "monetary": "_import_advise_number",
    "date": "_import_advise_date",
    "datetime": "_import_advise_date",
    "selection": "_import_advise_selection",
}


class CrmLead(models.Model):
    """Import of files: a bad row is set aside and never costs a good one."""

    _inherit = "crm.lead"

    capture_import_key = fields.Char(
        string="Imported Row",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="Fingerprint of the row of a file this lead was last imported from.",
    )

    @api.model
    def _check_field_access(self, field, operation):
        """Let only imports say which row a lead comes from: others could hide rows."""
        super()._check_field_access(field, operation)
        if (
            operation == "write"
            and field.name == "capture_import_key"
            and not self.env.su
            and not IMPORT.get(self.env)
        ):
            raise AccessError(
                self.env._("Only an import says which row a lead comes from.")
            )

    @api.model
    def load(self, fields, data):
        """Import the good rows, report the others by row and column.

        As in any import, but ``ids`` and errors come together: rows with an error are
        left out, all others are imported. The same file, or the corrected one, can be
        sent again:

        - a row equal to the one a lead was last imported from is passed over, so that
          the work done on the lead since is kept, whoever owns the lead now;
        - a changed row with an external id updates its lead, as Odoo does;
        - a changed row without external id is a new lead: nothing tells which lead it
          was.

        Files that belong to a module are left to Odoo.
        """
        if self.env.context.get("install_module"):
            return super().load(fields, data)
        part = IMPORT_PART.get(self.env, ImportPart())
        batch = ImportBatch(
            part.first_row,
            {self._import_xid(xid): row for xid, row in part.ids_before.items()},
        )
        result = super(CrmLead, IMPORT.set(self, batch)).load(fields, data)
        if result["ids"] is not False:
            self._import_save_failed(fields, data, batch)
        return batch.complete(result, self.env.context.get("_import_limit"))

    # ------------------------------------------------------------
    # Rows on their way
    # ------------------------------------------------------------

    @api.model
    def _convert_records(self, records, *, log, savepoint):
        batch = IMPORT.get(self.env)
        if batch is None:
            return super()._convert_records(records, log=log, savepoint=savepoint)
        # the second half of _convert_records
        converted = super()._convert_records(  # pylint: disable=super-method-mismatch
            self._import_screen(list(records), batch),
            log=lambda message: batch.add(self._import_explain(message, batch)),
            savepoint=savepoint,
        )
        return self._import_good(converted, batch)

    def _import_good(self, converted, batch):
        """Yield the converted records without those whose conversion went wrong."""
        for dbid, xid, values, info in converted:
            row = info["rows"]["from"]
            if row not in batch.bad_rows:
                values["capture_import_key"] = batch.keys[row]
                yield dbid, xid, values, info

    def _import_screen(self, records, batch):
        """Return the records that are new or changed and have nothing wrong."""
        for record, extras in records:
            key = fingerprint(record, self.env.company.id)
            batch.register(extras["rows"], key)
            for fname, problem in self._import_problems(record, extras["rows"], batch):
                batch.add(
                    {
                        **extras,
                        "type": "error",
                        "field": fname,
                        "message": self._import_message(
                            batch.number(extras["rows"]), fname, problem
                        ),
                    }
                )
        known = self._import_known(list(batch.keys.values()))
        return [
            (record, extras)
            for record, extras in records
            if not batch.settle(extras["rows"], known)
        ]

    @api.model
    def _import_known(self, keys):
        """Return the leads imported from these rows before: dict of key to id."""
        # sudo: a lead that somebody else owns by now is not imported again
        leads = (
            self.sudo()
            .with_context(active_test=False)
            .search_fetch([("capture_import_key", "in", keys)], ["capture_import_key"])
        )
        return {lead.capture_import_key: lead.id for lead in leads}

    @api.model
    def _load_records(self, data_list, update=False):
        """Write the rows; those the database refuses are found and set aside."""
        batch = IMPORT.get(self.env)
        if batch is None:
            return super()._load_records(data_list, update)
        try:
            with attempt(self.env):
                return super()._load_records(data_list, update)
        except (UserError, psycopg2.IntegrityError, psycopg2.DataError) as error:
            if len(data_list) == 1:
                batch.add(self._import_refusal(data_list[0]["info"], error, batch))
                return self.browse()
        size = -(-len(data_list) // PARTS)
        return self.concat(
            *(
                self._load_records(data_list[start : start + size], update)
                for start in range(0, len(data_list), size)
            )
        )

    # ------------------------------------------------------------
    # What is wrong with a row
    # ------------------------------------------------------------

    def _import_problems(self, record, rows, batch):
        """Return pairs (name of the column, what is wrong and what to do)."""
        problems = [self._import_check_repeated(record, rows, batch)]
        for fname, value in record.items():
            check = self._import_method(self._import_get_cell_checks(), fname)
            if value and check:
                problems.append((fname, check(value)))
        return [(fname, problem) for fname, problem in problems if problem]

    @api.model
    def _import_get_cell_checks(self):
        """Hook: the method that looks at a cell, by name or type of its field."""
        return CELL_CHECKS

    def _import_method(self, names, fname):
        """Return our method for a column, by the name or the type of the field."""
        field = self._fields.get(fname)
        name = names.get(fname) or names.get(field and field.type)
        return name and getattr(self, name)

    def _import_xid(self, xid):
        """Return an external id of a file in full, as ``load()`` completes it."""
        if xid and "." not in xid:
            return f"{self.env.context.get('module', '__import__')}.{xid}"
        return xid

    def _import_check_repeated(self, record, rows, batch):
        xid = self._import_xid(record.get("id"))
        first = batch.first_with(rows, xid)
        if first is None:
            return None, None
        if xid:
            return "id", self.env._(
                "“%(xid)s” stands in row %(row)s already. Delete one of the two rows, "
                "or give this one an ID of its own.",
                xid=record["id"],
                row=first,
            )
        return "name", self.env._(
            "this row is the same as row %s. Delete one of the two; if they are two "
            "leads, add a column “External ID” that tells them apart.",
            first,
        )

    def _import_check_email(self, value):
        if not is_address(str(value)):
            return self.env._(
                "“%s” is not an email address. Write one address such as "
                "name@example.com, or leave the cell empty.",
                value,
            )

    def _import_check_count(self, value):
        # text that is no number is left to Odoo, which reports it
        if is_negative(str(value)):
            return self.env._(
                "%s is negative. Write how many there are, or leave the cell empty.",
                value,
            )

    def _import_check_amount(self, value):
        """Refuse “nan” and “inf”, which are numbers for Python and for nobody else."""
        if is_no_amount(str(value)):
            return self.env._("“%s” is not a number.", value)

    # ------------------------------------------------------------
    # Messages
    # ------------------------------------------------------------

    def _import_message(self, number, fname, problem):
        """Return a message that says where: the row, and the column if it is known."""
        labels = {
            **self.env["ir.model.fields"].get_field_string(self._name),
            "id": self.env._("External ID"),
        }
        if fname not in labels:
            return self.env._("Row %(row)s: %(problem)s", row=number, problem=problem)
        return self.env._(
            "Row %(row)s, %(column)s: %(problem)s",
            row=number,
            column=labels[fname],
            problem=problem,
        )

    def _import_explain(self, message, batch):
        """Add to a message of Odoo's conversion where it is and what to do."""
        fname = message.get("field")
        problem = message["message"].rstrip(".")
        advise = self._import_method(CELL_ADVICE, fname)
        if advise and message["type"] == "error":
            problem = f"{problem}. {advise(message)}"
        number = batch.number(message["rows"])
        return {**message, "message": self._import_message(number, fname, problem)}

    def _import_refusal(self, info, error, batch):
        """Return the message for a row the database or a constraint refused."""
        fname = None
        if isinstance(error, AccessError):
            problem = self.env._(
                "this external ID belongs to a lead you may not change, or you may "
                "not create leads like this one. Give the row another ID, or ask a "
                "sales manager to import it."
            )
        elif isinstance(error, psycopg2.Error):
            problem = self._sql_error_to_message(error)
            fname = error.diag.column_name
        else:
            problem = str(error)
        number = batch.number(info["rows"])
        return {
            **info,
            "type": "error",
            "message": self._import_message(number, fname, problem),
            **({"field": fname} if fname else {}),
        }

    def _import_advise_stage(self, message):
        stages = self.env["crm.stage"].search([], limit=SHOWN_STAGES)
        return self.env._("Use one of these: %s.", ", ".join(stages.mapped("name")))

    def _import_advise_name(self, message):
        return self.env._(
            "Write it exactly as it is in Odoo, or let the import create it."
        )

    def _import_advise_number(self, message):
        return self.env._("Write digits only, such as 1250, or leave the cell empty.")

    def _import_advise_date(self, message):
        return self.env._("Write a date such as 2025-12-31, or leave the cell empty.")

    def _import_advise_selection(self, message):
        return self.env._("Use one of these: %s.", ", ".join(message["moreinfo"]))

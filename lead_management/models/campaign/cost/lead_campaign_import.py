import base64
import binascii
from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

from ....tools.spend_file import LARGEST, SpendError, read_spend
from .lead_campaign_cost import MANUALLY, PLATFORMS


class LeadCampaignImport(models.TransientModel):
    """A report about ad spend, shown before anything is saved.

    What would have to be guessed is refused: two currencies, days that may be read
    either way, names that stand for no campaign, days that are imported in part.
    """

    _name = "lead.campaign.import"
    _description = "Import Campaign Costs"

    file = fields.Binary(attachment=False)
    file_name = fields.Char()
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(
        "res.currency", help="That of the file, or else the one you choose."
    )
    is_currency_known = fields.Boolean(readonly=True)
    day_order = fields.Selection(
        [("day", "Day first (31/12)"), ("month", "Month first (12/31)")],
        string="Dates",
    )
    source_id = fields.Many2one("utm.source", string="UTM Source")
    medium_id = fields.Many2one("utm.medium")

    # Preview
    problem = fields.Char(readonly=True)
    platform = fields.Selection(
        [pair for pair in PLATFORMS if pair[0] != MANUALLY], readonly=True
    )
    row_count = fields.Integer(string="Rows", readonly=True)
    left_out_count = fields.Integer(
        string="Totals Left Out", readonly=True, help="Rows that add others up."
    )
    date_from = fields.Date(string="First Day", readonly=True)
    date_to = fields.Date(string="Last Day", readonly=True)
    amount = fields.Monetary(string="Total", readonly=True)
    line_ids = fields.One2many("lead.campaign.import.line", "import_id")
    replaced_count = fields.Integer(
        string="Costs Replaced",
        readonly=True,
        help="Rows of these days that were imported before.",
    )
    unmapped_count = fields.Integer(compute="_compute_unmapped_count")

    @api.depends("line_ids.campaign_id", "line_ids.is_left_out")
    def _compute_unmapped_count(self):
        for dialog in self:
            dialog.unmapped_count = len(dialog.line_ids.filtered("is_open"))

    # ------------------------------------------------------------
    # Preview
    # ------------------------------------------------------------

    @api.onchange("file", "day_order", "currency_id", "company_id")
    def _onchange_file(self):
        """Show what the file holds, or why it is refused."""
        if not self.file:
            self.update(self._prepare_empty())
            return
        try:
            spend = self._read()
            self.update({"problem": False, **self._prepare_preview(spend)})
        except UserError as error:
            self.update({**self._prepare_empty(), "problem": error.args[0]})

    def _prepare_empty(self):
        return {
            "problem": False,
            "row_count": 0,
            "left_out_count": 0,
            "amount": 0,
            "replaced_count": 0,
            "is_currency_known": False,
            "line_ids": [Command.clear()],
        }

    def _prepare_preview(self, spend):
        groups = self._get_groups(spend)
        campaigns = {
            name: campaign.id
            for name, campaign in self._find_campaigns(spend.platform, groups).items()
        }
        chosen = {line.name: line for line in self.line_ids}
        campaigns |= {name: line.campaign_id.id for name, line in chosen.items()}
        lines = [
            Command.create(
                {
                    "name": name,
                    "campaign_id": campaigns.get(name, False),
                    "is_left_out": name in chosen and chosen[name].is_left_out,
                    "row_count": len(rows),
                    "amount": sum(row.amount for row in rows),
                    "currency_id": self.currency_id.id,
                }
            )
            for name, rows in groups.items()
        ]
        return {
            "platform": spend.platform,
            "row_count": len(spend.rows),
            "left_out_count": spend.left_out,
            "date_from": min(row.day for row in spend.rows),
            "date_to": max(row.until for row in spend.rows),
            "amount": sum(row.amount for row in spend.rows),
            "is_currency_known": bool(spend.rows[0].currency),
            "replaced_count": sum(
                len(self._find_replaced(spend.platform, rows))
                for rows in groups.values()
            ),
            "line_ids": [Command.clear(), *lines],
        }

    def _read(self):
        """Return the file as it is, with its currency set here.

        :raise UserError: why it is refused
        """
        if self.company_id not in self.env.companies:
            raise AccessError(self.env._("Choose a company you work for now."))
        try:
            content = base64.b64decode(self.file or b"", validate=False)
        except (binascii.Error, ValueError):
            content = b""
        try:
            spend = read_spend(content, self.day_order or None)
        except SpendError as error:
            raise UserError(self._get_problem(error)) from None
        if code := spend.rows[0].currency:
            currency = self.env["res.currency"].search([("name", "=", code)])
            if not currency:
                raise UserError(
                    self.env._(
                        "The file is in %s, which is not active here. Activate the "
                        "currency, then choose the file again.",
                        code,
                    )
                )
            self.currency_id = currency
        return spend

    def _get_problem(self, error):
        """Return in a sentence why a file is refused."""
        text = error.values.get("text", "")
        sentences = {
            "large": self.env._(
                "The file is larger than %s MB. Export a shorter period.", LARGEST >> 20
            ),
            "no_text": self.env._("The file is no text. Export it as CSV or XLSX."),
            "workbook": self.env._(
                "The workbook cannot be read. Save it again as XLSX, or export CSV."
            ),
            "no_columns": self.env._(
                "No columns for day, campaign and amount were found. Export the report "
                "with these columns."
            ),
            "empty": self.env._("The file holds no rows about campaigns."),
            "currencies": self.env._(
                "The file mixes currencies: %s. Export one account at a time.",
                error.values.get("names"),
            ),
            "currency_missing": self.env._(
                "Some rows have no currency, others are in %s.",
                error.values.get("name"),
            ),
            "day_order": self.env._(
                "“%s” may be read in two ways. Choose below what comes first.", text
            ),
            "decimal": self.env._(
                "“%s” may be read in two ways. Write amounts with two decimals.", text
            ),
            "day": self.env._("“%s” is no day of the calendar.", text),
            "amount": self.env._("“%s” is no amount.", text),
        }
        return sentences[error.code]

    @api.model
    def _get_groups(self, spend):
        """Return the rows of each campaign by its name on the platform."""
        groups = defaultdict(list)
        for row in spend.rows:
            groups[row.name].append(row)
        return dict(groups)

    def _find_campaigns(self, platform, groups):
        """Return the campaigns that names stand for; a number tells more."""
        Name = self.env["lead.campaign.name"]
        keys = {rows[0].key: name for name, rows in groups.items() if rows[0].key}
        found = Name._find(self.company_id, platform, groups)
        by_key = Name._find(self.company_id, platform, keys)
        return found | {keys[key]: campaign for key, campaign in by_key.items()}

    def _find_replaced(self, platform, rows):
        """Return the costs that rows of one campaign take the place of.

        :raise UserError: when they take the place of a part of one
        """
        first = min(row.day for row in rows)
        last = max(row.until for row in rows)
        names = {row.name for row in rows} | {row.key for row in rows if row.key}
        costs = self.env["lead.campaign.cost"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("platform", "=", platform),
                ("date_from", "<=", last),
                ("date_to", ">=", first),
                "|",
                ("external_id", "in", [*names]),
                ("external_name", "in", [row.name for row in rows]),
            ]
        )
        for cost in costs:
            if cost.date_from < first or cost.date_to > last:
                raise UserError(
                    self.env._(
                        "“%(name)s” was imported from %(first)s to %(last)s in one "
                        "sum, and this file has a part of these days. Export all of "
                        "them, or delete that cost first.",
                        name=rows[0].name,
                        first=cost.date_from,
                        last=cost.date_to,
                    )
                )
        return costs

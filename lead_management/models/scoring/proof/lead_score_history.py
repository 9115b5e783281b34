from collections import Counter, namedtuple

from odoo import api, models
from odoo.tools import SQL

from ....tools.scorecard import Column
from ...base.rule.conditions import LEAD_ID
from ..model.lead_score_rule import NUMBERS
from .lead_score_backtest import CAPTURED, WON

# Closed leads, the oldest first: their columns, and of each its id, when it came in,
# whether it was won, and whether its columns are known as they were at capture.
History = namedtuple("History", "columns ids dates won captured")

# The most recent closed leads that points are suggested from.
HISTORY = 50_000
# Of texts and records with more values than this only the most frequent are told
# apart, if there are enough leads of each; all others are one.
CATEGORIES, MOST, EACH = 60, 12, 30
OTHER = ("other",)
CATEGORY_TYPES = ("many2one", "selection", "boolean", "char")
# What is filled in by working on a lead, by closing it, or by the system.
NEVER = {
    *("id", "active", "name", "type", "color", "priority", "company_id"),
    *("user_id", "team_id", "stage_id", "lost_reason_id"),
    *("won_status", "probability", "automated_probability", "partner_id"),
    *("expected_revenue", "prorated_revenue", "recurring_revenue", "recurring_plan"),
    *("recurring_revenue_monthly", "recurring_revenue_monthly_prorated"),
    *("recurring_revenue_prorated", "day_open", "day_close", "company_size"),
    *("phone_sanitized", "email_normalized", "email_domain_criterion", "email_cc"),
    *("contact_name", "partner_name", "email_from", "referred"),
    *("create_uid", "write_uid", "create_date", "write_date"),
    *("stage_gate_missing", "segment_manual_id"),
    *("message_bounce", "message_main_attachment_id", "iap_enrich_done"),
    *("reveal_id", "reveal_ip", "reveal_iap_credits", "reveal_rule_id"),
    "capture_import_key",
}
# Left out of NEVER: whether they are there is known at capture. What they say is of
# one person, and of no other lead.
PRESENCE_ONLY = {
    *("phone", "street", "street2", "zip", "website", "function", "whatsapp_own"),
    *("linkedin_url", "facebook_url", "x_url", "instagram_url"),
}


class LeadScoreModel(models.Model):
    """The closed leads as columns that points can be suggested from."""

    _inherit = "lead.score.model"

    @api.model
    def _get_candidates(self):
        """Return the fields of a lead that could tell won from lost ones.

        :return: dict of field name to whether it was probably known at capture
        """
        CrmLead = self.env["crm.lead"]
        left_out = NEVER | CrmLead._score_get_left_out_fields()
        questions = self.env["lead.qualifier"]._get_by_column()
        candidates = {}
        for name, field in CrmLead._fields.items():
            if name in left_out or not CrmLead._has_field_access(field, "read"):
                continue
            if name in questions:
                if questions[name].kind in ("yes_no", "choice", "number"):
                    candidates[name] = False  # asked after the capture
            elif self._is_candidate(field):
                candidates[name] = True
        return candidates

    @api.model
    def _is_candidate(self, field):
        return (
            field.store
            and field.column_type
            and not field.company_dependent
            and (field.type in CATEGORY_TYPES or field.type in NUMBERS)
        )

    def _read_history(self, fnames, limit=HISTORY):
        """Return what was known of closed leads at capture, and how they ended.

        :param fnames: which fields
        :param limit: how many leads at most, the last ones
        :return: a :class:`History`
        """
        # sudo: the engine reads versions; which fields is asked by _get_candidates
        query = self._new_scoped_query(self.sudo()._to_data())
        created = SQL.identifier("crm_lead", "create_date")
        query.order = SQL("%s DESC, %s DESC", created, LEAD_ID)
        query.limit = limit
        values = self._read_columns(fnames, query, [LEAD_ID, created, WON, CAPTURED])
        ids, dates, won, captured, *columns = values or [[]] * (4 + len(fnames))
        return History(self._new_columns(fnames, columns), ids, dates, won, captured)

    @api.model
    def _read_columns(self, fnames, query, more=()):
        """Return lists of values of leads, from the last to the first; [] for none."""
        # sudo: the engine reads columns of leads, none is shown by itself
        CrmLead = self.env["crm.lead"].sudo()
        self.env.flush_all()
        columns = [CrmLead._field_to_sql("crm_lead", name, query) for name in fnames]
        self.env.cr.execute("SET LOCAL jit = off")
        rows = self.env.execute_query(query.select(*more, *columns))
        return [list(reversed(values)) for values in zip(*rows, strict=True)]

    @api.model
    def _new_columns(self, fnames, columns):
        return [
            self._new_column(name, column)
            for name, column in zip(fnames, columns, strict=True)
        ]

    @api.model
    def _new_column(self, name, values):
        """Return a column; what was never set is None. A number can be 0."""
        field = self.env["crm.lead"]._fields[name]
        if field.type in NUMBERS:
            numbers = [None if value is None else float(value) for value in values]
            return Column(name, "number", numbers)
        if field.type == "boolean":
            return Column(name, "category", [bool(value) for value in values])
        known = [value or None for value in values]
        if field.type in ("char", "many2one"):
            known = self._group_values(field, known)
        return Column(name, "category", known)

    @api.model
    def _group_values(self, field, values):
        """Return values as they are when they are few, else the most frequent ones.

        All others become ``OTHER``. Where none is frequent, as with names, it only
        counts whether there is one.
        """
        if field.name in self.env["lead.qualifier"]._get_by_column():
            return values
        counts = Counter(value for value in values if value)
        if field.name not in PRESENCE_ONLY and len(counts) <= CATEGORIES:
            return values
        kept = {value for value, count in counts.most_common(MOST) if count >= EACH}
        if field.name in PRESENCE_ONLY or not kept:
            return [value and True for value in values]
        return [value if value in kept else value and OTHER for value in values]

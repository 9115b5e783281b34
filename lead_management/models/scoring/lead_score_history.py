from odoo import api, models
from odoo.tools import SQL

from ...tools.scorecard import Column
from ..base.lead_rule_mixin import LEAD_ID
from .lead_score_backtest import WON
from .lead_score_rule import NUMBERS

# The most recent closed leads that points are suggested from.
HISTORY = 50_000
# A text with more values than this is no category: only whether it is there counts.
CATEGORIES = 60
CATEGORY_TYPES = ("many2one", "selection", "boolean", "char")
# What is filled in by working on a lead, by closing it, or by the system.
NEVER = {
    *("id", "active", "name", "type", "color", "priority", "company_id"),
    *("user_id", "team_id", "stage_id", "stage_before_id", "lost_reason_id"),
    *("won_status", "probability", "automated_probability", "partner_id"),
    *("expected_revenue", "prorated_revenue", "recurring_revenue", "recurring_plan"),
    *("recurring_revenue_monthly", "recurring_revenue_monthly_prorated"),
    *("recurring_revenue_prorated", "day_open", "day_close", "company_size"),
    *("phone_sanitized", "email_normalized", "email_domain_criterion", "email_cc"),
    *("contact_name", "partner_name", "email_from", "campaign_id", "referred"),
    *("create_uid", "write_uid", "create_date", "write_date"),
    *("assignment_pending", "stage_gate_missing", "segment_manual_id"),
    *("message_bounce", "message_main_attachment_id", "iap_enrich_done"),
    *("reveal_id", "reveal_ip", "reveal_iap_credits", "reveal_rule_id"),
}
# Left out of NEVER: whether they are there is known at capture.
PRESENCE_ONLY = {"phone", "street", "street2", "zip", "website", "function", "city"}


class LeadScoreModel(models.Model):
    """The closed leads as columns that points can be suggested from."""

    _inherit = "lead.score.model"

    @api.model
    def _get_candidates(self):
        """Return the fields of a lead that could tell won from lost ones.

        :return: dict of field name to whether it was probably known at capture
        """
        CrmLead = self.env["crm.lead"]
        questions = self.env["lead.qualifier"]._get_by_column()
        candidates = {}
        for name, field in CrmLead._fields.items():
            if name in NEVER or not CrmLead._has_field_access(field, "read"):
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
        :return: list of :class:`~...tools.scorecard.Column` and a list of booleans
        """
        CrmLead = self.env["crm.lead"].sudo()
        self.env.flush_all()
        query = self._new_scoped_query(self.sudo()._to_data())
        columns = [CrmLead._field_to_sql("crm_lead", name, query) for name in fnames]
        query.order = SQL("%s DESC", LEAD_ID)
        query.limit = limit
        self.env.cr.execute("SET LOCAL jit = off")
        rows = self.env.execute_query(query.select(WON, *columns))
        if not rows:
            return [], []
        won, *values = zip(*rows, strict=True)
        return [
            self._new_column(name, column)
            for name, column in zip(fnames, values, strict=True)
        ], list(won)

    @api.model
    def _new_column(self, name, values):
        """Return a column; what Odoo takes for not set is None."""
        field = self.env["crm.lead"]._fields[name]
        if field.type in NUMBERS:
            numbers = [float(value) if value else None for value in values]
            return Column(name, "number", numbers)
        if field.type == "boolean":
            return Column(name, "category", [bool(value) for value in values])
        known = [
            value if value or value is False and field.type == "boolean" else None
            for value in values
        ]
        if field.type == "char":
            known = self._group_texts(name, known)
        return Column(name, "category", known)

    @api.model
    def _group_texts(self, name, values):
        """Return texts as they are when they are few, else whether there is one."""
        distinct = {value for value in values if value}
        is_question = name in self.env["lead.qualifier"]._get_by_column()
        if not is_question and (name in PRESENCE_ONLY or len(distinct) > CATEGORIES):
            return [True if value else None for value in values]
        return values

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL, OrderedSet, ormcache

from .lead_score_snapshot import LEFT_OUT_TYPES
from .proof.lead_score_history import PRESENCE_ONLY

# What back-tests ask for beside what rules read: was it open, what did Odoo predict.
ALWAYS = {"won_status", "automated_probability", "company_id"}
# Texts by which a person is found; a job title is none. Of these only whether they are
# there is kept, unless a rule reads what they say.
PERSONAL = {
    *(PRESENCE_ONLY - {"function"}),
    *("name", "contact_name", "partner_name", "email_from", "email_cc"),
    *("email_normalized", "phone_sanitized", "email_domain_criterion"),
}
# A lead that has lost all of these is nobody any more.
PERSON = ("contact_name", "email_from", "phone")
MARK = "\N{CHECK MARK}"


class LeadScoreSnapshot(models.Model):
    """Which columns of a lead are kept at capture, and when they are forgotten."""

    _inherit = "lead.score.snapshot"

    @api.model
    @ormcache()
    def _get_kept(self):
        """Return the columns that are kept, and those of which only whether they are.

        Kept is what the rules of any version read, and what points can be suggested
        from.
        """
        # sudo: what is kept depends on all rules and fields, not on who saves a lead
        Model = self.env["lead.score.model"].sudo().with_context(active_test=False)
        read, disclosed = Model._read_columns_of(Model.search(Domain.TRUE))
        kept = ALWAYS | read | Model._get_candidates().keys()
        marked = {name for name in kept & PERSONAL if name not in disclosed}
        return (
            tuple(sorted(filter(self._is_kept, kept - marked))),
            tuple(sorted(filter(self._is_kept, marked))),
        )

    @api.model
    def _is_kept(self, name):
        field = self.env["crm.lead"]._fields.get(name)
        return bool(
            field
            and field.store
            and field.column_type
            and field.type not in LEFT_OUT_TYPES
        )

    @api.model
    def _sql_kept(self, values):
        """Return an expression of the columns to keep, of a JSON object of all."""
        kept, marked = map(list, self._get_kept())
        return SQL(
            """(
                SELECT jsonb_object_agg(
                    known.key,
                    CASE WHEN known.key = ANY(%(marked)s)
                            AND known.value NOT IN ('null', '""')
                        THEN to_jsonb(%(mark)s::text) ELSE known.value END
                )
                FROM jsonb_each(%(values)s) AS known (key, value)
                WHERE known.key = ANY(%(names)s)
            )""",
            values=values,
            marked=marked,
            mark=MARK,
            names=[*kept, *marked],
        )

    @api.model
    def _strip(self):
        """Forget what was kept once and would not be any more, of all leads."""
        column = SQL.identifier("lead_score_snapshot", "values")
        self.env.cr.execute(
            SQL(
                "UPDATE lead_score_snapshot SET values = %s WHERE values IS NOT NULL",
                self._sql_kept(column),
            )
        )
        self.invalidate_model(["values"], flush=False)

    # ------------------------------------------------------------
    # Erasure
    # ------------------------------------------------------------

    @api.model
    def _erase(self, lead_ids):
        """Forget all that was kept of leads: the people behind them are erased."""
        self._update_values(lead_ids, SQL("NULL"))

    @api.model
    def _forget(self, lead_ids, names):
        """Forget single columns of leads: what was taken off a lead goes here, too."""
        self._update_values(lead_ids, SQL("values - %s::text[]", list(names)))

    @api.model
    def _update_values(self, lead_ids, values):
        self.env.cr.execute(
            SQL(
                "UPDATE lead_score_snapshot SET values = %s"
                " WHERE lead_id = ANY(%s) AND values IS NOT NULL",
                values,
                list(lead_ids),
            )
        )
        self.invalidate_model(["values"], flush=False)


class LeadScoreModel(models.Model):
    _inherit = "lead.score.model"

    @api.model
    def _read_columns_of(self, models_):
        """Return the fields that rules read, and those of which they read the value.

        A condition that only asks whether something is there reads no value.
        """
        names, disclosed = set(), set()
        for data in map(type(self)._to_data, models_):
            names |= self._get_source_fields([data])
            for rule in (data, *data.rules):
                disclosed |= self._get_disclosed_fields(rule)
        fields_ = self.env["crm.lead"]._fields
        for name in names & fields_.keys():
            if not fields_[name].store:
                depends = self.pool.field_depends.get(fields_[name], ())
                names = names | {path.split(".")[0] for path in depends}
        return names, disclosed

    @api.model
    def _get_disclosed_fields(self, rule):
        """Return the fields whose value the condition of a rule compares."""
        domain = Domain.AND(map(self._parse_domain, rule.conditions))
        disclosed = set()
        for condition in domain.iter_conditions():
            value = condition.value
            values = value if isinstance(value, (list, tuple, OrderedSet)) else [value]
            if any(values) or "like" in condition.operator:
                disclosed.add(condition.field_expr.split(".")[0])
        return disclosed

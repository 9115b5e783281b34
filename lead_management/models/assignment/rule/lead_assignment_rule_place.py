from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...base.rule.conditions import DOMAIN_ERRORS
from ..routing.crm_lead import BATCH_SIZE
from .lead_assignment_rule import CAPTURE, CAPTURER, OVERFLOW, PREVIOUS

# How many rules are named before the others are only counted.
NAMED = 5


class LeadAssignmentRule(models.Model):
    """Where a rule stands among the others, and which leads wait for it."""

    _inherit = "lead.assignment.rule"

    place_note = fields.Char(string="Position", compute="_compute_place")
    shadow_note = fields.Char(string="Never Reached", compute="_compute_place")
    waiting_count = fields.Integer(
        string="Waiting Leads",
        compute="_compute_waiting_count",
        help="Open, unassigned leads that match the condition of this rule.",
    )

    # ------------------------------------------------------------
    # Order
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        rules = super().create(vals_list)
        unplaced = self.concat(
            *(
                rule
                for rule, vals in zip(rules, vals_list, strict=True)
                if "sequence" not in vals
            )
        )
        for number, rule in enumerate(unplaced):
            rule._find_place(unplaced[number:])
        return rules

    def _find_place(self, unplaced):
        """Put a new rule last, yet before those that take whatever is left.

        :param unplaced: new rules that have no place yet, this one among them
        """
        before, after = self._split_competing_rules(
            self._get_competing_rules() - unplaced
        )
        sequence = before[-1:].sequence
        if not after:
            self._set_sequence(max(self.sequence, sequence))
            return
        if not before or after[0].sequence > sequence:
            self._set_sequence(after[0].sequence - 1)
            return
        self._set_sequence(sequence)
        for number, rule in enumerate(after, 1):
            rule._set_sequence(max(rule.sequence, sequence + number))

    def _set_sequence(self, sequence):
        if self.sequence != sequence:
            # no other version: what it decides stays the same
            super().write({"sequence": sequence})  # pylint: disable=super-method-mismatch

    def _split_competing_rules(self, competing):
        """Return the rules asked before this one if it is new, and those after it."""
        rest = competing.browse()
        if not self._takes_rest():
            for rule in reversed(competing):
                if not rule._takes_rest():
                    break
                rest = rule + rest
        return competing - rest, rest

    def _get_competing_rules(self):
        """Return the active rules that are asked about the same leads, in order."""
        domain = Domain("active", "=", True) & Domain("trigger", "=", self.trigger)
        if self.company_id:
            domain &= Domain("company_id", "in", [False, self.company_id.id])
        return self.search(domain)

    def _takes_rest(self):
        """Return whether this rule takes each lead that gets so far."""
        if self.target in (PREVIOUS, CAPTURER):
            return False  # they pass on those of nobody
        try:
            return self._parse_domain(self.domain).is_true()
        except DOMAIN_ERRORS:
            return False

    # ------------------------------------------------------------
    # In words
    # ------------------------------------------------------------

    @api.depends(
        "active", "company_id", "domain", "fallback", "sequence", "target", "trigger"
    )
    def _compute_place(self):
        for rule in self:
            rule.place_note = rule.shadow_note = False
            if not rule.active:
                continue
            before, after = rule._get_neighbours()
            rule.place_note = rule._format_place_note(before, after)
            rule.shadow_note = rule._format_shadow_note(before, after)

    def _get_neighbours(self):
        """Return the rules that are asked before this one, and those after it."""
        competing = self._get_competing_rules()
        if self._origin not in competing:
            return self._split_competing_rules(competing)
        index = competing.ids.index(self._origin.id)
        return competing[:index], competing[index + 1 :]

    def _format_place_note(self, before, after):
        if not before and not after:
            return self.env._("The only rule with this trigger.")
        names = {
            "number": len(before) + 1,
            "count": len(before) + len(after) + 1,
            "before": after[:1].name,
            "after": before[-1:].name,
        }
        if not before:
            return self.env._(
                "%(number)s of %(count)s: checked first, before “%(before)s”.", **names
            )
        if not after:
            return self.env._(
                "%(number)s of %(count)s: checked last, after “%(after)s”.", **names
            )
        return self.env._(
            "%(number)s of %(count)s: checked after “%(after)s”, before “%(before)s”.",
            **names,
        )

    def _format_shadow_note(self, before, after):
        """Return in words which rules are never asked because of this one.

        Or, since that is worse, because of which one this rule is never asked.
        """
        for rule in before:
            if rule._shadows(self) and not self._origin:
                return self.env._(
                    "This rule has no condition yet. With a condition, it is checked "
                    "before “%s”, which applies to all leads.",
                    rule.name,
                )
            if rule._shadows(self):
                return self.env._(
                    "“%s” comes before this rule and has no condition, so it applies "
                    "to all leads and this rule is never reached. Move this rule up.",
                    rule.name,
                )
        shadowed = after.filtered(self._shadows)
        if not shadowed:
            return False
        names = self._format_rule_names(shadowed)
        if self.fallback == OVERFLOW:
            return self.env._(
                "This rule has no condition. The rules after it are checked only if "
                "no one is available here: %s",
                names,
            )
        return self.env._(
            "This rule has no condition, so the rules after it are never reached: "
            "%s. Add a condition or move this rule to the end.",
            names,
        )

    def _shadows(self, other):
        return self._takes_rest() and (
            not self.company_id or self.company_id == other.company_id
        )

    def _format_rule_names(self, rules):
        names = ", ".join(f"“{rule.name}”" for rule in rules[:NAMED])
        if len(rules) <= NAMED:
            return names
        return self.env._(
            "%(names)s and %(count)s more", names=names, count=len(rules) - NAMED
        )

    # ------------------------------------------------------------
    # Waiting leads
    # ------------------------------------------------------------

    @api.depends("active", "company_id", "domain", "trigger")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_waiting_count(self):
        CrmLead = self.env["crm.lead"].with_user(self.env.uid)
        for rule in self:
            rule.waiting_count = 0
            if rule._origin and rule.active and rule.trigger == CAPTURE:
                domain = rule._get_waiting_domain()
                rule.waiting_count = CrmLead.search_count(domain, limit=BATCH_SIZE)

    def _get_waiting_domain(self):
        """Return the leads nobody has yet that meet the condition of this rule."""
        try:
            domain = self._get_lead_domain(self._get_conditions(), self.company_id.id)
        except DOMAIN_ERRORS:
            return Domain.FALSE
        return (
            domain
            & Domain("user_id", "=", False)
            & Domain("won_status", "=", "pending")
            & Domain("assignment_pool_id", "=", False)
            & Domain("company_id", "in", [False, *self.env.companies.ids])
        )

    def _get_qualifying_domain(self):
        """Closed leads are nobody's to assign."""
        domain = super()._get_qualifying_domain()
        return domain & Domain("won_status", "=", "pending")

    def action_route_waiting(self):
        """Let the rules decide now on the leads that wait and meet this condition.

        :return: a notice how many of them were assigned
        """
        self.ensure_one()
        leads = self.env["crm.lead"].search(
            self._get_waiting_domain(), limit=BATCH_SIZE, order="create_date, id"
        )
        if not leads:
            raise UserError(self.env._("No waiting lead matches this condition."))
        return leads.action_route()

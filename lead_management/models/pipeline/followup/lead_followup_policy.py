from collections import namedtuple

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import ormcache

from ....tools.placeholders import tighten
from ...base.stage_types import STAGE_TYPES

STAGE, OWNER, OUTCOME = "stage", "owner", "outcome"
TRIGGERS = [
    (STAGE, "Stage change"),
    (OWNER, "Assignment to a salesperson"),
    (OUTCOME, "Logged call, meeting or answer"),
]
# What the engine asks of each policy before it looks at a single lead.
PolicyData = namedtuple("PolicyData", "id trigger outcome_ids")


class LeadFollowupPolicy(models.Model):
    """What is planned by itself when something happens to a lead; the first that fits.

    A lead that gets a salesperson and for which no policy of that kind fits gets what
    its stage asks for: there is always a next step.
    """

    _name = "lead.followup.policy"
    _inherit = ["lead.rule.mixin"]
    _description = "Follow-up Rule"

    trigger = fields.Selection(TRIGGERS, required=True, default=STAGE)
    stage_type = fields.Selection(STAGE_TYPES)
    stage_ids = fields.Many2many(
        "crm.stage",
        string="Stages",
        help="Leave empty to apply to all stages of this type.",
    )
    outcome_ids = fields.Many2many("lead.touch.outcome", string="Call Outcomes")
    # Plan
    plan_id = fields.Many2one(
        "mail.activity.plan",
        string="Activity Plan",
        domain="[('res_model', '=', 'crm.lead')]",
        ondelete="cascade",
        help="Plans several activities instead of one.",
    )
    activity_type_id = fields.Many2one(
        "mail.activity.type",
        domain="[('res_model', 'in', [False, 'crm.lead'])]",
        ondelete="cascade",
    )
    delay_days = fields.Integer(
        string="Due In (Working Days)",
        default=1,
        help="Working days of the assigned user, counted from the planning date. 0 "
        "means the same day or the next working day.",
    )
    summary = fields.Char(
        translate=True,
        help="You can use placeholders such as {{ object.contact_name }}.",
    )
    note = fields.Text(
        string="Goal",
        translate=True,
        help="Purpose of the step, shown before it is done. You can use placeholders "
        "such as {{ object.partner_id.name }}.",
    )
    responsible = fields.Selection(
        [("owner", "Salesperson"), ("leader", "Team leader")],
        required=True,
        default="owner",
    )
    is_additional = fields.Boolean(
        string="Add Even If an Activity Exists",
        help="If not set, only leads without planned activities get one.",
    )

    _delay_range = models.Constraint(
        "CHECK(delay_days BETWEEN 0 AND 365)",
        "The number of working days must be between 0 and 365.",
    )

    @api.constrains("trigger", "stage_type", "stage_ids", "outcome_ids")
    def _check_trigger(self):
        for policy in self:
            if policy.trigger == STAGE and not (policy.stage_type or policy.stage_ids):
                raise ValidationError(
                    self.env._("Choose the stages of “%s”.", policy.name)
                )
            if policy.trigger == OUTCOME and not policy.outcome_ids:
                raise ValidationError(
                    self.env._("Choose the call outcomes of “%s”.", policy.name)
                )

    @api.constrains("plan_id", "activity_type_id")
    def _check_plan(self):
        for policy in self:
            if not (policy.plan_id or policy.activity_type_id):
                raise ValidationError(
                    self.env._(
                        "Choose an activity type or an activity plan for “%s”.",
                        policy.name,
                    )
                )

    @api.constrains("summary", "note")
    def _check_facts(self):
        """Refuse facts that a salesperson may not use: nobody writes code here."""
        Render = self.env["mail.render.mixin"]
        for policy in self:
            for text in (policy.summary, policy.note):
                if text and Render._has_unsafe_expression_template_inline_template(
                    text, "crm.lead"
                ):
                    raise ValidationError(
                        self.env._(
                            "“%(policy)s” uses a placeholder that is not available. "
                            "Use one of these: %(facts)s.",
                            policy=policy.name,
                            facts=", ".join(
                                self.env["crm.lead"].mail_allowed_qweb_expressions()
                            ),
                        )
                    )

    # ------------------------------------------------------------
    # Engine
    # ------------------------------------------------------------

    def _get_conditions(self):
        conditions = super()._get_conditions()
        if self.trigger != STAGE:
            return conditions
        domain = [("stage_id.stage_type", "=", self.stage_type)]
        if self.stage_ids:
            domain = [("stage_id", "in", self.stage_ids.ids)]
        return (*conditions, str(domain))

    @api.depends("trigger", "stage_type", "stage_ids")
    def _compute_qualifying_domain(self):
        super()._compute_qualifying_domain()

    @api.model
    @ormcache()
    def _get_triggers(self):
        """Return the :class:`PolicyData` of the active policies."""
        # sudo: the engine serves everybody
        return tuple(
            PolicyData(policy.id, policy.trigger, frozenset(policy.outcome_ids.ids))
            for policy in self.sudo().search(Domain.TRUE)
        )

    @api.model
    def _get_matches(self, lead_ids, trigger, outcome_id=None):
        """Return the policy for each lead to which something happened.

        :param trigger: what
        :param outcome_id: of the call, when that is what happened
        :return: dict of lead id to the id of a policy
        """
        policies = [
            data
            for data in self._get_triggers()
            if data.trigger == trigger
            and (outcome_id is None or outcome_id in data.outcome_ids)
        ]
        matches = {}
        if policies and lead_ids:
            matches = self._first_match(lead_ids, {data.id for data in policies})
        if trigger == OWNER:
            rest = [lead_id for lead_id in lead_ids if lead_id not in matches]
            matches.update(self._get_matches(rest, STAGE))
        return matches

    # ------------------------------------------------------------
    # Planning
    # ------------------------------------------------------------

    def _plan(self, leads, within=None):
        """Plan what this policy says with leads whose responsible is known.

        :param within: the working days it is away at most, unless a plan says when
        :return: the activities
        """
        self.ensure_one()
        activities = self.env["mail.activity"]
        for user, group in leads.grouped(self._get_responsible).items():
            if not user.active or not user:
                continue
            templates = self.plan_id.template_ids or [None]
            for template in templates:
                activities += self._plan_one(group, user, template, within)
        return activities

    @api.model
    def _get_of_stage(self, lead, stage):
        """Return the policy for a lead that is about to enter a stage, if any."""
        for policy in self.search([("trigger", "=", STAGE)]):
            stages = policy.stage_ids
            if stages and stage not in stages:
                continue
            if not stages and stage.stage_type != policy.stage_type:
                continue
            company_id = policy.company_id.id
            domain = policy._get_engine_domain((policy.domain,), company_id)
            # sudo: a policy is asked with all rights, as when it runs
            if lead.sudo().filtered_domain(domain):
                return policy
        return self.browse()

    def _get_step(self, lead):
        """Return the activity this policy plans, for the dialog that proposes it.

        :return: dict with ``activity_type_id``, ``days`` and ``summary``
        """
        # sudo: off, a text shows the user what the user may read
        return {
            "activity_type_id": self.activity_type_id.id,
            "days": self.delay_days,
            "summary": self.sudo(False)._render_text(None, "summary", lead.ids)[
                lead.id
            ],
        }

    def _get_responsible(self, lead):
        leader = lead.team_id.user_id
        return leader if self.responsible == "leader" and leader else lead.user_id

    def _plan_one(self, leads, user, template, within=None):
        """Plan one activity with each of these leads, for one user.

        :param template: activity of a plan, or None for that of this policy
        """
        count = min(self.delay_days, self.delay_days if within is None else within)
        if template:
            count = template.delay_count
        days = leads._followup_get_days(user, count, template and template.delay_unit)
        # in the words, and with the eyes, of whoever does it
        reader = self.with_user(user).with_context(lang=user.lang)
        summaries = reader._render_text(template, "summary", leads.ids)
        notes = reader._render_text(template, "note", leads.ids)
        kind = (template or self).activity_type_id
        Activity = self.env["mail.activity"].with_context(
            # one message per lead about what the system plans is no help
            mail_activity_quick_update=True
        )
        model_id = self.env["ir.model"]._get_id("crm.lead")
        return Activity.create(
            [
                {
                    "res_model_id": model_id,
                    "res_id": lead.id,
                    "activity_type_id": kind.id,
                    "user_id": self._get_template_user(template, user).id,
                    "date_deadline": days[lead],
                    "summary": summaries[lead.id],
                    "note": notes[lead.id],
                    "automated": True,
                }
                for lead in leads
            ]
        )

    @api.model
    def _get_template_user(self, template, user):
        if template and template.responsible_type == "other":
            return template.responsible_id
        return user

    def _render_text(self, template, fname, lead_ids):
        """Return a text of the policy for each lead, as html where it is a note."""
        if template:
            # Odoo's own plans have no facts in their texts
            # sudo: what a manager planned is shown to whoever does it
            return dict.fromkeys(lead_ids, template.sudo()[fname] or "")
        # sudo: the text of a manager, with the facts the reader may see
        texts = self.env["mail.render.mixin"]._render_template(
            tighten(self.sudo()[fname] or ""), "crm.lead", lead_ids
        )
        texts = {lead_id: text.strip() for lead_id, text in texts.items()}
        if fname == "summary":
            return texts
        leads = self.env["crm.lead"].browse(lead_ids)
        return {lead.id: lead._followup_get_note(texts[lead.id]) for lead in leads}

from odoo import api, fields, models
from odoo.tools import ormcache

from ...base.stage_types import STAGE_TYPES, UNQUALIFIED, WON_TYPES
from ...scoring.mail_message import CALL, MEETING
from ..followup.lead_followup_policy import OUTCOME

MESSAGE = "message"
KINDS = [(CALL, "Call"), (MEETING, "Meeting"), (MESSAGE, "Message")]
RANKS = {stage_type: rank for rank, (stage_type, __) in enumerate(STAGE_TYPES)}


class LeadTouchOutcome(models.Model):
    """What came of a call, a meeting or a message, and what follows."""

    _name = "lead.touch.outcome"
    _description = "Call Outcome"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", index=True, help="Empty: for the leads of each company."
    )
    icon = fields.Char(
        default="fa-check", help="A Font Awesome icon, like fa-phone or fa-times."
    )
    color = fields.Selection(
        [
            ("success", "Green"),
            ("info", "Blue"),
            ("warning", "Orange"),
            ("danger", "Red"),
            ("secondary", "Grey"),
        ],
        string="Colour",
        required=True,
        default="info",
    )
    # Channels
    for_call = fields.Boolean(string="Calls", default=True)
    for_meeting = fields.Boolean(string="Meetings")
    for_message = fields.Boolean(string="Messages")
    # Meaning
    is_contact = fields.Boolean(
        string="Reached", help="The lead was really reached, or answered."
    )
    is_attempt = fields.Boolean(
        string="Unanswered Attempt", help="Counts as an attempt without an answer."
    )
    invalid_number = fields.Boolean(
        string="Wrong Number",
        help="Notes that the phone number is wrong, and proposes a to-do to find the "
        "right one.",
    )
    needs_note = fields.Boolean(
        string="Note Required", help="Who logs it has to say what was said."
    )
    stage_type = fields.Selection(
        STAGE_TYPES,
        string="Moves to",
        help="The type of stage that is proposed for leads in an earlier stage.",
    )
    moves_customers = fields.Boolean(
        string="Moves Customers Too",
        help="Proposes the stage for Customer and Inactive as well.",
    )
    # Next step
    activity_type_id = fields.Many2one(
        "mail.activity.type",
        string="Next Step",
        ondelete="set null",
        domain="[('res_model', 'in', [False, 'crm.lead'])]",
    )
    delay_days = fields.Integer(
        string="In Working Days",
        default=1,
        help="Working days of the salesperson, from today.",
    )
    next_summary = fields.Char(string="Subject", translate=True)

    _delay_range = models.Constraint(
        "CHECK(delay_days BETWEEN 0 AND 365)",
        "The next step is 0 to 365 working days away.",
    )
    _has_channel = models.Constraint(
        "CHECK(for_call OR for_meeting OR for_message)",
        "An outcome is for calls, meetings or messages.",
    )
    _one_meaning = models.Constraint(
        "CHECK(NOT (is_contact AND is_attempt))",
        "A lead that was reached is no unanswered attempt.",
    )

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        outcomes = super().create(vals_list)
        # sudo: the kinds of events are nobody's to write
        self.env["lead.score.event"].sudo().create(
            [outcome._prepare_event_values() for outcome in outcomes]
        )
        self.env.registry.clear_cache()
        return outcomes

    @api.ondelete(at_uninstall=False)
    def _unlink_clear_cache(self):
        self.env.registry.clear_cache()

    def _prepare_event_values(self):
        """Return the kind of event that lets this outcome give points."""
        return {
            "name": self.name,
            "code": f"outcome_{self.id}",
            "sequence": 200,
            "outcome_id": self.id,
        }

    @api.model
    @ormcache()
    def _get_all_ids(self):
        """Return the ids of all outcomes, of all companies."""
        # sudo: they are read for the engines, and cached for all
        return tuple(self.sudo().with_context(active_test=False)._search([]))

    # ------------------------------------------------------------
    # What follows
    # ------------------------------------------------------------

    def _suits(self, kind):
        return self[f"for_{kind}"]

    def _get_stage_type(self, lead):
        """Return the type of stage that is proposed for a lead, or None.

        Only one further on: a customer is not a prospect again because of a call.
        """
        target = self.stage_type
        current = lead.stage_id.stage_type
        if not target or not current or target == current:
            return None
        if current in WON_TYPES and not self.moves_customers:
            return None
        if current == UNQUALIFIED or lead.won_status == "lost":
            return None
        if current not in WON_TYPES and RANKS[target] < RANKS[current]:
            return None
        return target

    def _get_next_step(self, leads):
        """Return what is proposed as the next step after this outcome.

        A follow-up policy for this outcome comes first.

        :param leads: the leads it is about, mostly one
        :return: dict with ``activity_type_id``, ``days`` (working days from today) and
          ``summary``; empty for none
        """
        # sudo: a policy serves whoever logs
        Policy = self.env["lead.followup.policy"].sudo()
        matches = Policy._get_matches(leads[:1].ids, OUTCOME, self.id)
        if policy := Policy.browse(matches.values()).filtered("activity_type_id"):
            return policy._get_step(leads[:1])
        if self.invalid_number and not self.activity_type_id:
            to_do = self.env.ref("mail.mail_activity_data_todo", False)
            return {
                "activity_type_id": to_do and to_do.id,
                "days": 0,
                "summary": self.env._("Find the right number"),
            }
        if not self.activity_type_id:
            return {}
        return {
            "activity_type_id": self.activity_type_id.id,
            "days": self.delay_days,
            "summary": self.next_summary,
        }

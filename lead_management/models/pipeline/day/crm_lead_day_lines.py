from odoo import api, fields, models
from odoo.fields import Domain

from ..answer.lead_answer import ANSWER_ICONS
from .crm_lead_day import ANSWERED, HOT, NEW, NO_NEXT_STEP, OVERDUE, TODAY

LEAD_FIELDS = (
    "name",
    "contact_name",
    "partner_name",
    "partner_id",
    "stage_id",
    "user_id",
    "phone",
    "phone_sanitized",
    "email_from",
    "active",
    "won_status",
)
ACTIVITY_FIELDS = (
    "res_id",
    "summary",
    "date_deadline",
    "activity_type_id",
    "user_id",
    "calendar_event_id",
)
# The numbers of each salesperson in the day of a team.
PEOPLE_KEYS = (NEW, OVERDUE, ANSWERED, TODAY, HOT, NO_NEXT_STEP)


class CrmLead(models.Model):
    """What My Day shows of a lead, in a constant number of statements."""

    _inherit = "crm.lead"

    @api.model
    def _day_prepare_lines(self, scope, found):
        """Return the lines of each group.

        :param found: dict of group to a list of :class:`Found`
        """
        everything = [each for group in found.values() for each in group]
        lead_ids = sorted({each.lead_id for each in everything})
        leads = self.with_context(active_test=False).search_fetch(
            Domain("id", "in", lead_ids), LEAD_FIELDS, order="id"
        )
        # sudo: what is to be done about a lead one sees is no secret
        Activity = self.env["mail.activity"].sudo()
        activities = Activity.search_fetch(
            [("id", "in", [each.activity_id for each in everything])], ACTIVITY_FIELDS
        )
        # sudo: as for the activities
        Answer = self.env["lead.answer"].sudo()
        answers = Answer.browse(filter(None, (each.answer_id for each in everything)))
        timed = activities.filtered(lambda activity: activity.calendar_event_id)
        zones = leads.browse(timed.mapped("res_id"))._get_lead_zones()
        lead_of = {lead.id: lead for lead in leads}
        activity_of = {activity.id: activity for activity in activities}
        return {
            key: [
                lead_of[each.lead_id]._day_prepare_line(
                    scope,
                    activity_of.get(each.activity_id, activities.browse()),
                    answers.browse(each.answer_id).with_prefetch(answers.ids),
                    zones.get(each.lead_id),
                )
                for each in group
                if each.lead_id in lead_of
            ]
            for key, group in found.items()
        }

    def _day_prepare_line(self, scope, activity, answer, zone=None):
        """Return what is shown of this lead.

        :param zone: in which time zone the contact is, where that is known
        """
        return {
            "id": self.id,
            "name": self.name,
            **self._day_prepare_names(),
            "stage": self.stage_id.name,
            "score": self.score_total,
            "temperature": self.score_temperature,
            "is_open": self.active and self.won_status == "pending",
            "owner": self.user_id != scope.user
            # sudo: the name of a colleague, who may be in another company
            and {"id": self.user_id.id, "name": self.sudo().user_id.name or ""},
            "due": fields.Datetime.to_string(self.assignment_due)
            if self.assignment_due_kind == "touch"
            else False,
            "phone": self.phone_sanitized or self.phone or False,
            "phone_shown": self._get_phone_shown(),
            "email": self.email_from or False,
            "activity": self._day_prepare_activity(scope, activity),
            "answer": self._day_prepare_answer(answer),
            # what time it is there, once something has a time
            "there": self._day_format_there(activity, zone),
        }

    def _day_prepare_names(self):
        """Return whom to ask for, and where: a name that is both is shown once."""
        # sudo: the contact may be in another company
        partner = self.sudo().partner_id
        contact = self.contact_name or partner.name or False
        company = self.partner_name or partner.commercial_company_name or False
        return {"contact": contact, "company": company != contact and company}

    @api.model
    def _day_format_there(self, activity, zone):
        event = activity.calendar_event_id
        timed = event and not event.allday
        return self._format_there(zone, event.start) if timed else False

    @api.model
    def _day_prepare_answer(self, answer):
        if not answer:
            return False
        kinds = dict(answer._fields["kind"]._description_selection(self.env))
        return {
            "id": answer.id,
            "kind": answer.kind,
            "label": kinds[answer.kind],
            "icon": ANSWER_ICONS.get(answer.kind, "fa-reply"),
            "text": answer._get_text(),
            "date": fields.Datetime.to_string(answer.date),
        }

    @api.model
    def _day_prepare_activity(self, scope, activity):
        if not activity:
            return False
        kind = activity.activity_type_id
        assignee = activity.user_id
        event = activity.calendar_event_id
        return {
            "id": activity.id,
            "icon": kind.icon or "fa-tasks",
            "type": kind.name or "",
            "summary": activity.summary or "",
            "deadline": fields.Date.to_string(activity.date_deadline),
            # a meeting has a time, all other steps a day
            "time": fields.Datetime.to_string(event.start)
            if event and not event.allday
            else False,
            "days": (activity.date_deadline - fields.Date.context_today(self)).days,
            # somebody else is to do it
            "assignee": assignee.name
            if assignee and scope.user and assignee != scope.user
            else False,
        }

    @api.model
    def _day_prepare_people(self, scope, members, counts=None):
        """Return the numbers of each salesperson of a team.

        :param members: of all teams that the reader leads, or of those of the scope
        :param counts: dict of (group, user id) to a number; without it, the members
            by name, with no numbers
        """
        if scope.user:
            return []
        members = members.filtered(lambda one: one.crm_team_id in scope.teams).user_id
        # sudo: as for the members; whoever has leads of the team is shown, too
        users = members | self.env["res.users"].sudo().browse(
            [user_id for __, user_id in counts or () if user_id]
        )
        rows = [
            {
                "id": user.id,
                "name": user.name,
                # whose day the reader may open
                "is_member": user in members,
                **{
                    key: counts.get((key, user.id), 0)
                    for key in (() if counts is None else PEOPLE_KEYS)
                },
            }
            for user in users
        ]
        return sorted(rows, key=lambda row: (-row.get(OVERDUE, 0), row["name"].lower()))

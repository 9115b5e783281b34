from odoo import fields
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user
from odoo.tools import SQL

from odoo.addons.lead_management.tests.common import LeadManagementCase

# What each kind of user may do with the records of the own company.
MATRIX = {
    #                        portal  user   rep     leader  manager
    "lead.segment": ("", "", "r", "r", "rwcd"),
    "lead.persona": ("", "", "r", "r", "rwcd"),
    "lead.profile.item": ("", "", "r", "r", "rwcd"),
    "lead.profile": ("", "", "r", "r", "r"),
    "lead.qualifier.set": ("", "", "r", "r", "rwcd"),
    "lead.qualifier": ("", "", "r", "r", "rwcd"),
    "lead.qualifier.option": ("", "", "r", "r", "rwcd"),
    "lead.qualifier.answer": ("", "", "r", "r", "r"),
    "lead.stage.requirement": ("", "", "r", "r", "rwcd"),
    "lead.score": ("", "", "r", "r", "r"),
    "lead.score.model": ("", "", "r", "r", "rwcd"),
    "lead.score.group": ("", "", "r", "r", "rwcd"),
    "lead.score.rule": ("", "", "r", "r", "rwcd"),
    "lead.score.band": ("", "", "r", "r", "rwcd"),
    "lead.score.event": ("", "", "r", "r", "r"),
    "lead.score.example": ("", "", "r", "r", "rwcd"),
    "lead.score.example.event": ("", "", "r", "r", "rwcd"),
    "lead.score.snapshot": ("", "", "r", "r", "r"),
    "lead.score.change": ("", "", "r", "r", "r"),
    "lead.score.suggestion": ("", "", "", "", "rwcd"),
    "lead.score.suggestion.field": ("", "", "", "", "rwcd"),
    "lead.assignment.rule": ("", "", "r", "r", "rwcd"),
    "lead.assignment.turn": ("", "", "", "", "rwcd"),
    "lead.assignment.log": ("", "", "r", "r", "r"),
    "lead.assignment.notice": ("", "", "", "", "r"),
    "lead.assignment.capacity": ("", "", "r", "r", "rwcd"),
    "lead.assignment.dry.run": ("", "", "", "", "rwcd"),
    "lead.assignment.dry.run.line": ("", "", "", "", "rwcd"),
    "lead.assignment.dry.run.share": ("", "", "", "", "rwcd"),
    "lead.assignment.report": ("", "", "", "", "r"),
    "lead.pool": ("", "", "r", "r", "rwcd"),
    "lead.pool.entry": ("", "", "", "", "r"),
    "lead.erasure": ("", "", "", "", "rwcd"),
    "lead.release": ("", "", "rwcd", "rwcd", "rwcd"),
    "lead.stage.mapping": ("", "", "", "", "rwd"),
    "lead.stage.mapping.line": ("", "", "", "", "rw"),
    "lead.stage.mapping.lead": ("", "", "", "", "r"),
    "lead.sla": ("", "", "r", "r", "rwcd"),
    "lead.stage.transition": ("", "", "r", "r", "r"),
    "lead.followup.policy": ("", "", "r", "r", "rwcd"),
    "lead.touch": ("", "", "r", "r", "r"),
    "lead.answer": ("", "", "r", "r", "r"),
    "lead.touch.outcome": ("", "", "r", "r", "rwcd"),
    "lead.touch.log": ("", "", "rwcd", "rwcd", "rwcd"),
    "lead.unqualify": ("", "", "rwcd", "rwcd", "rwcd"),
    "lead.won": ("", "", "rwcd", "rwcd", "rwcd"),
    "lead.undo": ("", "", "", "", ""),
    "lead.sla.clock": ("", "", "r", "r", "r"),
    # messages
    "lead.message": ("", "", "r", "r", "r"),
    "lead.consent": ("", "", "", "r", "r"),
    "lead.message.outage": ("", "", "", "", "r"),
    "lead.message.status": ("", "", "", "", ""),
    "lead.message.override": ("", "", "rwcd", "rwcd", "rwcd"),
    "lead.consent.dialog": ("", "", "rwcd", "rwcd", "rwcd"),
    # templates: those of the rep
    "lead.message.template": ("", "", "rwcd", "r", "rwcd"),
    "lead.message.template.button": ("", "", "rwcd", "r", "rwcd"),
    "lead.message.preview": ("", "", "rwcd", "rwcd", "rwcd"),
    "lead.message.send": ("", "", "rwcd", "rwcd", "rwcd"),
    "lead.day": ("", "", "", "", "r"),
    "lead.day.escalation": ("", "", "", "", "r"),
}
MATRIX |= {
    "lead.timeline": ("", "", "r", "r", "r"),
    "lead.milestone": ("", "", "r", "r", "r"),
    "lead.insight.rate": ("", "", "r", "r", "r"),
    "lead.insight.forecast": ("", "", "r", "r", "r"),
    "lead.insight.target": ("", "", "r", "r", "rwcd"),
    "lead.sequence": ("", "", "r", "r", "rwcd"),
    "lead.sequence.version": ("", "", "r", "r", "rwcd"),
    "lead.sequence.step": ("", "", "r", "r", "rwcd"),
    "lead.enrollment": ("", "", "r", "r", "r"),
    "lead.enrollment.step": ("", "", "r", "r", "r"),
    "lead.message.click": ("", "", "r", "r", "r"),
    "lead.sequence.report": ("", "", "", "", "r"),
    "lead.enroll": ("", "", "rwcd", "rwcd", "rwcd"),
    "lead.sequence.move": ("", "", "", "", "rwcd"),
    "lead.fast.forward": ("", "", "", "", "rwcd"),
    "lead.whatsapp.account": ("", "", "r", "r", "r"),
    "lead.whatsapp.contact": ("", "", "", "", ""),
    "lead.whatsapp.event": ("", "", "", "", ""),
    # capture
    "lead.capture.source": ("", "", "r", "r", "rwcd"),
    "lead.capture.field": ("", "", "r", "r", "rwcd"),
    "lead.capture.entry": ("", "", "", "", "r"),
    "lead.capture.rate": ("", "", "", "", ""),
    "lead.capture.map": ("", "", "", "", "rwcd"),
    "lead.capture.file": ("", "", "", "", "rwcd"),
    "lead.campaign.touch": ("", "", "r", "r", "r"),
    # verification and credit
    "lead.check": ("", "", "r", "r", "r"),
    "lead.verification": ("", "", "r", "r", "r"),
    # whose it is
    "lead.check.run": ("", "", "r", "", ""),
    "lead.check.service": ("", "", "", "", "rwcd"),
    "lead.check.request": ("", "", "", "", "r"),
    "lead.credit": ("", "", "r", "r", "r"),
    "lead.credit.policy": ("", "", "", "", "rwcd"),
    "lead.credit.provider": ("", "", "", "", "rwcd"),
    "lead.credit.check": ("", "", "r", "r", "r"),
    "lead.credit.consent": ("", "", "r", "r", "r"),
    # for people of their own group alone
    "lead.credit.report": ("", "", "", "", ""),
    "lead.credit.opening": ("", "", "", "", ""),
    "lead.credit.ask": ("", "", "rwcd", "rwcd", "rwcd"),
    "lead.credit.manual": ("", "", "rwcd", "rwcd", "rwcd"),
}
MATRIX |= {
    # campaigns and reports: a rep subscribes for oneself
    "lead.campaign.cost": ("", "", "", "", "rwcd"),
    "lead.campaign.name": ("", "", "", "", "rwcd"),
    "lead.campaign.import": ("", "", "", "", "rwcd"),
    "lead.campaign.import.line": ("", "", "", "", "rwcd"),
    "lead.report.subscription": ("", "", "rwcd", "", "rwcd"),
    "lead.report.sent": ("", "", "r", "", "r"),
    "lead.report.preview": ("", "", "rwcd", "rwcd", "rwcd"),
}
MATRIX |= {
    # sharing
    "lead.colleague": ("", "", "r", "r", "r"),
    "lead.colleague.dialog": ("", "", "rwcd", "rwcd", "rwcd"),
    "lead.share.partner": ("", "", "r", "r", "rwcd"),
    "lead.share.policy": ("", "", "r", "r", "rwcd"),
    "lead.share.policy.fact": ("", "", "r", "r", "rwcd"),
    "lead.share": ("", "", "r", "r", "r"),
    "lead.share.event": ("", "", "r", "r", "r"),
    "lead.share.commission": ("", "", "", "", "r"),
    "lead.share.report": ("", "", "", "", "r"),
    "lead.share.message": ("", "", "", "", "r"),
    "lead.share.offer": ("", "", "rwcd", "rwcd", "rwcd"),
    "lead.share.reply": ("", "", "rwcd", "rwcd", "rwcd"),
}
OPERATIONS = {"r": "read", "w": "write", "c": "create", "d": "unlink"}
# Never reached through a menu or by RPC: nothing to protect.
NO_RECORDS = {
    "lead.claim.mixin",
    "lead.derived.mixin",
    "lead.information.mixin",
    "lead.internal.mixin",
    "lead.person.mixin",
    "lead.row.mixin",
    "lead.rule.mixin",
    "lead.score.part.mixin",
    "lead.state.mixin",
    "lead.dormancy",
    "lead.message.gate",
    "lead.campaign.report",
    "lead.insight",
}
# Visible to whoever sees the lead it hangs on.
OF_A_LEAD = (
    "lead.assignment.log",
    "lead.profile",
    "lead.milestone",
    "lead.qualifier.answer",
    "lead.score",
    "lead.score.snapshot",
    "lead.score.change",
    "lead.sla.clock",
    "lead.stage.transition",
    "lead.message",
    "lead.touch",
    "lead.campaign.touch",
    "lead.enrollment",
    "lead.enrollment.step",
    "lead.message.click",
    "lead.answer",
    "lead.check",
    "lead.verification",
    "lead.credit",
    "lead.credit.check",
    "lead.credit.consent",
    "lead.colleague",
    "lead.share",
    "lead.share.event",
)
# Methods of the ORM that the addon extends.
PUBLIC_OVERRIDES = (
    "copy",
    "copy_data",
    "create",
    "fetch",
    "mail_allowed_qweb_expressions",
    "default_get",
    "fields_get",
    "load",
    "message_new",
    "message_post",
    "message_route",
    "send",
    "unlink",
    "web_save",
    "web_save_multi",
    "write",
)
# Belongs to no company.
SHARED = (
    "lead.qualifier.set",
    "lead.score.event",
    "lead.message.outage",
    "lead.message.status",
    "lead.stage.mapping",
    "lead.stage.mapping.line",
)
# Dialogs: each user has the own ones.
DIALOGS = (
    "lead.campaign.import",
    "lead.campaign.import.line",
    "lead.capture.map",
    "lead.capture.file",
    "lead.assignment.dry.run",
    "lead.assignment.dry.run.line",
    "lead.assignment.dry.run.share",
    "lead.score.suggestion",
    "lead.score.suggestion.field",
)
DIALOGS_OF_REPS = (
    "lead.report.preview",
    "lead.erasure",
    "lead.release",
    "lead.unqualify",
    "lead.won",
    "lead.message.override",
    "lead.consent.dialog",
    "lead.message.preview",
    "lead.message.send",
    "lead.touch.log",
    "lead.enroll",
    "lead.sequence.move",
    "lead.fast.forward",
    "lead.credit.ask",
    "lead.credit.manual",
    "lead.colleague.dialog",
    "lead.share.offer",
    "lead.share.reply",
)


class TestAccessMatrix(LeadManagementCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = (
            new_test_user(cls.env, "lm_portal", groups="base.group_portal"),
            new_test_user(cls.env, "lm_user", groups="base.group_user"),
            cls.rep,
            cls.leader,
            cls.manager,
        )
        cls.records = cls._records_of(cls.company, cls.team, cls.rep)
        cls.records_b = cls._records_of(cls.company_b, cls.team_b, cls.rep_b)
        # last, since the next routing takes it away
        for records, user in ((cls.records, cls.rep), (cls.records_b, cls.rep_b)):
            lead = records["lead.score"].lead_id
            values = {"lead_id": lead.id, "user_id": user.id, "actor_id": cls.env.uid}
            Notice = cls.env["lead.assignment.notice"]
            records["lead.assignment.notice"] = Notice.create(values)

    @classmethod
    def _make_insights(cls, company, user):
        mine = {"company_id": company.id, "user_id": user.id, "month": "2026-05-01"}
        rate = {
            "company_id": company.id,
            "stage_type": "open",
            "weeks": 0,
            "horizon": 30,
            "number": 9,
            "won": 3,
            "share": 0.3,
        }
        return {
            "lead.insight.rate": cls.env["lead.insight.rate"].create(rate),
            "lead.insight.forecast": cls.env["lead.insight.forecast"].create(mine),
            "lead.insight.target": cls.env["lead.insight.target"].create(
                {**mine, "value": 4}
            ),
        }

    @classmethod
    def _records_of(cls, company, team, user):
        """One record of each model that belongs to this company."""
        score_rule = cls._new_score_rule([], 1, company_id=company.id)
        qualifier = cls._new_qualifier("Budget", "yes_no", company_id=company.id)
        rule = cls._new_assignment_rule(team_id=team.id)
        lead = cls.env["crm.lead"].create(
            {"name": "L", "user_id": False, "company_id": company.id}
        )
        cls.env.cr.flush()
        lead._assignment_route("capture")
        lead._record_answers({qualifier.id: "yes"})
        requirement = cls.env["lead.stage.requirement"].create(
            {
                "stage_id": cls._stage("customer").id,
                "field_name": "phone",
                "company_id": company.id,
            }
        )
        return {
            "lead.segment": cls._new_segment("S", [], company_id=company.id),
            "lead.persona": cls.env["lead.persona"].create(
                {"name": "P", "company_id": company.id}
            ),
            "lead.profile.item": cls.env["lead.profile.item"].create(
                {"field_name": "phone", "company_id": company.id}
            ),
            "lead.profile": cls.env["lead.profile"].browse(lead.id),
            "lead.milestone": cls.env["lead.milestone"].browse(lead.id),
            **cls._make_insights(company, user),
            "lead.qualifier.set": cls.env["lead.qualifier.set"].create({"name": "S"}),
            "lead.qualifier": qualifier,
            "lead.qualifier.option": qualifier.option_ids[0],
            "lead.qualifier.answer": lead.qualifier_answer_ids,
            "lead.stage.requirement": requirement,
            "lead.score": cls.env["lead.score"].browse(lead.id),
            "lead.score.rule": score_rule,
            **cls._score_records_of(company, lead),
            "lead.assignment.rule": rule,
            "lead.assignment.turn": rule.turn_ids[0],
            "lead.assignment.log": lead.assignment_log_ids,
            **cls._distribution_records_of(company, team, user, lead),
            **cls._whatsapp_records_of(company, lead),
            **cls._pipeline_records_of(company, lead),
            **cls._mapping_records_of(lead),
            **cls._message_records_of(company, lead),
            **cls._template_records_of(company, user, lead),
            **cls._sequence_records_of(company, user, lead),
            **cls._capture_records_of(company, lead),
            **cls._campaign_records_of(company, user),
            **cls._check_records_of(company, user, lead),
            **cls._sharing_records_of(company, user, lead),
        }

    @classmethod
    def _campaign_records_of(cls, company, user):
        """What a campaign cost, and a report of somebody."""
        env = cls.env
        campaign = env["utm.campaign"].create({"title": f"Fair {company.id}"})
        values = {"campaign_id": campaign.id, "company_id": company.id}
        manager = cls.manager if company == cls.company else cls.manager_b
        dialog = (
            env["lead.campaign.import"]
            .with_user(manager)
            .create({"line_ids": [Command.create({"name": "N"})]})
        )
        one = env["lead.report.subscription"].create(
            {"user_id": user.id, "company_id": company.id}
        )
        day = fields.Date.today()
        return {
            "lead.campaign.cost": env["lead.campaign.cost"].create(
                {**values, "amount": 1}
            ),
            "lead.campaign.name": env["lead.campaign.name"].create(
                {**values, "platform": "meta", "name": "N"}
            ),
            "lead.campaign.import": dialog,
            "lead.campaign.import.line": dialog.line_ids,
            "lead.report.subscription": one,
            "lead.report.sent": env["lead.report.sent"].create(
                {
                    "subscription_id": one.id,
                    "kind": "week",
                    "start": day,
                    "date": fields.Datetime.now(),
                }
            ),
            "lead.report.preview": env["lead.report.preview"].create(
                {"subscription_id": one.id, "day": day}
            ),
        }

    @classmethod
    def _sharing_records_of(cls, company, user, lead):
        """An offer to a partner that was won, and a colleague who reads the lead."""
        env = cls.env
        contact = env["res.partner"].create({"name": "P", "email": "p@example.com"})
        partner = env["lead.share.partner"].create(
            {"kind": "partner", "partner_id": contact.id, "company_id": company.id}
        )
        policy = env["lead.share.policy"].create(
            {
                "name": "P",
                "company_id": company.id,
                "recipient_ids": [Command.set(partner.ids)],
            }
        )
        share = env["lead.share"]._offer(lead, policy)
        return {
            "lead.colleague": env["lead.colleague"].create(
                {"lead_id": lead.id, "user_id": user.id, "until": fields.Date.today()}
            ),
            "lead.colleague.dialog": env["lead.colleague.dialog"].create(
                {"lead_ids": [Command.set(lead.ids)]}
            ),
            "lead.share.partner": partner,
            "lead.share.policy": policy,
            "lead.share.policy.fact": policy.fact_ids[0],
            "lead.share": share,
            "lead.share.event": share.event_ids,
            "lead.share.commission": env["lead.share.commission"].create(
                {
                    "share_id": share.id,
                    "date": fields.Date.today(),
                    "currency_id": company.currency_id.id,
                }
            ),
            "lead.share.report": env["lead.share.report"].browse(share.id),
            "lead.share.message": env["lead.share.message"]._queue_to(
                partner, "ping", {}
            ),
            "lead.share.offer": env["lead.share.offer"].create({}),
            "lead.share.reply": env["lead.share.reply"].create({"kind": "decline"}),
        }

    @classmethod
    def _capture_records_of(cls, company, lead):
        """A source, what it asks for, what came in, and how often it was called."""
        source = cls.env["lead.capture.source"].create(
            {
                "name": "S",
                "company_id": company.id,
                "field_ids": [Command.create({"target": "phone"})],
            }
        )
        now = fields.Datetime.now()
        entry = cls.env["lead.capture.entry"].create(
            {
                "source_id": source.id,
                "company_id": company.id,
                "key": "K",
                "date": now,
                "lead_id": lead.id,
            }
        )
        manager = cls.manager if company == cls.company else cls.manager_b
        Dialog = cls.env["lead.capture.map"].with_user(manager)
        return {
            "lead.capture.source": source,
            "lead.capture.field": source.field_ids,
            "lead.capture.entry": entry,
            "lead.capture.rate": cls.env["lead.capture.rate"].create(
                {"source_id": source.id, "hour": now, "who": "", "hits": 1}
            ),
            "lead.capture.map": Dialog.create({"entry_id": entry.id, "name": "x"}),
            "lead.capture.file": cls.env["lead.capture.file"]
            .with_user(manager)
            .create({"source_id": source.id, "content": b"YQ=="}),
            "lead.campaign.touch": cls.env["lead.campaign.touch"].create(
                {"lead_id": lead.id, "date": now}
            ),
        }

    @classmethod
    def _check_records_of(cls, company, user, lead):
        """What was found out about a lead, and whom is asked."""
        env = cls.env
        lead.email_from = "a@example.com"
        env.cr.flush()
        service = env["lead.check.service"].create(
            {"key": "vies", "company_id": company.id}
        )
        provider = env["lead.credit.provider"].create(
            {"key": "creditsafe", "company_id": company.id}
        )
        policy = env["lead.credit.policy"].create(
            {"name": "P", "company_id": company.id}
        )
        of_lead = {"lead_id": lead.id}
        check = env["lead.credit.check"].create({**of_lead, "policy_id": policy.id})
        of_check = {**of_lead, "check_id": check.id}
        env.cr.flush()
        return {
            "lead.check": lead.lead_check_ids[:1],
            "lead.verification": env["lead.verification"].browse(lead.id),
            "lead.check.run": env["lead.check.run"].create({"user_id": user.id}),
            "lead.check.service": service,
            "lead.check.request": env["lead.check.request"].create(
                {**of_lead, "service_id": service.id, "datum": "vat"}
            ),
            "lead.credit": env["lead.credit"].browse(lead.id),
            "lead.credit.policy": policy,
            "lead.credit.provider": provider,
            "lead.credit.check": check,
            "lead.credit.consent": env["lead.credit.consent"].create(
                {**of_lead, "text": "T", "proof": "P"}
            ),
            "lead.credit.report": env["lead.credit.report"].create(
                {**of_check, "name": "N", "mimetype": "M"}
            ),
            "lead.credit.opening": env["lead.credit.opening"].create(of_check),
            "lead.credit.ask": env["lead.credit.ask"].create(of_lead),
            "lead.credit.manual": env["lead.credit.manual"].create(
                {**of_lead, "band": "green", "report": "JVBERi0="}
            ),
        }

    @classmethod
    def _mapping_records_of(cls, lead):
        """A draft, and what it would keep of a lead."""
        Mapping = cls.env["lead.stage.mapping"].with_user(cls.manager)
        mapping = cls.env["lead.stage.mapping"].browse(Mapping.action_open()["res_id"])
        Kept = cls.env["lead.stage.mapping.lead"]
        Kept._snapshot(mapping, lead.ids)
        return {
            "lead.stage.mapping": mapping,
            "lead.stage.mapping.line": mapping.line_ids,
            "lead.stage.mapping.lead": Kept.search([("lead_id", "=", lead.id)]),
        }

    @classmethod
    def _whatsapp_records_of(cls, company, lead):
        """An account, somebody who wrote to it, and the event of that."""
        account = cls.env["lead.whatsapp.account"].create(
            {
                "name": "W",
                "company_id": company.id,
                "phone_number_id": f"{100_000 + company.id}",
            }
        )
        event = cls.env["lead.whatsapp.event"].create(
            {
                "account_id": account.id,
                "kind": "message",
                "key": "wamid.1",
                "date": "2026-01-01 10:00:00",
            }
        )
        return {
            "lead.whatsapp.account": account,
            "lead.whatsapp.contact": cls.env["lead.whatsapp.contact"]._get_locked(
                account, "33612345678", "Ann"
            ),
            "lead.whatsapp.event": event,
        }

    @classmethod
    def _distribution_records_of(cls, company, team, user, lead):
        """A pool, a limit, a promise, and what there is of them for a lead."""
        env = cls.env
        pool = env["lead.pool"].create({"name": "P", "team_id": team.id})
        sla = env["lead.sla"].create({"name": "S", "company_id": company.id})
        lead._clock_note()
        pooled = cls._new_lead(user_id=False, company_id=company.id)
        env.cr.flush()
        env["lead.pool.entry"]._enter([(pooled.id, pool.id)])
        manager = cls.manager if company == cls.company else cls.manager_b
        run = (
            env["lead.assignment.dry.run"]
            .with_user(manager)
            .create(
                {
                    "lead_ids": [Command.set(lead.ids)],
                    "line_ids": [Command.create({"lead_id": lead.id})],
                    "share_ids": [Command.create({"user_id": user.id})],
                }
            )
        )
        report = env["lead.assignment.report"].search([("lead_id", "=", lead.id)])
        today = fields.Date.today()
        return {
            "lead.assignment.capacity": env["lead.assignment.capacity"].create(
                {"user_id": user.id, "company_id": company.id}
            ),
            "lead.assignment.dry.run": run,
            "lead.assignment.dry.run.line": run.line_ids,
            "lead.assignment.dry.run.share": run.share_ids,
            "lead.assignment.report": report[0],
            "lead.timeline": env["lead.timeline"].search(
                [("lead_id", "=", lead.id)], limit=1
            ),
            "lead.pool": pool,
            "lead.pool.entry": pooled.pool_entry_ids,
            "lead.erasure": env["lead.erasure"].create(
                {"lead_ids": [Command.set(lead.ids)]}
            ),
            "lead.release": env["lead.release"].create(
                {"lead_ids": [Command.set(lead.ids)], "reason": "No"}
            ),
            "lead.sla": sla,
            "lead.sla.clock": lead.clock_ids[0],
            "lead.day": env["lead.day"].create(
                {"user_id": user.id, "date": today, "kind": "reminder"}
            ),
            "lead.day.escalation": env["lead.day.escalation"].create(
                {
                    "user_id": user.id,
                    "date": today,
                    "activity_id": lead.activity_schedule(user_id=user.id).id,
                }
            ),
        }

    @classmethod
    def _pipeline_records_of(cls, company, lead):
        """What there is of the way of a lead."""
        call = cls.env.ref("mail.mail_activity_data_call")
        return {
            "lead.followup.policy": cls.env["lead.followup.policy"].create(
                {
                    "name": "F",
                    "stage_type": "customer",
                    "activity_type_id": call.id,
                    "company_id": company.id,
                }
            ),
            "lead.touch": cls.env["lead.touch"]._record(
                [{"lead_id": lead.id, "channel": "call"}]
            ),
            "lead.answer": cls.env["lead.answer"].create(
                {
                    "lead_id": lead.id,
                    "kind": "call",
                    "date": "2026-01-01 10:00:00",
                }
            ),
            "lead.touch.outcome": cls.env["lead.touch.outcome"].create(
                {"name": "O", "company_id": company.id}
            ),
            "lead.touch.log": cls.env["lead.touch.log"].create(
                {"lead_ids": [Command.set(lead.ids)]}
            ),
            "lead.stage.transition": lead.stage_transition_ids[0],
            "lead.won": cls.env["lead.won"].create({"lead_id": lead.id}),
            "lead.undo": cls.env["lead.undo"].create({"changes": {"leads": []}}),
            "lead.unqualify": cls.env["lead.unqualify"].create(
                {
                    "lead_ids": [Command.set(lead.ids)],
                    "lost_reason_id": cls.env.ref(
                        "lead_management.lost_reason_no_match"
                    ).id,
                }
            ),
        }

    @classmethod
    def _message_records_of(cls, company, lead):
        """A message, what the lead wants, and what is the matter with a server."""
        message = cls.env["lead.message"]._queue(
            [{"lead_id": lead.id, "channel": "email", "body": "B"}]
        )
        status = {
            "provider": "p",
            "provider_ref": company.name,
            "status": "sent",
            "date": "2026-01-01",
        }
        outage = {"server": company.name, "since": "2026-01-01"}
        return {
            "lead.message": message,
            "lead.consent": cls.env["lead.consent"].create(
                {
                    "email_normalized": "a@example.com",
                    "state": "withdrawn",
                    "company_id": company.id,
                }
            ),
            "lead.message.outage": cls.env["lead.message.outage"].create(outage),
            "lead.message.status": cls.env["lead.message.status"].create(status),
            "lead.consent.dialog": cls.env["lead.consent.dialog"].create(
                {"lead_ids": [Command.set(lead.ids)]}
            ),
            "lead.message.override": cls.env["lead.message.override"].create(
                {"message_ids": [Command.set(message.ids)], "reason": "R"}
            ),
        }

    @classmethod
    def _template_records_of(cls, company, user, lead):
        """A template of a user, with a button, and the dialogs around it."""
        template = cls.env["lead.message.template"].create(
            {
                "name": "T",
                "channel": "whatsapp",
                "user_id": user.id,
                "company_id": company.id,
                "button_ids": [Command.create({"text": "B"})],
            }
        )
        return {
            "lead.message.template": template,
            "lead.message.template.button": template.button_ids,
            "lead.message.preview": cls.env["lead.message.preview"].create(
                {"template_id": template.id}
            ),
            "lead.message.send": cls.env["lead.message.send"].create(
                {"lead_ids": [Command.set(lead.ids)]}
            ),
        }

    @classmethod
    def _sequence_records_of(cls, company, user, lead):
        """A sequence, a lead in it, and the dialogs around it."""
        sequence = cls.env["lead.sequence"].create(
            {"name": "S", "company_id": company.id}
        )
        version = sequence.version_ids
        step = cls.env["lead.sequence.step"].create(
            {"version_id": version.id, "kind": "end"}
        )
        run = cls.env["lead.enrollment"].create(
            {
                "lead_id": lead.id,
                "sequence_id": sequence.id,
                "version_id": version.id,
                "step_id": step.id,
                "date": "2026-01-01",
                "since": "2026-01-01",
            }
        )
        entry = cls.env["lead.enrollment.step"].create(
            {
                "lead_id": lead.id,
                "enrollment_id": run.id,
                "sequence_id": sequence.id,
                "version_id": version.id,
                "step_id": step.id,
                "step_key": step.key,
                "date": "2026-01-01",
                "outcome": "done",
            }
        )
        message = cls.env["lead.message"].create(
            {"lead_id": lead.id, "channel": "email", "key": f"clicked {lead.id}"}
        )
        click = cls.env["lead.message.click"].create(
            {"lead_id": lead.id, "message_id": message.id, "date": "2026-01-01"}
        )
        cls.env.flush_all()
        return {
            "lead.sequence": sequence,
            "lead.sequence.version": version,
            "lead.sequence.step": step,
            "lead.enrollment": run,
            "lead.enrollment.step": entry,
            "lead.message.click": click,
            "lead.sequence.report": cls.env["lead.sequence.report"].browse(entry.id),
            "lead.enroll": cls.env["lead.enroll"].create(
                {"lead_ids": [Command.set(lead.ids)]}
            ),
            "lead.sequence.move": cls.env["lead.sequence.move"].create(
                {"version_id": version.id}
            ),
            "lead.fast.forward": cls.env["lead.fast.forward"].create(
                {"sequence_id": sequence.id}
            ),
        }

    @classmethod
    def _score_records_of(cls, company, lead):
        """A scoring model that scores nobody, with all its parts."""
        model = cls.env["lead.score.model"].create(
            {"name": "M", "company_id": company.id}
        )
        group = cls.env["lead.score.group"].create({"name": "G", "model_id": model.id})
        event = cls.env.ref("lead_management.score_event_call")
        rule = cls.env["lead.score.rule"].create(
            {
                "name": "R",
                "model_id": model.id,
                "kind": "completeness",
                "band_ids": [Command.create({"value_from": 1, "points": 1})],
            }
        )
        example = cls.env["lead.score.example"].create(
            {
                "name": "E",
                "model_id": model.id,
                "event_line_ids": [Command.create({"event_id": event.id})],
            }
        )
        suggestion = (
            cls.env["lead.score.suggestion"]
            .with_user(cls.manager)
            .create(
                {
                    "model_id": cls.env["lead.score.model"]._get_default().id,
                    "field_line_ids": [Command.create({"field_name": "phone"})],
                }
            )
        )
        lead._score_reach({"won"})
        cls.env.cr.flush()
        return {
            "lead.score.model": model,
            "lead.score.group": group,
            "lead.score.band": rule.band_ids,
            "lead.score.event": event,
            "lead.score.example": example,
            "lead.score.example.event": example.event_line_ids,
            "lead.score.snapshot": lead.score_snapshot_ids[0],
            "lead.score.change": cls.env["lead.score.change"].create(
                {"lead_id": lead.id, "before": "cold", "temperature": "hot"}
            ),
            "lead.score.suggestion": suggestion,
            "lead.score.suggestion.field": suggestion.field_line_ids[0],
        }

    def test_every_model_of_the_addon_is_in_the_matrix(self):
        models = (
            self.env["ir.model"]
            .search([])
            .filtered(
                lambda model: (
                    "lead_management" in model.modules.split(", ")
                    and model.model.startswith("lead.")
                )
            )
        )
        self.assertEqual(set(models.mapped("model")) - NO_RECORDS, set(MATRIX))

    def test_operations(self):
        for model, allowed in MATRIX.items():
            for user, letters in zip(self.users, allowed, strict=True):
                for letter, operation in OPERATIONS.items():
                    with self.subTest(model=model, user=user.login, do=operation):
                        self.assertEqual(
                            self._may(model, user, operation), letter in letters
                        )

    def test_operations_of_the_team_level(self):
        """As on their own leads: with those of the team, and no more than leaders."""
        teamster = self._new_user("lm_teamster", "salesman")
        teamster.group_ids += self.env.ref("lead_management.group_team_leads")
        self.team.user_id = teamster
        lead = self.records["lead.score"].lead_id
        lead.sudo().write({"user_id": self.rep_2.id, "team_id": self.team.id})
        self.records["lead.colleague"].user_id = self.rep_3
        for model in ("lead.insight.forecast", "lead.insight.target"):
            self.records[model].user_id = teamster  # of a person, not of a lead
        for model, allowed in MATRIX.items():
            expected = set(allowed[2]) & set(allowed[3])
            for letter, operation in OPERATIONS.items():
                with self.subTest(model=model, do=operation):
                    self.assertEqual(
                        self._may(model, teamster, operation), letter in expected
                    )

    def _may(self, model, user, operation):
        records = self.records[model].with_user(user)
        if model in DIALOGS_OF_REPS:  # each user has the own ones
            self.env.cr.execute(
                SQL(
                    "UPDATE %s SET create_uid = %s WHERE id = %s",
                    SQL.identifier(records._table),
                    user.id,
                    records.id,
                )
            )
            records.invalidate_recordset()
        if model in OF_A_LEAD and user == self.rep:
            # the lead has been given to somebody: a rep sees what hangs on the own
            self.records["lead.score"].lead_id.sudo().user_id = self.rep
        return records.has_access(operation)

    def test_other_company_is_invisible(self):
        for model in set(MATRIX) - {*SHARED, *DIALOGS, *DIALOGS_OF_REPS}:
            for user in (self.rep, self.leader, self.manager):
                with self.subTest(model=model, user=user.login):
                    if not self.env[model].with_user(user).has_access("read"):
                        continue
                    record = self.records_b[model].with_user(user)
                    self.assertFalse(record.search([("id", "=", record.id)]))
                    with self.assertRaises(AccessError):
                        record.read()

    def test_own_leads_only(self):
        lead = self._new_lead(user_id=self.rep_2.id)
        lead.score_total  # noqa: B018 - brings the score up to date
        for user, seen in ((self.rep, 0), (self.rep_2, 1), (self.leader, 1)):
            with self.subTest(user=user.login):
                scores = self.env["lead.score"].with_user(user)
                self.assertEqual(scores.search_count([("lead_id", "=", lead.id)]), seen)

    def test_rep_reads_score_and_reasons_through_the_lead(self):
        self._new_score_rule([], 10, name="Reason")
        lead = self._new_lead().with_user(self.rep)
        self.assertEqual(lead.score_total, 11)
        self.assertIn("Reason", [reason["name"] for reason in lead.score_reasons])

    def test_rep_cannot_forge_a_score_or_a_decision(self):
        lead = self._new_lead().with_user(self.rep)
        for values in ({"score_total": 100}, {"score_reasons": []}):
            lead.write(values)
            lead.invalidate_recordset()
            self.assertEqual(lead.score_total, 1)
        with self.assertRaises(AccessError):
            self.env["lead.assignment.log"].with_user(self.rep).create(
                {"lead_id": lead.id, "trigger": "manual", "outcome": "assigned"}
            )

    def test_internal_methods_are_not_public(self):
        """What is called over RPC: actions only."""
        for model in (*MATRIX, "crm.lead"):
            for name in dir(self.registry[model]):
                method = getattr(self.registry[model], name)
                module = getattr(method, "__module__", "") or ""
                if callable(method) and "lead_management" in module:
                    with self.subTest(method=f"{model}.{name}"):
                        self.assertTrue(
                            name.startswith(("_", "action_"))
                            or name in PUBLIC_OVERRIDES,
                        )

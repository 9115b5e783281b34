"""The world most tests live in; other addons may inherit it."""

import random

from odoo.fields import Command
from odoo.tests import TransactionCase, tagged

from ..models.base.rule import lead_rule_engine, lead_rule_mixin
from .commits import CommitCase


@tagged("standard", "post_install", "-at_install")
class LeadManagementCase(CommitCase, TransactionCase):
    """Two companies, each with a team.

    ========== ==================== ============ ======================
    company    user                 team         rights
    ========== ==================== ============ ======================
    A          ``rep``              ``team``     own leads
    A          ``rep_2``            ``team``     own leads
    A          ``rep_3``            ``team``     own leads
    A          ``leader``           leads team   all leads
    A          ``manager``          --           manager
    B          ``rep_b``            ``team_b``   own leads
    B          ``manager_b``        --           manager
    ========== ==================== ============ ======================
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(
            context={
                **cls.env.context,
                "no_reset_password": True,
                "mail_create_nosubscribe": True,
            }
        )
        # nothing of the database may decide instead of the rules of a test
        for model in (
            "lead.assignment.rule",
            "lead.score.rule",
            "lead.segment",
            "lead.persona",
            "lead.profile.item",
            "lead.qualifier",
        ):
            cls.env[model].search([]).active = False
        cls.env["lead.stage.requirement"].search([]).unlink()
        cls.company = cls.env.company
        cls.company_b = cls.env["res.company"].create({"name": "Company B"})
        # messages are not held up by the hour at which a test runs
        (cls.company + cls.company_b).message_quiet_on = False
        # at once: each by itself takes twice as long, in every class
        users = cls.env["res.users"].create(
            [
                cls._prepare_user("lm_rep", "salesman"),
                cls._prepare_user("lm_rep_2", "salesman"),
                cls._prepare_user("lm_rep_3", "salesman"),
                cls._prepare_user("lm_leader", "salesman_all_leads"),
                cls._prepare_user("lm_manager", "manager"),
                cls._prepare_user("lm_rep_b", "salesman", cls.company_b),
                cls._prepare_user("lm_manager_b", "manager", cls.company_b),
            ]
        )
        cls.rep, cls.rep_2, cls.rep_3, cls.leader, cls.manager = users[:5]
        cls.rep_b, cls.manager_b = users[5:]
        cls.team, cls.team_b = cls.env["crm.team"].create(
            [
                {
                    "name": "Team A",
                    "company_id": cls.company.id,
                    "user_id": cls.leader.id,
                    "member_ids": [Command.set((cls.rep + cls.rep_2 + cls.rep_3).ids)],
                },
                {
                    "name": "Team B",
                    "company_id": cls.company_b.id,
                    "member_ids": [Command.set(cls.rep_b.ids)],
                },
            ]
        )

    def setUp(self):
        super().setUp()
        # a test that changed the columns of questions left the registry without those
        # of the class, which are in no other transaction
        Lead = self.env["crm.lead"]
        questions = self.env["lead.qualifier"]._get_by_column().values()
        if any(data.active and data.column not in Lead._fields for data in questions):
            self.registry.clear_cache("stable")
            self.registry._setup_models__(self.env.cr, ["crm.lead"])

    def _run_cron(self, name):
        """Let a scheduled action run as the server does."""
        self.commit()
        with self.enter_registry_test_mode():
            self.env.ref(f"lead_management.ir_cron_{name}").method_direct_trigger()
        self.commit()

    def _leave_patterns_unchecked(self):
        """Let conditions be saved that fail in SQL on some leads only."""
        for module in (lead_rule_engine, lead_rule_mixin):
            self.patch(module, "check_patterns", lambda domain: None)

    @classmethod
    def _new_user(cls, login, group, company=None):
        return cls.env["res.users"].create(cls._prepare_user(login, group, company))

    @classmethod
    def _new_admin(cls):
        """Create who administers the system, and company A only."""
        admin = cls._new_user("lm_admin", "manager")
        admin.group_ids += cls.env.ref("base.group_system")
        return admin

    @classmethod
    def _prepare_user(cls, login, group, company=None):
        company = company or cls.company
        group = f"sales_team.group_sale_{group}"
        return {
            "login": login,
            "name": f"{login} ({group})",
            "password": login.ljust(8, "x"),
            "email": f"{login}@example.com",
            "group_ids": [Command.set(cls.env.ref(group).ids)],
            "company_id": company.id,
            "company_ids": [Command.set(company.ids)],
            "lang": "en_US",
        }

    def _queue_message(self, lead, user=None, **values):
        """Queue an email to a lead, of ``rep`` say; return it with all rights."""
        values = {"subject": "Hello", "body": "<p>Good day</p>", **values}
        messages = self.env["lead.message"].with_user(user or self.rep)
        return messages._queue(
            [{"lead_id": lead.id, "channel": "email", **values}]
        ).sudo()

    @classmethod
    def _stage(cls, stage_type):
        return cls.env.ref(f"lead_management.stage_{stage_type}")

    @classmethod
    def _new_lead(cls, **values):
        return cls.env["crm.lead"].create(
            {"name": "Lead", "type": "opportunity", "user_id": cls.rep.id, **values}
        )

    @classmethod
    def _new_score_rule(cls, domain, points=10, **values):
        return cls.env["lead.score.rule"].create(
            {"name": "Rule", "domain": str(domain), "points": points, **values}
        )

    @classmethod
    def _new_segment(cls, name, domain, **values):
        return cls.env["lead.segment"].create(
            {"name": name, "domain": str(domain), "is_automatic": True, **values}
        )

    @classmethod
    def _new_qualifier(cls, name, kind="choice", options=(), **values):
        """Create a question; ``options`` are pairs (answer, points)."""
        if options:
            values["option_ids"] = [
                Command.create({"name": option, "points": points, "sequence": number})
                for number, (option, points) in enumerate(options)
            ]
        return cls.env["lead.qualifier"].create({"name": name, "kind": kind, **values})

    @classmethod
    def _new_assignment_rule(cls, domain=(), **values):
        return cls.env["lead.assignment.rule"].create(
            {
                "name": "Rule",
                "domain": str(list(domain)),
                "team_id": cls.team.id,
                **values,
            }
        )


class LeadHistoryCase(LeadManagementCase):
    """400 closed leads of which the website tells who buys, and the country nothing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["crm.lead"].search([]).active = False
        cls.env.cr.execute("DELETE FROM crm_lead")
        draw = random.Random(7)
        cls.countries = [cls.env.ref(f"base.{code}") for code in ("fr", "de", "us")]
        cls.stages = {
            True: cls._stage("customer"),
            False: cls._stage("unqualified"),
        }
        vals_list, outcomes = [], []
        for number in range(400):
            good, large = draw.random() < 0.4, draw.random() < 0.5
            chance = 0.1 + 0.5 * good + 0.2 * large
            outcomes.append(draw.random() < chance)
            vals_list.append(
                {
                    "name": f"Closed {number}",
                    "user_id": cls.rep.id,
                    "website": "https://example.com" if good else False,
                    "employee_count": draw.randint(200, 900)
                    if large
                    else draw.randint(1, 90),
                    "country_id": draw.choice(cls.countries).id,
                }
            )
        cls.leads = cls.env["crm.lead"].create(vals_list)
        cls.env.cr.flush()  # captured as they are now
        for outcome, stage in cls.stages.items():
            leads = zip(cls.leads, outcomes, strict=True)
            ids = [lead.id for lead, won in leads if won == outcome]
            cls.leads.browse(ids).stage_id = stage
        cls.env.cr.flush()
        cls.model = cls.env["lead.score.model"].create({"name": "Tested"})
        cls.website, cls.no_website, cls.america = (
            cls._new_score_rule(domain, points, name=name, model_id=cls.model.id)
            for name, points, domain in (
                ("Website", 30, [("website", "!=", False)]),
                ("None", 20, [("website", "=", False)]),
                ("America", 10, [("country_id.code", "=", "US")]),
            )
        )

from dataclasses import dataclass

from lxml import etree, html

from odoo import api, models
from odoo.http import request
from odoo.tools import ormcache

# Steps of a chat that make leads.
LEAD_STEPS = ("create_lead", "create_lead_and_forward")
FORM = "//form[@data-model_name='crm.lead']"
# What a form posts: a hidden value its author set, or one of the choices offered.
POSTED = f"{FORM}//input[@name=$name]/@value | {FORM}//select[@name=$name]//@value"


@dataclass(frozen=True)
class Setup:
    """Whom an administrator named for the leads of an event, a chat, a form …

    :param user_ids: salespeople who were named
    :param team_ids: teams that were named, whose leads stay there
    :param defaults: values where a visitor posted something else
    """

    user_ids: frozenset = frozenset()
    team_ids: frozenset = frozenset()
    defaults: tuple = ()

    def apply(self, vals):
        """Return the values of a new lead without what a visitor chose.

        :return: the values, and whether their owner was named
        """
        named = {"user_id": self.user_ids, "team_id": self.team_ids}
        posted = {
            fname: value
            for fname, value in self.defaults
            if fname in vals and vals[fname] not in named[fname]
        }
        vals = {**vals, **posted}
        return vals, vals.get("user_id") in self.user_ids


class CrmLead(models.Model):
    """Where leads come from that visitors make, and what is configured there.

    What an administrator configured holds, what a visitor posts never does. The apps
    in question need not be installed: their fields tell.
    """

    _inherit = "crm.lead"

    @api.model
    def _is_visited(self):
        """Return whether a visitor, and not a colleague, causes what happens now."""
        user = request.env.user if request else self.env.user
        return bool(user) and (user.share or user._is_public())

    @api.model
    def _get_origin_setup(self, vals):
        """Return the :class:`Setup` of where a new lead comes from.

        :param vals: values of the lead, as the app in question prepared them
        """
        for fname, method in self._get_origins().items():
            if vals.get(fname) and fname in self._fields:
                # sudo: a visitor may not read what is configured
                return getattr(self.sudo(), method)(vals)
        if self._is_visited():
            # sudo: nor may a visitor read who is named for the website
            return self.sudo()._get_website_setup()
        return Setup()

    @api.model
    def _get_origins(self):
        """Return which method knows the setup, by the field that names the origin.

        Hook for other apps that make leads of what visitors do.
        """
        return {
            "event_lead_rule_id": "_get_event_setup",
            "origin_survey_id": "_get_survey_setup",
            "origin_channel_id": "_get_chat_setup",
        }

    @api.model
    def _prepare_setup(self, users, teams):
        """Return the :class:`Setup` with these users, as far as they may own leads."""
        users = users.filtered(lambda user: user.active and not user.share)
        return Setup(frozenset(users.ids), frozenset(teams.ids))

    @api.model
    def _get_event_setup(self, vals):
        rule = self.env["event.lead.rule"].browse(vals["event_lead_rule_id"])
        return self._prepare_setup(rule.lead_user_id, rule.lead_sales_team_id)

    @api.model
    def _get_survey_setup(self, vals):
        """The team is named; its leader is only who Odoo takes else."""
        survey = self.env["survey.survey"].browse(vals["origin_survey_id"])
        return self._prepare_setup(survey.user_id, survey.team_id)

    @api.model
    def _get_chat_setup(self, vals):
        steps = self.env["chatbot.script.step"].search(
            [
                ("step_type", "in", LEAD_STEPS),
                ("crm_team_id", "=", vals.get("team_id") or 0),
            ],
            limit=1,
        )
        return self._prepare_setup(self.env["res.users"], steps.crm_team_id)

    @api.model
    def _get_website_setup(self):
        """Return who is named for the forms of the website that is visited.

        The team every website has is where its leads start, and rules go on from there:
        only one that a form names is kept.
        """
        website = getattr(request, "website", None) if request else None
        if not website or "crm_default_user_id" not in website._fields:
            return Setup()
        # sudo: the request has it with the rights of the visitor
        website = website.sudo()
        users = self.env["res.users"].browse(
            self._get_form_values(website.id, "user_id")
        )
        teams = self.env["crm.team"].browse(
            self._get_form_values(website.id, "team_id")
        )
        setup = self._prepare_setup(
            (users.exists() | website.crm_default_user_id), teams.exists()
        )
        default = self._prepare_setup(website.crm_default_user_id, teams.browse())
        return Setup(
            setup.user_ids,
            setup.team_ids,
            (
                ("user_id", next(iter(default.user_ids), False)),
                ("team_id", website.crm_default_team_id.id),
            ),
        )

    @api.model
    @ormcache("website_id", "name", cache="templates")
    def _get_form_values(self, website_id, name):
        """Return the ids that forms for leads on the pages of a website post.

        Whoever edits the page set them, or offers them; a visitor could post any. Forms
        elsewhere, in an article of a blog say, are not read: the rules decide there.
        """
        views = self.env["ir.ui.view"].search(
            [
                ("arch_db", "like", 'data-model_name="crm.lead"'),
                ("website_id", "in", (False, website_id)),
            ]
        )
        found = set()
        for view in views:
            found.update(_read_ids(view.arch_db, name))
        return tuple(sorted(found))


def _read_ids(arch, name):
    try:
        tree = html.fromstring(arch)
    except (etree.ParserError, ValueError):
        return set()
    values = tree.xpath(POSTED, name=name)
    return {int(value) for value in values if value.isdecimal() and len(value) < 10}

import re
from collections import namedtuple
from functools import reduce

from markupsafe import Markup, escape
from psycopg2 import Error as DatabaseError

from odoo import SUPERUSER_ID, api, models
from odoo.exceptions import AccessError
from odoo.tools import html2plaintext

from ....tools.placeholders import (
    html_to_inline,
    inline_placeholders,
    replace_inline,
    tighten,
)
from ...base.apart import attempt
from ..channel.channel import get_channel
from .safe_html import clean_html

# A placeholder that only names fields: its value can be looked up beforehand.
PATH = re.compile(r"object(\.\w+)+")

# A text ready for a lead: HTML for emails, else plain; empty if there are problems.
Rendered = namedtuple("Rendered", "lang subject body problems whatsapp_template")


class LeadMessageTemplate(models.Model):
    """Rendering: once, as a person, in the language of the lead."""

    _inherit = "lead.message.template"

    # ------------------------------------------------------------
    # Rendering
    # ------------------------------------------------------------

    def _render(self, leads, langs=None):
        """Return the message for each lead, in statements that do not grow with them.

        Rendered as who runs it, never as superuser: then as the owner of each lead.

        :param langs: dict of lead id to the code of a language, by default its own
        :return: dict of lead id to :class:`Rendered`
        """
        self.ensure_one()
        langs = langs or self._get_lead_langs(leads)
        rendered = {}
        for user, group in self._by_reader(leads).items():
            template = self.with_user(user) if user else self
            own = group.with_user(user) if user else group
            by_lang = own.grouped(lambda lead: langs[lead.id])
            for lang, same in by_lang.items():
                rendered |= template.with_context(lang=lang)._render_in_lang(
                    same.with_context(lang=lang).with_prefetch(own.ids), user, lang
                )
        return rendered

    @api.model
    def _get_lead_langs(self, leads):
        return {lead.id: lead.message_lang for lead in leads}

    @api.model
    def _by_reader(self, leads):
        """Return leads by the person who renders for them, who may read them anyway."""
        if self.env.uid != SUPERUSER_ID:
            return {self.env.user: leads}
        return leads.grouped(
            lambda lead: lead.user_id or self.user_id.filtered("active")
        )

    def _render_in_lang(self, leads, user, lang):
        problems = self._find_problems(leads)
        if not user:
            for lead in leads:
                problems[lead.id].append(
                    self.env._(
                        "The lead has no salesperson, so the sender is missing. "
                        "Assign the lead first."
                    )
                )
        ready = leads.filtered(lambda lead: not problems[lead.id])
        texts = self._render_texts(ready, problems)
        return {
            lead.id: Rendered(
                lang,
                *texts.get(lead.id, ("", "")),
                problems[lead.id],
                None
                if problems[lead.id]
                else self._prepare_whatsapp_template(lead, lang),
            )
            for lead in leads
        }

    def _render_texts(self, leads, problems):
        """Return pairs (subject, body); leads for which it fails get a problem.

        :param problems: dict of lead id to list, which is completed
        """
        if not leads:
            return {}
        try:
            with attempt(self.env, is_reading=True):
                return get_channel(self.channel).render(self, leads)
        except DatabaseError:
            raise
        except Exception:  # noqa: BLE001 - a template is a program of somebody
            if len(leads) > 1:
                texts = {}
                for lead in leads:
                    texts |= self._render_texts(lead, problems)
                return texts
        problems[leads.id].append(
            self.env._("A placeholder of “%s” does not work.", self.name)
        )
        return {}

    def _render_inline(self, text, leads):
        """Return a plain text of the template with its placeholders, by lead id."""
        record, __ = self._get_content()
        return record._render_template(tighten(text or ""), "crm.lead", leads.ids)

    @api.model
    def _fill(self, text, lead, is_html=False):
        """Return a text typed by a person with the facts of a lead filled in.

        Nothing is evaluated: only listed facts are looked up, the rest is left as it
        was typed. What is filled in is not looked at again.
        """
        allowed = lead.mail_allowed_qweb_expressions()

        def replace(placeholder):
            if placeholder.expression not in allowed:
                return self._write_placeholder(placeholder)
            value = self._get_fact(lead, placeholder.expression) or placeholder.default
            return escape(value) if is_html else value

        return replace_inline(text or "", replace)

    @api.model
    def _write_placeholder(self, placeholder):
        ending = f" ||| {placeholder.default}" if placeholder.default else ""
        return f"{{{{ {placeholder.expression}{ending} }}}}"

    @api.model
    def _get_fact(self, lead, expression):
        """Return what a placeholder stands for, as plain text.

        :raise KeyError: when there is no such field
        """
        value = reduce(
            lambda record, name: record[name], expression.split(".")[1:], lead
        )
        if isinstance(value, models.BaseModel):
            return value[:1].display_name or ""
        if isinstance(value, Markup):
            return html2plaintext(value)
        return str(value) if value else ""

    # ------------------------------------------------------------
    # Problems
    # ------------------------------------------------------------

    def _find_problems(self, leads):
        """Return what is wrong with the text for each lead, in this language."""
        if not self._is_written():
            problem = self.env._("“%s” has no text yet.", self.name)
            return {lead.id: [problem] for lead in leads}
        if not self._is_trusted():
            problem = self.env._(
                "“%s” contains placeholders that only sales managers can use.",
                self.name,
            )
            return {lead.id: [problem] for lead in leads}
        placeholders = self._get_placeholders()
        return {
            lead.id: list(
                dict.fromkeys(
                    problem
                    for placeholder in placeholders
                    if (problem := self._get_problem(placeholder, lead))
                )
            )
            for lead in leads
        }

    def _is_trusted(self):
        """Return whether the text may be evaluated with the rights of who sends it.

        In a database as it comes, everybody may write programs into templates of Odoo.
        Ours are shared: beyond the facts of a lead, only those of managers are run.
        """
        record, __ = self._get_content()
        # texts of ours are filled in, never evaluated
        if record == self or not record._has_unsafe_expression():
            return True
        # sudo: who wrote it last is no secret, and need not be a colleague in sight
        writer = record.sudo().write_uid
        return writer._is_superuser() or any(
            writer.has_group(group)
            for group in ("sales_team.group_sale_manager", "base.group_system")
        )

    def _get_placeholders(self):
        """Return the placeholders of the text, in the language of the context."""
        return get_channel(self.channel).get_placeholders(self)

    @api.model
    def _get_problem(self, placeholder, lead):
        """Return what keeps a placeholder from being filled in, or None."""
        expression, default = placeholder
        if not PATH.fullmatch(expression):
            return None  # tried out when it is rendered
        try:
            fact = self._get_fact(lead, expression)
        except (AccessError, KeyError):
            return self.env._("The placeholder “%s” does not exist.", expression)
        if fact or default:
            return None
        return self.env._("Missing: %s", lead._get_fact_label(expression))

    # ------------------------------------------------------------
    # Plain text, and texts to be edited
    # ------------------------------------------------------------

    def _to_plain(self, source):
        """Return a text with its placeholders, without any formatting."""
        if not get_channel(self.channel).is_html:
            return source
        return html2plaintext(html_to_inline(source) or "").strip()

    def _get_editable(self, lang):
        """Return subject and text, with placeholders a person can edit."""
        template = self.with_context(lang=lang)
        record, source = template._get_content()
        if get_channel(self.channel).is_html:
            return record.subject or "", html_to_inline(source)
        return "", source

    @api.model
    def _render_typed(self, subject, body, leads, langs, channel):
        """Return messages for leads of a text that a person typed for all of them.

        :return: dict of lead id to :class:`Rendered`
        """
        is_html = get_channel(channel).is_html
        is_empty = get_channel(channel).is_empty(body)
        placeholders = inline_placeholders(f"{subject or ''} {body or ''}")
        allowed = self.env["crm.lead"].mail_allowed_qweb_expressions()
        wrong = [
            self.env._("The placeholder “%s” does not exist.", item.expression)
            for item in placeholders
            if item.expression not in allowed
        ] + ([self.env._("There is no text yet.")] if is_empty else [])
        rendered = {}
        for lead in leads:
            lead = lead.with_context(lang=langs[lead.id])
            problems = wrong or [
                problem
                for item in placeholders
                if (problem := self._get_problem(item, lead))
            ]
            text = self._fill(body, lead, is_html).strip()
            rendered[lead.id] = Rendered(
                langs[lead.id],
                " ".join(self._fill(subject, lead).split()),
                clean_html(text) if is_html else text,
                list(dict.fromkeys(problems)),
                None,
            )
        return rendered

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ..channel.channel import get_channel
from ..constants import CHANNELS, EMAIL, OTHER, PURPOSES

# What a text begins with that nobody has written yet.
START = "{{ object.message_salutation }}\n"


class LeadMessageTemplate(models.Model):
    """A text that is sent to leads, for one purpose, on one channel.

    The text of emails and text messages is a template of Odoo, so that its editor,
    placeholders and translations apply; that of WhatsApp is kept here.

    It suits the listed stages, and all that mean the same (``stage_type``): where a
    company has pipelines of its own, none of them has to be listed. A list of types
    alone would leave out stages without a meaning.
    """

    _name = "lead.message.template"
    _description = "Message Template"
    _order = "sequence, purpose, channel, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    # Purpose
    purpose = fields.Selection(PURPOSES, required=True, default=OTHER)
    channel = fields.Selection(CHANNELS, required=True, default=EMAIL)
    stage_ids = fields.Many2many(
        "crm.stage",
        string="Stages",
        help="Stages where the template is suggested first. Stages of the same type "
        "count, too. Leave empty to apply to all stages.",
    )
    segment_ids = fields.Many2many(
        "lead.segment",
        string="Segments",
        check_company=True,
        help="Leave empty to apply to all segments.",
    )
    # Whose
    user_id = fields.Many2one(
        "res.users",
        string="Owner",
        default=lambda self: self.env.user,
        domain=[("share", "=", False)],
        index=True,
        ondelete="set null",
        help="Can edit the template, in addition to sales managers.",
    )
    is_shared = fields.Boolean(
        string="Shared",
        default=True,
        help="Other salespeople can use this template, too.",
    )
    company_id = fields.Many2one(
        "res.company", index=True, help="Leave empty to apply to all companies."
    )
    can_edit = fields.Boolean(compute="_compute_can_edit")
    # Content
    mail_template_id = fields.Many2one(
        "mail.template",
        string="Email",
        domain=[("model", "=", "crm.lead")],
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="Subject, text and attachments. Leave empty to create one.",
    )
    sms_template_id = fields.Many2one(
        "sms.template",
        string="Text Message",
        domain=[("model", "=", "crm.lead")],
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="Leave empty to create one.",
    )
    attachment_ids = fields.Many2many(
        "ir.attachment",
        string="Attachments",
        bypass_search_access=True,
        help="Attached to every message.",
    )
    content_subject = fields.Char(
        related="mail_template_id.subject", string="Subject", readonly=True
    )
    content_text = fields.Text(
        string="Text", compute="_compute_content_text", compute_sudo=True
    )
    content_langs = fields.Char(
        string="Languages",
        compute="_compute_content_langs",
        help="Languages with a translation. Other contacts receive the original.",
    )

    @api.depends("user_id")
    @api.depends_context("uid")
    def _compute_can_edit(self):
        editable = self._filtered_access("write") if self.ids else self
        for template in self:
            template.can_edit = not template._origin or template._origin in editable

    @api.depends(
        "channel", "mail_template_id.body_html", "sms_template_id.body", "whatsapp_body"
    )
    @api.depends_context("lang")
    def _compute_content_text(self):
        """The text with its placeholders, as plain text. Sudo: whoever may use it."""
        for template in self:
            __, source = template._get_content()
            template.content_text = template._to_plain(source)

    @api.depends("channel", "mail_template_id", "sms_template_id")
    @api.depends_context("lang")
    def _compute_content_langs(self):
        installed = [code for code, __ in self.env["res.lang"].get_installed()]
        langs = self._get_langs()
        for template in self:
            known = [code for code in installed if code in langs.get(template.id, ())]
            short = dict.fromkeys(code.split("_")[0].upper() for code in known)
            template.content_langs = ", ".join(short)

    # ------------------------------------------------------------
    # Checks
    # ------------------------------------------------------------

    @api.constrains("mail_template_id", "sms_template_id")
    def _check_content_model(self):
        # sudo: the model of a text is no secret, and must be known to be refused
        for content in (*self.sudo().mail_template_id, *self.sudo().sms_template_id):
            if content.model != "crm.lead":
                raise ValidationError(
                    self.env._("“%s” is not a template for leads.", content.name)
                )

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        self._check_texts(vals_list)
        templates = super().create(vals_list)
        templates._ensure_content()
        templates._own_attachments()
        return templates

    def write(self, vals):
        self._check_texts([vals])
        result = super().write(vals)
        if "channel" in vals:
            self._ensure_content()
        if "attachment_ids" in vals:
            self._own_attachments()
        return result

    @api.model
    def _check_texts(self, vals_list):
        """Refuse texts the user may not change: who owns a template owns its text.

        :raises AccessError: when one belongs to somebody else
        """
        for name in ("mail_template_id", "sms_template_id"):
            ids = {vals[name] for vals in vals_list if vals.get(name)}
            self.env[self._fields[name].comodel_name].browse(ids).check_access("write")

    def copy_data(self, default=None):
        """A copy has a text of its own, and belongs to who made it."""
        vals_list = super().copy_data(default)
        for template, vals in zip(self, vals_list, strict=True):
            vals.update({"user_id": self.env.uid, **(default or {})})
            vals["name"] = self.env._("%s (copy)", template.name)
            own = {"user_id": self.env.uid}
            vals.update(get_channel(template.channel).copy_text(template, own))
        return vals_list

    def _ensure_content(self):
        """Give each a text to edit that has none."""
        for template in self:
            get_channel(template.channel).ensure_text(template, START)

    def _own_attachments(self):
        """Let whoever may use the template read its files, as Odoo does for its own."""
        for template in self:
            template.attachment_ids.filtered(
                lambda item: item.res_model == self._name and not item.res_id
            ).write({"res_id": template.id})

    # ------------------------------------------------------------
    # Content
    # ------------------------------------------------------------

    def _get_content(self):
        """Return the text, in the language of the context, and the record it is in.

        :return: pair of a record (with its fields) and the source of the text
        """
        self.ensure_one()
        channel = get_channel(self.channel)
        link, fname = channel.template_link, channel.template_text
        record = self[link] if link else self
        return record, record[fname] or ""

    def _get_langs(self):
        """Return the languages each template has a version for.

        :return: dict of id to set of codes
        """
        langs = {}
        for key, templates in self.grouped("channel").items():
            channel = get_channel(key)
            link, fname = channel.template_link, channel.template_text
            # sudo: which languages there are is no secret
            records = templates.sudo().mapped(link) if link else templates.sudo()
            records.flush_recordset([fname])
            known = dict(
                self.env.execute_query(
                    SQL(
                        "SELECT id, ARRAY(SELECT jsonb_object_keys(%s)) FROM %s"
                        " WHERE id = ANY(%s)",
                        SQL.identifier(fname),
                        SQL.identifier(records._table),
                        records.ids,
                    )
                )
            )
            # sudo: as above, to follow the link
            for template in templates.sudo():
                record = template[link] if link else template
                langs[template.id] = set(known.get(record.id) or ())
        return langs

    def _is_written(self):
        """Return whether there is a text at all."""
        __, source = self._get_content()
        return not get_channel(self.channel).is_empty(source)

    # ------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------

    def action_edit_content(self):
        """Open the text in the editor of Odoo."""
        self.ensure_one()
        self.check_access("write")
        record, __ = self._get_content()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Text of “%s”", self.name),
            "res_model": record._name,
            "res_id": record.id,
            "views": [[False, "form"]],
            "target": "current",
        }

    def action_preview(self):
        """Show the message as a real lead would get it."""
        self.ensure_one()
        self.check_access("read")
        preview = self.env["lead.message.preview"].create({"template_id": self.id})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Preview: %s", self.name),
            "res_model": preview._name,
            "res_id": preview.id,
            "views": [[False, "form"]],
            "target": "new",
        }

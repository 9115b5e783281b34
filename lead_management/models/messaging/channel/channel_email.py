from ....tools.addresses import clean_email
from ....tools.placeholders import html_placeholders, inline_placeholders
from ....tools.verdicts import EMAIL
from .channel import REGISTERED, Channel


@REGISTERED.add
class EmailChannel(Channel):
    key, label, icon = "email", "Email", "fa-envelope-o"
    message_types, notification_type = ("email_outgoing",), "email"
    notification_address = "mail_email_address"
    lead_field, datum = "email_from", EMAIL
    reports_delivery = False
    is_message_id = True
    quiet_field = "message_quiet_email"
    template_link, template_text = "mail_template_id", "body_html"
    is_html = True

    @classmethod
    def clean(cls, text):
        return clean_email(text)

    @classmethod
    def get_address(cls, lead):
        return clean_email(lead.email_from, first=True)

    @classmethod
    def get_person_address(cls, person):
        return person.email

    @classmethod
    def get_missing(cls, env):
        return env._("No valid email address")

    @classmethod
    def get_refusal(cls, env):
        return env._("The lead has no valid email address.")

    @classmethod
    def ensure_text(cls, template, start):
        if not template.mail_template_id:
            template.mail_template_id = template.env["mail.template"].create(
                {
                    "name": template.name,
                    "model_id": template.env["ir.model"]._get_id("crm.lead"),
                    "subject": template.name,
                    "user_id": template.user_id.id,
                    "lang": "{{ object.message_lang }}",
                    "body_html": '<p><t t-out="object.message_salutation"></t></p>',
                }
            )

    @classmethod
    def copy_text(cls, template, own):
        return {"mail_template_id": template.mail_template_id.copy(own).id}

    @classmethod
    def render(cls, template, leads):
        record = template.mail_template_id
        subjects = template._render_inline(record.subject, leads)
        bodies = record._render_field("body_html", leads.ids)
        return {
            lead.id: (" ".join(subjects[lead.id].split()), bodies[lead.id])
            for lead in leads
        }

    @classmethod
    def get_placeholders(cls, template):
        record, source = template._get_content()
        return [
            *inline_placeholders(record.subject or ""),
            *html_placeholders(source),
        ]

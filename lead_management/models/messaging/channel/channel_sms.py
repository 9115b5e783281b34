from ....tools.addresses import clean_number
from ....tools.sms_size import sms_size
from .channel import REGISTERED, Channel


@REGISTERED.add
class SmsChannel(Channel):
    key, label, icon = "sms", "SMS", "fa-mobile"
    message_types, notification_type = ("sms",), "sms"
    notification_address = "sms_number"
    template_link, template_text = "sms_template_id", "body"

    @classmethod
    def clean(cls, text):
        return clean_number(text)

    @classmethod
    def get_address(cls, lead):
        return lead.phone_sanitized

    @classmethod
    def get_person_address(cls, person):
        return person.phone

    @classmethod
    def get_missing(cls, env):
        return env._("No valid phone number")

    @classmethod
    def get_size(cls, text):
        return sms_size(text)._asdict()

    @classmethod
    def ensure_text(cls, template, start):
        if not template.sms_template_id:
            template.sms_template_id = template.env["sms.template"].create(
                {
                    "name": template.name,
                    "model_id": template.env["ir.model"]._get_id("crm.lead"),
                    "lang": "{{ object.message_lang }}",
                    "body": start,
                }
            )

    @classmethod
    def copy_text(cls, template, own):
        return {"sms_template_id": template.sms_template_id.copy().id}

    @classmethod
    def render(cls, template, leads):
        bodies = template._render_inline(template.sms_template_id.body, leads)
        return {lead.id: ("", bodies[lead.id].strip()) for lead in leads}

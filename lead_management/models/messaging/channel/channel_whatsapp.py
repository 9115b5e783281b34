from urllib.parse import quote

from ....tools.addresses import clean_number
from ....tools.placeholders import inline_placeholders
from .channel import REGISTERED, Channel


@REGISTERED.add
class WhatsappChannel(Channel):
    key, label, icon = "whatsapp", "WhatsApp", "fa-whatsapp"
    message_types = ("whatsapp_message", "comment")
    template_text = "whatsapp_body"

    @classmethod
    def clean(cls, text):
        return clean_number(text)

    @classmethod
    def get_address(cls, lead):
        return lead._get_whatsapp_number()

    @classmethod
    def get_person_address(cls, person):
        return person.whatsapp

    @classmethod
    def get_missing(cls, env):
        return env._("No WhatsApp number")

    @classmethod
    def is_click_to_chat(cls, lead):
        return not lead._get_whatsapp_account()

    @classmethod
    def get_chat_url(cls, lead, text):
        number = "".join(filter(str.isdigit, cls.get_address(lead) or ""))
        return f"https://wa.me/{number}?text={quote(text, safe='')}"

    @classmethod
    def ensure_text(cls, template, start):
        if not template.whatsapp_body:
            template.whatsapp_body = start

    @classmethod
    def render(cls, template, leads):
        # by the same placeholders as others, yet never evaluated
        return {
            lead.id: ("", template._fill(template.whatsapp_body, lead))
            for lead in leads
        }

    @classmethod
    def get_placeholders(cls, template):
        return [
            *super().get_placeholders(template),
            *inline_placeholders(template.whatsapp_header or ""),
        ]

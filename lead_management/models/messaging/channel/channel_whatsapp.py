from ....tools.addresses import clean_number
from .channel import REGISTERED, Channel


@REGISTERED.add
class WhatsappChannel(Channel):
    key, label, icon = "whatsapp", "WhatsApp", "fa-whatsapp"
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

from ....tools.addresses import clean_number
from .channel import REGISTERED, Channel


@REGISTERED.add
class SmsChannel(Channel):
    key, label, icon = "sms", "SMS", "fa-mobile"
    message_type = notification_type = "sms"
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

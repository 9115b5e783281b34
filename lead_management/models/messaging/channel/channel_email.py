from ....tools.addresses import clean_email
from .channel import REGISTERED, Channel


@REGISTERED.add
class EmailChannel(Channel):
    key, label, icon = "email", "Email", "fa-envelope-o"
    message_type, notification_type = "email_outgoing", "email"
    lead_field = "email_from"
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

from .kinds import SMS
from .provider import Provider, register


@register
class SmsProvider(Provider):
    channel = SMS
    name = "odoo_sms"

from .kinds import EMAIL
from .provider import Provider, register


@register
class EmailProvider(Provider):
    channel = EMAIL
    name = "odoo_email"

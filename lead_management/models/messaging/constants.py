"""What a message is: its channel, its purpose, and what the purpose is in law."""

from .channel import channel_email, channel_sms, channel_whatsapp
from .channel.channel import get_channels

EMAIL = channel_email.EmailChannel.key
SMS = channel_sms.SmsChannel.key
WHATSAPP = channel_whatsapp.WhatsappChannel.key
CHANNELS = get_channels()

OTHER = "custom"
PURPOSES = [
    ("introduction", "Product or service introduction"),
    ("meeting_request", "Meeting request"),
    ("thank_you", "Thank-you note"),
    ("launch", "New product launch"),
    ("follow_up", "Follow-up after a call"),
    ("no_answer", "No answer"),
    ("reactivation", "Reactivation"),
    (OTHER, "Other"),
]
# What a person consents to or not.
MARKETING, SERVICE, ALL = "marketing", "service", "all"
CONSENT_PURPOSES = [
    (MARKETING, "News and offers"),
    (SERVICE, "About inquiries"),
    (ALL, "Everything"),
]
# Advertising in the eyes of the law; the others answer what somebody asked for.
MARKETING_PURPOSES = ("introduction", "launch", "reactivation")


def consent_purpose(purpose, to_several=False):
    """Return what a purpose of messages is in terms of consent.

    What nobody has said the purpose of is an answer to one person, and advertising when
    several get it.

    >>> consent_purpose("launch"), consent_purpose("thank_you"), consent_purpose(None)
    ('marketing', 'service', 'service')
    >>> consent_purpose("custom", to_several=True), consent_purpose("thank_you", True)
    ('marketing', 'service')
    """
    is_unknown = not purpose or purpose == OTHER
    is_marketing = purpose in MARKETING_PURPOSES or (is_unknown and to_several)
    return MARKETING if is_marketing else SERVICE

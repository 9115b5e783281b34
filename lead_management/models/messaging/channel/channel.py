"""By which way a message reaches somebody: one class a channel, with all of it.

Who carries messages of a channel is a :class:`..provider.provider.Provider`.
"""

from odoo.tools import is_html_empty, plaintext2html

from ...base.plugins import Registry

#: All channels, by their key.
REGISTERED = Registry("key")


class Channel:
    """What is particular to a channel; the rest of the room asks nothing else."""

    #: What is stored, and what people read.
    key = None
    label = None
    icon = None
    #: What a message is in Odoo's chatter, and the kind of its notification, if Odoo
    #: has an icon for it.
    message_type = "comment"
    notification_type = None
    #: The field of a lead that holds the address.
    lead_field = "phone"
    #: Where the text of a template is: the field that links to it, and the one there.
    template_link = None
    template_text = None
    #: Whether texts are HTML, with a subject.
    is_html = False

    @classmethod
    def clean(cls, text):
        """Return the one address a text is on this channel, or None."""
        raise NotImplementedError

    @classmethod
    def get_address(cls, lead):
        """Return where a lead is reached on this channel, or nothing."""
        raise NotImplementedError

    @classmethod
    def get_person_address(cls, person):
        """Return where a :class:`..person.Person` is reached, or None."""
        raise NotImplementedError

    @classmethod
    def get_missing(cls, env):
        """Return in a few words that there is no address."""
        raise NotImplementedError

    @classmethod
    def get_refusal(cls, env):
        """Return in a sentence that a lead has no address."""
        return env._("The lead has no valid phone number.")

    @classmethod
    def is_empty(cls, body):
        """Return whether a text says nothing."""
        return is_html_empty(body) if cls.is_html else not (body or "").strip()

    @classmethod
    def to_html(cls, body):
        """Return a text as HTML."""
        return body if cls.is_html else plaintext2html(body)


def get_channel(key):
    """Return the :class:`Channel` with a key, or None."""
    return REGISTERED.get(key)


def get_channels():
    """Return the pairs of key and label of all channels, as a selection has them."""
    return [(channel.key, channel.label) for channel in REGISTERED]

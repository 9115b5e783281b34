"""By which way a message reaches somebody: one class a channel, with all of it.

Who carries messages of a channel is a :class:`..provider.provider.Provider`.
"""

from odoo.tools import is_html_empty, plaintext2html

from ....tools.placeholders import inline_placeholders
from ....tools.verdicts import PHONE
from ...base.plugins import Registry

#: All channels, by their key.
REGISTERED = Registry("key")


class Channel:
    """What is particular to a channel; the rest of the room asks nothing else."""

    #: What is stored, and what people read.
    key = None
    label = None
    icon = None
    #: What a message is in Odoo's chatter: the first of these that there is, and the
    #: kind of its notification, if Odoo has an icon for it, with the field that says
    #: to which address.
    message_types = ("comment",)
    notification_type = None
    notification_address = None
    #: The field of a lead that holds the address, and the datum it is (as in
    #: ``tools.verdicts``): what is verified, and what a consent goes by.
    lead_field = "phone"
    datum = PHONE
    #: Whether somebody tells later that a message arrived; if not, it counts as sent.
    reports_delivery = True
    #: Whether the reference of a message is its Message-Id, by which answers find it.
    is_message_id = False
    #: The field of a company that says whether quiet hours count here. None: always.
    quiet_field = None
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
    def is_click_to_chat(cls, lead):
        """Return whether users send to a lead themselves, in a program of their own."""
        return False

    @classmethod
    def get_chat_url(cls, lead, text):
        """Return where users send a text to a lead themselves, if they can."""
        return None

    @classmethod
    def get_size(cls, text):
        """Return how much room a text takes, as a dict for the browser, or False."""
        return False

    # ------------------------------------------------------------
    # Templates
    # ------------------------------------------------------------

    @classmethod
    def ensure_text(cls, template, start):
        """Give a template a text to edit, if it has none.

        :param start: what a plain text begins with
        """
        raise NotImplementedError

    @classmethod
    def copy_text(cls, template, own):
        """Return values for a copy of a template, which is to have a text of its own.

        :param own: values that make a record the user's
        """
        return {}

    @classmethod
    def render(cls, template, leads):
        """Return pairs of subject and text of a template by the ids of leads."""
        raise NotImplementedError

    @classmethod
    def get_placeholders(cls, template):
        """Return the placeholders of a template's text."""
        __, source = template._get_content()
        return inline_placeholders(source)

    # ------------------------------------------------------------
    # Texts
    # ------------------------------------------------------------

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

"""What a step of a sequence can be; what each does is in a file of its own.

A kind is a class that a step names. The engine hands it those who have come to such
steps, and it says of each what was done and where it goes on.
"""

import re

from ...base.plugins import Registry

KINDS = Registry("name")
# What stands in a text in place of a fact, and what stands for it when it is not known.
PLACEHOLDER = re.compile(r"\{\{\s*([\w.]+)\s*(?:\|\|\|\s*(.*?)\s*)?\}\}")


def fill_placeholders(text, unknown=""):
    """Return a text as it is of a lead of which nothing is known.

    >>> fill_placeholders("Hi {{ object.name ||| you }}, {{ object.city }}.", "…")
    'Hi you, ….'
    """
    return PLACEHOLDER.sub(lambda match: match[2] or unknown, text)


class StepKind:
    """A kind of step.

    :param env: an environment in which all is allowed
    :param clock: a :class:`~..engine.clock.Clock` for when something is due
    """

    name = None
    label = None
    icon = "fa-circle-o"
    # what somebody may take, and comes back together below the step
    arms = ()
    is_end = False
    # whether it disturbs the contact, and so keeps to the hours for sending
    is_sent = False
    # fields of the step without which it cannot be done
    needs = ()

    def __init__(self, env, clock):
        self.env = env
        self.clock = clock

    @classmethod
    def get_name(cls, step):
        """Return what a step is called that was given no name, or nothing."""
        return None

    @classmethod
    def get_icon(cls, step):
        """Return the icon of a step."""
        return cls.icon

    @classmethod
    def get_title(cls, step):
        """Return the title of the card of a step."""
        return fill_placeholders(step.display_name, "…")

    @classmethod
    def get_preview(cls, step):
        """Return what the card of a step tells below its title."""
        return ""

    @classmethod
    def find_missing(cls, step):
        """Return what is missing, in words, or None."""
        names = [name for name in cls.needs if not step[name]]
        return ", ".join(
            step._fields[name]._description_string(step.env) for name in names
        )

    def run(self, groups):
        """Do what these steps ask.

        :param groups: list of pairs of a step and the walkers that have come to it;
          each of them is told what was done: ``go_on``, ``stay`` …
        """
        raise NotImplementedError

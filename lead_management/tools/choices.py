"""What commands of a many2many make of the choices of an answer, without database."""

from odoo.fields import Command

# The choices of a question are made in the question, never through a lead.
NOT_OF_A_LEAD = (Command.CREATE, Command.UPDATE, Command.DELETE)


class ChoiceChange:
    """A change of an answer with several choices, to be made lead by lead.

    :param value: what ``write`` takes for a many2many: commands, ids, records, or
      nothing for no choice
    :raise ValueError: when it is none of these
    """

    def __init__(self, value):
        self.steps = [_read_step(command) for command in _to_commands(value)]

    @property
    def is_relative(self):
        """Whether what comes out depends on what was chosen before.

        >>> ChoiceChange([(4, 7)]).is_relative, ChoiceChange([(5,)]).is_relative
        (True, False)
        """
        return not self.steps or self.steps[0][0] in (Command.LINK, Command.UNLINK)

    @property
    def added(self):
        """The ids that are named as choices, whatever becomes of them.

        >>> sorted(ChoiceChange([(6, 0, [3, 1]), (3, 2), (4, 7)]).added)
        [1, 3, 7]
        """
        return {i for code, ids in self.steps if code != Command.UNLINK for i in ids}

    def apply(self, chosen):
        """Return the ids that are chosen afterwards.

        >>> ChoiceChange([(4, 3)]).apply([1, 2]), ChoiceChange([(3, 1)]).apply([1, 2])
        ([1, 2, 3], [2])
        >>> ChoiceChange([(6, 0, [2])]).apply([1]), ChoiceChange(False).apply([1])
        ([2], [])
        """
        after = set(chosen)
        for code, ids in self.steps:
            if code == Command.UNLINK:
                after -= set(ids)
            else:
                after = set(ids) | (after if code == Command.LINK else set())
        return sorted(after)


def _to_commands(value):
    if value is None or value is False:
        return [Command.clear()]
    if hasattr(value, "_ids"):
        return [Command.set(value._ids)]
    if not isinstance(value, (list, tuple)):
        raise ValueError(value)
    if isinstance(value, list) and value and isinstance(value[0], (list, tuple)):
        return value
    # an empty list is no command at all, as everywhere in Odoo; a tuple is ids
    return [Command.set(value)] if value or isinstance(value, tuple) else []


def _read_step(command):
    """Return the code of a command and the ids it is about."""
    if not isinstance(command, (list, tuple)) or not command:
        raise ValueError(command)
    code = command[0]
    if type(code) is bool or code in NOT_OF_A_LEAD:
        raise ValueError(command)
    if code == Command.CLEAR:
        return code, ()
    if code == Command.SET and len(command) == 3:
        ids = command[2]
    elif code in (Command.LINK, Command.UNLINK) and len(command) > 1:
        ids = [command[1]]
    else:
        raise ValueError(command)
    if not isinstance(ids, (list, tuple)) or any(type(i) is not int for i in ids):
        raise ValueError(command)
    return code, tuple(ids)

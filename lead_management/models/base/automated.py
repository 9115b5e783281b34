"""What automated actions and jobs call by name, in records that people may change."""

from odoo.exceptions import AccessError

ADMIN = "base.group_system"


def check_automated(env):
    """Refuse work that automated actions and scheduled jobs do, to everybody else.

    They have all rights, which nobody has over RPC; an administrator may run any code.

    :raise AccessError: for whoever is neither
    """
    if not (env.su or env.user.has_group(ADMIN)):
        raise AccessError(
            env._(
                "Only automation rules and scheduled actions can run this. Ask an "
                "administrator to run it for you."
            )
        )

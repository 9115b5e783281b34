"""Actions of Odoo's web client, for methods that a button calls."""


def notice(message, kind="info", **params):
    """Return an action that tells the user something.

    :param message: what is told, translated
    :param kind: ``info``, ``success`` or ``warning``
    :param params: others that the client knows, such as ``next``, an action that
        follows
    """
    return {
        "type": "ir.actions.client",
        "tag": "display_notification",
        "params": {"type": kind, "message": message, **params},
    }

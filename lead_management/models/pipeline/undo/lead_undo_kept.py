from datetime import timedelta

from odoo import api, fields, models

# What a client asks for right after it saved something.
FRESH = timedelta(seconds=15)


class LeadUndo(models.TransientModel):
    """What was done by saving a record: offered when the client asks for it.

    A save returns what is saved, and no action; the client asks right afterwards
    whether there is something to undo.
    """

    _inherit = "lead.undo"

    message = fields.Char(help="What was done, until the client has asked for it.")

    @api.model
    def _save_until_asked(self, recording, message):
        """Keep what was done until the client asks for it.

        :param recording: what :meth:`_record` gave
        :param message: a sentence
        """
        if recording.changes.get("rows"):
            # sudo: nobody reads or writes these rows but this model
            self.sudo().create({"changes": recording.changes, "message": message})

    @api.model
    def action_take_last(self):
        """Return what the user has just done by saving, once.

        :return: dict with ``undo_id`` and ``message``, or False
        """
        # sudo: as for keeping; the user's own only
        undo = self.sudo().search(
            [
                ("create_uid", "=", self.env.uid),
                ("message", "!=", False),
                ("create_date", ">", fields.Datetime.now() - FRESH),
            ],
            order="id desc",
            limit=1,
        )
        if not undo:
            return False
        message, undo.message = undo.message, False
        return {"undo_id": undo.id, "message": message}

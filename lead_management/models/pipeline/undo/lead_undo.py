from contextlib import contextmanager
from datetime import timedelta
from weakref import WeakKeyDictionary

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .undo_recording import Recording, get_seal, read_rows

# How long something can be undone: the button is there for a few seconds, and the
# server allows for a slow connection.
LIFETIME = timedelta(minutes=2)
# What is being recorded, by cursor: what happens right before the commit belongs to it,
# too, in whichever environment it is done.
ACTIVE = WeakKeyDictionary()


class LeadUndo(models.TransientModel):
    """What somebody did to leads a moment ago, to be taken back as if it never was.

    How to use it::

        with self.env["lead.undo"]._record(leads) as recording:
            leads.write(...)  # whatever the user asked for
        return self.env["lead.undo"]._offer(recording, self.env._("Done."))

    Whatever is written within the block on the leads and on rows that belong to them
    (``crm.lead._get_undo_tables()`` and ``_get_undo_appended()``) is taken back, as is
    what follows from it before the commit: automated actions, clocks, messages in the
    chatter. Other records take part when they are named before they change, with
    ``_watch(records)``, or after they were created, with ``_watch_created(records)``;
    both do nothing outside of such a block.

    ``_offer`` returns an action that shows the sentence with a button *Undo*, closes a
    dialog and reloads what is behind. In JavaScript, ``offerUndo`` of
    ``@lead_management/undo/undo`` does the same for screens of their own.

    Undone is by the user who did it, within ``LIFETIME``, and only as long as nobody
    changed the leads or their activities since. What has left the house stays out.
    """

    _name = "lead.undo"
    _description = "Undo"
    # rows hold personal data of what was deleted: gone with the next clean-up
    _transient_max_hours = 0.1

    changes = fields.Json(required=True)

    # ------------------------------------------------------------
    # Recording
    # ------------------------------------------------------------

    @api.model
    @contextmanager
    def _record(self, leads):
        """Record what happens to leads within the block.

        :return: the recording, for :meth:`_offer`
        """
        # sudo: what belongs to the leads is put back whoever may read it
        recording = Recording(leads.sudo())
        active = ACTIVE.setdefault(self.env.cr, [])
        active.append(recording)
        try:
            yield recording
            # what follows right before the commit belongs to it
            self.env.cr.flush()
            recording.finish()
        finally:
            active.remove(recording)

    @api.model
    def _watch(self, records):
        """Let records be put back that are about to be changed, if we are recording."""
        for recording in ACTIVE.get(self.env.cr, ()):
            recording.watch(records)

    @api.model
    def _watch_created(self, records):
        """Let records go again that were just created, if we are recording."""
        for recording in ACTIVE.get(self.env.cr, ()):
            recording.created.setdefault(records._name, []).extend(records.ids)

    @api.model
    def _offer(self, recording, message):
        """Return an action that says what was done and offers to undo it.

        :param recording: what :meth:`_record` gave
        :param message: a sentence
        """
        # sudo: nobody reads or writes these rows but this model
        undo = self.sudo().create({"changes": recording.changes})
        return {
            "type": "ir.actions.client",
            "tag": "lead_undo",
            "params": {"undo_id": undo.id, "message": message},
        }

    # ------------------------------------------------------------
    # Undoing
    # ------------------------------------------------------------

    def action_undo(self):
        """Put everything back as it was before.

        :raise AccessError: when the user may not write one of the leads any more
        :raise UserError: when it is not, or no longer, the user's to undo
        """
        self._check_mine()
        # sudo: as for recording; the user's own rights to the leads are checked
        undo = self.sudo()
        changes = undo.changes
        leads = self.env["crm.lead"].browse(changes["leads"]).exists()
        leads.check_access("write")
        leads.lock_for_update()
        now = undo._read_now()
        # sudo: what hangs on the leads is compared whoever may read it
        undo._check_unchanged(leads.sudo(), now)
        # sudo: as for recording
        undo._restore(leads.sudo().with_context(active_test=False), now)
        undo.unlink()
        return True

    def _check_mine(self):
        # sudo: nobody has rights to these rows
        undo = self.sudo().exists()
        if (
            len(undo) != 1
            or undo.create_uid != self.env.user
            or undo.create_date < fields.Datetime.now() - LIFETIME
        ):
            raise UserError(self.env._("This cannot be undone any more."))

    def _check_unchanged(self, leads, now):
        """Refuse to undo what somebody has worked on since."""
        guarded = leads._get_undo_guarded()
        if len(leads) < len(self.changes["leads"]) or not all(
            self._is_as_left(table, key, rows)
            for table, rows in now.items()
            if table in guarded
            for key in self.changes["rows"][table]["seals"]
        ):
            raise UserError(
                self.env._(
                    "Somebody has worked on it since. Change by hand what is to be "
                    "different."
                )
            )

    def _is_as_left(self, table, key, rows):
        seal = self.changes["rows"][table]["seals"][key]
        return key in rows and get_seal(rows[key]) == seal

    def _read_now(self):
        """Return what the rows that were changed are now."""
        tables = {
            table: SQL("id = ANY(%s)", [int(key) for key in changes["seals"]])
            for table, changes in self.changes["rows"].items()
            if changes["seals"]
        }
        return read_rows(self.env, tables) if tables else {}

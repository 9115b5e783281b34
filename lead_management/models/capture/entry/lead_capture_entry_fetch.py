import json

from odoo import api, models

from ...base.apart import READ_COMMITTED, apart
from ..door.door import DOORS, Disconnected, NoAnswer


class LeadCaptureEntry(models.Model):
    """What only a platform knows of a submission, asked while nothing is locked."""

    _inherit = "lead.capture.entry"

    @api.model
    def _get_missing(self, ids):
        """Return what only platforms know of: door and payload, by id."""
        with apart(self.env.registry, isolation=READ_COMMITTED) as env:
            return {
                entry.id: (entry.source_id._get_door(), json.loads(entry.payload))
                for entry in env[self._name].browse(ids)
                if DOORS.get(entry.kind).is_fetched
                and entry.payload
                and not entry.detail
                and not entry._get_facts("erases")
            }

    @api.model
    def _prepare_apart(self, ids):
        """Do what is to be done before entries are locked; return those to process."""
        return ids

    @api.model
    def _fetch_apart(self, asked):
        """Read what only platforms know of, while nothing is locked.

        A platform that does not answer is asked once: its others wait with the first.

        :param asked: as of :meth:`_get_missing`
        :return: the ids of the entries that can be processed now
        """
        found, silent = [], {}
        for id_, (door, payload) in asked.items():
            if error := silent.get(door.source.id):
                self._fail_apart(id_, error)
                continue
            try:
                detail = door.fetch(payload)
            except Exception as error:  # noqa: BLE001 - whatever it is, the others go on
                self._fail_apart(id_, error)
                self._note_silence(door, error, silent)
                continue
            with apart(self.env.registry, isolation=READ_COMMITTED) as env:
                entry = env[self._name]._lock([id_])
                entry.detail = json.dumps(detail)
            found += entry.ids
        return found

    @api.model
    def _note_silence(self, door, error, silent):
        """Note in ``silent`` by source that its platform does not answer."""
        if isinstance(error, NoAnswer) and not error.is_answered:
            silent[door.source.id] = error
        if isinstance(error, Disconnected):
            with apart(self.env.registry, isolation=READ_COMMITTED) as env:
                source = env["lead.capture.source"].browse(door.source.id)
                source._disconnect(str(error))

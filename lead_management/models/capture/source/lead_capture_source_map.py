from odoo import api, fields, models
from odoo.exceptions import UserError

from ....tools.capture_values import clean_name

MOST_LEARNT = 100


class LeadCaptureSource(models.Model):
    """What the names mean that come in."""

    _inherit = "lead.capture.source"

    @api.model
    def _prepare_form_fields(self):
        return [
            fields.Command.create(
                {"sequence": number, "target": target, "is_required": required}
            )
            for number, (target, required) in enumerate(
                (("contact_name", True), ("email_from", True), ("phone", False)), 1
            )
        ]

    def _learn(self, unmapped):
        """List names nobody said the meaning of, each with its first example."""
        known = set(self.field_ids.mapped("key"))
        new = {
            clean_name(name): text
            for name, text in unmapped.items()
            if clean_name(name) not in known
        }
        room = MOST_LEARNT - len(self.field_ids)
        if new and room > 0:
            self.env["lead.capture.field"].create(
                [
                    {
                        "source_id": self.id,
                        "key": name,
                        "example": text[:80],
                        "sequence": 100,
                    }
                    for name, text in list(new.items())[:room]
                ]
            )

    def _map(self, name, target):
        """Say what a name means from now on."""
        targets = dict(self.env["lead.capture.field"]._fields["target"].selection)
        if target not in targets:
            raise UserError(
                self.env._("Choose a field of the list. Reload the page to see it.")
            )
        line = self.field_ids.filtered(lambda line: line.key == clean_name(name))
        if line:
            line.target = target
        else:
            line.create(
                {"source_id": self.id, "key": clean_name(name), "target": target}
            )

    def _get_meaning(self, name):
        """Return what a name means for the source, or None."""
        line = self.field_ids.filtered(lambda line: line._get_name() == name)
        door = self._get_door()
        return line[:1].target or door.get_meaning(name)

    def _get_title(self):
        """Return how leads of the source are called."""
        return self.name

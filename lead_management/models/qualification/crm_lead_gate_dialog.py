from psycopg2 import DataError, InternalError, ProgrammingError, errors

from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import plaintext2html

from ...tools.answers import clean_text
from ..base.apart import attempt
from ..base.context import GATE_OPEN
from ..base.rpc_arguments import a_dict, a_text_or_none, an_id, checked

# What comes of values no form sends; a check of the database says more by itself.
WRONG_VALUES = (
    *(AttributeError, KeyError, TypeError, ValueError),
    *(DataError, InternalError, ProgrammingError),
    *(errors.NotNullViolation, errors.ForeignKeyViolation),
)


class CrmLead(models.Model):
    """The dialog of a gate: it asks for what is missing, and moves the lead on."""

    _inherit = "crm.lead"

    @checked(stage_id=an_id)
    def action_gate_info(self, stage_id):
        """Return what the dialog shows: what this lead lacks for a stage.

        :return: dict with ``lead``, ``stage``, ``can_override``, and ``items``: dicts
          with ``level``, ``label`` and either ``field`` or ``question``
        """
        self.ensure_one()
        self.check_access("read")
        stage = self._gate_get_stage(stage_id)
        lacking = self._gate_missing(stage.id).get(self.id, [])
        every = self.env["lead.qualifier"]._get_all()
        return {
            "lead": self.display_name,
            "stage": stage.name,
            "can_override": self._gate_can_override(),
            "items": [
                {
                    "level": data.level,
                    "label": data.label,
                    "field": data.field_name,
                    "question": data.qualifier_id
                    and self._prepare_question(every[data.qualifier_id], None),
                }
                for data in lacking
            ],
        }

    @checked(stage_id=an_id, values=a_dict, answers=a_dict)
    def action_gate_pass(self, stage_id, values, answers):
        """Note what was missing and move the lead on; all of it or nothing.

        :param values: dict of field name to value, as for ``write``
        :param answers: dict of question id to the answer, as for ``action_qualify``
        :raise StageGateError: when something required is still missing
        """
        self.ensure_one()
        self.check_access("write")
        stage = self._gate_get_stage(stage_id)
        if values:
            self._gate_write(values)
        if answers:
            self._qualify(answers)
        self.write({"stage_id": stage.id})

    @api.model
    def _gate_get_stage(self, stage_id):
        stage = self.env["crm.stage"].browse(stage_id).exists()
        if not stage:
            raise UserError(self.env._("This stage no longer exists. Reload the page."))
        return stage

    def _gate_write(self, values):
        """Write what the dialog asked for; what no form sends is refused."""
        try:
            if not values.keys() <= self._fields.keys():
                raise ValueError(values.keys())
            with attempt(self.env):
                self.write(values)
        except WRONG_VALUES as error:
            raise UserError(
                self.env._(
                    "These values cannot be saved. Check your entries, or reload the "
                    "page and try again."
                )
            ) from error

    @checked(stage_id=an_id, reason=a_text_or_none)
    def action_gate_override(self, stage_id, reason):
        """Move leads on although something is missing; the reason is logged."""
        if not self._gate_can_override():
            raise AccessError(
                self.env._(
                    "Only sales managers can move a lead without the required "
                    "information."
                )
            )
        reason = clean_text(reason)
        if not reason:
            raise UserError(self.env._("Enter the reason. It is saved with the lead."))
        stage = self._gate_get_stage(stage_id)
        self.check_access("write")
        missing = self._gate_missing(stage.id)
        GATE_OPEN.set(self).write({"stage_id": stage.id})
        notes = {
            lead.id: plaintext2html(
                self.env._(
                    "Moved to “%(stage)s” without %(missing)s. Reason: %(reason)s",
                    stage=stage.name,
                    missing=", ".join(data.label for data in missing[lead.id]),
                    reason=reason,
                )
            )
            for lead in self
            if missing.get(lead.id)
        }
        self.browse(notes)._message_log_batch(notes)

    @api.model
    def _gate_can_override(self):
        return self.env.user.has_group("sales_team.group_sale_manager")

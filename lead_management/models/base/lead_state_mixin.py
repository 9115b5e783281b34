from odoo import api, models
from odoo.exceptions import UserError


class LeadStateMixin(models.AbstractModel):
    """A record with a state that follows a table, and changes by :meth:`_move` alone.

    The model brings the field ``state``, with a constant for each of its values.
    """

    _name = "lead.state.mixin"
    _description = "States and Transitions"
    # state: the states that may follow it; nothing else ever happens to a record
    _transitions = {}

    def _may_become(self, state):
        """Return whether a state may follow that of the record."""
        return state in self._transitions[self.state]

    def _check_move(self, state):
        """Refuse a state that must not follow that of one of the records.

        :raises UserError: saying which record it is, and what it is now
        """
        for record in self:
            if not record._may_become(state):
                raise UserError(
                    self.env._(
                        "“%(name)s” is “%(before)s” and cannot become “%(after)s”.",
                        name=record.display_name,
                        before=self._get_state_label(record.state),
                        after=self._get_state_label(state),
                    )
                )

    def _move(self, state, **values):
        """Change the state of all of the records, and what is known with it.

        :raises UserError: when the state may not follow the one before
        """
        self._check_move(state)
        self.write({"state": state, **values})

    @api.model
    def _get_state_label(self, state):
        labels = dict(self._fields["state"]._description_selection(self.env))
        return labels[state]

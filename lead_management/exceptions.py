from odoo.exceptions import UserError


class StageGateError(UserError):
    """Leads cannot enter a stage: required information is missing.

    The web client shows a dialog in which it can be filled in; other callers read the
    message, which lists it.
    """

    def __init__(self, message, stage_id, lead_ids):
        super().__init__(message)
        self.context = {"stage_id": stage_id, "lead_ids": lead_ids}


class RefusedError(UserError):
    """What the reader asked for is not possible as it is: says what to do instead.

    The web client shows the sentence beside what was entered, not as an operation that
    is invalid.
    """

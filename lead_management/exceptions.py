from odoo.exceptions import UserError


class StageGateError(UserError):
    """Leads cannot enter a stage: required information is missing.

    The web client shows a dialog in which it can be filled in; other callers read the
    message, which lists it.
    """

    def __init__(self, message, stage_id, lead_ids):
        super().__init__(message)
        self.context = {"stage_id": stage_id, "lead_ids": lead_ids}

from odoo import models

from .start_page import get_start_action


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    def session_info(self):
        """Let salespeople start where their work is, unless they chose another page.

        Administrators of the database start where Odoo says.
        """
        info = super().session_info()
        user = self.env.user
        if not info.get("home_action_id") and not user._is_system():
            info["home_action_id"] = get_start_action(self.env).id
        return info

"""What the top bar asks for when a page is opened."""

from odoo.http import request

from odoo.addons.mail.controllers.webclient import WebclientController


class LeadWebclientController(WebclientController):
    """How many leads wait comes with Odoo's own counters, in the same request."""

    @classmethod
    def _process_request_for_internal_user(cls, store, name, params):
        super()._process_request_for_internal_user(store, name, params)
        if name in ("systray_get_activities", "lead_day"):
            count = request.env["crm.lead"].action_day_badge()
            store.add_global_values(leadDayCount=count)

from odoo import api, fields, models


class LeadCaptureSource(models.Model):
    """What is to be done until leads come in, beside the source itself."""

    _inherit = "lead.capture.source"

    setup_html = fields.Html(
        string="Set Up",
        compute="_compute_setup_html",
        compute_sudo=True,
        sanitize=False,
    )

    # of secrets, whether they are set is told, and nothing else
    @api.depends("kind", "secret", "entry_ids")
    @api.depends_context("lang")
    def _compute_setup_html(self):
        qweb = self.env["ir.qweb"]
        for source in self:
            door = source._get_door()
            steps = door.get_steps()
            values = {
                "steps": steps,
                "picture": f"/lead_management/static/img/capture/{door.name}.svg"
                if door.has_picture
                else False,
            }
            source.setup_html = steps and qweb._render(
                "lead_management.lead_capture_setup", values
            )

    def _created(self):
        super()._created()
        if self._get_door().has_own_secret and not self.secret:
            self.secret = self._new_token()

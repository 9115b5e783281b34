from odoo.addons.website_crm.controllers import website_form


class WebsiteForm(website_form.WebsiteForm):
    """Leads of the website's own forms are counted in the lead inbox."""

    def insert_record(self, request, model_sudo, values, custom, meta=None):
        record_id = super().insert_record(request, model_sudo, values, custom, meta)
        if model_sudo.model == "crm.lead" and record_id:
            # sudo: a visitor sends the form
            leads = request.env["crm.lead"].sudo().browse(record_id)
            leads._capture_elsewhere("website")
        return record_id

from odoo import api, models

# What happened with a mail, by when it did.
EVENTS = {"open_datetime", "links_click_datetime"}


class MailingTrace(models.Model):
    _inherit = "mailing.trace"

    @api.model_create_multi
    def create(self, vals_list):
        traces = super().create(vals_list)
        traces._score_leads(set().union(*vals_list))
        return traces

    def write(self, vals):
        result = super().write(vals)
        self._score_leads(vals)
        return result

    def _score_leads(self, fnames):
        if EVENTS.isdisjoint(fnames):
            return
        traces = self.filtered(lambda trace: trace.model == "crm.lead")
        # sudo: whoever opens a mail sees no lead
        leads = self.env["crm.lead"].sudo().browse(traces.mapped("res_id"))
        leads.exists()._score_events_later()

from odoo import api, models

from ...base.apart import READ_COMMITTED, apart
from ..source.captcha import SILENT, get_captcha


class LeadCaptureEntry(models.Model):
    """What a captcha says of whoever sent a form, asked while nothing is locked."""

    _inherit = "lead.capture.entry"

    @api.model
    def _prepare_apart(self, ids):
        ids = super()._prepare_apart(ids)
        self._check_captchas(ids)
        return ids

    @api.model
    def _check_captchas(self, ids):
        """Ask the captcha about submissions that it has not been asked about yet."""
        with apart(self.env.registry, isolation=READ_COMMITTED) as env:
            entries = env[self._name].browse(ids)
            captcha = get_captcha(env)
            tokens = {
                entry.id: token
                for entry in entries
                if (token := entry._get_facts("captcha_token"))
            }
        verdict = None
        for id_, token in tokens.items():
            # once it does not answer, the others are not kept waiting for it
            if verdict != SILENT:
                verdict = captcha.check(token) if captcha else None
            with apart(self.env.registry, isolation=READ_COMMITTED) as env:
                entry = env[self._name]._lock([id_])
                facts = {**(entry.headers or {}), "captcha": verdict}
                facts.pop("captcha_token", None)
                entry.headers = facts

from collections import namedtuple

from odoo import api, fields, models

from ...tools.verdicts import COMPANY, UNKNOWN
from ..base.rpc_arguments import checked
from .crm_lead_offer import a_datum

# What ``lead.verification`` keeps of each current check, as it stands there.
CheckResult = namedtuple(
    "CheckResult",
    "verdict level reason offer mark date expiry source provider",
    defaults=(None, None),
)


def _read_date(text):
    return fields.Datetime.to_datetime(text[:19].replace("T", " "))


class CrmLead(models.Model):
    """The marks beside the data of a lead, and what stands behind them."""

    _inherit = "crm.lead"

    verification_marks = fields.Json(compute="_compute_verification_marks")

    @api.depends("verification_stored")
    @api.depends_context("lang")
    def _compute_verification_marks(self):
        """Tell for each datum what was found out, and why, in a few words.

        A check of another value than the present one says nothing.
        """
        Check = self.env["lead.check"]
        now = fields.Datetime.now()
        verdicts = dict(Check._fields["verdict"]._description_selection(self.env))
        for lead in self:
            marks = {}
            for datum, result in lead._verification_read().items():
                # rows from before may tell less
                result = CheckResult(*result)
                text, verdict = (
                    Check._get_reason_text(result.reason, result.offer),
                    None,
                )
                if lead._verification_is_stale(datum, result.mark):
                    verdict, text = UNKNOWN, self.env._("Not checked yet")
                elif result.expiry and _read_date(result.expiry) <= now:
                    verdict, text = UNKNOWN, self.env._("The check has expired")
                marks[datum] = {
                    "verdict": verdict or result.verdict,
                    "label": verdicts[verdict or result.verdict],
                    "level": result.level,
                    "text": text,
                    "how": "" if verdict else Check._get_how(result),
                }
            lead.verification_marks = marks

    def _verification_is_stale(self, datum, mark):
        """Return whether a check was made of another value."""
        # sudo: to compare the values only
        return self.sudo()._verification_fingerprint(datum)[:12] != mark

    @checked(datum=a_datum)
    def action_verification_details(self, datum):
        """Return what stands behind a mark: who found out what, how, until when.

        :param datum: ``name``, ``email``, ``phone``, ``address``, ``vat``, ``company``
        :return: dict with ``label``, ``verdict``, ``verdict_label``, ``level_label``,
            ``text``, ``lines`` (pairs of a label and a text), ``offers``, ``matches``
            (companies to choose from)
        """
        self.ensure_one()
        self.check_access("read")
        self._verification_flush()
        check = self._verification_current(datum)
        label = self._verification_labels()[datum]
        if not check:
            return {
                "label": label,
                "verdict": UNKNOWN,
                "verdict_label": self.env._("Unknown"),
                "level_label": "",
                "text": self.env._("Nothing to check"),
                "lines": [],
                "offers": [],
                "matches": [],
            }
        mark = (self.verification_marks or {}).get(datum) or {}
        return {
            "label": label,
            "verdict": mark.get("verdict", check.verdict),
            "verdict_label": mark.get("label", ""),
            "level_label": check._get_label("level"),
            "text": mark.get("text", check.reason_text),
            "lines": check._get_lines(),
            "offers": self._verification_offers(datum),
            "matches": self._verification_matches() if datum == COMPANY else [],
        }

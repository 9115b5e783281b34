from odoo import models

from ....tools import whatsapp_errors as errors
from ...base.graph import GraphError, NotSentError, RefusedAddressError


class LeadWhatsappAccount(models.Model):
    """What went wrong, for people."""

    _inherit = "lead.whatsapp.account"

    def _get_failure_text(self, failure):
        """Return what a failed call means, for people."""
        if isinstance(failure, GraphError):
            return self._get_error_text(failure.code, str(failure))
        if isinstance(failure, NotSentError):
            return self.env._("Meta could not be reached (%s).", failure)
        if isinstance(failure, RefusedAddressError):
            return self.env._("The address belongs to a private network.")
        return self.env._("Meta sent an unexpected reply (%s).", failure)

    def _get_error_text(self, code, message=""):
        """Return what an error of Meta means, for people.

        :param code: of Meta
        :param message: of Meta, kept at the end for who has to look it up
        """
        text = self._get_code_texts().get(code) or self._get_kind_texts().get(
            errors.get_kind(code)
        )
        detail = f"{message} [{code}]" if message else f"[{code}]"
        return f"{text} {detail}" if text else detail

    def _get_kind_texts(self):
        return {
            errors.BUSY: self.env._("WhatsApp accepts no more messages at the moment."),
            errors.ACCOUNT: self.env._("Meta rejected this account."),
            errors.NUMBER: self.env._("This number cannot be reached on WhatsApp."),
            errors.WINDOW: self.env._(
                "The contact has not written in the last 24 hours. WhatsApp accepts "
                "only approved templates now."
            ),
            errors.OPT_OUT: self.env._(
                "This person has opted out of advertising on WhatsApp."
            ),
            errors.TEMPLATE: self.env._(
                "Meta rejected this template. Its name, language or variables differ "
                "from the approved ones."
            ),
            errors.FAILED: self.env._("WhatsApp rejected the message."),
        }

    def _get_code_texts(self):
        return {
            190: self.env._("The access token is missing, wrong or expired."),
            368: self.env._(
                "Meta has blocked the account for a violation of its rules."
            ),
            131030: self.env._(
                "A test number of Meta sends only to numbers that are on its list."
            ),
            131042: self.env._("Meta has no valid means of payment for the account."),
            131049: self.env._(
                "Meta did not deliver the message because this person already "
                "receives enough advertising."
            ),
            132001: self.env._(
                "There is no approved template with this name and language."
            ),
            132015: self.env._("Meta has paused the template for its low quality."),
            133010: self.env._("The phone number is not registered at Meta."),
        }

"""Captchas that Odoo knows: what the page of a form needs, and who is asked afterwards.

What they say is a sign among others. Without scripts, or when nobody answers, a form is
sent all the same.
"""

import requests

from odoo.tools import str2bool

ACTION = "lead_form"
PATIENCE = 3
HUMAN, BOT, SILENT = None, "captcha", "captcha_silent"
# What is wrong with us, and not with whoever filled in the form.
OURS = {
    "missing-input-secret",
    "invalid-input-secret",
    "bad-request",
    "timeout-or-duplicate",
    "internal-error",
}


class Captcha:
    """A service of captchas, with the parameters that its app keeps."""

    name = None
    method = None
    site_param = None
    secret_param = None
    url = None
    script = None
    is_on = True
    # Where its parts come from.
    origins = ()

    def __init__(self, env):
        # sudo: nobody is logged in; the secret is told to the service alone
        get_param = env["ir.config_parameter"].sudo().get_param
        self.key, self.secret = get_param(self.site_param), get_param(self.secret_param)
        self._read(get_param)
        self.is_on = self.is_on and bool(self.key and self.secret)
        self.is_on = self.is_on and self._is_installed(env)

    def _read(self, get_param):
        """Read what else is set up."""

    def _is_installed(self, env):
        return hasattr(env["ir.http"], self.method)

    @property
    def policy(self):
        """What the page allows to be loaded: parts of the content security policy."""
        origins = " ".join(self.origins)
        return (
            f"script-src 'self' {origins}; frame-src {origins}; "
            f"connect-src {origins}; img-src 'self' data: {origins}; "
        )

    def check(self, token):
        """Return whether somebody is human: ``HUMAN``, ``BOT`` or ``SILENT``.

        :param token: what the service gave to their browser
        """
        data = {"secret": self.secret, "response": token}
        try:
            answer = requests.post(self.url, data, timeout=PATIENCE).json()
            if not answer["success"]:
                return SILENT if OURS & set(answer.get("error-codes", ())) else BOT
            return HUMAN if self._is_human(answer) else BOT
        except (requests.RequestException, ValueError, TypeError, KeyError):
            return SILENT

    def _is_human(self, answer):
        return answer.get("action") in (ACTION, None, "")


class Recaptcha(Captcha):
    name = "recaptcha"
    method = "_verify_recaptcha_token"
    site_param = "recaptcha_public_key"
    secret_param = "recaptcha_private_key"
    url = "https://www.recaptcha.net/recaptcha/api/siteverify"
    script = "https://www.recaptcha.net/recaptcha/api.js?render="
    origins = (
        "https://www.recaptcha.net",
        "https://www.google.com",
        "https://www.gstatic.com",
    )

    def _read(self, get_param):
        self.is_on = str2bool(get_param("enable_recaptcha", "True"), True)
        self.least = float(get_param("recaptcha_min_score") or 0.5)

    def _is_human(self, answer):
        is_human = float(answer.get("score", 1)) >= self.least
        return is_human and super()._is_human(answer)


class Turnstile(Captcha):
    name = "turnstile"
    method = "_verify_turnstile_token"
    site_param = "cf.turnstile_site_key"
    secret_param = "cf.turnstile_secret_key"
    url = "https://challenges.cloudflare.com/turnstile/v0/siteverify"
    script = "https://challenges.cloudflare.com/turnstile/v0/api.js?render=explicit"
    origins = ("https://challenges.cloudflare.com",)


def get_captcha(env):
    """Return the captcha that is installed and set up, or None."""
    for kind in (Turnstile, Recaptcha):
        captcha = kind(env)
        if captcha.is_on:
            return captcha
    return None

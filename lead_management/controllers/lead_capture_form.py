"""The page of a web form: without scripts, in the language of the visitor."""

from odoo.http import Controller, request, route

from ..models.capture.door.form import (
    CONSENT,
    HONEYPOT,
    LANG,
    NONCE,
    PAGE,
    SHOWN,
    UTM,
    make_nonce,
    read_nonce,
)
from ..models.capture.entry.lead_capture_entry_store import TooMany
from ..tools.capture_values import to_text
from ..tools.strict_email import check_email
from .lead_capture_hook import MAX_BODY, OPTIONS, get_call, get_source

STYLE = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; "
CSP = STYLE + "form-action *; base-uri 'none'; frame-ancestors *"


class LeadCaptureForm(Controller):
    """A GET shows the form; a POST keeps what was sent, and thanks for it."""

    @route("/lead/form/<string:token>", methods=["GET"], **OPTIONS)
    def show(self, token, **params):
        source = self._get_source(token, params.get("lang"))
        if not source:
            return self._refuse()
        hidden = {name: params[name][:200] for name in UTM if params.get(name)}
        page = params.get("page") or request.httprequest.referrer or ""
        hidden[PAGE] = page[:500]
        return self._show(source, hidden, embedded=bool(params.get("embed")))

    @route(
        "/lead/form/<string:token>",
        methods=["POST"],
        max_content_length=MAX_BODY,
        **OPTIONS,
    )
    def send(self, token, **__):
        form = request.httprequest.form
        source = self._get_source(token, form.get(LANG))
        if not source:
            return self._refuse()
        values = self._get_values(source, form)
        errors = self._get_errors(source, values)
        if errors:
            hidden = {name: form[name][:500] for name in (*UTM, PAGE) if form.get(name)}
            return self._show(source, hidden, form, errors)
        try:
            self._store(source, form, values)
        except TooMany:
            return self._render("lead_management.lead_capture_form_later", source, 429)
        url = source.redirect_url
        if not url:
            url = f"/lead/form/{token}/thanks?lang={source.env.lang}"
        return request.redirect(url, 303, local=False)

    @route("/lead/form/<string:token>/thanks", methods=["GET"], **OPTIONS)
    def thank(self, token, **params):
        source = self._get_source(token, params.get("lang"))
        if not source:
            return self._refuse()
        return self._render("lead_management.lead_capture_form_thanks", source)

    # ------------------------------------------------------------
    # What was sent
    # ------------------------------------------------------------

    def _get_values(self, source, form):
        """Return the answers to what the form asks for; nothing else is looked at."""
        values = {}
        for field in source._get_inputs():
            texts = [to_text(text) for text in form.getlist(field["name"])[:20]]
            if text := "\n".join(filter(None, texts)):
                values[field["name"]] = text
        for name in UTM:
            if form.get(name):
                values[name] = to_text(form[name])[:200]
        return values

    def _get_errors(self, source, values):
        """Return what is wrong, in words for the visitor, by the name of the input."""
        errors = {}
        for field in source._get_inputs():
            text = values.get(field["name"])
            if field["required"] and not text:
                errors[field["name"]] = source.env._("Please fill in this field.")
            elif text and field["kind"] == "email" and not check_email(text.strip()):
                errors[field["name"]] = source.env._(
                    "Please enter one email address, such as name@example.com."
                )
        return errors

    def _store(self, source, form, values):
        shown = form.get(SHOWN) or ""
        nonce = form.get(NONCE)
        seconds = read_nonce(source.env, source, nonce, shown)
        payload = {"values": values, "nonce": nonce if seconds is not None else None}
        if form.get(CONSENT):
            payload["consent"] = {
                "text": to_text(shown),
                "version": source.consent_version,
                "signed": seconds is not None,
            }
        call = get_call(
            seconds=seconds,
            lang=source.env.lang,
            page=to_text(form.get(PAGE))[:500],
            honeypot=bool(form.get(HONEYPOT)),
            **self._get_captcha(form),
        )
        items = source._get_door().split(payload, b"")
        source.env["lead.capture.entry"]._store(source, items, call)

    def _get_captcha(self, form):
        """Return what a captcha says, if there is one: a sign, and no verdict."""
        if not form.get("recaptcha_token_response"):
            return {}
        try:
            request.env["ir.http"]._verify_request_recaptcha_token("lead_form")
        except Exception as error:  # noqa: BLE001 - whatever it is, nothing is lost
            name = type(error).__name__
            return {
                "captcha": "captcha" if name.endswith("Error") else "captcha_silent"
            }
        return {}

    # ------------------------------------------------------------
    # Pages
    # ------------------------------------------------------------

    def _get_source(self, token, lang):
        source = get_source(token, "form")
        return source.with_context(lang=self._get_lang(lang)) if source else source

    def _get_lang(self, wanted):
        """Return the language of the visitor, of those that are installed."""
        codes = [code for code, __ in request.env["res.lang"].get_installed()]
        accepted = request.httprequest.accept_languages.values()
        for text in (wanted, *list(accepted)[:10]):
            text = (text or "").replace("-", "_")
            for code in codes:
                if text and (code == text or code.split("_")[0] == text.split("_")[0]):
                    return code
        return request.env.lang or "en_US"

    def _show(self, source, hidden, given=None, errors=None, embedded=False):
        nonce = make_nonce(source.env, source, source.consent_text or "")
        hidden = {**hidden, LANG: source.env.lang, NONCE: nonce}
        values = source._prepare_page(nonce, given, errors, hidden)
        values["embedded"] = embedded
        status = 422 if errors else 200
        return self._render(
            "lead_management.lead_capture_form_page", source, status, values
        )

    def _refuse(self):
        """Answer the same to whatever is wrong, so that nothing is told by it."""
        source = request.env["lead.capture.source"]
        source = source.with_context(lang=self._get_lang(None))
        return self._render("lead_management.lead_capture_form_unknown", source, 404)

    def _render(self, template, source, status=200, values=None):
        values = values or {
            "source": source,
            "page_lang": (source.env.lang or "en").replace("_", "-"),
        }
        request.update_context(lang=source.env.lang)
        response = request.render(template, values, status=status)
        response.headers["Cache-Control"] = "no-store"
        response.headers["Referrer-Policy"] = "strict-origin-when-cross-origin"
        response.headers["X-Robots-Tag"] = "noindex"
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Content-Security-Policy"] = CSP
        return response

"""The page of a web form: without scripts, in the language of the visitor."""

from odoo.http import Controller, request, route

from ..models.capture.door.form import (
    CAPTCHA,
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
from ..models.capture.source.captcha import ACTION, get_captcha
from ..models.capture.source.lead_capture_field import FILE
from ..tools.capture_values import to_text
from ..tools.strict_email import check_email
from ..tools.uploads import LARGEST, MOST, read_upload
from .lead_capture_hook import MAX_BODY, OPTIONS, get_call, get_source

# A body beyond the limit of files is still read, so that we can say what is wrong.
MAX_UPLOAD = 25 * 1024 * 1024

STYLE = "default-src 'none'; style-src 'unsafe-inline'; "
IMAGES = "img-src 'self' data:; "
ELSE = "form-action *; base-uri 'none'; frame-ancestors *"


def get_max_body(controller):
    """Return how long a body may be: where a form asks for files, they are in it."""
    if request.httprequest.mimetype != "multipart/form-data":
        return MAX_BODY
    source = get_source(request.httprequest.path.rpartition("/")[2], "form")
    asks = source and any(line.target == FILE for line in source._get_form_lines())
    return MAX_UPLOAD if asks else MAX_BODY


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
        max_content_length=get_max_body,
        **OPTIONS,
    )
    def send(self, token, **__):
        form = request.httprequest.form
        source = self._get_source(token, form.get(LANG))
        if not source:
            return self._refuse()
        inputs = source._get_inputs()
        values = self._get_values(inputs, form)
        errors = self._get_errors(source, inputs, values)
        files = self._get_files(source, inputs, values, errors)
        if errors:
            hidden = {name: form[name][:500] for name in (*UTM, PAGE) if form.get(name)}
            return self._show(source, hidden, form, errors)
        try:
            self._store(source, form, values, files)
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

    def _get_values(self, inputs, form):
        """Return the answers to what the form asks for; nothing else is looked at."""
        values = {}
        for field in inputs:
            if field["kind"] == "file":
                continue
            texts = [to_text(text) for text in form.getlist(field["name"])[:20]]
            if text := "\n".join(filter(None, texts)):
                values[field["name"]] = text
        for name in UTM:
            if form.get(name):
                values[name] = to_text(form[name])[:200]
        return values

    def _get_errors(self, source, inputs, values):
        """Return what is wrong, in words for the visitor, by the name of the input."""
        errors = {}
        for field in inputs:
            text = values.get(field["name"])
            if field["kind"] == "file":
                continue
            if field["required"] and not text:
                errors[field["name"]] = source.env._("Please fill in this field.")
            elif text and field["kind"] == "email" and not check_email(text.strip()):
                errors[field["name"]] = source.env._(
                    "Please enter one email address, such as name@example.com."
                )
        return errors

    def _get_files(self, source, inputs, values, errors):
        """Return the files that were sent, and note what is wrong with them.

        :param values: get their names, by the name of the input
        :param errors: get what is wrong, and that files are to be chosen again when
          anything is
        :return: list of :class:`Upload`
        """
        files, left = [], LARGEST
        is_wrong = bool(errors)
        for field in inputs:
            name = field["name"]
            if field["kind"] != "file":
                continue
            sent = [file for file in request.httprequest.files.getlist(name) if file]
            if not sent and field["required"]:
                errors[name] = source.env._("Please choose a file.")
            for file in sent:
                content = file.stream.read(left + 1)
                left -= len(content)
                upload = read_upload(to_text(file.filename)[:300], content)
                if left < 0 or len(files) >= MOST:
                    errors[name] = source.env._(
                        "Please choose at most %s files of 10 MB in total.", MOST
                    )
                    return []
                if not upload:
                    errors[name] = source.env._(
                        "“%s” cannot be sent here: it is empty, or of a type we do not "
                        "accept.",
                        to_text(file.filename)[:80],
                    )
                    break
                files.append(upload)
            if sent and is_wrong and name not in errors:
                errors[name] = source.env._("Please choose the file again.")
            if sent:
                values[name] = ", ".join(file.name for file in files[-len(sent) :])
        return files

    def _store(self, source, form, values, files=()):
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
        entries = source.env["lead.capture.entry"]
        if files:
            payload["files"] = entries._describe_files(files)
        call = get_call(
            seconds=seconds,
            lang=source.env.lang,
            page=to_text(form.get(PAGE))[:500],
            honeypot=bool(form.get(HONEYPOT)),
            **self._get_captcha(source, form, seconds),
        )
        items = source._get_door().split(payload, b"")
        items = [item._replace(files=files) for item in items]
        entries._store(source, items, call)

    def _get_captcha(self, source, form, seconds):
        """Return what is known of a captcha: it is asked once the form is kept.

        A form that stands on another page has none.
        """
        if seconds is None or not get_captcha(source.env):
            return {}
        if token := to_text(form.get(CAPTCHA))[:4000]:
            return {"captcha_token": token}
        return {"captcha": "captcha_missing"}

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
        values["captcha"] = get_captcha(source.env)
        values["captcha_action"] = ACTION
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
        captcha = values.get("captcha")
        loads = captcha.policy if captcha else IMAGES
        response.headers["Content-Security-Policy"] = STYLE + loads + ELSE
        return response

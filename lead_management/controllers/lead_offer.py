"""The page on which a partner accepts a lead: no login, only a signed link."""

from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from ..models.sharing.policy.constants import OFFERED
from ..tools.incoming_text import clean_incoming
from ..tools.typed_amount import read_typed_amount
from .signed_page import render_signed_page

MAX_BODY = 16 * 1024
MAX_FILE = 5 * 1024 * 1024
MAX_TOKEN = 512
MAX_NOTE = 2000
MAX_AMOUNT = 20
# What a file may be: what people send about a customer, and no program.
ENDINGS = (
    *(".pdf", ".png", ".jpg", ".jpeg", ".txt", ".csv"),
    *(".doc", ".docx", ".xls", ".xlsx", ".odt", ".ods"),
)
ROUTE = "/lead/offer/<string:token>"


class LeadOffer(http.Controller):
    """A GET shows and changes nothing: mail scanners follow every link."""

    @http.route(ROUTE, type="http", auth="public", methods=["GET"], sitemap=False)
    def show(self, token, note=None, **__):
        """Show the preview, or what was accepted; the reader is not noted."""
        share = self._get_share(token)
        if not share:
            return self._refuse()
        return render_signed_page(
            "lead_management.lead_offer_page",
            {
                **share._get_page(),
                "token": token,
                "is_late": note == "late",
                "is_saved": note == "saved",
            },
        )

    @http.route(
        ROUTE,
        type="http",
        auth="public",
        methods=["POST"],
        max_content_length=MAX_BODY,
        sitemap=False,
    )
    def answer(self, token, **post):
        """Accept or decline, say how far it is, or leave a note."""
        share = self._get_share(token)
        if not share:
            return self._refuse()
        if share._is_flooded():
            return self._refuse(429)
        note = self._clean(post.get("note"))
        try:
            if post.get("status"):
                typed = self._clean(post.get("amount"))[:MAX_AMOUNT]
                amount = read_typed_amount(typed)
                if typed and amount is None:
                    # what is no amount is still told to whoever gave the lead
                    note = f"{note} ({typed})".strip()
                share._take_status(post["status"], amount, note)
            elif post.get("answer"):
                share._answer_link(post["answer"], note)
                if share.state != OFFERED and post["answer"] == "decline":
                    return render_signed_page("lead_management.lead_offer_declined", {})
            elif note:
                share._take_note(note)
        except UserError:
            return self._redirect(token, "late")
        return self._redirect(token, "saved")

    @http.route(
        f"{ROUTE}/file",
        type="http",
        auth="public",
        methods=["POST"],
        max_content_length=MAX_FILE + MAX_BODY,
        sitemap=False,
    )
    def upload(self, token, note=None, file=None, **__):
        """Take a file, once the lead was accepted."""
        share = self._get_share(token)
        if not share or share.state == OFFERED:
            return self._refuse()
        if share._is_flooded():
            return self._refuse(429)
        name = self._clean(getattr(file, "filename", ""))[-100:]
        content = file.read(MAX_FILE + 1) if name else b""
        if content and (len(content) > MAX_FILE or not name.lower().endswith(ENDINGS)):
            return self._redirect(token, "late")
        note = self._clean(note)
        if note or content:
            share._take_note(note, (name, content) if content else None)
        return self._redirect(token, "saved")

    # ------------------------------------------------------------

    def _get_share(self, token):
        if len(token) > MAX_TOKEN:
            return None
        # sudo: the signed link is the right to see and answer this one offer
        return request.env["lead.share"].sudo()._read_link(token)

    def _clean(self, text):
        return (clean_incoming(text or "") or "").strip()[:MAX_NOTE]

    def _redirect(self, token, note):
        return request.redirect(f"/lead/offer/{token}?note={note}", 303)

    def _refuse(self, status=404):
        """Answer the same to whatever is wrong, so that nothing is told by it."""
        return render_signed_page("lead_management.lead_offer_unknown", {}, status)

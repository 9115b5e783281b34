"""Reports for the few who may open them, and explanations for whoever is concerned."""

import json
from base64 import b64decode

from odoo import http
from odoo.exceptions import AccessError, MissingError
from odoo.http import content_disposition, request

# Nothing of it is kept on the way, or run.
PRIVATE = [
    ("Cache-Control", "no-store, private"),
    ("X-Content-Type-Options", "nosniff"),
    ("Content-Security-Policy", "default-src 'none'; sandbox"),
]


class LeadCredit(http.Controller):
    """Downloads; each asks for the rights of the user again."""

    @http.route(
        "/lead/credit/report/<int:report_id>", type="http", auth="user", methods=["GET"]
    )
    def report(self, report_id):
        """Return a credit report; who may not read it learns nothing of it."""
        report = request.env["lead.credit.report"].browse(report_id)
        try:
            name, mimetype, content = report._open()
        except (AccessError, MissingError):
            return request.not_found()
        headers = [
            ("Content-Type", mimetype),
            ("Content-Disposition", content_disposition(name)),
            *PRIVATE,
        ]
        return request.make_response(b64decode(content or b""), headers)

    @http.route(
        "/lead/credit/explanation/<int:check_id>",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=True,
    )
    def explanation(self, check_id, kind="html", **__):
        """Return how a result came about, to print it or as JSON.

        :param kind: ``html`` or ``json``
        """
        check = request.env["lead.credit.check"].browse(check_id)
        try:
            check.check_access("read")
            if not check.exists():
                return request.not_found()
            parts = check._get_explanation()
            lead = check.lead_id.display_name
        except (AccessError, MissingError):
            return request.not_found()
        if kind == "json":
            data = {"lead": lead, **{title: dict(lines) for title, lines in parts}}
            text = json.dumps(data, ensure_ascii=False, indent=2)
            name = f"{request.env._('Credit Check')} - {lead}.json"
            headers = [
                ("Content-Type", "application/json; charset=utf-8"),
                ("Content-Disposition", content_disposition(name)),
                *PRIVATE,
            ]
            return request.make_response(text, headers)
        return request.render(
            "lead_management.lead_credit_explanation", {"lead": lead, "parts": parts}
        )

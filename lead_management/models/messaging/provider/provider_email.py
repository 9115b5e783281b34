"""Email through Odoo's mail stack: its servers, its headers, its overrides."""

import smtplib

from odoo.exceptions import UserError
from odoo.tools import formataddr
from odoo.tools.mail import generate_tracking_message_id

from odoo.addons.base.models.ir_mail_server import MailDeliveryException

from ....tools import smtp_replies
from ..constants import EMAIL, MARKETING
from .email_session import Session
from .provider import FAILED, PROVIDERS, RETRY, SENT, UNKNOWN, Provider, SendResult

# Connections that break in a row, each with another message: it is the server.
BREAKS = 3
# The parameters of the mail server, or none at all.
NO_SERVER = 0


@PROVIDERS.add
class EmailProvider(Provider):
    channel = EMAIL
    name = "odoo_email"
    is_default = True

    def __init__(self, env):
        super().__init__(env)
        self.sessions = {}
        self.breaks = {}
        self.left = {}
        self._servers = {}
        self._reply_to = {}

    # ------------------------------------------------------------
    # Before sending
    # ------------------------------------------------------------

    def claim(self, messages):
        # an attachment that is too big becomes a link, which needs one
        messages.attachment_ids.generate_access_token()
        return {
            message.id: {
                "server": self.get_server(message),
                # the same for each attempt: who gets it twice may notice
                "provider_ref": message.provider_ref
                or generate_tracking_message_id(f"{message.lead_id.id}-crm.lead"),
            }
            for message in messages
        }

    def get_server(self, message):
        server, __ = self._find_server(message)
        return f"{EMAIL}:{server.id or NO_SERVER}"

    def prepare(self, messages):
        leads = messages.lead_id
        self._reply_to = leads._notify_get_reply_to(default=False)

    def _get_company(self, message):
        return message.company_id or message.user_id.company_id or self.env.company

    def _get_from(self, message):
        """Return the address it is from: that of the sender, or of the company."""
        user = message.user_id
        if user.email_normalized:
            return formataddr((user.name, user.email_normalized))
        company = self._get_company(message)
        return company.email_formatted or company.default_from_email

    def _get_mail_servers(self, message):
        """Return the ``ir.mail_server`` model as the alias domain of a company asks."""
        domain = self._get_company(message).alias_domain_id
        return self.env["ir.mail_server"].with_context(
            domain_notifications_email=domain.default_from_email,
            domain_bounce_address=domain.bounce_email,
        )

    def _find_server(self, message):
        """Return the mail server of a message and the address it is sent from there."""
        key = message.user_id, self._get_company(message)
        if key not in self._servers:
            server = message.user_id.outgoing_mail_server_id
            smtp_from = self._get_from(message)
            if not server:
                MailServer = self._get_mail_servers(message)
                server, smtp_from = MailServer._find_mail_server(smtp_from)
            # none when the server is set up in the configuration file
            self._servers[key] = server or self.env["ir.mail_server"], smtp_from
        return self._servers[key]

    # ------------------------------------------------------------
    # Sending
    # ------------------------------------------------------------

    def send(self, message):
        server, smtp_from = self._find_server(message)
        if problem := self._check_limit(server, message):
            return problem
        try:
            session = self._get_session(message, server, smtp_from)
        except (OSError, smtplib.SMTPException, UserError) as error:
            return self._get_server_result(message, error)
        try:
            email = self._build(message)
        except (AssertionError, ValueError) as error:  # addresses, headers
            return SendResult(FAILED, error=str(error), error_code="content")
        return self._send(message, session, email)

    def _send(self, message, session, email):
        session.on_payload = self._on_payload
        try:
            self._get_mail_servers(message).with_context(
                send_validated_to=[message.recipient]
            ).send_email(email, smtp_session=session.smtp)
        except AssertionError as error:
            return SendResult(FAILED, error=str(error), error_code="address")
        except (smtplib.SMTPServerDisconnected, MailDeliveryException) as error:
            # Odoo says that something went wrong, what it was comes before
            cause = error.__context__ or error
            return self._get_result(message, cause)
        self.breaks[message.server] = 0
        return SendResult(SENT, provider_ref=message.provider_ref)

    def _on_payload(self):
        self.is_under_way = True

    def _get_session(self, message, server, smtp_from):
        """Return the connection to a server, opened when there is none."""
        key = server, smtp_from
        if key not in self.sessions:
            smtp = self._get_mail_servers(message)._connect__(
                mail_server_id=server.id, smtp_from=smtp_from
            )
            self.sessions[key] = Session(smtp)
        return self.sessions[key]

    def _check_limit(self, server, message):
        """Return a result that waits, when a personal server has sent all it may."""
        if not server.owner_user_id:
            return None
        if server not in self.left:
            limit = server._get_personal_mail_servers_limit()
            self.left[server] = limit - message._count_last_minute()
        self.left[server] -= 1
        if self.left[server] >= 0:
            return None
        return SendResult(
            RETRY,
            server=message.server,
            server_name=server.name,
            error=message.env._(
                "A personal mail server sends only a limited number of emails per "
                "minute."
            ),
            retry_after=60,
        )

    # ------------------------------------------------------------
    # Content
    # ------------------------------------------------------------

    def _build(self, message):
        """Return the email, made by Odoo of a mail that is in no table."""
        mail = self._new_mail(message)
        values = mail._prepare_outgoing_list(mail_server=self._find_server(message)[0])
        [values] = values
        return self._get_mail_servers(message)._build_email__(
            email_from=values["email_from"],
            email_to=values["email_to"],
            subject=values["subject"],
            body=message._complete_sent_html(values["body"]),
            body_alternative=values["body_alternative"],
            reply_to=values["reply_to"],
            attachments=values["attachments"],
            message_id=message.provider_ref,
            references=values["references"],
            object_id=values["object_id"],
            subtype="html",
            subtype_alternative="plain",
            headers=values["headers"],
        )

    def _new_mail(self, message):
        email_from = self._get_from(message)
        lead = message.lead_id
        company = self._get_company(message)
        return message.env["mail.mail"].new(
            {
                "subject": message.subject or "",
                "body_html": message._prepare_sent_html(self._get_body(message)),
                "email_from": email_from,
                "email_to": self._get_to(message),
                "reply_to": self._reply_to.get(lead.id) or email_from,
                "model": "crm.lead",
                "res_id": lead.id,
                "message_id": message.provider_ref,
                "attachment_ids": [(6, 0, message.attachment_ids.ids)],
                "record_alias_domain_id": company.alias_domain_id.id,
                "record_company_id": company.id,
                "headers": repr(self._get_headers(message)),
            }
        )

    def _get_to(self, message):
        """Return the address with a name, when it is the lead's: one address, ever."""
        lead = message.lead_id
        name = ""
        if lead.email_normalized == message.recipient:
            name = lead.contact_name or lead.partner_id.name or ""
        return formataddr((" ".join(name.split()), message.recipient))

    def _get_headers(self, message):
        url = message.lead_id._get_preference_url(message.recipient)
        return {
            "List-Unsubscribe": f"<{url}/one-click>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "X-Auto-Response-Suppress": "OOF",
        }

    def _get_body(self, message):
        body = message.body or ""
        if message._get_consent_purpose() != MARKETING:
            return body
        footer = message.env["ir.qweb"]._render(
            "lead_management.message_footer",
            {
                "url": message.lead_id._get_preference_url(message.recipient),
                "company": self._get_company(message),
            },
            lang=message.lang or None,
            minimal_qcontext=True,
        )
        return f"{body}{footer}"

    # ------------------------------------------------------------
    # Answers
    # ------------------------------------------------------------

    def _get_result(self, message, error):
        """Return what an error of the server means."""
        if isinstance(error, smtplib.SMTPRecipientsRefused):
            [(code, text)] = list(error.recipients.values())[:1]
            return self._get_reply_result(message, code, text)
        if isinstance(error, smtplib.SMTPSenderRefused):
            return self._get_reply_result(
                message, error.smtp_code, error.smtp_error, about_recipient=False
            )
        if isinstance(error, smtplib.SMTPResponseException):
            return self._get_reply_result(message, error.smtp_code, error.smtp_error)
        if isinstance(error, (OSError, smtplib.SMTPException)):
            return self._get_break_result(message, error)
        # ours: an address or header that cannot be written
        status = UNKNOWN if self.is_under_way else FAILED
        return SendResult(status, error=str(error), error_code="content")

    def _get_reply_result(self, message, code, text, about_recipient=True):
        text = text.decode(errors="replace") if isinstance(text, bytes) else str(text)
        kind, label = smtp_replies.classify(code, text, about_recipient)
        if kind == smtp_replies.SERVER:
            self._drop(message)
            return self._get_server_result(message, text, label)
        return SendResult(
            RETRY if kind == smtp_replies.TEMPORARY else FAILED,
            error=text,
            error_code=label,
            is_dead_address=kind == smtp_replies.DEAD,
        )

    def _get_break_result(self, message, error):
        """Return what a broken connection means: others of the batch use a new one."""
        self._drop(message)
        self.breaks[message.server] = self.breaks.get(message.server, 0) + 1
        is_server = self.breaks[message.server] >= BREAKS
        return SendResult(
            UNKNOWN if self.is_under_way else RETRY,
            error=str(error),
            error_code="connection",
            server=message.server if is_server else None,
            server_name=self._find_server(message)[0].name if is_server else None,
        )

    def _get_server_result(self, message, error, code="connection"):
        return SendResult(
            RETRY,
            error=str(error),
            error_code=code,
            server=message.server,
            server_name=self._find_server(message)[0].name,
        )

    def _drop(self, message):
        """Close the connection of a message; the next one opens another."""
        session = self.sessions.pop(self._find_server(message), None)
        if session and session.smtp:
            session.smtp.close()

    def close(self):
        for session in self.sessions.values():
            session.close()

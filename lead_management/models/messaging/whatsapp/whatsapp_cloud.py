"""WhatsApp through the Cloud API of Meta."""

from ....tools import whatsapp_errors as errors
from ....tools.whatsapp_files import add_header, build_media, get_file_kind
from ...base.apart import apart
from ...base.graph import GraphError, GraphFailure, NotSentError, RefusedAddressError
from ..constants import WHATSAPP
from ..provider.provider import (
    FAILED,
    PROVIDERS,
    RETRY,
    SENT,
    UNKNOWN,
    Provider,
    SendResult,
)
from .lead_whatsapp_account import CONNECTED

NAME = "whatsapp_cloud"
MAX_TEXT, MAX_CAPTION = 4096, 1024
FILE_HEADERS = ("image", "document", "video")
# Seconds to wait where Meta names none: for one recipient, and for all.
PAIR_DELAY, BUSY_DELAY = 60, 30


class ImpossibleError(Exception):
    """A message that WhatsApp would never take; said before asking."""

    def __init__(self, text, code):
        super().__init__(text)
        self.code = code


@PROVIDERS.add
class WhatsappCloudProvider(Provider):
    """Sends through the account of the message.

    Within 24 hours after the lead wrote, the text goes as it is; else as the template
    that Meta approved. Meta is given the key of the message and sends it back with each
    status, so that a message whose answer got lost is found again.
    """

    channel = WHATSAPP
    name = NAME

    def __init__(self, env):
        super().__init__(env)
        self.clients = {}
        # files are uploaded once for all recipients of a batch
        self.uploads = {}

    def send(self, message):
        account = message.account_id
        if not account.active:
            return SendResult(
                FAILED,
                error=self.env._(
                    "No WhatsApp account is available for sending. Ask a sales "
                    "manager to connect one."
                ),
                error_code="account",
            )
        try:
            payload = self._prepare_payload(message, account)
        except ImpossibleError as impossible:
            return SendResult(FAILED, error=str(impossible), error_code=impossible.code)
        except GraphFailure as failure:
            # a file was not taken; the lead has got nothing so far
            return self._get_result(message, account, failure, if_unclear=RETRY)
        try:
            client = self._get_client(account)
            self.is_under_way = True  # from here on it may be accepted
            answer = client.post(account.phone_number_id, "messages", json=payload)
        except GraphFailure as failure:
            return self._get_result(message, account, failure)
        return self._read_answer(account, answer)

    def get_server(self, message):
        return message.account_id._get_server()

    def close(self):
        for client in self.clients.values():
            client.session.close()

    # ------------------------------------------------------------
    # What is sent
    # ------------------------------------------------------------

    def _get_client(self, account):
        if account not in self.clients:
            self.clients[account] = account._get_client()
        return self.clients[account]

    def _prepare_payload(self, message, account):
        """Return the message as Meta wants it.

        :raises ImpossibleError: when it would not take it
        :raises GraphFailure: when a file cannot be uploaded
        """
        content = self._prepare_content(message, account)
        return {
            "messaging_product": "whatsapp",
            "recipient_type": "individual",
            "to": "".join(filter(str.isdigit, message.recipient or "")),
            "biz_opaque_callback_data": message.key,
            **content,
        }

    def _prepare_content(self, message, account):
        if message._whatsapp_is_open():
            return self._prepare_free(message, account)
        template = message.whatsapp_template
        if message._whatsapp_is_edited():
            raise ImpossibleError(
                self.env._(
                    "The text was changed. More than 24 hours after the last message "
                    "of the contact, WhatsApp accepts only unchanged, approved "
                    "templates."
                ),
                "window",
            )
        if not template:
            raise ImpossibleError(account._get_kind_texts()[errors.WINDOW], "window")
        kind = message.template_id.whatsapp_header_type
        if kind in FILE_HEADERS:
            template = {
                **template,
                "components": add_header(
                    template.get("components") or [],
                    kind,
                    self._prepare_header(message, account, kind),
                ),
            }
        return {"type": "template", "template": template}

    def _prepare_header(self, message, account, kind):
        attachment = (message.attachment_ids or message.template_id.attachment_ids)[:1]
        if not attachment:
            raise ImpossibleError(
                self.env._("The template needs a file in its header. Attach one."),
                "file",
            )
        source = self._get_source(attachment, account)
        return build_media(kind, source, attachment.name)

    def _prepare_free(self, message, account):
        """Return a text, or a file with the text below it."""
        text = str(message.body or "").strip()
        if message.attachment_ids:
            return self._prepare_file(message.attachment_ids, text, account)
        if not text or len(text) > MAX_TEXT:
            raise ImpossibleError(
                self.env._("A WhatsApp text must have 1 to %s characters.", MAX_TEXT),
                "text",
            )
        return {"type": "text", "text": {"body": text, "preview_url": "://" in text}}

    def _prepare_file(self, attachments, text, account):
        if len(attachments) > 1:
            raise ImpossibleError(
                self.env._("A WhatsApp message accepts one file only."), "file"
            )
        kind = get_file_kind(attachments.mimetype, attachments.file_size)
        if not kind:
            raise ImpossibleError(
                self.env._(
                    "“%s” is too large for WhatsApp. Choose a smaller file.",
                    attachments.name,
                ),
                "file",
            )
        if len(text) > MAX_CAPTION or (text and kind == "audio"):
            raise ImpossibleError(
                self.env._(
                    "The text below a file can have up to %s characters. A voice "
                    "recording cannot have a text.",
                    MAX_CAPTION,
                ),
                "text",
            )
        source = self._get_source(attachments, account)
        return {"type": kind, kind: build_media(kind, source, attachments.name, text)}

    def _get_source(self, attachment, account):
        """Return where Meta finds a file: an address, or what it has been sent."""
        if attachment.type == "url":
            return {"link": attachment.url}
        known = (account, attachment)
        if known not in self.uploads:
            self.uploads[known] = self._upload(attachment, account)
        return {"id": self.uploads[known]}

    def _upload(self, attachment, account):
        mimetype = attachment.mimetype or "application/octet-stream"
        answer = self._get_client(account).post(
            account.phone_number_id,
            "media",
            data={"messaging_product": "whatsapp", "type": mimetype},
            files={"file": (attachment.name, attachment.raw or b"", mimetype)},
        )
        if not answer.get("id"):
            raise GraphError(self.env._("Meta rejected the file."), 2)
        return str(answer["id"])

    # ------------------------------------------------------------
    # What came of it
    # ------------------------------------------------------------

    def _read_answer(self, account, answer):
        messages = answer.get("messages")
        first = messages[0] if isinstance(messages, list) and messages else None
        reference = first.get("id") if isinstance(first, dict) else None
        if not reference or not isinstance(reference, str):
            return SendResult(
                UNKNOWN,
                error=self.env._("Meta did not confirm the message."),
                error_code="answer",
                **self._as_server(account),
            )
        if account.state != CONNECTED:
            self._apart(account, "_set_connected")
        return SendResult(SENT, provider_ref=reference)

    def _get_result(self, message, account, failure, if_unclear=UNKNOWN):
        """Return what a failed call means for the message."""
        error = account._get_failure_text(failure)
        if not isinstance(failure, GraphError):
            certain = isinstance(failure, (NotSentError, RefusedAddressError))
            status = RETRY if certain else if_unclear
            return self._get_server_result(status, account, error, "connection")
        kind, code = errors.get_kind(failure.code), str(failure.code)
        if kind == errors.BUSY:
            return self._get_busy_result(account, failure, error)
        if kind == errors.UNCERTAIN:
            return self._get_server_result(if_unclear, account, error, code)
        if kind == errors.ACCOUNT:
            self._apart(account, "_set_out_of_order", error)
            return self._get_server_result(RETRY, account, error, code)
        if kind == errors.OPT_OUT:
            self._apart(message, "_whatsapp_opted_out", error)
        return SendResult(
            FAILED,
            error=error,
            error_code=code,
            is_dead_address=kind == errors.NUMBER,
        )

    def _get_server_result(self, status, account, error, code):
        """What is about the account, or Meta: the others had better wait as well."""
        server = self._as_server(account)
        return SendResult(status, error=error, error_code=code, **server)

    def _get_busy_result(self, account, failure, error):
        """Wait: with this one where it is about its recipient, else with all."""
        is_pair = failure.code in errors.PAIR_LIMITS
        wait = failure.retry_after
        if wait is None:
            wait = PAIR_DELAY if is_pair else BUSY_DELAY
        return SendResult(
            RETRY,
            error=error,
            error_code=str(failure.code),
            retry_after=wait,
            **({} if is_pair else self._as_server(account)),
        )

    def _as_server(self, account):
        return {"server": account._get_server(), "server_name": account.name}

    def _apart(self, record, method, *args):
        """Do what must last whatever becomes of the batch, in its own transaction."""
        with apart(self.env.registry) as env:
            getattr(record.with_env(env), method)(*args)

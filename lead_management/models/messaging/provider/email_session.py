"""A connection to a mail server, watched."""

import smtplib


class Session:
    """A connection to a mail server that tells how far a message has got."""

    def __init__(self, smtp):
        self.smtp = smtp
        self.on_payload = None
        if smtp:
            self._watch(smtp)

    def _watch(self, smtp):
        """Notice when the text itself is sent: until then nothing is accepted."""
        original_data, original_getreply = smtp.data, smtp.getreply
        state = {"in_data": False}

        def data(message):
            state["in_data"] = True
            try:
                return original_data(message)
            finally:
                state["in_data"] = False

        def getreply():
            code, text = original_getreply()
            if state["in_data"] and code == 354 and self.on_payload:
                self.on_payload()
            return code, text

        smtp.data, smtp.getreply = data, getreply

    def close(self):
        if not self.smtp:
            return
        try:
            self.smtp.quit()
        except (OSError, smtplib.SMTPException):
            self.smtp.close()

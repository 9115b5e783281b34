from ....tools.dns_mx import NoNameServer, takes_mail
from ....tools.strict_email import check_email
from ....tools.verdicts import EMAIL, EXISTS, OK, WRONG
from .service import SERVICES, Finding, NoAnswer, Service


@SERVICES.add
class MailServers(Service):
    """Whether the domain of an address takes mail; nobody is told the address."""

    key = "mx"
    label = "Mail Servers (DNS)"
    data = (EMAIL,)
    days = 7

    @classmethod
    def check_url(cls, url):
        __, port = cls._split_url(url)
        if not 0 < port < 65536:
            raise ValueError(url)

    @staticmethod
    def _split_url(url):
        """Return the host and the port of a name server."""
        host, __, port = url.removeprefix("dns://").partition(":")
        return host, int(port or 53)

    @classmethod
    def get_values(cls, lead, datum):
        email = check_email((lead.email_from or "").strip())
        if not email:
            return None
        domain = email.rpartition("@")[2]
        try:
            return {"domain": domain.encode("idna").decode()}
        except UnicodeError:
            return None

    def _check(self, values):
        server = self._split_url(self.url) if self.url else None
        try:
            found = takes_mail(values["domain"], server)
        except NoNameServer as error:
            raise NoAnswer(str(error)) from error
        if found:
            return Finding(OK, EXISTS, "mx_found")
        return Finding(WRONG, EXISTS, "mx_none")

"""Mail goes out here, and nowhere else: one message to one recipient over verified TLS. The only user of Flask-Mail.

Flask-Mail 0.10 neither verifies certificates nor knows a time-out, and sends long Cyrillic lines unwrapped: so we open its connection
ourselves and hand it a message built with `email.message` (RFC 5322).
"""

import re
import smtplib
import ssl
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from pathlib import Path
from types import TracebackType
from typing import cast
from urllib.parse import parse_qsl, unquote, urlsplit

from flask_mail import Connection, Mail

from signflow.settings import UnsafeSettings

TIMEOUT = 20.0
"""Seconds that the server may take for each answer."""
Send = Callable[[EmailMessage], None]
"""Delivers one message to the address in its To, or raises Undelivered."""

_PORTS = {"smtp": 587, "smtps": 465}
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_CODE = re.compile(r"\d\.\d{1,3}\.\d{1,3}\b")


class Undelivered(Exception):
    """The message did not go out. `is_final` when the server refused it for good: then trying again is of no use.

    `reason` is a code or the kind of error, never an address.
    """

    def __init__(self, reason: str, *, is_final: bool) -> None:
        super().__init__(reason)
        self.reason = reason
        self.is_final = is_final


@dataclass(frozen=True)
class Relay:
    """The server that takes our mail: where it is, how the line is encrypted, who we are, and whose certificates count."""

    host: str
    port: int
    encryption: str
    username: str = ""
    password: str = ""
    authority: str | None = None

    @classmethod
    def of(cls, url: str) -> "Relay":
        """Read SIGNFLOW_MAIL_URL: `smtp://user:password@host:587?starttls=required&ca=FILE` or `smtps://…`. UnsafeSettings."""
        try:
            parts = urlsplit(url)
            asked = dict(parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query)))
            port = parts.port or _PORTS[parts.scheme]
        except (ValueError, KeyError):
            raise UnsafeSettings("SIGNFLOW_MAIL_URL must look like smtp://user:password@host:587") from None
        starttls, authority = asked.pop("starttls", "required"), asked.pop("ca", None)
        if asked or not parts.hostname or starttls not in {"required", "never"}:
            raise UnsafeSettings("SIGNFLOW_MAIL_URL may ask for starttls=required, starttls=never and ca=FILE only.")
        if starttls == "never" and parts.hostname not in _LOOPBACK:
            raise UnsafeSettings("SIGNFLOW_MAIL_URL: without encryption mail may go to this machine only.")
        if authority is not None and not Path(authority).is_file():
            raise UnsafeSettings(f"SIGNFLOW_MAIL_URL: there is no file {authority}.")
        encryption = "tls" if parts.scheme == "smtps" else starttls
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
        if not (user + password).isascii():
            raise UnsafeSettings("SIGNFLOW_MAIL_URL: user and password must be ASCII.")
        return cls(parts.hostname, port, encryption, user, password, authority)

    def send(self, message: EmailMessage) -> None:
        """Deliver one message (`Send`)."""
        try:
            with _VerifiedConnection(self) as connection:
                connection.deliver(message)
        except (smtplib.SMTPException, OSError) as error:
            raise _undelivered(error) from error


class _VerifiedConnection(Connection):
    """Flask-Mail's connection with certificates verified, a time-out, and a calm end."""

    def __init__(self, relay: Relay) -> None:
        mail = Mail()
        mail.state = mail.init_mail({"MAIL_SERVER": relay.host, "MAIL_PORT": relay.port}, debug=False, testing=False)
        super().__init__(mail)
        self._relay = relay

    def configure_host(self) -> smtplib.SMTP:
        """Connect, encrypt and sign in; nothing is said in clear but the greeting."""
        relay = self._relay
        context = ssl.create_default_context(cafile=relay.authority)
        if relay.encryption == "tls":
            host: smtplib.SMTP = smtplib.SMTP_SSL(relay.host, relay.port, timeout=TIMEOUT, context=context)
        else:
            host = smtplib.SMTP(relay.host, relay.port, timeout=TIMEOUT)
        try:
            if relay.encryption == "required":
                host.starttls(context=context)
            if relay.username:
                host.login(relay.username, relay.password)
        except BaseException:
            host.close()
            raise
        return host

    def deliver(self, message: EmailMessage) -> None:
        """Hand the message over, to the one address in its To."""
        (recipient,) = message["To"].addresses
        server = cast("smtplib.SMTP", self.host)  # `configure_host` made it, or nobody comes here
        server.send_message(message, message["From"].addresses[0].addr_spec, [recipient.addr_spec])

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        # the server has answered already: a farewell that fails changes nothing
        if self.host is not None:
            with suppress(smtplib.SMTPException, OSError):
                self.host.quit()
            self.host.close()


def address(name: str, email: str) -> Address:
    """A name and a mail address for a header. ValueError for a line end in either: no header can be smuggled in."""
    shown = "".join(letter for letter in name if letter not in '"<>')
    user, _, domain = email.rpartition("@")
    with suppress(UnicodeError):
        domain = domain.encode("idna").decode("ascii")
    return Address(shown, user, domain)


def _undelivered(error: Exception) -> Undelivered:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        ((code, words),) = error.recipients.values()
        return Undelivered(_reason(code, words), is_final=500 <= code < 600)
    if isinstance(error, smtplib.SMTPResponseException):
        # what the server says to us (sign-in, sender) somebody can mend; what it says to the message stays
        is_final = isinstance(error, smtplib.SMTPDataError) and 500 <= error.smtp_code < 600
        return Undelivered(_reason(error.smtp_code, error.smtp_error), is_final=is_final)
    is_final = isinstance(error, smtplib.SMTPNotSupportedError) and "SMTPUTF8" in str(error)
    return Undelivered(type(error).__name__, is_final=is_final)


def _reason(code: int, words: bytes | str) -> str:
    """“550 5.1.1”: what a server writes beside it may name the address."""
    text = words.decode("ascii", "replace") if isinstance(words, bytes) else words
    found = _CODE.search(text)
    return f"{code} {found[0]}" if found else str(code)

"""A real SMTP server on a free loopback port, with STARTTLS, that keeps what it is given."""

import email
import email.policy
import socket
import ssl
from asyncio import AbstractServer
from collections.abc import Awaitable
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Any, Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.support.certificates import Certificates, make_certificates


@dataclass(frozen=True)
class Delivery:
    """One message as the server took it: the envelope, the bytes, and whether the line was encrypted."""

    sender: str
    recipients: tuple[str, ...]
    content: bytes
    encrypted: bool
    account: str | None

    @property
    def message(self) -> EmailMessage:
        """The bytes, parsed (RFC 5322)."""
        parsed = email.message_from_bytes(self.content, policy=email.policy.default)
        assert isinstance(parsed, EmailMessage)
        return parsed


@dataclass
class _Desk:
    """What aiosmtpd calls for each command."""

    deliveries: list[Delivery] = field(default_factory=list)
    refusals: dict[str, str] = field(default_factory=dict)

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address.lower() in self.refusals:
            return self.refusals[address.lower()]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.original_content
        assert envelope.mail_from is not None
        assert content is not None
        account = session.auth_data.login.decode() if isinstance(session.auth_data, LoginPassword) else None
        self.deliveries.append(
            Delivery(envelope.mail_from, tuple(envelope.rcpt_tos), content, session.ssl is not None, account)
        )
        return "250 OK"


class _OnSocket(Controller):
    """A controller that serves on a socket already bound, so that no one can take the port in between."""

    def __init__(self, desk: _Desk, listening: socket.socket, **parameters: Any) -> None:
        host, port = listening.getsockname()
        super().__init__(desk, hostname=host, port=port, ready_timeout=20, **parameters)
        self._listening = listening

    def _create_server(self) -> Awaitable[AbstractServer]:
        return self.loop.create_server(self._factory_invoker, sock=self._listening)


class SmtpServer:
    """A running server; `with SmtpServer(folder) as server` starts and stops it.

    `starttls=False` offers no encryption; `host` is the name in the certificate; `account` is a (user, password)
    that every sender must give.
    """

    host = "localhost"

    def __init__(
        self, folder: Path, *, starttls: bool = True, host: str = "localhost", account: tuple[str, str] | None = None
    ) -> None:
        self.certificates: Certificates = make_certificates(folder, host)
        self._account = account
        self._desk = _Desk()
        parameters: dict[str, Any] = {"decode_data": False, "enable_SMTPUTF8": True, "server_hostname": "localhost"}
        if starttls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(self.certificates.chain, self.certificates.key)
            parameters |= {"tls_context": context, "require_starttls": True}
        if account:
            parameters |= {"auth_required": True, "auth_require_tls": starttls, "authenticator": self._authenticate}
        listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = listening.getsockname()[1]
        self._controller = _OnSocket(self._desk, listening, **parameters)

    def _authenticate(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, given: Any) -> Any:
        assert self._account is not None
        right = isinstance(given, LoginPassword) and given == LoginPassword(*(word.encode() for word in self._account))
        return AuthResult(success=right, handled=False, auth_data=given)

    @property
    def authority(self) -> Path:
        """The PEM file a client must trust to accept this server."""
        return self.certificates.authority

    @property
    def deliveries(self) -> list[Delivery]:
        """Every message taken so far, in order; a client that got its answer finds its message here."""
        return list(self._desk.deliveries)

    def refuse(self, address: str, answer: str = "550 5.1.1 No such mailbox here") -> None:
        """Answer RCPT for `address` with a 4xx or 5xx line from now on (RFC 5321)."""
        self._desk.refusals[address.lower()] = answer

    def accept(self, address: str) -> None:
        """Take mail for `address` again."""
        self._desk.refusals.pop(address.lower(), None)

    def __enter__(self) -> Self:
        self._controller.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._controller.stop()

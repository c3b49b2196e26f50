"""What goes over the line to the mail server: one recipient, no header that we did not write, nothing before TLS (SEC-60)."""

import re
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace

import pytest

from signflow.database import Database
from signflow.domain.errors import Invalid
from signflow.domain.names import check_name
from signflow.mail_texts import compose
from signflow.mailer import Relay, Undelivered
from signflow.models import Person
from signflow.paths import TEMPLATES
from tests.factories.coalition import Coalition
from tests.integration.mail.office import SETTINGS, deliver_all, facts, outbox, post_office
from tests.integration.mail.test_relay import message, relay
from tests.support.smtp import SmtpServer

HEADERS = {
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "Auto-Submitted",
    "MIME-Version",
    "Content-Type",
    "Content-Transfer-Encoding",
}
SMUGGLED = [
    "Nina\r\nBcc: evil@example.org",
    "Nina\nBcc: evil@example.org",
    "Nina\rX: y",
    "Nina\x00",
    "Nina\u2028Bcc: e@example.org",
]


def _circulated(database: Database, name: str = "Nina") -> Coalition:
    """A statement that waits for three organisations, and who may sign for them is called so."""
    coalition = Coalition(database)
    drafter = coalition.drafter()
    pairs = coalition.members(3)
    with coalition.database.write() as session:
        for _, person in pairs:
            session.get_one(Person, person).name = name
    statement = coalition.draft(drafter)
    coalition.circulate(statement, drafter, [organisation for organisation, _ in pairs])
    return coalition


def test_on_the_line_there_is_one_recipient_and_no_header_but_ours(
    sqlite_database: Database, smtp_server: SmtpServer
) -> None:
    coalition = _circulated(sqlite_database, 'Ніна, "N" <boss@example.org>; a@example.org')
    assert deliver_all(post_office(sqlite_database, relay(smtp_server).send), now=coalition.now) == 3
    assert len(smtp_server.deliveries) == 3
    for delivery in smtp_server.deliveries:
        (recipient,) = delivery.recipients
        assert [one.addr_spec for one in delivery.message["To"].addresses] == [recipient]
        assert set(delivery.message.keys()) == HEADERS
        assert len(delivery.message.keys()) == len(HEADERS)
        assert delivery.encrypted


@pytest.mark.parametrize("name", SMUGGLED, ids=ascii)
def test_no_name_carries_a_header(sqlite_database: Database, smtp_server: SmtpServer, name: str) -> None:
    """Names are checked when they are given; one that came into the database another way is still sent as a name or not at all."""
    with pytest.raises(Invalid):
        check_name(name)
    coalition = _circulated(sqlite_database, name)
    deliver_all(post_office(sqlite_database, relay(smtp_server).send), now=coalition.now)
    for delivery in smtp_server.deliveries:
        assert set(delivery.message.keys()) == HEADERS
        assert len(delivery.recipients) == 1
    unsent = [mail.last_error for mail in outbox(sqlite_database) if mail.sent_at is None]
    assert len(unsent) + len(smtp_server.deliveries) == 3
    assert set(unsent) <= {"ValueError", "HeaderParseError"}


def test_no_name_of_the_coalition_carries_one_either(sqlite_database: Database) -> None:
    coalition = _circulated(sqlite_database)
    found = facts(coalition, "circulated")
    assert found is not None
    with pytest.raises(ValueError, match="CR or LF"):
        compose(
            found, SETTINGS.model_copy(update={"coalition_name": "Ahulam\r\nBcc: e@example.org"}), now=coalition.now
        )


@pytest.mark.parametrize(
    "email", ["a@example.org, b@example.org", "a@example.org>\r\nBcc: <b@example.org", "a b@example.org"]
)
def test_an_address_is_one_address(sqlite_database: Database, email: str) -> None:
    coalition = _circulated(sqlite_database)
    found = facts(coalition, "circulated")
    assert found is not None
    spoilt = replace(found, receiver=replace(found.receiver, email=email))
    try:
        written = compose(spoilt, SETTINGS, now=coalition.now)
    except (ValueError, IndexError):
        return
    assert len(written["To"].addresses) == 1
    assert "\n" not in str(written["To"])


def test_every_subject_is_fixed() -> None:
    for file in sorted((TEMPLATES / "emails").glob("*.txt")):
        if file.stem in {"mail", "parts"}:
            continue
        text = file.read_text("utf-8")
        if '{% extends "mail.txt" %}' not in text:  # it takes over the subject of another one
            assert "block subject" not in text
            continue
        (subject,) = re.findall(r"{% block subject %}(.*?){% endblock %}", text)
        assert re.fullmatch(r'{{ _\("[^"%{]+"\) }}', subject), file.name


class Scripted:
    """A mail server that follows a script: greets, offers STARTTLS, answers it so, and keeps every line that it hears."""

    def __init__(self, offer: str, answer: str) -> None:
        self.heard: list[bytes] = []
        self._offer, self._answer = offer, answer
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        line, _ = self._listening.accept()
        with suppress(ConnectionError), line, line.makefile("rb") as incoming:
            line.sendall(b"220 here\r\n")
            for said in incoming:
                self.heard.append(said.strip())
                verb = said.split()[0].upper() if said.split() else b""
                if verb == b"EHLO":
                    line.sendall(f"250-here\r\n{self._offer}250 HELP\r\n".encode())
                elif verb == b"STARTTLS":
                    line.sendall(self._answer.encode())
                elif verb == b"QUIT":
                    line.sendall(b"221 bye\r\n")
                    return
                else:
                    line.sendall(b"250 ok\r\n")

    def close(self) -> None:
        """Stop listening and wait for the last line."""
        self._thread.join(10)
        self._listening.close()


@pytest.fixture(
    params=[
        ("250-STARTTLS\r\n", "454 4.7.0 TLS not available\r\n"),
        ("250-STARTTLS\r\n", "502 not now\r\n"),
        ("250-STARTTLS\r\n", "220 go on\r\nno TLS at all\r\n"),
        ("", ""),
    ],
    ids=["refused for now", "refused", "promised and broken", "not offered"],
)
def scripted(request: pytest.FixtureRequest) -> Iterator[Scripted]:
    """A server on whose line nothing can be encrypted."""
    server = Scripted(*request.param)
    yield server
    server.close()


def test_without_tls_nothing_is_said_but_the_greeting(scripted: Scripted) -> None:
    with pytest.raises(Undelivered) as refusal:
        Relay.of(f"smtp://register:word@127.0.0.1:{scripted.port}").send(message())
    assert not refusal.value.is_final
    assert "example.org" not in refusal.value.reason
    scripted.close()
    verbs = {line.split()[0].upper() for line in scripted.heard if re.match(rb"[A-Za-z]{4,8}\b", line)}
    assert verbs <= {b"EHLO", b"STARTTLS", b"QUIT"}
    everything = b"\n".join(scripted.heard)
    assert not [word for word in (b"AUTH", b"MAIL FROM", b"RCPT", b"example.org", b"word") if word in everything]

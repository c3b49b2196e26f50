"""The way to a real SMTP server: verified TLS or nothing, one recipient, refusals told apart."""

import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import pytest

from signflow import mailer
from signflow.mail_texts import POLICY
from signflow.mailer import Relay, Undelivered, address
from signflow.settings import UnsafeSettings
from tests.support.certificates import make_certificates
from tests.support.smtp import SmtpServer

LONG = "Ліст вязню важыць дваццаць грамаў. " * 100


def message(to: str = "nina@example.org", body: str = LONG) -> EmailMessage:
    made = EmailMessage(policy=POLICY)
    made["From"] = address("Агульная заява", "register@example.org")
    made["To"] = address("Ніна Валадкевіч", to)
    made["Subject"] = "Заява чакае вашай арганізацыі"
    made["Date"] = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
    made["Message-ID"] = "<0011@example.org>"
    made.set_content(body)
    return made


def relay(server: SmtpServer, query: str = "", user: str = "") -> Relay:
    return Relay.of(f"smtp://{user}{server.host}:{server.port}?ca={server.authority}{query}")


def test_a_message_arrives_whole_and_encrypted(smtp_server: SmtpServer) -> None:
    relay(smtp_server).send(message())
    (delivery,) = smtp_server.deliveries
    assert delivery.encrypted
    assert (delivery.sender, delivery.recipients) == ("register@example.org", ("nina@example.org",))
    assert delivery.message["To"].addresses[0].display_name == "Ніна Валадкевіч"
    assert delivery.message["Subject"] == "Заява чакае вашай арганізацыі"
    assert delivery.message["Message-ID"] == "<0011@example.org>"
    assert delivery.message.get_content().replace("\r\n", "\n") == LONG + "\n"


def test_no_line_is_longer_than_servers_take_and_all_is_ascii(smtp_server: SmtpServer) -> None:
    relay(smtp_server).send(message())
    content = smtp_server.deliveries[0].content
    assert max(len(line) for line in content.split(b"\r\n")) <= 78
    assert content.isascii()


def test_without_its_authority_the_server_is_not_trusted(smtp_server: SmtpServer) -> None:
    with pytest.raises(Undelivered) as refusal:
        Relay.of(f"smtp://{smtp_server.host}:{smtp_server.port}").send(message())
    assert (refusal.value.reason, refusal.value.is_final) == ("SSLCertVerificationError", False)
    assert smtp_server.deliveries == []


def test_a_certificate_for_another_name_is_not_trusted(tmp_path: Path) -> None:
    with SmtpServer(tmp_path, host="elsewhere.example.org") as server, pytest.raises(Undelivered) as refusal:
        relay(server).send(message())
    assert refusal.value.reason == "SSLCertVerificationError"


def test_a_server_without_starttls_gets_nothing(tmp_path: Path) -> None:
    with SmtpServer(tmp_path, starttls=False) as server:
        with pytest.raises(Undelivered) as refusal:
            relay(server).send(message())
        assert (refusal.value.is_final, server.deliveries) == (False, [])


def test_this_machine_may_be_served_in_clear_when_asked(tmp_path: Path) -> None:
    with SmtpServer(tmp_path, starttls=False) as server:
        Relay.of(f"smtp://127.0.0.1:{server.port}?starttls=never").send(message())
        assert [delivery.encrypted for delivery in server.deliveries] == [False]


def test_an_account_is_used_over_the_encrypted_line_only(tmp_path: Path) -> None:
    with SmtpServer(tmp_path, account=("register", "p@ss: word")) as server:
        relay(server, user="register:p%40ss%3A%20word@").send(message())
        assert [delivery.account for delivery in server.deliveries] == ["register"]


def test_a_wrong_account_is_ours_to_mend_and_no_refusal_of_the_mail(tmp_path: Path) -> None:
    with SmtpServer(tmp_path, account=("register", "right")) as server:
        with pytest.raises(Undelivered) as refusal:
            relay(server, user="register:wrong@").send(message())
        assert not refusal.value.is_final
        assert refusal.value.reason.startswith("535")


@pytest.mark.parametrize(
    ("answer", "reason", "is_final"),
    [
        ("550 5.1.1 <nina@example.org> has no mailbox", "550 5.1.1", True),
        ("551 not here", "551", True),
        ("450 4.2.1 try later, nina@example.org", "450 4.2.1", False),
        ("421 4.7.0 too many", "421 4.7.0", False),
    ],
)
def test_refusals_are_told_apart_and_name_nobody(
    smtp_server: SmtpServer, answer: str, reason: str, is_final: bool
) -> None:
    smtp_server.refuse("nina@example.org", answer)
    with pytest.raises(Undelivered) as refusal:
        relay(smtp_server).send(message())
    assert (refusal.value.reason, refusal.value.is_final) == (reason, is_final)
    assert smtp_server.deliveries == []


def test_nobody_listens(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(Undelivered) as refusal:
        Relay.of(f"smtp://127.0.0.1:{port}").send(message())
    assert (refusal.value.reason, refusal.value.is_final) == ("ConnectionRefusedError", False)


@pytest.fixture
def silent_port() -> Iterator[int]:
    """Somebody who takes the call and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        kept: list[socket.socket] = []
        thread = threading.Thread(target=lambda: kept.append(listening.accept()[0]), daemon=True)
        thread.start()
        yield listening.getsockname()[1]
        thread.join(5)
        for line in kept:
            line.close()


def test_a_silent_server_is_not_waited_for(silent_port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mailer, "TIMEOUT", 0.2)
    with pytest.raises(Undelivered) as refusal:
        Relay.of(f"smtp://127.0.0.1:{silent_port}").send(message())
    assert (refusal.value.reason, refusal.value.is_final) == ("SMTPServerDisconnected", False)


@pytest.mark.parametrize(
    "url",
    [
        "mail.example.org",
        "http://mail.example.org",
        "smtp://",
        "smtp://mail.example.org:port",
        "smtp://mail.example.org?starttls=maybe",
        "smtp://mail.example.org?starttls=never",
        "smtp://mail.example.org?verify=no",
        "smtp://register:w%C3%B6rd@mail.example.org",
        "smtp://mail.example.org?ca=no-such-file.pem",
    ],
)
def test_unsafe_addresses_are_refused(url: str) -> None:
    with pytest.raises(UnsafeSettings, match="SIGNFLOW_MAIL_URL"):
        Relay.of(url)


def test_what_an_address_says(tmp_path: Path) -> None:
    authority = make_certificates(tmp_path).authority
    assert Relay.of("smtps://a:b@mail.example.org") == Relay("mail.example.org", 465, "tls", "a", "b")
    assert Relay.of(f"smtp://mail.example.org?ca={authority}") == Relay(
        "mail.example.org", 587, "required", authority=str(authority)
    )


@pytest.mark.parametrize("name", ["Nina\r\nBcc: e@example.org", "Nina\nX: y", "Nina\r"])
def test_no_header_can_be_smuggled_in_by_a_name(name: str) -> None:
    with pytest.raises(ValueError, match="CR or LF"):
        address(name, "nina@example.org")


@pytest.mark.parametrize("email", ["nina@example.org\r\nBcc: e@example.org", "nina\n@example.org"])
def test_no_header_can_be_smuggled_in_by_an_address(email: str) -> None:
    with pytest.raises(ValueError, match="CR or LF"):
        address("Nina", email)


def test_a_name_cannot_pretend_to_be_an_address() -> None:
    made = EmailMessage(policy=SMTP)
    made["To"] = address('Nina" <boss@example.org>', "nina@example.org")
    assert [one.addr_spec for one in made["To"].addresses] == ["nina@example.org"]


def test_a_domain_in_another_alphabet_is_written_in_ascii() -> None:
    assert address("Ніна", "nina@пошта.example").domain == "xn--80a1acn3a.example"

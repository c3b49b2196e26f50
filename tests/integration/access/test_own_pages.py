"""Every page as it is sent: nothing that runs in it, nothing that is fetched from elsewhere, and no word to anybody while it is made."""

import socket
from typing import Any

import pytest

from tests.integration.access.honest import forms_of
from tests.integration.access.questions import asked, questions
from tests.integration.access.table import CELLS
from tests.support.asking import Asker
from tests.support.own import strangers_in
from tests.support.site import ORIGIN

LINES = pytest.mark.parametrize(("endpoint", "method"), CELLS, ids=[" ".join(line) for line in CELLS], scope="session")


@LINES
def test_a_page_holds_nothing_that_is_not_ours(asker: Asker, endpoint: str, method: str) -> None:
    for question, answer in asked(asker, endpoint, method).items():
        if answer.response.mimetype == "text/html":
            assert strangers_in(answer.response.text, ORIGIN) == [], question


@pytest.mark.parametrize("language", ["be", "ru"])
def test_nor_does_it_in_another_language(asker: Asker, language: str) -> None:
    for address in ("", "statements/2026-001", "verify", "security", "tags/joint-statement", "statements/2026-999"):
        page = asker.send("", "GET", f"/{language}/{address}").text
        assert f'lang="{language}"' in page
        assert strangers_in(page, ORIGIN) == []


class Called(AssertionError):
    """Somebody was called."""


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """No way out of this process: neither a connection nor a name to be looked up."""

    def refuse(*arguments: Any, **_named: Any) -> None:
        raise Called(arguments)

    for name in ("connect", "connect_ex", "sendto", "sendmsg"):
        monkeypatch.setattr(socket.socket, name, refuse)
    for name in ("create_connection", "getaddrinfo", "gethostbyname", "gethostbyname_ex", "gethostbyaddr", "getfqdn"):
        monkeypatch.setattr(socket, name, refuse)


def test_the_way_out_is_shut(alone: None) -> None:
    with pytest.raises(Called):
        socket.create_connection(("127.0.0.1", 9))
    with pytest.raises(Called), socket.socket() as one:
        one.connect(("127.0.0.1", 9))


@pytest.mark.parametrize("endpoint", sorted({endpoint for endpoint, method in CELLS if method == "GET"}))
def test_nobody_is_called_for_a_page(asker: Asker, alone: None, endpoint: str) -> None:
    """SEC-61: a call would be an error of the view, and no answer."""
    app = asker.demo_app if endpoint.startswith("demo.") else asker.app
    for role in ("nobody", "signatory", "drafter", "admin"):
        for question in questions(asker, endpoint, role):
            assert asker.ask(role, "GET", question.address, app=app).response.status_code < 500


def test_nobody_is_called_for_an_act(asker: Asker, alone: None) -> None:
    """Every honest form, to its end: mails wait in the outbox, and nothing else leaves."""
    forms = forms_of(asker)
    assert len(forms) > 25
    for endpoint, (role, address, form) in forms.items():
        answer = asker.ask(role, "POST", address, form)
        assert (answer.response.status_code in {200, 204, 303}, endpoint) == (True, endpoint)

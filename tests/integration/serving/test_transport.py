"""Number 79 of the catalogue and its neighbours, sent to the server that people run: it neither breaks nor waits (SEC-58)."""

import threading
import time
from contextlib import ExitStack

import pytest

from signflow.web.asgi import PATIENCE, THREADS
from tests.integration.serving.served import Served, read_answer
from tests.support.headers import SAME

pytestmark = pytest.mark.slow

FORM = b"Content-Type: application/x-www-form-urlencoded\r\n"


def _post(served: Served, head: bytes, body: bytes = b"a=b", within: float = 20.0) -> int:
    return served.say(b"POST /sign-in HTTP/1.1\r\n" + served.host + FORM + head, body, within).status


@pytest.mark.parametrize(
    ("name", "head", "status"),
    [
        ("no number", b"Content-Length: abc\r\n", 400),
        ("less than nothing", b"Content-Length: -1\r\n", 400),
        ("two lengths", b"Content-Length: 3\r\nContent-Length: 4\r\n", 400),
        ("a length and pieces", b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n", 400),
        ("a length with a plus", b"Content-Length: +3\r\n", 400),
        ("much too much", b"Content-Length: 10000001\r\n", 413),
        ("far too much", b"Content-Length: 99999999999999999999999999\r\n", 400),
        ("pieces that are none", b"Transfer-Encoding: chunked\r\n", 400),
        ("an encoding that nobody knows", b"Transfer-Encoding: nonsense\r\n", 400),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_79_a_wrong_length_is_refused_at_once(served: Served, name: str, head: bytes, status: int) -> None:
    began = time.monotonic()
    assert _post(served, head) == status
    assert time.monotonic() - began < 5


def test_79_a_large_body_gets_an_answer_and_no_hanging_up(served: Served) -> None:
    assert _post(served, b"Content-Length: 3000000\r\n", b"x" * 3_000_000) == 413


def test_79_pieces_without_an_end_are_cut(served: Served) -> None:
    with served.line() as line:
        line.sendall(b"POST /sign-in HTTP/1.1\r\n" + served.host + FORM + b"Transfer-Encoding: chunked\r\n\r\n")
        sent = 0
        try:
            while sent < 100_000_000:
                line.sendall(b"10000\r\n" + b"a" * 65536 + b"\r\n")
                sent += 65536
        except OSError:
            pass
        assert sent < 100_000_000
    assert served.say(b"GET /healthz HTTP/1.1\r\n" + served.host).status == 200


def test_79_bodies_that_do_not_come_hold_nobody_up(served: Served) -> None:
    """Many more than there are threads announce a body, and send it not; readers and signers are served meanwhile."""
    head = b"POST /sign-in HTTP/1.1\r\n" + served.host + FORM
    with ExitStack() as stack:
        slow = [stack.enter_context(served.line(PATIENCE + 10)) for _ in range(6 * THREADS)]
        for number, line in enumerate(slow):
            how = b"Content-Length: 500000\r\n" if number % 2 else b"Content-Length: 100\r\n"
            line.sendall(head + how + b"Connection: close\r\n\r\na=b")
        began = time.monotonic()
        for _ in range(THREADS):
            assert served.say(b"GET /en/ HTTP/1.1\r\n" + served.host).status == 200
            assert _post(served, b"Content-Length: 3\r\n") == 400, "no token, but taken"
        assert time.monotonic() - began < PATIENCE / 2
        answers = [read_answer(line) for line in slow]
        assert {answer.status for answer in answers} == {408}
        assert time.monotonic() - began < 30
        assert {answer.text for answer in answers} == {"The request did not come in time. Nothing was changed.\n"}


def test_a_head_that_does_not_come_is_not_waited_for(served: Served) -> None:
    with served.line(40) as line:
        line.sendall(b"GET /en/ HTTP/1.1\r\n" + served.host)
        began = time.monotonic()
        read_answer(line)
        assert time.monotonic() - began < 30


@pytest.mark.parametrize(("size", "status"), [(16_000, {400}), (60_000, {400, 431}), (600_000, {431})])
def test_84_large_cookies_are_refused(served: Served, size: int, status: set[int]) -> None:
    head = b"GET /sign-in HTTP/1.1\r\n" + served.host + b"Cookie: sf=" + b"x" * size + b"\r\n"
    assert served.say(head).status in status


@pytest.mark.parametrize(
    ("what", "status"),
    [
        (b"\x16\x03\x01\x00\xa5\x01\x00\x00", 400),
        (b"GET /en/\r\n", 400),
        (b"GET /en/ HTTP/9.9\r\n", 400),
        (b"GET /en/ HTTP/1.1\r\nHost : 127.0.0.1\r\n", 400),
        (b"GET /en/ HTTP/1.1\r\n", 400),
        (b"GET /en/ HTTP/1.1\r\nHost: evil.example\r\n", 400),
        (b"GET http://evil.example/en/ HTTP/1.1\r\nHost: evil.example\r\n", 400),
        (b"PRI * HTTP/2.0\r\n", 400),
        (b"CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example:443\r\n", 400),
    ],
)
def test_what_is_no_request_for_us_is_refused(served: Served, what: bytes, status: int) -> None:
    answer = served.say(what)
    assert answer.status in {status, 0, 405}
    assert b"evil.example" not in answer.body


def test_two_hosts_are_none(served: Served) -> None:
    assert served.say(b"GET /en/ HTTP/1.1\r\n" + served.host + b"Host: evil.example\r\n").status == 400


@pytest.mark.parametrize(
    ("path", "status", "location"),
    [
        ("/en/%ff%fe", 404, None),
        ("/en/%2e%2e/", 404, None),
        ("/%00", 404, None),
        ("//evil.example/%2e%2e", 404, None),
        ("/s/..%2f", 404, None),
        ("//en", 308, "/en/"),
        ("/en/tags/%D0%BC%D0%BE%D0%B2%D0%B0", 404, None),
    ],
)
def test_paths_come_as_they_are(served: Served, path: str, status: int, location: str | None) -> None:
    answer = served.say(f"GET {path} HTTP/1.1\r\n".encode() + served.host)
    assert (answer.status, answer.head.get("location")) == (status, location)


def test_a_head_request_has_no_body_and_the_length_of_one(served: Served) -> None:
    whole = served.say(b"GET /en/ HTTP/1.1\r\n" + served.host)
    bare = served.say(b"HEAD /en/ HTTP/1.1\r\n" + served.host)
    assert (bare.status, bare.body, bare.head["content-length"]) == (200, b"", str(len(whole.body)))
    same = served.say(b"GET /en/ HTTP/1.1\r\n" + served.host + f"If-None-Match: {whole.head['etag']}\r\n".encode())
    assert (same.status, same.body) == (304, b"")


def test_the_headers_arrive(served: Served) -> None:
    for path in ("/en/", "/nothing", "/sign-in", "/static/app.css", "/healthz"):
        answer = served.say(f"GET {path} HTTP/1.1\r\n".encode() + served.host)
        assert {name: answer.head.get(name.lower()) for name in SAME} == SAME
        assert answer.head["server"] == "signflow"
        assert not {"x-powered-by", "via"} & answer.head.keys()


def test_many_at_once_are_all_answered(served: Served) -> None:
    found: list[int] = []

    def ask() -> None:
        found.append(served.say(b"GET /en/ HTTP/1.1\r\n" + served.host).status)

    threads = [threading.Thread(target=ask) for _ in range(5 * THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [200] * 5 * THREADS


def test_the_server_is_still_there_and_said_nothing(served: Served) -> None:
    assert served.say(b"GET /readyz HTTP/1.1\r\n" + served.host).status == 200
    assert [line for line in served.program.so_far() if not line.startswith("Serving")] == []

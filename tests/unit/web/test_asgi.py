"""A request is taken whole and in time, or no thread ever sees it."""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import pytest

from signflow.web import asgi
from signflow.web.asgi import Message, Whole

Result = TypeVar("Result")

SECRET = "tarragon-4711"
SEEN: list[dict[str, Any]] = []


def _app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answers what it got."""
    body = environ["wsgi.input"].read()
    SEEN.append({**environ, "body": body})
    start_response("200 OK", [("X-Two", "å"), ("X-Two", "b")])
    return [b"got ", body]


def _scope(**changes: Any) -> Message:
    return {
        "type": "http",
        "method": "POST",
        "scheme": "http",
        "http_version": "1.1",
        "path": "/ignored",
        "raw_path": b"/en/%D1%8F%ff",
        "query_string": b"q=%d1%8f",
        "server": ("127.0.0.1", 8000),
        "headers": [],
        **changes,
    }


def _headers(**named: str) -> list[tuple[bytes, bytes]]:
    return [(name.replace("_", "-").encode(), value.encode()) for name, value in named.items()]


async def _ask(app: Whole, scope: Message, messages: list[Message], *, then_wait: bool = False) -> list[Message]:
    """What is sent back; after the last message nothing more comes, ever."""
    coming, sent = iter(messages), []

    async def receive() -> Message:
        for message in coming:
            return message
        assert then_wait, "more was asked for than was sent"
        await asyncio.Event().wait()
        raise AssertionError

    async def send(message: Message) -> None:
        sent.append(message)

    await app(scope, receive, send)
    return sent


def _piece(body: bytes, *, more: bool = False) -> Message:
    return {"type": "http.request", "body": body, "more_body": more}


def _run(coroutine: Coroutine[Any, Any, Result]) -> Result:
    """In a thread of its own: where a browser was opened in this process, its loop goes on running in the main one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, coroutine).result()


def asked(*messages: Message, app: Any = _app, then_wait: bool = False, **changes: Any) -> tuple[int, bytes]:
    """Status and body of one answer."""
    SEEN.clear()
    whole = Whole(app, threads=1, largest=1000)
    sent = _run(_ask(whole, _scope(**changes), list(messages), then_wait=then_wait))
    return sent[0]["status"], sent[1]["body"]


def test_a_body_in_pieces_arrives_whole() -> None:
    answer = asked(_piece(b"a=", more=True), _piece(b"b"), headers=_headers(content_length="3"))
    assert answer == (200, b"got a=b")


def test_the_environment_is_that_of_wsgi() -> None:
    headers = [
        *_headers(host="here", content_type="x/y", content_length="0", x_forwarded_for="1"),
        (b"x-forwarded-for", b"2"),
    ]
    headers += [(b"cookie", b"a=1"), (b"cookie", b"b=2")]
    asked(_piece(b""), headers=headers)
    (seen,) = SEEN
    assert seen["PATH_INFO"].encode("latin-1") == "/en/я".encode() + b"\xff"
    assert (seen["QUERY_STRING"], seen["REQUEST_METHOD"], seen["SERVER_PROTOCOL"]) == ("q=%d1%8f", "POST", "HTTP/1.1")
    assert (seen["HTTP_HOST"], seen["CONTENT_TYPE"], seen["CONTENT_LENGTH"]) == ("here", "x/y", "0")
    assert (seen["HTTP_X_FORWARDED_FOR"], seen["HTTP_COOKIE"]) == ("1,2", "a=1; b=2")
    assert "REMOTE_ADDR" not in seen


def test_headers_come_back_as_they_are() -> None:
    sent = _run(_ask(Whole(_app, threads=1, largest=9), _scope(method="GET"), []))
    assert sent[0]["headers"] == [
        (b"x-two", "å".encode("latin-1")),
        (b"x-two", b"b"),
        (b"server", b"signflow"),
    ]


@pytest.mark.parametrize("headers", [_headers(content_length="100"), _headers(transfer_encoding="chunked"), []])
def test_a_body_that_does_not_come_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch, headers: list[tuple[bytes, bytes]]
) -> None:
    monkeypatch.setattr(asgi, "PATIENCE", 0.02)
    status, body = asked(_piece(b"a=b", more=True), then_wait=True, headers=headers)
    assert (status, body) == (408, b"The request did not come in time. Nothing was changed.\n")
    assert SEEN == []


def test_a_body_without_an_end_is_cut_where_it_is_too_large() -> None:
    pieces = [_piece(b"x" * 400, more=True)] * 3  # a fourth is never asked for
    assert asked(*pieces, headers=_headers(transfer_encoding="chunked")) == (200, b"got " + b"x" * 1200)


@pytest.mark.parametrize(("method", "length"), [("GET", "3"), ("DELETE", "3"), ("POST", "10001")])
def test_what_is_not_needed_is_not_read(method: str, length: str) -> None:
    assert asked(method=method, headers=_headers(content_length=length)) == (200, b"got ")
    assert SEEN[0]["CONTENT_LENGTH"] == length


def test_what_is_too_large_is_let_in_and_forgotten() -> None:
    pieces = [_piece(b"x" * 1000, more=True), _piece(b"x" * 1000)]
    assert asked(*pieces, headers=_headers(content_length="2000")) == (200, b"got ")
    assert SEEN[0]["CONTENT_LENGTH"] == "2000"


def test_what_is_too_large_and_late_is_answered_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asgi, "COURTESY", 0.02)
    headers = _headers(content_length="2000")
    assert asked(_piece(b"x", more=True), then_wait=True, headers=headers) == (200, b"got ")


def test_a_body_that_was_cut_is_seen_by_nobody() -> None:
    status, body = asked(_piece(b"a", more=True), {"type": "http.disconnect"})
    assert (status, body) == (400, b"The request could not be read. Nothing was changed.\n")
    assert SEEN == []


def test_large_bodies_take_turns_and_small_ones_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asgi, "TURNS", 1)
    monkeypatch.setattr(asgi, "SMALL", 10)

    async def both() -> tuple[list[Message], bool]:
        app = Whole(_app, threads=1, largest=1000)
        slow = asyncio.create_task(
            _ask(app, _scope(headers=_headers(content_length="11")), [_piece(b"a", more=True)], then_wait=True)
        )
        waiting = asyncio.create_task(_ask(app, _scope(headers=_headers(content_length="11")), [_piece(b"b" * 11)]))
        small = await _ask(app, _scope(headers=_headers(content_length="1")), [_piece(b"c")])
        was_waiting = not waiting.done()
        slow.cancel()
        assert (await waiting)[1]["body"] == b"got " + b"b" * 11
        return small, was_waiting

    small, was_waiting = _run(both())
    assert (small[1]["body"], was_waiting) == (b"got c", True)


def test_what_the_application_raises_goes_no_further(caplog: pytest.LogCaptureFixture) -> None:
    def broken(_environ: dict[str, Any], _start: Callable[..., Any]) -> Iterable[bytes]:
        raise KeyError(SECRET)

    status, body = asked(_piece(b""), app=broken)
    assert (status, body) == (500, b"Something went wrong on our side.\n")
    (record,) = caplog.records
    assert (record.levelno, record.exc_info) == (logging.CRITICAL, None)
    assert record.getMessage().startswith("status=500 route=- error=KeyError at=signflow.web.asgi:")
    assert SECRET not in caplog.text


def test_an_answer_is_closed_also_when_it_breaks() -> None:
    class Pieces:
        closed = False

        def __iter__(self) -> Any:
            raise OSError

        def close(self) -> None:
            Pieces.closed = True

    def app(_environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        start_response("200 OK", [])
        return Pieces()

    assert asked(_piece(b""), app=app)[0] == 500
    assert Pieces.closed

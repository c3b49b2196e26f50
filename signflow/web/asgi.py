"""The application for a server that speaks ASGI: a request is taken whole and in time, and only then given one of the few threads.

A WSGI server reads a body while the application waits for it, so that whoever announces a hundred bytes and sends three holds a thread for
as long as they like. Here waiting costs a coroutine. ASGI 3.0; the environment is that of PEP 3333.
"""

import asyncio
import io
import logging
import multiprocessing
import sys
from collections.abc import Awaitable, Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any
from urllib.parse import unquote_to_bytes
from wsgiref.types import WSGIApplication

from signflow.logs import described

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Answer = tuple[int, list[tuple[bytes, bytes]], bytes]

logger = logging.getLogger("signflow")

THREADS = min(8, 2 * multiprocessing.cpu_count() + 1)
"""Requests that one worker process handles at once."""
PATIENCE = 20.0
"""Seconds in which a body must have come."""
COURTESY = 8.0
"""Seconds for which a body that is refused for its size is let in all the same; beyond MOST_DISCARDED times what is allowed, not at all."""
MOST_DISCARDED = 10
SMALL = 65_536
"""Bytes; larger bodies, and those that do not say how large they are, take turns."""
TURNS = 16
WITH_BODY = frozenset({"POST", "PUT", "PATCH"})
PLAIN = [
    (b"content-type", b"text/plain; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"content-security-policy", b"default-src 'none'; sandbox; frame-ancestors 'none'"),
    (b"x-content-type-options", b"nosniff"),
]
SERVER = (b"server", b"signflow")
"""Instead of the name of the server program, which would be added to an answer without one."""
LATE: Answer = (408, PLAIN, b"The request did not come in time. Nothing was changed.\n")
CUT: Answer = (400, PLAIN, b"The request could not be read. Nothing was changed.\n")
BROKEN: Answer = (500, PLAIN, b"Something went wrong on our side.\n")


class Cut(Exception):
    """The body ended before its end: whoever sent it left, or wrote it wrongly. The server does not say which."""


class Whole:
    """An ASGI application around a WSGI one, which runs in at most so many threads and sees bodies of at most `largest` bytes."""

    def __init__(self, app: WSGIApplication, *, threads: int, largest: int) -> None:
        self._app, self._largest = app, largest
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="request")
        self._turns = asyncio.Semaphore(TURNS)

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request."""
        try:
            async with asyncio.timeout(PATIENCE):
                body = await self._body(scope, receive)
        except TimeoutError:
            return await _answer(send, LATE)
        except Cut:
            return await _answer(send, CUT)
        loop = asyncio.get_running_loop()
        return await _answer(send, await loop.run_in_executor(self._threads, self._run, environ_of(scope, body)))

    async def _body(self, scope: Message, receive: Receive) -> bytes:
        """The body, or nothing of one that is refused anyway: for its length, or because the method has none."""
        stated = dict(scope["headers"]).get(b"content-length", b"")
        length = int(stated) if stated.isdigit() else None
        if scope["method"] not in WITH_BODY:
            return b""
        if length is not None and length > self._largest:
            await self._discard(receive, length)
            return b""
        if length is not None and length <= SMALL:
            return await self._pieces(receive)
        async with self._turns:
            return await self._pieces(receive)

    async def _discard(self, receive: Receive, length: int) -> None:
        """Let a large body come in, if it is not absurd: hung up on, a browser would show no answer."""
        with suppress(TimeoutError):
            async with asyncio.timeout(COURTESY):
                while length <= MOST_DISCARDED * self._largest:
                    message = await receive()
                    if not message.get("more_body", False):
                        return

    async def _pieces(self, receive: Receive) -> bytes:
        body = bytearray()
        more = True
        while more and len(body) <= self._largest:  # one piece too much is enough to be refused for it
            message = await receive()
            if message["type"] == "http.disconnect":
                raise Cut
            body += message.get("body", b"")
            more = message.get("more_body", False)
        return bytes(body)

    def _run(self, environ: dict[str, Any]) -> Answer:
        """In a thread: the application's answer. What it raises is logged without values, and goes no further."""
        said: list[Any] = []
        try:
            pieces = self._app(environ, lambda status, headers, _info=None: said.extend((status, headers)))  # type: ignore[arg-type]
            try:
                body = b"".join(pieces)
            finally:
                if hasattr(pieces, "close"):
                    pieces.close()
        except Exception as error:
            logger.critical("status=500 route=- %s", described(error))
            return BROKEN
        status, headers = said
        return int(status[:3]), [(n.lower().encode("latin-1"), v.encode("latin-1")) for n, v in headers], body


async def _answer(send: Send, answer: Answer) -> None:
    status, headers, body = answer
    await send({"type": "http.response.start", "status": status, "headers": [*headers, SERVER]})
    await send({"type": "http.response.body", "body": body})


def environ_of(scope: Message, body: bytes) -> dict[str, Any]:
    """The WSGI environment of a request whose body has come. It names no client: nothing here asks for one."""
    server = scope.get("server") or ("localhost", 80)
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(scope["raw_path"]).decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1]),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": io.BytesIO(body),
        "wsgi.input_terminated": True,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for raw_name, raw_value in scope["headers"]:
        name, value = raw_name.decode("latin-1").upper().replace("-", "_"), raw_value.decode("latin-1")
        key = name if name in {"CONTENT_TYPE", "CONTENT_LENGTH"} else f"HTTP_{name}"
        joined = "; " if key == "HTTP_COOKIE" else ","
        environ[key] = f"{environ[key]}{joined}{value}" if key in environ else value
    return environ

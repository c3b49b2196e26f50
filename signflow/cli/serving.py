"""Runs the web server inside this process: granian, without its access log."""

import errno
import multiprocessing
import os
import signal
import socket
import threading
import time
from collections.abc import Callable
from http.client import HTTPConnection, HTTPException
from multiprocessing import resource_tracker
from typing import Any

from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server.mp import MPServer

from signflow import logs
from signflow.cli.refusals import Refusal

LARGEST_HEAD = 32_768
"""Bytes of request line and headers together; beyond them the server answers 431."""
HEAD_WITHIN = 15_000
"""Milliseconds in which the head of a request must have come."""


def refuse_taken(host: str, port: int) -> None:
    """Refusal when somebody listens there already, or nobody may."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
            probe.listen()
        except OSError as error:
            taken = error.errno == errno.EADDRINUSE
            why = "is taken" if taken else f"cannot be used ({os.strerror(error.errno or 0)})"
            raise Refusal(f"Port {port} on {host} {why}; choose another with --port") from None


class _Server(MPServer):
    """Granian whose worker processes leave Ctrl-C to this process.

    A terminal sends SIGINT to all of them at once; a worker that gets it, and then the SIGTERM of its parent, may hang on open connections.
    """

    def _spawn_workers(self, *arguments: Any) -> None:
        resource_tracker.ensure_running()  # would unblock SIGINT again when it starts
        # a child begins with the signals blocked that its parent had blocked
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            super()._spawn_workers(*arguments)  # type: ignore[no-untyped-call]
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)


def serve_until_stopped(host: str, port: int, *, workers: int, when_ready: Callable[[], None]) -> None:
    """Serve until SIGTERM or Ctrl-C; `when_ready` is called, in a thread, at the first answer.

    Worker processes read the settings from the environment again.
    """
    logs.configure()
    # forking would copy threads' locks and open databases into the workers
    multiprocessing.set_start_method("spawn", force=True)
    server = _Server(
        "signflow.app:served",
        factory=True,
        address=host,
        port=port,
        interface=Interfaces.ASGINL,
        workers=workers,
        websockets=False,
        http=HTTPModes.http1,  # what proxies and tor speak; without TLS no browser asks for anything else
        http1_settings=HTTP1Settings(header_read_timeout=HEAD_WITHIN, max_buffer_size=LARGEST_HEAD),
        log_access=False,
        log_level=LogLevels.warning,
        log_dictconfig={"formatters": {}, "handlers": {}, "loggers": {"_granian": {"propagate": True}}},
        workers_kill_timeout=10,
    )
    waiting = threading.Thread(target=_wait_for_answer, args=(host, port, when_ready), daemon=True)
    server.on_startup(waiting.start)
    server.serve()


def _wait_for_answer(host: str, port: int, when_ready: Callable[[], None]) -> None:
    """Ask until anything answers: a worker takes connections only when its application stands."""
    here = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - where to ask, not where to listen
    while True:
        connection = HTTPConnection(here, port, timeout=5)
        try:
            connection.request("GET", "/healthz")
            connection.getresponse().read()
        except (OSError, HTTPException):
            time.sleep(0.1)
        else:
            return when_ready()
        finally:
            connection.close()

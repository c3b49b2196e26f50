"""A real Chromium, driven by Playwright, and a real HTTP server for it to visit."""

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal
from wsgiref.types import WSGIApplication

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # A page that reaches for anything outside must fail, on a machine with a network too.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]
ANSWER_WITHIN_MS = 20_000

ColorScheme = Literal["light", "dark"]
OpenPage = Callable[..., Page]


class BrowserUnavailable(Exception):
    """No browser can run on this machine; the message says why in one line."""


def find_chromium() -> str:
    """The path of a Chromium; raises BrowserUnavailable when the machine has none."""
    for name in NAMES:
        if found := shutil.which(name):
            return found
    raise BrowserUnavailable("no Chromium on this machine (on Debian: apt-get install chromium)")


@contextmanager
def running_browser(home: Path) -> Iterator[Browser]:
    """A headless Chromium that writes only below `home`."""
    executable = find_chromium()
    environment: dict[str, str | float | bool] = {**os.environ, "HOME": str(home), "TZ": "UTC"}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=executable, args=ARGUMENTS, env=environment, timeout=3 * ANSWER_WITHIN_MS
        )
        try:
            yield browser
        finally:
            browser.close()


class Pages:
    """Opens pages, each in its own fresh profile, and keeps what they complained about."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._contexts: list[BrowserContext] = []
        self.complaints: list[str] = []

    def open(
        self,
        *,
        viewport: tuple[int, int] = (1280, 900),
        color_scheme: ColorScheme = "light",
        javascript: bool = True,
        **more: Any,
    ) -> Page:
        """A blank page; `viewport` is (width, height) in CSS pixels, `more` goes to Browser.new_context."""
        more.setdefault("locale", "en-GB")
        context = self._browser.new_context(
            viewport={"width": viewport[0], "height": viewport[1]},
            color_scheme=color_scheme,
            java_script_enabled=javascript,
            **more,
        )
        self._contexts.append(context)
        context.set_default_timeout(ANSWER_WITHIN_MS)
        page = context.new_page()
        page.on("console", self._listen)
        page.on("pageerror", lambda error: self.complaints.append(f"script: {error}"))
        return page

    def _listen(self, message: ConsoleMessage) -> None:
        # Tests visit 404, 409 and 422 pages on purpose; everything else red on the console is a fault of the page.
        if message.type == "error" and "the server responded with a status of" not in message.text:
            self.complaints.append(message.text)

    def close(self) -> None:
        """Close every page opened here."""
        for context in self._contexts:
            context.close()


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002
        """Say nothing: the tests read answers, not logs."""


@contextmanager
def serving(app: WSGIApplication) -> Iterator[str]:
    """Serve `app` on a free loopback port, a thread a request; gives the address without a final slash."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join(10)
        server.server_close()

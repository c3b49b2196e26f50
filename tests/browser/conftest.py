"""Fixtures of the browser tests."""

from collections.abc import Callable
from wsgiref.types import WSGIApplication

import pytest
from flask import Flask
from playwright.sync_api import expect

from tests.browser.served import Served, put_behind
from tests.support.browser import ANSWER_WITHIN_MS

expect.set_options(timeout=ANSWER_WITHIN_MS)


@pytest.fixture
def served(sqlite_app: Flask, live_server: Callable[[WSGIApplication], str]) -> Served:
    """The application over a migrated SQLite file, served on a loopback port."""
    return put_behind(sqlite_app, live_server(sqlite_app))

"""Some acts have one place in the whole project, so that a reader can find every use of them."""

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.sources import files_in, must_be_empty, parsed, short


def _calls(*names: str) -> Callable[[ast.AST], bool]:
    return lambda node: isinstance(node, ast.Call) and _name(node.func) in names


def _name(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def _opens_a_writing_session(node: ast.AST) -> bool:
    """`….write()` without arguments, unlike a file's, or `….write_session()`."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return False
    return node.func.attr == "write_session" or (node.func.attr == "write" and not node.args and not node.keywords)


def _says(pattern: str) -> Callable[[ast.AST], bool]:
    """A name or a piece of SQL that matches."""
    found = re.compile(pattern)

    def matches(node: ast.AST) -> bool:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            return bool(found.search(node.value))
        return isinstance(node, ast.Attribute | ast.Name) and bool(found.search(_name(node)))

    return matches


def _imports(*modules: str) -> Callable[[ast.AST], bool]:
    """An import of a module or of what is in it. `http` stands for what speaks it: `HTTPStatus` only names numbers."""

    def matches(node: ast.AST) -> bool:
        named = []
        if isinstance(node, ast.Import):
            named = [alias.name for alias in node.names]
        if isinstance(node, ast.ImportFrom) and [alias.name for alias in node.names] != ["HTTPStatus"]:
            named = [node.module or ""]
        return any(f"{name}.".startswith(f"{module}.") for name in named for module in modules)

    return matches


# What the act is, how it looks in the source, and where it may be. A name that ends in / is a folder.
PLACES: dict[str, tuple[Callable[[ast.AST], bool], tuple[str, ...]]] = {
    "lock rows": (_calls("with_for_update"), ("signflow/models/locks.py",)),
    "take advisory locks": (_says(r"\bpg_(try_)?advisory"), ("signflow/models/locks.py", "signflow/models/freeze/")),
    "use Flask-Mail": (_imports("flask_mail"), ("signflow/mailer.py",)),
    "overwrite what was erased": (_says(r"wal_checkpoint\(|\bVACUUM"), ("signflow/database.py",)),
    "speak to a network": (
        _imports(
            "socket",
            "smtplib",
            "ssl",
            "http",
            "urllib.request",
            "ftplib",
            "xmlrpc",
            "requests",
            "httpx",
            "urllib3",
            "aiohttp",
        ),
        ("signflow/mailer.py", "signflow/cli/serving.py", "signflow/stamping.py"),
    ),
    "commit": (
        _calls("commit"),
        ("signflow/web/transaction.py", "signflow/cli/", "signflow/worker.py", "signflow/demo/"),
    ),
    "open a writing session": (
        _opens_a_writing_session,
        ("signflow/web/transaction.py", "signflow/cli/", "signflow/worker.py", "signflow/demo/"),
    ),
}


def _uses(act: Callable[[ast.AST], bool]) -> Iterator[tuple[Path, int]]:
    for file in files_in("signflow", "wsgi.py", suffix=".py"):
        for node in ast.walk(parsed(file)):
            if act(node):
                yield file, getattr(node, "lineno", 0)


@pytest.mark.parametrize("act", PLACES)
def test_each_act_has_its_place(act: str) -> None:
    looks, places = PLACES[act]
    must_be_empty(f"{short(file)}:{line}" for file, line in _uses(looks) if not short(file).startswith(places))


@pytest.mark.parametrize(
    ("act", "source"),
    [
        ("lock rows", "session.scalars(query.with_for_update())"),
        ("take advisory locks", "session.execute(text('SELECT pg_advisory_xact_lock(1)'))"),
        ("take advisory locks", "func.pg_try_advisory_lock(1)"),
        ("use Flask-Mail", "from flask_mail import Mail"),
        ("use Flask-Mail", "import flask_mail"),
        ("overwrite what was erased", "connection.execute('PRAGMA wal_checkpoint(TRUNCATE)')"),
        ("overwrite what was erased", "connection.execute('VACUUM frozen_signatory')"),
        ("speak to a network", "import socket"),
        ("speak to a network", "from http.client import HTTPConnection"),
        ("speak to a network", "from urllib.request import urlopen"),
        ("commit", "session.commit()"),
        ("open a writing session", "database.write()"),
        ("open a writing session", "current_database().write_session()"),
    ],
)
def test_the_looks_are_recognised(act: str, source: str) -> None:
    assert any(map(PLACES[act][0], ast.walk(ast.parse(source))))


def test_taking_an_address_apart_is_no_network() -> None:
    for source in ("from http import HTTPStatus", "from urllib.parse import quote", "import httpie"):
        assert not any(map(PLACES["speak to a network"][0], ast.walk(ast.parse(source))))


def test_writing_a_file_is_no_writing_session() -> None:
    assert not any(map(_opens_a_writing_session, ast.walk(ast.parse("file.write(text)"))))

"""Files, functions, views and templates stay small enough to be read in one go."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.sources import files_in, must_be_empty, parsed, short

CODE = ("signflow", "migrations", "wsgi.py", "build_translations.py")
ROUTES = {"route", "get", "post", "put", "patch", "delete"}
Function = ast.FunctionDef | ast.AsyncFunctionDef


def _lines(file: Path) -> int:
    return len(file.read_text(encoding="utf-8").splitlines())


def _functions(*areas: str) -> Iterator[tuple[str, Function]]:
    for file in files_in(*areas, suffix=".py"):
        for node in ast.walk(parsed(file)):
            if isinstance(node, Function):
                yield f"{short(file)}:{node.lineno} {node.name}", node


def _length(function: Function) -> int:
    assert function.end_lineno is not None
    return function.end_lineno - function.lineno + 1


def _arguments(function: Function) -> tuple[int, int]:
    """How many arguments, and how many of them by position.

    Without self and cls, and without what is named `_like_this`: unused, there because a library calls with it.
    """
    given = function.args
    names = [argument.arg for argument in [*given.posonlyargs, *given.args]]
    by_position = [name for name in names if name not in ("self", "cls") and not name.startswith("_")]
    return len(by_position) + len(given.kwonlyargs), len(by_position)


def _is_view(function: Function) -> bool:
    called = (node.func for node in function.decorator_list if isinstance(node, ast.Call))
    return any(isinstance(name, ast.Attribute) and name.attr in ROUTES for name in called)


@pytest.mark.parametrize(
    ("areas", "suffix", "limit"),
    [(CODE, ".py", 300), (("tests",), ".py", 400), (("templates",), "", 120)],
    ids=["code", "tests", "templates"],
)
def test_no_file_is_too_long(areas: tuple[str, ...], suffix: str, limit: int) -> None:
    long = {short(file): _lines(file) for file in files_in(*areas, suffix=suffix) if _lines(file) > limit}
    must_be_empty(long.items())


def test_no_function_is_too_long() -> None:
    long = {where: _length(function) for where, function in _functions(*CODE, "tests") if _length(function) > 40}
    must_be_empty(long.items())


def test_no_view_is_too_long() -> None:
    views = [(where, function) for where, function in _functions("signflow/web") if _is_view(function)]
    long = {where: _length(function) for where, function in views if _length(function) > 20}
    must_be_empty(long.items())


def test_no_function_takes_too_many_arguments() -> None:
    many = {
        where: counts
        for where, function in _functions(*CODE)
        if (counts := _arguments(function))[0] > 6 or counts[1] > 3
    }
    must_be_empty(many.items())


LARGEST_SCRIPT, LARGEST_EDITOR = 3072, 12_288
"""Bytes: of what every page loads, and of what only a page with the editor does."""


def test_the_script_stays_a_comfort() -> None:
    sizes = {short(file): file.stat().st_size for file in files_in("signflow/static", suffix=".js")}
    limits = {"signflow/static/editor.js": LARGEST_EDITOR}
    must_be_empty((name, size) for name, size in sizes.items() if size > limits.get(name, LARGEST_SCRIPT))


def test_only_pages_with_the_editor_load_its_script() -> None:
    pages = {short(file) for file in files_in("templates") if "editor.js" in file.read_text("utf-8")}
    assert pages == {"templates/statements/conflict.html", "templates/statements/editor.html"}

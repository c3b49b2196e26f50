"""The project's own files, for tests that read the source."""

import ast
import functools
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NOT_OURS = {
    ".git",
    ".venv",
    "__pycache__",
    "build",
    "dist",
    "instance",
    "node_modules",
    ".mypy_cache",
    ".ruff_cache",
    ".pytest_cache",
    ".hypothesis",
    ".import_linter_cache",
}
NOT_TEXT = {".mo", ".pyc", ".png", ".ico", ".docx", ".xlsx", ".pdf", ".woff2", ".jpg", ".gz", ".zip", ".sqlite"}


@functools.cache
def our_files() -> tuple[Path, ...]:
    """Every file of the project, without what machines make."""
    found: list[Path] = []
    for folder, folders, files in os.walk(ROOT):
        folders[:] = sorted(name for name in folders if name not in NOT_OURS and not name.endswith(".egg-info"))
        found += [Path(folder, name) for name in sorted(files)]
    return tuple(found)


def files_in(*areas: str, suffix: str = "") -> Iterator[Path]:
    """Our files at or below the named places, by the end of their names."""
    roots = [ROOT / area for area in areas]
    for file in our_files():
        if file.name.endswith(suffix) and any(file == root or root in file.parents for root in roots):
            yield file


def text_files() -> Iterator[Path]:
    """Our files that hold text."""
    return (file for file in our_files() if file.suffix not in NOT_TEXT)


def short(file: Path) -> str:
    """The file's name as written from the root of the project."""
    return file.relative_to(ROOT).as_posix()


@functools.cache
def parsed(file: Path) -> ast.Module:
    """The syntax tree of a Python file."""
    return ast.parse(file.read_text(encoding="utf-8"), filename=short(file))


def must_be_empty(found: Iterable[object]) -> None:
    """Fail with everything found, one a line; pytest itself would show the first only."""
    lines = [str(item) for item in found]
    assert not lines, "\n".join([f"{len(lines)} found:", *lines])

"""Everything public in signflow says in a sentence what it is."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.support.sources import files_in, must_be_empty, parsed, short

Documented = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def _public(tree: ast.Module) -> Iterator[Documented]:
    """Functions and classes at the top of a file; what is private, nested or a method answers to its owner."""
    for node in tree.body:
        if isinstance(node, Documented) and not node.name.startswith("_") and not _is_overload(node):
            yield node


def _is_overload(node: Documented) -> bool:
    return any(isinstance(name, ast.Name) and name.id == "overload" for name in node.decorator_list)


def _silent(file: Path) -> Iterator[str]:
    tree = parsed(file)
    if tree.body and not ast.get_docstring(tree):
        yield short(file)
    for node in _public(tree):
        if not ast.get_docstring(node):
            yield f"{short(file)}:{node.lineno} {node.name}"


def test_public_functions_and_classes_have_docstrings() -> None:
    must_be_empty(name for file in files_in("signflow", suffix=".py") for name in _silent(file))

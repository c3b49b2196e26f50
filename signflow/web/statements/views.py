"""Statements on the desk: write, read, compare. The views stand in modules by what one does."""

from signflow.web.statements import comparing, from_template, keeping, leading, pasting, showing, writing
from signflow.web.statements.blueprint import area

__all__ = ["area", "comparing", "from_template", "keeping", "leading", "pasting", "showing", "writing"]

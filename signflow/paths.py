"""Where templates and migrations are: beside the package in a checkout, inside it in a wheel."""

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent


def _beside_or_bundled(name: str) -> Path:
    bundled = PACKAGE / "_bundled" / name
    beside = PACKAGE.parent / name
    # a checkout has wsgi.py beside the package; an editable install may also carry a stale copy inside
    return beside if (PACKAGE.parent / "wsgi.py").exists() and beside.is_dir() else bundled


TEMPLATES = _beside_or_bundled("templates")
MIGRATIONS = _beside_or_bundled("migrations")
STATIC = PACKAGE / "static"
TRANSLATIONS = PACKAGE / "translations"

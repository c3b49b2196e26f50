"""A bare template environment: no application, no database, English as written in the templates."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from xml.etree.ElementTree import Element
from zoneinfo import ZoneInfo

import html5lib
import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined

TEMPLATES = Path(__file__).parents[3] / "templates"
Render = Callable[..., Element]


def both_zones(moment: datetime) -> tuple[str, str, str | None]:
    """The shape of the application's filter: the coalition is in Vilnius, the reader in Warsaw."""
    here, there = (moment.astimezone(ZoneInfo(zone)) for zone in ("Europe/Vilnius", "Europe/Warsaw"))
    return here.isoformat(), f"{here:%d.%m.%Y, %H:%M} Vilnius", f"{there:%H:%M} Warsaw"


@pytest.fixture
def templates() -> Environment:
    env = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
    )
    env.install_null_translations(newstyle=True)  # type: ignore[attr-defined]
    env.filters["both_zones"] = both_zones
    env.globals |= {
        "csrf_token": lambda: "token-1",
        "asset": lambda name: f"/static/{name}",
        "get_flashed_messages": lambda with_categories: [("good", "Saved.")],
    }
    return env


@pytest.fixture
def around() -> dict[str, Any]:
    """What the application gives to every page."""
    return {
        "coalition_name": "Ahulam",
        "language": "en",
        "languages": ["be", "ru", "en"],
        "language_name": {"be": "Беларуская", "ru": "Русский", "en": "English"}.get,
        "demo": False,
        "navigation": [
            SimpleNamespace(address="/desk/", label="Waiting for you (3)", current=True),
            SimpleNamespace(address="/desk/statements/", label="Statements", current=False),
        ],
        "viewer": SimpleNamespace(
            name="Nina Valadkevich",
            is_admin=False,
            seats=[SimpleNamespace(organisation_name="Third Bank Initiative", role="signatory")],
        ),
    }


@pytest.fixture
def render(templates: Environment) -> Render:
    """Render a snippet and parse it as a browser would; every macro's file is imported by its name."""

    def parsed(source: str, imports: str = "", **context: Any) -> Element:
        lines = [line.split(":") for line in imports.split(";") if line]
        start = "".join(f'{{% from "components/{file.strip()}.html" import {names} %}}' for file, names in lines)
        html = templates.from_string(start + source).render(context)
        return html5lib.parseFragment(html, namespaceHTMLElements=False)

    return parsed

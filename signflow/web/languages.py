"""In which language and time zone a page is shown."""

from flask import Flask, g, request
from flask_babel import Babel

from signflow.domain.actors import Actor
from signflow.paths import TRANSLATIONS
from signflow.web.site import site


def page_language() -> str:
    """The language of the address on public pages, the viewer's on the desk, at the door the browser's."""
    languages = site().settings.languages
    in_address = (request.view_args or {}).get("language") or request.path.split("/")[1]
    asked = in_address if in_address in languages else getattr(_here(), "language", None)
    if asked in languages:
        return str(asked)
    return request.accept_languages.best_match(languages) or languages[0]


def page_zone() -> str:
    """The viewer's time zone; the coalition's where nobody is signed in."""
    actor = _here()
    return actor.time_zone if actor is not None else site().settings.time_zone


def _here() -> Actor | None:
    """Who is signed in, or has still to show a second factor."""
    actor: Actor | None = g.get("viewer") or g.get("entering")
    return actor


def init_app(app: Flask) -> None:
    """Attach Flask-Babel."""
    app.config.update(BABEL_TRANSLATION_DIRECTORIES=str(TRANSLATIONS), BABEL_DEFAULT_LOCALE="en")
    Babel(app, locale_selector=page_language, timezone_selector=page_zone)

"""Who is signed in: Flask-Login over sessions that live in the database and end there."""

from flask import Flask, current_app, g, request, session
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user

from signflow.domain.actors import Actor
from signflow.queries.people import actor_of
from signflow.services.accounts import person_of_session
from signflow.web.site import now
from signflow.web.transaction import reading

login = LoginManager()
login.session_protection = None  # type: ignore[assignment]  # it would hash address and browser, which change under Tor and are nobody's business


class Viewer(UserMixin):
    """Flask-Login's user: the id in the cookie is the session's token, so ending the row ends the sign-in."""

    def __init__(self, token: str, actor: Actor) -> None:
        self.token = token
        self.actor = actor

    def get_id(self) -> str:
        """The token of the session."""
        return self.token


@login.user_loader
def _load(token: str) -> Viewer | None:
    person = person_of_session(reading(), token, now=now())
    return Viewer(token, actor_of(reading(), person)) if person else None


def _here() -> Viewer | None:
    user = current_user._get_current_object()
    return user if isinstance(user, Viewer) else None


def recognise() -> None:
    """Find out who is signed in, once a request."""
    found = _here()
    g.viewer = found.actor if found else None
    g.person_id = found.actor.person_id if found else None
    was_signed_in = "_user_id" in session
    is_broken = not session and current_app.config["SESSION_COOKIE_NAME"] in request.cookies
    if found is None and (was_signed_in or is_broken):
        _start_over()


def held_token() -> str | None:
    """The token of the session that this browser is signed in with."""
    found = _here()
    return found.token if found else None


def remember(token: str, actor: Actor) -> None:
    """Keep a fresh session's token in the browser; whatever the browser session held before is dropped."""
    _start_over()
    login_user(Viewer(token, actor))
    session.pop("_id", None)  # a hash of address and browser, which this site has no use for
    g.viewer, g.person_id = actor, actor.person_id


def forget() -> None:
    """Drop the token from the browser."""
    logout_user()
    session.clear()


def _start_over() -> None:
    """Empty the browser session, but for an invitation that somebody opened and signs in to take up."""
    opened = session.get("link")
    session.clear()
    if opened:
        session["link"] = opened


def init_app(app: Flask) -> None:
    """Attach Flask-Login."""
    login.init_app(app)
    # there is no remember-me here, and its hook would read the session on public pages
    app.after_request_funcs[None].remove(login._update_remember_cookie)

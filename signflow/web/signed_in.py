"""Who is signed in: Flask-Login over sessions that live in the database and end there.

Only when somebody was last here is kept in the signed cookie (ADR 0008): reading a page must not write to the database.
"""

from datetime import UTC, datetime, timedelta

from flask import Flask, current_app, g, request, session
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user

from signflow.domain.sessions import LASTS_ON_OWN_DEVICE, is_idle, is_proof_fresh
from signflow.services.sessions import Visit, visit
from signflow.web.site import now, site
from signflow.web.transaction import reading

login = LoginManager()
login.session_protection = None  # type: ignore[assignment]  # it would hash address and browser, which change under Tor and are nobody's business

SEEN_EVERY = timedelta(minutes=5)
"""How exactly the cookie knows when somebody was here."""


class Viewer(UserMixin):
    """Flask-Login's user: the id in the cookie is the session's token, so ending the row ends the sign-in."""

    def __init__(self, token: str, visit: Visit | None = None) -> None:
        self.token = token
        self.visit = visit

    def get_id(self) -> str:
        """The token of the session."""
        return self.token


@login.user_loader
def _load(token: str) -> Viewer | None:
    found = visit(reading(), token, now=now())
    return Viewer(token, found) if found else None


def _here() -> Viewer | None:
    user = current_user._get_current_object()
    return user if isinstance(user, Viewer) else None


def recognise() -> None:
    """Find out who is signed in, once a request: `g.viewer`, or `g.entering` while a second factor is due."""
    found = _here()
    if found is not None and found.visit is not None and _was_left_alone(found.visit):
        found = None
    _set(found.visit if found else None)
    was_signed_in = "_user_id" in session
    is_broken = not session and current_app.session_interface.get_cookie_name(current_app) in request.cookies
    if found is None and (was_signed_in or is_broken):
        _start_over()


def _set(found: Visit | None) -> None:
    is_whole = found is not None and (found.is_whole or site().settings.demo)
    g.visit = found
    g.viewer = found.actor if found and is_whole else None
    g.entering = found.actor if found and not is_whole else None
    g.person_id = found.actor.person_id if found and is_whole else None


def _was_left_alone(found: Visit) -> bool:
    """Whether nobody has been here for too long; otherwise the cookie learns that somebody is here now."""
    moment, kept = now(), session.get("seen")
    seen = datetime.fromtimestamp(kept, UTC) if isinstance(kept, int) else found.started_at
    if is_idle(seen, actor=found.actor, on_own_device=found.on_own_device, now=moment):
        return True
    if kept is None or moment - seen >= SEEN_EVERY:
        session["seen"] = int(moment.timestamp())
    return False


def held_token() -> str | None:
    """The token of the session that this browser is signed in with, whole or not."""
    found = _here()
    return found.token if found else None


def is_whole() -> bool:
    """Whether somebody is signed in, and no second factor is due."""
    return g.get("viewer") is not None


def has_proved_lately() -> bool:
    """Whether the viewer has just shown who it is; in the demo, where one click signs in, always."""
    found: Visit | None = g.get("visit")
    return found is not None and (site().settings.demo or is_proof_fresh(found.proved_at, now()))


def remember(token: str) -> None:
    """Keep a fresh session's token in the browser; whatever the browser session held before is dropped."""
    _start_over()
    login_user(Viewer(token))
    session.pop("_id", None)  # a hash of address and browser, which this site has no use for
    session["seen"] = int(now().timestamp())
    _set(visit(reading(), token, now=now()))


def go_on_with(token: str) -> None:
    """Keep the new token of the same session; what the browser session held stays, a form that was being sent too."""
    session["_user_id"] = token
    g._login_user = Viewer(token)
    _set(visit(reading(), token, now=now()))


def stay() -> None:
    """Let the cookie outlive the browser: the device is the person's own."""
    session.permanent = True


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
    app.config["PERMANENT_SESSION_LIFETIME"] = LASTS_ON_OWN_DEVICE
    # there is no remember-me here, and its hook would read the session on public pages
    app.after_request_funcs[None].remove(login._update_remember_cookie)

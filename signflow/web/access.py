"""Every endpoint says who may call it. One that says nothing stops the application at start."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Flask, current_app, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from signflow.domain.actors import Actor
from signflow.domain.errors import N_, Forbidden
from signflow.domain.permissions import Permission, permits, require
from signflow.web import signed_in, step_up
from signflow.web.asked import address_asked_for

View = TypeVar("View", bound=Callable[..., Any])

WITHOUT_SUBJECT = frozenset({Permission.USE_DESK, Permission.CREATE_STATEMENT, Permission.MANAGE_COALITION})
"""Permissions that ask nothing but who somebody is; the others are asked when the object is loaded."""


@dataclass(frozen=True)
class Access:
    """Who may call an endpoint: anybody without any session (`public`), anybody (`door`), or who has the permission.

    `step_up`: sending its form is an act for which one must have shown lately who one is.
    """

    kind: str
    permission: Permission | None = None
    step_up: bool = False


def public(view: View) -> View:
    """Anybody, without cookie or session."""
    view.access = Access("public")  # type: ignore[attr-defined]
    return view


def door(view: View) -> View:
    """Anybody; the page has a form, so there is a session. Sign-in and one-time links."""
    view.access = Access("door")  # type: ignore[attr-defined]
    return view


def requires(permission: Permission, *, step_up: bool = False) -> Callable[[View], View]:
    """Whoever is signed in and has the permission; on an object where the permission is about one.

    `step_up` for acts in the name of others, or on what people may do: password and code are asked again after ten minutes.
    """

    def stamp(view: View) -> View:
        view.access = Access("desk", permission, step_up)  # type: ignore[attr-defined]
        return view

    return stamp


def access_of(endpoint: str | None) -> Access | None:
    """What the endpoint declared; None for an address that leads nowhere."""
    if endpoint is None:
        return None
    view = current_app.view_functions.get(endpoint)
    found: Access | None = getattr(view, "access", None)
    return found


def viewer() -> Actor:
    """Who is signed in; Forbidden when nobody is."""
    actor: Actor | None = g.get("viewer")
    if actor is None:
        raise Forbidden(N_("You may not do this."))
    return actor


def can(permission: Permission | str, subject: object = None) -> bool:
    """For templates: whether the viewer has the permission. Takes the name of a permission, such as "EDIT_TEXT"."""
    actor: Actor | None = g.get("viewer")
    wanted = permission if isinstance(permission, Permission) else Permission[permission]
    return actor is not None and permits(actor, wanted, subject)


def require_on(subject: object) -> None:
    """Ask the endpoint's permission on an object that the viewer may see."""
    access = access_of(request.endpoint)
    if access is not None and access.permission is not None:
        require(viewer(), access.permission, subject)


def _guard() -> ResponseReturnValue | None:
    access = access_of(request.endpoint)
    if access is None or access.kind == "public":
        return None
    signed_in.recognise()
    if access.kind == "door":
        return None
    if g.get("viewer") is None:
        door = "account.sign_in" if g.get("entering") is None else "account.second_factor"
        return redirect(url_for(door, next=address_asked_for() if request.method == "GET" else None), 303)
    if access.permission in WITHOUT_SUBJECT:
        require(viewer(), access.permission)
    if access.step_up and request.method == "POST" and not signed_in.has_proved_lately():
        return step_up.ask()
    return None


def check_declared(app: Flask) -> None:
    """RuntimeError when an endpoint declares no access."""
    silent = sorted(name for name, view in app.view_functions.items() if not hasattr(view, "access"))
    if silent:
        raise RuntimeError(f"these endpoints declare no access: {', '.join(silent)}")


def init_app(app: Flask) -> None:
    """Ask at every request."""
    app.before_request(_guard)

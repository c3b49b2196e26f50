"""Known devices: where somebody signed in before, attempts are counted apart, so that an enemy who guesses cannot lock the owner out.

A device cookie as OWASP describes it: signed, bound to one account, with a random number. It opens nothing, and signing out removes it.
"""

import secrets

from flask import after_this_request, current_app, request
from itsdangerous import BadSignature, URLSafeTimedSerializer
from werkzeug.wrappers import Response

from signflow.web.site import site

LASTS_SECONDS = 90 * 24 * 3600


def known_device(public_id: str) -> str | None:
    """In whose name this browser's attempts to come into the account of that public id count; None where it is not known for it."""
    number = _number(public_id)
    return f"device:{number}" if number else None


def know(public_id: str) -> None:
    """Remember in this browser that the person of that public id has signed in here."""
    held = _serializer().dumps([public_id, _number(public_id) or secrets.token_urlsafe(16)])

    @after_this_request
    def _keep(response: Response) -> Response:
        config = current_app.config
        response.set_cookie(
            _name(),
            held,
            max_age=LASTS_SECONDS,
            path="/",
            secure=config["SESSION_COOKIE_SECURE"],
            httponly=True,
            samesite="Lax",
        )
        return response


def forget(response: Response) -> None:
    """Remove it from this browser."""
    response.delete_cookie(
        _name(), path="/", secure=current_app.config["SESSION_COOKIE_SECURE"], httponly=True, samesite="Lax"
    )


def _number(public_id: str) -> str | None:
    try:
        owner, number = _serializer().loads(request.cookies.get(_name(), ""), max_age=LASTS_SECONDS)
    except (BadSignature, ValueError, TypeError):
        return None
    return str(number) if owner == public_id else None


def _name() -> str:
    return str(current_app.config["SESSION_COOKIE_NAME"]) + "-device"


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(site().settings.secret, salt="signflow-device-v1")

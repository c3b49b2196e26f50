"""Error pages: one sentence that answers, then what to do next. Nothing of the inside is shown."""

import logging
import secrets
from http import HTTPStatus

from flask import Flask, Response, g, make_response, render_template, request
from flask_babel import gettext
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException

from signflow.domain import errors
from signflow.domain.errors import DomainError
from signflow.logs import described
from signflow.models.freeze import kind_of
from signflow.web.sentences import said
from signflow.web.site import site

logger = logging.getLogger("signflow")

STATUSES: tuple[tuple[type[DomainError], int], ...] = (
    (errors.Invalid, 422),
    (errors.Forbidden, 403),
    (errors.NotFound, 404),
    (errors.Gone, 410),
    (errors.TooMany, 429),
    (errors.Unavailable, 503),
    (errors.Refused, 409),
)
PAGES = frozenset({400, 403, 404, 405, 409, 410, 413, 415, 422, 429, 500, 503})


def error_page(
    status: int, sentence: str | None = None, *, reference: str | None = None, **context: object
) -> Response:
    """The page of an error status."""
    page = status if status in PAGES else 500 if status >= HTTPStatus.INTERNAL_SERVER_ERROR else 400
    is_visit = request.method in {"GET", "HEAD"}
    said_of = {"sentence": sentence, "reference": reference, "statement": _statement(), "is_visit": is_visit}
    return make_response(render_template(f"errors/{page}.html", **said_of, **context), status)


def _statement() -> str | None:
    """The statement of the page that was asked for. A conflict is only told to those who may see it."""
    is_about_one = request.path.startswith("/desk/statements/")
    return (request.view_args or {}).get("public_id") if is_about_one else None


def _domain(error: DomainError) -> Response:
    status = next(status for kind, status in STATUSES if isinstance(error, kind))
    minutes = None
    if isinstance(error, errors.TooMany):
        minutes = -(-error.retry_after // 60)
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        return _unavailable(error, said(error))
    response = error_page(status, None if status == HTTPStatus.NOT_FOUND else said(error), retry_minutes=minutes)
    if isinstance(error, errors.TooMany):
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def _http(error: HTTPException) -> Response | HTTPException:
    status = error.code or 500
    if status < HTTPStatus.BAD_REQUEST:
        return error
    sentence = {
        "foreign": gettext("This form was sent from another site."),
        "encoding": gettext("The text is not valid UTF-8."),
    }.get(g.get("refusal", ""))
    if g.get("refusal") == "onion":
        return make_response(render_template("public/read_only.html", origin=site().settings.origin), status)
    is_ours = status >= HTTPStatus.INTERNAL_SERVER_ERROR
    response = error_page(status, sentence, reference=log_defect(status, error) if is_ours else None)
    for name, value in error.get_headers():
        if name in {"Allow", "Retry-After"}:
            response.headers[name] = value
    return response


def _csrf(_error: CSRFError) -> Response:
    return error_page(400, gettext("The form has expired. Go back, reload and try again."))


def _database(error: DBAPIError) -> Response:
    kind = kind_of(error)
    if kind in {"frozen", "unique"}:
        return error_page(409, gettext("This cannot be changed any more, or somebody was faster. Nothing was changed."))
    if kind == "busy":
        return _busy(error)
    if kind == "full":
        return _unavailable(error, gettext("There is no room to save anything just now. Nothing was changed."))
    if kind == "gone":
        # whether a commit that was under way came through, nobody can say
        sentence = gettext(
            "The database does not answer. What you just sent may be lost: look before you send it again."
        )
        return _unavailable(error, sentence, is_away=True)
    return _unexpected(error)


def _busy(error: DBAPIError | PoolTimeout) -> Response:
    return _unavailable(error, gettext("The service is busy. Nothing was changed. Try again."))


def _unavailable(error: Exception, sentence: str, *, is_away: bool = False) -> Response:
    response = error_page(503, sentence, reference=log_defect(503, error), is_away=is_away)
    response.headers["Retry-After"] = "5"
    return response


def _unexpected(error: Exception) -> Response:
    return error_page(500, reference=log_defect(500, error))


def log_defect(status: int, error: BaseException) -> str:
    """Within a request: write one line for the operators, and return the reference by which the page names it."""
    reference = secrets.token_hex(4)
    rule = request.url_rule.rule if request.url_rule else "-"  # never the path: it may hold a token
    level = logging.WARNING if status == HTTPStatus.SERVICE_UNAVAILABLE else logging.ERROR
    logger.log(level, "status=%s route=%s reference=%s %s", status, rule, reference, described(error))
    return reference


def init_app(app: Flask) -> None:
    """Attach the pages."""
    app.register_error_handler(DomainError, _domain)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(DBAPIError, _database)
    app.register_error_handler(PoolTimeout, _busy)
    if not app.testing:
        app.register_error_handler(Exception, _unexpected)

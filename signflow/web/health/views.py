"""Whether the service works: for the operator's monitoring, which needs no account."""

import logging
from functools import cache

import sqlalchemy as sa
from flask import Blueprint, Response

from signflow.migrating import current_revision, newest_revision
from signflow.models import freeze
from signflow.web.access import public
from signflow.web.transaction import reading

area = Blueprint("health", __name__)
logger = logging.getLogger("signflow")


@cache
def _expected_revision() -> str:
    return newest_revision()


def _complaint(connection: sa.Connection) -> str:
    """What is wrong with the database, in a sentence; empty when it can be worked with."""
    if current_revision(connection) != _expected_revision():
        return "The database is not at the revision of this release. Run: signflow db upgrade"
    missing = freeze.missing(connection)
    for sentence in missing:
        logger.error("freeze=%s", sentence)
    return "The freeze is not whole. Run: signflow db check" if missing else ""


def _answer(sentence: str, status: int) -> Response:
    response = Response(f"{sentence}\n", status, content_type="text/plain; charset=utf-8")
    response.headers["Cache-Control"] = "no-store"
    if status == 503:
        response.headers["Retry-After"] = "5"
    return response


@area.route("/healthz", methods=["GET"])
@public
def alive() -> Response:
    """The process answers."""
    return _answer("ok", 200)


@area.route("/readyz", methods=["GET"])
@public
def ready() -> Response:
    """The database answers, is of this release, and its freeze is whole; otherwise 503."""
    try:
        complaint = _complaint(reading().connection())
    except sa.exc.SQLAlchemyError:
        complaint = "The database does not answer."
    return _answer(complaint or "ready", 503 if complaint else 200)

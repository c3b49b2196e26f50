"""Answers that a reader may keep: files, and the mark (ETag, RFC 9110) by which a reader asks whether they changed."""

import hashlib

from flask import Response, request


def _mark(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()[:32]


def file_answer(body: bytes, media_type: str, *, filename: str = "") -> Response:
    """A file, whole or the range that was asked for; with a filename it is offered for keeping."""
    response = Response(body, content_type=media_type)
    response.set_etag(_mark(body))
    if filename:
        response.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    # here and not after the request: a range outside the file is an error page
    return response.make_conditional(request, accept_ranges=_may_be_part(), complete_length=len(body))  # type: ignore[return-value]


def _may_be_part() -> bool:
    """False for a range that cannot be read, of other units, or of several parts: such a header is ignored (RFC 9110, 14.2)."""
    asked = request.range
    if asked is None:
        return "Range" not in request.headers
    return asked.units == "bytes" and len(asked.ranges) == 1


def fresh(body: str, status: int = 200) -> Response:
    """A line of text about this very moment, not to be kept."""
    response = Response(body, status, content_type="text/plain; charset=utf-8")
    response.headers["Cache-Control"] = "no-store"
    return response


def let_readers_ask_again(response: Response) -> Response:
    """After a request: mark a finished page, and answer 304 when the reader has it already."""
    if response.status_code == 200 and "ETag" not in response.headers and not response.cache_control.no_store:
        response.set_etag(_mark(response.get_data()))
        response.make_conditional(request)
    return response

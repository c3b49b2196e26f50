"""What address a request asked for."""

from flask import request
from werkzeug.urls import iri_to_uri


def address_asked_for() -> str:
    """Path and query of the request in ASCII, as RFC 3986 has them: fit for headers and links."""
    return iri_to_uri(request.full_path.rstrip("?"))

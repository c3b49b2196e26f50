"""What every request must be and every response carries: hosts, origins, encodings, sizes, headers, cookies."""

from typing import Any
from urllib.parse import unquote_to_bytes, urlsplit

from flask import Flask, Response, abort, current_app, g, request
from flask.globals import request_ctx
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from flask_wtf import CSRFProtect
from werkzeug.exceptions import MethodNotAllowed
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import RequestRedirect

from signflow.web.access import Access, access_of
from signflow.web.asked import address_asked_for
from signflow.web.site import site

csrf = CSRFProtect()

LARGEST_BODY = 1_000_000
LARGEST_COOKIES = 12_000
"""Characters of a Cookie header; ours has a few hundred."""
MOST_FIELDS = 1000
FORM_TYPES = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})

ONION_COOKIE = "sf-onion"

FEATURES = "accelerometer camera display-capture fullscreen geolocation gyroscope magnetometer microphone midi payment usb".split()

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in FEATURES),
}
PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'"
)
"""For what anyone may read: its script copies an address or counts down, and sends nothing anywhere."""
DESK_POLICY = f"{PAGE_POLICY}; connect-src 'self'"
"""For pages with forms: the editor's script asks for a preview, the reading page says once that it was opened."""
FILE_POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'"


class DeskSessions(SecureCookieSessionInterface):
    """Flask's signed cookie for desk and doors; public pages have no session, and touching one there is a defect."""

    def get_cookie_name(self, app: Flask) -> str:
        """`__Host-sf` by https; another name at the onion address, where that prefix and Secure may not be had."""
        return ONION_COOKIE if by_onion() else super().get_cookie_name(app)

    def get_cookie_secure(self, app: Flask) -> bool:
        """Secure by https. An onion address is encrypted by Tor itself, and not every browser for it counts that as secure."""
        return not by_onion() and super().get_cookie_secure(app)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Write the cookie, but never from a public page."""
        access = access_of(request.endpoint)
        if access is None or access.kind == "public":
            if session.accessed and app.testing:
                raise AssertionError(f"{request.endpoint} is public and touched the session")
            return
        super().save_session(app, session, response)


def _refuse_unsafe_request() -> None:
    _refuse_foreign_host()
    if len(request.headers.get("Cookie", "")) > LARGEST_COOKIES:
        abort(400)
    _refuse_desk_by_onion()
    if request.method in {"GET", "HEAD", "OPTIONS"}:
        return
    if request.method != "POST":
        raise request.routing_exception or MethodNotAllowed()  # the routing knows what is allowed
    _refuse_foreign_site()
    if request.headers.get("Content-Encoding", "identity") != "identity" or request.mimetype not in FORM_TYPES:
        abort(415)
    if request.mimetype == "application/x-www-form-urlencoded":
        _refuse_broken_form(request.get_data(cache=True, parse_form_data=False))


def _refuse_foreign_host() -> None:
    settings = site().settings
    if request.host not in {settings.host, settings.onion} - {""}:
        # the refusal is a page with links, and a host that is no name at all has left the request without addresses
        request_ctx.url_adapter = current_app.url_map.bind(settings.host)
        abort(400)


def by_onion() -> bool:
    """Whether this request came by the onion address."""
    onion = site().settings.onion
    return bool(onion) and request.host == onion


def _refuse_desk_by_onion() -> None:
    """At the onion address there is only reading, unless the settings say otherwise; not even the routing tells what else there is."""
    if not by_onion() or site().settings.onion_sign_in:
        return
    if not _is_public() and (request.method == "POST" or access_of(request.endpoint) is not None):
        g.refusal = "onion"
        abort(403)


def _is_public() -> bool:
    """Whether what is asked has no session to ride on, and changes nothing."""
    access = access_of(request.endpoint)
    return access is not None and access.kind == "public"


def _refuse_foreign_site() -> None:
    """A browser says where a form was sent from; CSRF tokens are the second layer."""
    origin = request.headers.get("Origin")
    sent_from = request.headers.get("Sec-Fetch-Site", "same-origin")
    settings = site().settings
    ours = f"http://{settings.onion}" if by_onion() else settings.origin
    if origin == "null":  # a page that keeps its address to itself; then the browser must say that the page is ours
        is_foreign = not _is_public() and request.headers.get("Sec-Fetch-Site") not in {"same-origin", "none"}
    else:
        is_foreign = origin is not None and origin != ours
    if sent_from in {"cross-site", "same-site"} or is_foreign:
        g.refusal = "foreign"
        abort(403)


def _refuse_broken_form(body: bytes) -> None:
    if body.count(b"&") >= MOST_FIELDS:
        abort(413)
    try:
        unquote_to_bytes(body.replace(b"+", b" ")).decode("utf-8", "strict")
    except UnicodeDecodeError:
        g.refusal = "encoding"
        abort(400)


def _finish(response: Response) -> Response:
    settings = site().settings
    _stay_here(response)
    access = access_of(request.endpoint)
    is_public = access is not None and access.kind == "public"
    is_page = response.mimetype == "text/html"
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Content-Security-Policy", _policy(access, is_page=is_page))
    response.headers.setdefault("Referrer-Policy", "no-referrer" if is_public else "same-origin")
    if not is_public or response.status_code >= 400:
        response.headers["Cache-Control"] = "no-store"
    else:
        response.headers.setdefault("Cache-Control", "public, max-age=0, s-maxage=60, must-revalidate")
    if settings.is_secure and not by_onion():
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
        if is_public and is_page and settings.onion:
            response.headers.setdefault("Onion-Location", f"http://{settings.onion}{address_asked_for()}")
    return response


def _policy(access: Access | None, *, is_page: bool) -> str:
    if not is_page:
        return FILE_POLICY
    return PAGE_POLICY if access is None or access.kind == "public" else DESK_POLICY


def _stay_here(response: Response) -> None:
    """Where a slash was missing, the routing names scheme and host as this process sees them, which a proxy may have changed."""
    if isinstance(request.routing_exception, RequestRedirect) and response.location:
        address = urlsplit(response.location)
        response.location = address.path + (f"?{address.query}" if address.query else "")


def path_inside(address: str | None) -> str | None:
    """An address to go on to, if it is a path of this site; None for everything else."""
    if not address or not address.startswith("/") or address.startswith(("//", "/\\")):
        return None
    parts = urlsplit(address)
    if parts.scheme or parts.netloc or any(ord(c) < 33 or c == "\\" for c in address):
        return None
    return address


def _configuration(app: Flask) -> dict[str, Any]:
    settings = site_settings(app)
    prefix = "__Host-" if settings.is_secure else ""
    return {
        "SECRET_KEY": settings.secret,
        "SESSION_COOKIE_NAME": f"{prefix}sf",
        "SESSION_COOKIE_SECURE": settings.is_secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_PATH": "/",
        "MAX_CONTENT_LENGTH": LARGEST_BODY,
        "MAX_FORM_PARTS": 200,
        "MAX_FORM_MEMORY_SIZE": LARGEST_BODY,
        # with `no-referrer` on public pages the strict check would refuse honest forms; `_refuse_foreign_site` does its work
        "WTF_CSRF_SSL_STRICT": False,
        "WTF_CSRF_TIME_LIMIT": None,
        "SEND_FILE_MAX_AGE_DEFAULT": 31536000,
    }


def site_settings(app: Flask) -> Any:
    """The settings of an application outside a request."""
    return app.extensions["signflow"].settings


def init_app(app: Flask) -> None:
    """Attach guards, headers, cookies and CSRF."""
    app.config.update(_configuration(app))
    app.session_interface = DeskSessions()
    app.before_request(_refuse_unsafe_request)
    csrf.init_app(app)
    app.after_request(_finish)
    hops = site_settings(app).proxies
    if hops:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]

"""The application: settings, database, extensions, areas. Refuses to start when an endpoint declares no access."""

import logging
from types import TracebackType

from flask import Flask

from signflow import logs
from signflow import settings as settings_of
from signflow.database import Database
from signflow.paths import STATIC, TEMPLATES
from signflow.settings import Settings
from signflow.web import access, errors, filters, languages, security, signed_in, transaction
from signflow.web.access import public
from signflow.web.account.views import area as account
from signflow.web.admin.views import area as admin
from signflow.web.asgi import THREADS, Whole
from signflow.web.circulation.views import area as circulation
from signflow.web.desk.views import area as desk
from signflow.web.health.views import area as health
from signflow.web.notices.views import area as notices
from signflow.web.organisations.views import area as organisations
from signflow.web.public.views import area as public_area
from signflow.web.publishing.views import area as publishing
from signflow.web.reviews.views import area as reviews
from signflow.web.signing.views import area as signing
from signflow.web.site import Site
from signflow.web.statements.views import area as statements
from signflow.web.translations.views import area as translations
from signflow.web.withholdings.views import area as withholdings

AREAS = (
    public_area,
    health,
    account,
    desk,
    statements,
    translations,
    circulation,
    reviews,
    signing,
    publishing,
    withholdings,
    notices,
    organisations,
    admin,
)


class Register(Flask):
    """Flask, but that a defect in an error page itself is logged without path and values too."""

    def log_exception(self, exc_info: tuple[type, BaseException, TracebackType] | tuple[None, None, None]) -> None:
        """One line: what went wrong and where."""
        if exc_info[1] is not None:
            errors.log_defect(500, exc_info[1])


def create_app(settings: Settings | None = None, *, testing: bool = False) -> Flask:
    """The Flask application for these settings, by default those of the environment."""
    settings = settings or settings_of.load()
    app = Register("signflow", template_folder=str(TEMPLATES), static_folder=str(STATIC), static_url_path="/static")
    app.testing = testing
    app.extensions["signflow"] = Site(settings, Database(settings.url, settings.secret))
    logging.getLogger("signflow").setLevel(logging.INFO)
    for ground in (security, languages, signed_in, transaction, access, errors, filters):
        ground.init_app(app)
    public(app.view_functions["static"])
    for area in AREAS:
        app.register_blueprint(area)
    if settings.demo:
        from signflow.web.demo.views import area as demo

        app.register_blueprint(demo)
    access.check_declared(app)
    return app


def served() -> Whole:
    """What a process of `signflow serve` runs: the application with a log of one line an event, behind a patience that ends."""
    logs.configure()
    return Whole(create_app(), threads=THREADS, largest=security.LARGEST_BODY)

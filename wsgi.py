"""The WSGI application, for any server that looks for one here. It starts only where `signflow serve` would."""

from signflow import logs, starting
from signflow.app import create_app
from signflow.web.site import Site

logs.configure()
app = create_app()
_site: Site = app.extensions["signflow"]
starting.refuse_unsafe(_site.settings, _site.database)

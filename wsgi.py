"""The WSGI application, for any server that looks for one here."""

from signflow.app import create_app

app = create_app()

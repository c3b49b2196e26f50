"""`signflow demo`: an invented coalition in instance/demo, served on this machine with the worker inside."""

import logging
import os
import threading
from pathlib import Path

import click

from signflow import worker
from signflow.cli import demo_home
from signflow.cli.installation import now, opened
from signflow.cli.serving import refuse_taken, serve_until_stopped
from signflow.cli.worker import way_out
from signflow.demo.coalition import PASSWORD
from signflow.worker import PostOffice

HOST = "127.0.0.1"
ACCOUNTS = (
    ("drafter@demo.example", "leads statements"),
    ("signatory@demo.example", "signs for two organisations"),
    ("admin@demo.example", "publishes"),
)


@click.command()
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Port to listen on.")
@click.option("--fresh", is_flag=True, help="Throw the earlier demo away and make a new one.")
def demo(port: int, fresh: bool) -> None:
    """Make a demo, unless there is one, and serve it until it is told to stop."""
    home = demo_home.find()
    refuse_taken(HOST, port)
    _act_on(home)
    with demo_home.alone_in(home):
        demo_home.make(home, f"http://{HOST}:{port}", fresh=fresh, now=now())
        click.echo(f"Sign in with one click, or with a mail address and the password “{PASSWORD}”:")
        for email, what in ACCOUNTS:
            click.echo(f"  {email:24}{what}")
        _serve(port)


def _act_on(home: Path) -> None:
    """From here on this process and its children are the demo, whatever else the environment says."""
    for name in [name for name in os.environ if name.startswith("SIGNFLOW_")]:
        del os.environ[name]
    os.environ["SIGNFLOW_HOME"] = str(home)


def _serve(port: int) -> None:
    stop = threading.Event()
    with opened() as (settings, database):
        office = PostOffice(database, settings, way_out(settings))
        mails = threading.Thread(target=worker.run, args=(office,), kwargs={"stop": stop, "clock": now})
        mails.start()
        try:
            ready = lambda: click.echo(f"Ready: {settings.origin}/")  # noqa: E731
            serve_until_stopped(HOST, port, workers=1, when_ready=ready)
        finally:
            stop.set()
            mails.join()
    logging.shutdown()

"""`signflow worker`: delivers the mails of the outbox."""

import signal
import threading

import click

from signflow import logs
from signflow import worker as worker_of
from signflow.cli.installation import now, started
from signflow.cli.refusals import Refusal
from signflow.mail_folder import MailFolder
from signflow.mailer import Relay, Send
from signflow.settings import Settings
from signflow.worker import PostOffice


@click.command()
def worker() -> None:
    """Deliver mails until it is told to stop. Several workers may share one outbox."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with started(signs=False) as (settings, database):
        office = PostOffice(database, settings, way_out(settings))
        logs.configure()
        click.echo("Delivering mails.")
        try:
            worker_of.run(office, stop=stop, clock=now)
        except Exception as error:  # its message may quote a mail, and this line is kept
            raise Refusal(f"The worker stopped: {logs.described(error)}") from None


def way_out(settings: Settings) -> Send:
    """Where mails go: to the server in SIGNFLOW_MAIL_URL; in a demo without one, to the folder that the demo shows."""
    url = settings.mail_url.get_secret_value()
    if url:
        return Relay.of(url).send
    if settings.demo:
        return MailFolder(settings.home / "mail").send
    raise Refusal("SIGNFLOW_MAIL_URL is not set, so there is no server to hand mails to.")

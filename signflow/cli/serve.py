"""`signflow serve`: the register on the web."""

import click

from signflow.cli.installation import started
from signflow.cli.serving import refuse_taken, serve_until_stopped


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Port to listen on.")
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64), help="Worker processes.")
def serve(host: str, port: int, workers: int) -> None:
    """Serve the register until it is told to stop. Refuses unsafe settings, and a database or a key that is not fit."""
    with started(signs=True) as (settings, _):
        origin = settings.origin
        _ = settings.secret  # made here if need be, so that a refusal is one line
    refuse_taken(host, port)
    serve_until_stopped(
        host, port, workers=workers, when_ready=lambda: click.echo(f"Serving {origin}/ on {host}:{port}")
    )

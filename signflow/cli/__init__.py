"""The command line: `signflow …`. Each noun is loaded when it is called, so that short commands start fast.

Exit 0 when all is well, 1 when something was refused or a check failed, 2 for wrong use. One line on stderr, never a traceback; only where
several settings are unsafe, a line for each.
"""

import sys
from importlib import import_module

import click

from signflow import __version__

COMMANDS = {
    "demo": "try signflow: an invented coalition on this machine",
    "serve": "serve the register",
    "worker": "deliver mails",
    "db": "make the database, or check its shape",
    "user": "let the first admin in",
    "purge": "forget what is kept no longer",
    "person": "write out what is stored about a person, or erase it",
    "panic": "sign out and disable everybody of an organisation, at once",
    "statement": "bring texts in",
    "key": "make, show, rotate or end the signing key",
    "log": "have an entry of the log time-stamped",
    "check": "verify this installation: database, history, log, lists",
    "verify": "verify a published file",
}


class LazyGroup(click.Group):
    """A group whose commands are modules of this package, imported when they are asked for."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        """In the order in which they are met."""
        return list(COMMANDS)

    def get_command(self, _ctx: click.Context, name: str) -> click.Command | None:
        """The command `name` of the module of that name."""
        if name not in COMMANDS:
            return None
        command: click.Command = getattr(import_module(f"signflow.cli.{name}"), name)
        return command

    def format_commands(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands, without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, message="%(prog)s %(version)s")
def signflow() -> None:
    """A register in which a coalition agrees on joint statements, signs them and publishes them for anyone to check."""


def main() -> None:
    """Run the command line and leave with its status."""
    sys.exit(status_of(sys.argv[1:]))


def status_of(words: list[str]) -> int:
    """Run one command; whatever goes wrong ends as one line on stderr and a status."""
    try:
        status = signflow.main(words, prog_name="signflow", standalone_mode=False)
        sys.stdout.flush()
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        return 2
    except click.UsageError as error:
        command = error.ctx.command_path if error.ctx else "signflow"
        return _end(2, f"{command}: {error.format_message()}")
    except (click.Abort, KeyboardInterrupt):
        return _end(1, "signflow: stopped.")
    except BrokenPipeError:
        sys.stdout = None  # whoever read our output has gone; do not flush into it at exit
        return 1
    except Exception as error:
        from signflow.cli.refusals import lines_of

        return _end(1, "\n".join(f"signflow: {line}" for line in lines_of(error)))
    return status if isinstance(status, int) else 0


def _end(status: int, line: str) -> int:
    click.echo(line, err=True)
    return status

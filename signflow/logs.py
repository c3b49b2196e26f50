"""The log of every process: one line an event, and no values in it.

A line has the minute, how grave it is, who says it, and words that the program chose. An exception may quote rows, forms and addresses: of
it only its kind and its places are written, whoever logs it.
"""

import logging
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from types import TracebackType

from sqlalchemy.exc import DBAPIError

OURS = "signflow"


def escaped(text: str) -> str:
    """The text with everything that is not shown as a sign of its own written as an escape: a line stays one line."""
    return "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in text)


def described(error: BaseException) -> str:
    """An exception as the log has it: `error=KeyError at=signflow.web.signing.views:41>sqlalchemy.orm.session:3`, without its message."""
    kind = type(error).__name__
    if isinstance(error, DBAPIError):
        kind = f"{kind}({cause_of(error)})"
    return f"error={kind} at={'>'.join(_places(error.__traceback__)) or '-'}"


def _places(trace: TracebackType | None) -> Iterator[str]:
    """Where it passed through our code, and where it was raised."""
    while trace is not None:
        module = str(trace.tb_frame.f_globals.get("__name__", "?"))
        if module.partition(".")[0] == OURS or trace.tb_next is None:
            yield f"{module}:{trace.tb_lineno}"
        trace = trace.tb_next


def cause_of(error: DBAPIError) -> str:
    """What a database refused, without the values that it refused.

    PostgreSQL quotes rows: of its refusals only kind and constraint are told, but our own triggers' sentences whole. SQLite names columns
    only, and a connection that failed has no rows.
    """
    cause = error.orig
    report = getattr(cause, "diag", None)
    if not getattr(cause, "sqlstate", None) or report is None:
        return (str(cause).splitlines() or [""])[0]
    said = report.message_primary or ""
    if said.startswith("signflow: "):
        return str(said)
    return " ".join([type(cause).__name__, *filter(None, [report.constraint_name])])


class OneLine(logging.Formatter):
    """Writes a record as one line, whatever it holds."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, without its end."""
        words = record.getMessage()
        if record.exc_info and record.exc_info[1] is not None:
            words += f" {described(record.exc_info[1])}"
        minute = datetime.fromtimestamp(record.created, UTC).strftime("%Y-%m-%dT%H:%MZ")
        return f"{minute} {record.levelname.lower()} {record.name} {escaped(words)}"


def configure() -> None:
    """Write every logger's lines to stderr in this form; also what nobody caught."""
    lines = logging.StreamHandler(sys.stderr)
    lines.setFormatter(OneLine())
    root = logging.getLogger()
    root.handlers[:] = [lines]
    root.setLevel(logging.WARNING)
    logging.captureWarnings(capture=True)
    sys.excepthook = _uncaught
    threading.excepthook = lambda lost: _uncaught(lost.exc_type, lost.exc_value, lost.exc_traceback)


def _uncaught(_kind: type[BaseException], error: BaseException | None, _trace: TracebackType | None) -> None:
    if error is not None and not isinstance(error, SystemExit):
        logging.getLogger(OURS).critical("nobody caught %s", described(error))

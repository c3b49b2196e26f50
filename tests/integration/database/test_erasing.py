"""What was erased goes out of the database's files: at once, or when a reader lets go, or by the worker."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from psycopg import sql

from signflow.database import Database
from signflow.models import Tag
from signflow.worker import run
from tests.factories.coalition import NOON
from tests.integration.mail.office import Mailbox, post_office

SECRET = "tarragon-in-the-window"


def _erase(database: Database) -> None:
    with database.write() as session:
        session.add(Tag(slug="a", label=SECRET))
    with database.write() as session:
        session.execute(sa.update(Tag).values(label="-" * len(SECRET)))


def _files(database: Database) -> dict[str, bytes]:
    main = Path(database.url.removeprefix("sqlite:///"))
    return {name: Path(f"{main}{name}").read_bytes() for name in ("", "-wal")}


def _tell(database: Database) -> list[str]:
    return [name for name, content in _files(database).items() if SECRET.encode() in content]


def test_the_files_tell_until_it_is_done(sqlite_database: Database) -> None:
    _erase(sqlite_database)
    assert _tell(sqlite_database) == ["-wal"]
    assert sqlite_database.overwrite_erased() is True
    assert (_tell(sqlite_database), _files(sqlite_database)["-wal"]) == ([], b"")


def test_what_was_in_the_file_before_is_overwritten_too(sqlite_database: Database) -> None:
    with sqlite_database.write() as session:
        session.add(Tag(slug="a", label=SECRET))
    assert sqlite_database.overwrite_erased() is True
    assert _tell(sqlite_database) == [""]
    with sqlite_database.write() as session:
        session.execute(sa.delete(Tag))
    assert sqlite_database.overwrite_erased() is True
    assert _tell(sqlite_database) == []


def test_a_reader_of_an_earlier_moment_is_no_error(sqlite_database: Database) -> None:
    """Whoever reads for long holds it up: then it has to be tried again."""
    reader = sqlite3.connect(sqlite_database.url.removeprefix("sqlite:///"))
    with sqlite_database.write() as session:
        session.add(Tag(slug="b", label="B"))
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM tag").fetchall()
    _erase(sqlite_database)
    with _hurried(sqlite_database):
        assert sqlite_database.overwrite_erased() is False
    assert _tell(sqlite_database) != []
    reader.close()
    assert sqlite_database.overwrite_erased() is True
    assert _tell(sqlite_database) == []


@contextmanager
def _hurried(database: Database) -> Iterator[None]:
    """New connections that wait for nobody: the test must not wait five seconds."""
    database.close()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("signflow.database.PRAGMAS", ("busy_timeout=0",))
        yield
        database.close()


def test_a_database_that_is_away_is_no_error(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'no' / 'folder'}", SECRET)
    assert database.overwrite_erased() is False
    gone = Database("postgresql+psycopg://nobody@/nothing?host=/nowhere", SECRET)
    assert gone.overwrite_erased() is False


def test_the_worker_tries_again_when_it_has_nothing_to_deliver(sqlite_database: Database) -> None:
    _erase(sqlite_database)
    assert _tell(sqlite_database) != []
    stop, turns = threading.Event(), [0]

    def clock() -> object:
        turns[0] += 1
        if turns[0] > 12:
            stop.set()
        return NOON + turns[0] * timedelta(seconds=1)

    run(post_office(sqlite_database, Mailbox().send), stop=stop, clock=clock, pause=0)  # type: ignore[arg-type]
    assert _tell(sqlite_database) == []


def test_on_postgresql_the_dead_rows_go(postgresql_database: Database) -> None:
    count = "SELECT n_dead_tup FROM pg_stat_user_tables WHERE relname = 'frozen_signatory'"
    assert postgresql_database.overwrite_erased() is True
    with postgresql_database.read() as session:
        assert session.scalar(sa.text(count)) == 0
        assert session.scalar(sa.text("SELECT last_vacuum FROM pg_stat_user_tables WHERE relname='frozen_signatory'"))
    with postgresql_database.write() as session:  # the connection is as it was
        session.add(Tag(slug="a", label="A"))
        session.rollback()
    with postgresql_database.read() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Tag)) == 0


def test_a_role_that_may_not_is_told_so(postgresql_database: Database) -> None:
    url = sa.make_url(postgresql_database.url)
    with psycopg.connect(f"host={url.query['host']} user=postgres dbname={url.database}", autocommit=True) as owner:
        name = sql.Identifier(f"app_{url.database}")
        owner.execute(sql.SQL("CREATE ROLE {} LOGIN").format(name))
        try:
            app = Database(str(url.set(username=f"app_{url.database}")), SECRET)
            assert app.overwrite_erased() is False
            app.close()
        finally:
            owner.execute(sql.SQL("DROP ROLE {}").format(name))

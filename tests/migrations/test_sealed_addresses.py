"""Revision 0008 seals addresses that were stored in clear, and 0007 has them back."""

import pytest
import sqlalchemy as sa

from signflow.database import Database, open_engine
from signflow.domain.errors import Unavailable
from signflow.migrating import downgrade, upgrade
from signflow.models import AccountLink, Person
from signflow.queries.people import person_by_email
from tests.support.databases import SECRET

ROWS = """
INSERT INTO person (id, public_id, email, email_key, name, language, time_zone, is_admin, may_draft, created_at)
VALUES (1, 'p1', 'Nina@example.org', 'nina@example.org', 'Nina', 'en', 'UTC', true, true, '2026-11-20 10:00:00'),
       (2, 'p2', '', 'erased:p2', 'A former member', 'en', 'UTC', false, false, '2026-11-20 10:00:00');
INSERT INTO account_link (id, public_id, purpose, email, language, nonce, token_hash, created_at, expires_at)
VALUES (1, 'l1', 'password', 'Nina@example.org', 'en', 'n', 'h1', '2026-11-20 10:00:00', '2026-11-20 10:30:00'),
       (2, 'l2', 'password', '', 'en', 'n', 'h2', '2026-11-20 10:00:00', '2026-11-20 10:30:00');
INSERT INTO throttle (bucket, window_start, attempts) VALUES ('sign-in:abc', '2026-11-20 10:00:00', 3)
"""
STORED = """
SELECT email, email_key FROM person ORDER BY id;
SELECT email, email FROM account_link ORDER BY id
"""


def _run(url: str, sql: str) -> list[list[tuple[str, ...]]]:
    engine = open_engine(url, guarded=False)
    with engine.begin() as connection:
        told = [connection.exec_driver_sql(part) for part in sql.split(";")]
        rows = [[tuple(row) for row in one] if one.returns_rows else [] for one in told]
    engine.dispose()
    return rows


def test_plain_addresses_are_sealed_and_come_back(database_url: str) -> None:
    upgrade(database_url, "0007", secret=SECRET)
    _run(database_url, ROWS)
    before = _run(database_url, STORED)
    upgrade(database_url, secret=SECRET)
    stored = _run(database_url, STORED)
    assert "example.org" not in str(stored)
    assert (stored[0][1], stored[1][1]) == (("", "erased:p2"), ("", ""))
    assert _run(database_url, "SELECT count(*) FROM throttle") == [[(0,)]]
    database = Database(database_url, SECRET)
    with database.read() as session:
        nina = person_by_email(session, "NINA@example.org")
        assert (nina.id, nina.email) == (1, "Nina@example.org")
        assert session.get_one(Person, 2).is_erased
        links = session.execute(sa.select(AccountLink.email, AccountLink.email_key).order_by(AccountLink.id)).all()
        assert [tuple(link) for link in links] == [("Nina@example.org", nina.email_key), ("", "")]
    database.close()
    downgrade(database_url, "0007", secret=SECRET)
    assert _run(database_url, STORED) == before


def test_without_the_secret_nothing_is_taken_back(database_url: str) -> None:
    upgrade(database_url, "0007", secret=SECRET)
    _run(database_url, ROWS)
    upgrade(database_url, secret=SECRET)
    stored = _run(database_url, STORED)
    with pytest.raises(Unavailable):
        downgrade(database_url, "0007", secret="t" * 40)
    assert _run(database_url, STORED) == stored

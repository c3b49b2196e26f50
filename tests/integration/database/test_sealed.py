"""A seal opens with the installation's secret and for its own purpose, and in no other way."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from signflow.database import Database
from signflow.domain.errors import Unavailable
from signflow.models import AccountLink, Person
from signflow.models.sealed import Vault, sealed_text
from signflow.queries.people import email_key, person_by_email
from tests.factories.coalition import Coalition
from tests.support.databases import SECRET

TEXT, VAULT = "GEZDGNBVGY3TQOJQ, ключ", Vault(SECRET)


def test_what_is_sealed_is_opened_again() -> None:
    sealed = VAULT.seal(TEXT, purpose="authenticator:a")
    assert VAULT.unseal(sealed, purpose="authenticator:a") == TEXT
    assert TEXT not in sealed


def test_no_two_seals_are_alike() -> None:
    assert len({VAULT.seal(TEXT, purpose="x") for _ in range(50)}) == 50


@pytest.mark.parametrize(("secret", "purpose"), [("t" * 40, "a"), (SECRET, "b"), ("", "a")])
def test_another_secret_or_purpose_opens_nothing(secret: str, purpose: str) -> None:
    sealed = VAULT.seal(TEXT, purpose="a")
    with pytest.raises(Unavailable, match="secret key is another one"):
        Vault(secret).unseal(sealed, purpose=purpose)


def test_a_broken_seal_opens_nothing() -> None:
    sealed = VAULT.seal(TEXT, purpose="a")
    for at in (0, 20, len(sealed) - 5):
        broken = sealed[:at] + ("A" if sealed[at] != "A" else "B") + sealed[at + 1 :]
        with pytest.raises(Unavailable):
            VAULT.unseal(broken, purpose="a")


def test_a_digest_finds_what_is_equal_and_needs_the_secret() -> None:
    found = VAULT.digest(TEXT, purpose="email")
    assert found == Vault(SECRET).digest(TEXT, purpose="email")
    assert len({found, VAULT.digest(TEXT, purpose="throttle"), Vault("t" * 40).digest(TEXT, purpose="email")}) == 3
    assert len(found) == 64


ADDRESSES = (
    "a@b.by",
    "Nina.Tarragon@example.org",
    "é" * 60 + "@пошта.example",
    "x" * 64 + "@" + "d" * 180 + ".example",
)


@pytest.mark.parametrize("email", ADDRESSES)
def test_an_address_is_read_and_found_but_not_stored(database: Database, email: str) -> None:
    coalition = Coalition(database)
    nina = coalition.person(email=email)
    with database.write() as session:
        session.add(_link(session, email, coalition))
    with database.read() as session:
        assert session.get_one(Person, nina).email == email
        assert person_by_email(session, f" {email.upper()} ").id == nina
        assert [link.email for link in session.scalars(sa.select(AccountLink))] == [email]
        stored = session.execute(
            sa.text("SELECT person.email, person.email_key, l.email, l.email_key FROM person, account_link l")
        ).one()
    assert {len(stored[0]), len(stored[2])} <= {124, 208, 296, 380}, "lengths tell of blocks only"
    assert stored[1] == stored[3] == VAULT.digest(email.casefold(), purpose="email")
    assert [cell for cell in stored if email in cell] == []


def _link(session: Session, email: str, coalition: Coalition) -> AccountLink:
    until = coalition.now
    key = email_key(session, email)
    return AccountLink(
        purpose="admin", email=email, email_key=key, nonce="n", token_hash="h", created_at=until, expires_at=until
    )


def test_no_address_is_no_seal(sqlite_database: Database) -> None:
    with sqlite_database.write() as session:
        session.add(_link(session, "", Coalition(sqlite_database)))
    with sqlite_database.read() as session:
        assert session.execute(sa.text("SELECT email, email_key FROM account_link")).one() == ("", "")
        assert session.scalar(sa.select(AccountLink.email)) == ""


def test_an_address_of_another_column_does_not_open(sqlite_database: Database) -> None:
    nina = Coalition(sqlite_database).person()
    moved = sealed_text(VAULT, "a@b.example", purpose="account_link.email")
    with sqlite_database.write() as session:
        session.execute(sa.text("UPDATE person SET email = :moved"), {"moved": moved})
    with sqlite_database.read() as session, pytest.raises(Unavailable):
        session.get_one(Person, nina)


def test_a_sealed_column_cannot_be_searched() -> None:
    with pytest.raises(TypeError, match="look for its digest"):
        sa.select(Person).where(Person.email == "nina@example.org")


def test_another_secret_reads_no_address(database: Database) -> None:
    nina = Coalition(database).person()
    other = Database(database.url, "t" * 40)
    with other.read() as session, pytest.raises(Unavailable):
        session.get_one(Person, nina)
    other.close()


def test_the_files_hold_no_address(migrated_sqlite_url: str, tmp_path: Path) -> None:
    database = Database(migrated_sqlite_url, SECRET)
    Coalition(database).person(email="tarragon.watch@example.org")
    database.overwrite_erased()
    database.close()
    files = [file.read_bytes() for file in tmp_path.iterdir() if file.is_file()]
    assert files
    assert not any(b"tarragon" in content for content in files)

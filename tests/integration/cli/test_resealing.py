"""`signflow db reseal`: after the secret was replaced, everything opens with the new one and nothing with the former."""

from datetime import timedelta

import sqlalchemy as sa

from signflow.database import Database
from signflow.models import AccountLink, Authenticator, Person, Throttle
from signflow.queries.people import person_by_email
from signflow.services import second_factors, throttle
from tests.factories.coalition import NOON
from tests.integration.cli.installation import Installation, one_line
from tests.support.databases import SECRET
from tests.support.phone import Phone, with_phone

OTHER = "t" * 40


def _sealed(installation: Installation) -> tuple[str, ...]:
    """An admin with a phone, an invitation and a limit; what is stored of them."""
    coalition = installation.coalition()
    nina = coalition.admin(email="nina@example.org")
    with coalition.database.write() as session:
        with_phone(session, nina, now=coalition.now)
        throttle.count(session, throttle.SIGN_IN, "x", now=coalition.now)
    coalition.database.close()
    assert installation.run("user", "create-admin", "new@example.org").status == 0
    return _stored(installation)


def _stored(installation: Installation) -> tuple[str, ...]:
    engine = sa.create_engine(installation.url)
    with engine.connect() as connection:
        found = connection.exec_driver_sql(
            "SELECT p.email, p.email_key, l.email, l.email_key, a.sealed, l.revoked_at, (SELECT count(*) FROM throttle) "
            "FROM person p, account_link l, authenticator a"
        ).one()
    engine.dispose()
    return tuple(found)


def test_everything_is_sealed_anew(installation: Installation) -> None:
    before = _sealed(installation)
    (installation.home / "secret-key").write_text(OTHER)
    assert "another secret" in one_line(installation.run("purge"))
    said = installation.run("db", "reseal", SIGNFLOW_FORMER_SECRET_KEY=SECRET)
    assert (said.status, said.err) == (0, "")
    assert said.out == "Sealed anew (accounts: 1). Open one-time links have ended; everybody signs in again.\n"
    assert [one for one, other in zip(before, _stored(installation), strict=True) if one == other] == []
    database = Database(installation.url, OTHER)
    with database.write() as session:
        nina = person_by_email(session, "nina@example.org")
        assert nina.email == "nina@example.org"
        assert session.scalars(sa.select(AccountLink.email)).all() == ["new@example.org"]
        assert session.scalars(sa.select(Throttle)).all() == []
        assert session.scalars(sa.select(Person.id)).all() == session.scalars(sa.select(Authenticator.person_id)).all()
        moment = NOON + timedelta(hours=1)
        second_factors.prove(session, nina.id, Phone().shows(moment), secret=OTHER, now=moment)
    database.close()
    assert installation.run("check").status == 0


def test_with_a_wrong_former_secret_nothing_is_changed(installation: Installation) -> None:
    before = _sealed(installation)
    (installation.home / "secret-key").write_text(OTHER)
    for former, line in (
        ("", "Put the secret that the database was sealed with into SIGNFLOW_FORMER_SECRET_KEY."),
        ("u" * 40, "SIGNFLOW_FORMER_SECRET_KEY is not what this database was sealed with. Nothing was changed."),
    ):
        said = installation.run("db", "reseal", **({"SIGNFLOW_FORMER_SECRET_KEY": former} if former else {}))
        assert (said.status, one_line(said)) == (1, f"signflow: {line}")
    assert _stored(installation) == before

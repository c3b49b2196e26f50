"""Organisations by their service: names are claimed once, addresses never change, only admins keep the register."""

import pytest
import sqlalchemy as sa

from signflow.database import Database
from signflow.domain.errors import Forbidden, Refused
from signflow.models import NameClaim, Organisation, OrganisationGroup
from signflow.services import organisations
from signflow.services.organisations import OrganisationFacts
from tests.factories.coalition import Coalition


@pytest.fixture
def coalition(database: Database) -> Coalition:
    return Coalition(database)


def _change(coalition: Coalition, organisation: int, actor_id: int, **names: str) -> None:
    with coalition.database.write() as session:
        organisations.change_organisation(
            session,
            session.get_one(Organisation, organisation),
            actor=coalition.actor(session, actor_id),
            facts=OrganisationFacts(names),
            now=coalition.now,
        )


def _claims(coalition: Coalition) -> int:
    with coalition.database.read() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(NameClaim)) or 0


def test_a_name_is_claimed_by_one_organisation(coalition: Coalition) -> None:
    admin = coalition.admin()
    spring = coalition.organisation(be="Вясна", ru="ВЕСНА")
    other = coalition.organisation(en="Night Archive")
    assert _claims(coalition) == 3
    before = coalition.rows()
    with pytest.raises(Refused, match="This name looks the same as “ВЕСНА”") as refused:
        _change(coalition, other, admin, en="Night Archive", pl="BECHA")
    assert refused.value.field == "name_pl"
    assert coalition.rows() == before
    _change(coalition, spring, admin, be="Вясна")
    _change(coalition, other, admin, pl="BECHA")
    assert _claims(coalition) == 2


def test_the_same_letters_in_two_languages_are_one_claim(coalition: Coalition) -> None:
    coalition.organisation(be="Салідарнасць", en="БАЖ / BAJ", ru="БАЖ / BAJ")
    assert _claims(coalition) == 2


def test_addresses_are_made_once_and_never_twice(coalition: Coalition) -> None:
    admin = coalition.admin()
    keys = [
        coalition.organisation(en="Third Bank"),
        coalition.organisation(en="Third. Bank…? 2"),
        coalition.organisation(be="Слуцкая брама"),
    ]
    _change(coalition, keys[0], admin, en="Fourth Bank")
    keys.append(coalition.organisation(en="Third Bank"))
    with coalition.database.read() as session:
        slugs = [session.get_one(Organisation, key).slug for key in keys]
    assert slugs == ["third-bank", "third-bank-2", "слуцкая-брама", "third-bank-3"]


def _create(coalition: Coalition, actor_id: int) -> None:
    with coalition.database.write() as session:
        actor, facts = coalition.actor(session, actor_id), OrganisationFacts({"en": "Another"})
        organisations.create_organisation(session, actor=actor, facts=facts, now=coalition.now)


def _delete(coalition: Coalition, organisation: int, actor_id: int) -> None:
    with coalition.database.write() as session:
        one, actor = session.get_one(Organisation, organisation), coalition.actor(session, actor_id)
        organisations.delete_organisation(session, one, actor=actor, now=coalition.now)


def _group(coalition: Coalition, organisation: int, actor_id: int) -> None:
    with coalition.database.write() as session:
        organisations.set_group(
            session,
            OrganisationGroup(),
            actor=coalition.actor(session, actor_id),
            name="Mine",
            organisation_ids=frozenset({organisation}),
            now=coalition.now,
        )


def test_only_admins_keep_the_register(coalition: Coalition) -> None:
    [(organisation, nina)] = coalition.members(1)
    before = coalition.rows()
    with pytest.raises(Forbidden):
        _change(coalition, organisation, nina, en="Mine")
    with pytest.raises(Forbidden):
        _create(coalition, nina)
    with pytest.raises(Forbidden):
        _delete(coalition, organisation, nina)
    with pytest.raises(Forbidden):
        _group(coalition, organisation, nina)
    assert coalition.rows() == before

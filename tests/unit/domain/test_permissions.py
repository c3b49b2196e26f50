"""Who may do what: every role against every permission, as one table."""

from dataclasses import dataclass, field, replace

import pytest

from signflow.domain.actors import Actor, Role, Seat
from signflow.domain.errors import Forbidden
from signflow.domain.permissions import PERMISSIONS, Permission, permits, require

INVITED, OTHER = 1, 2


@dataclass(frozen=True)
class Paper:
    """A statement as the rules see it."""

    final_version_id: int | None = None
    drafter_ids: frozenset[int] = frozenset({10})
    invited_ids: frozenset[int] = frozenset({INVITED})
    late_ids: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Group:
    """An organisation as the rules see it."""

    id: int = INVITED
    members: frozenset[int] = field(default_factory=frozenset)


def person(person_id: int, *, admin: bool = False, drafts: bool = False, seat: tuple[int, Role] | None = None) -> Actor:
    seats = (Seat(seat[0], f"org{seat[0]}", f"Organisation {seat[0]}", seat[1]),) if seat else ()
    return Actor(person_id, f"p{person_id}", "Anna", "en", "UTC", is_admin=admin, may_draft=drafts, seats=seats)


PEOPLE = {
    "admin": person(11, admin=True),
    "drafter": person(10, drafts=True),
    "another drafter": person(12, drafts=True),
    "signatory": person(13, seat=(INVITED, Role.SIGNATORY)),
    "reviewer": person(14, seat=(INVITED, Role.REVIEWER)),
    "delegate": replace(person(17), seats=(Seat(INVITED, "org1", "Organisation 1", Role.SIGNATORY, is_delegate=True),)),
    "signatory elsewhere": person(15, seat=(OTHER, Role.SIGNATORY)),
    "anybody": person(16),
}
EVERYBODY = set(PEOPLE)

# permission → who has it while the text is open; `+admin` further down says what an admin gains once it is final
ALLOWED: dict[Permission, set[str]] = {
    Permission.USE_DESK: EVERYBODY,
    Permission.CREATE_STATEMENT: {"drafter", "another drafter"},
    Permission.READ_TEXT: {"drafter", "signatory", "delegate", "reviewer"},
    Permission.EDIT_TEXT: {"drafter"},
    Permission.TRANSLATE: {"drafter"},
    Permission.CIRCULATE: {"drafter"},
    Permission.TRACK: {"drafter"},
    Permission.COMMENT: {"drafter", "signatory", "delegate", "reviewer"},
    Permission.LEAD_REVIEW: {"drafter"},
    Permission.FINALIZE: {"drafter"},
    Permission.WITHDRAW_STATEMENT: {"drafter"},
    Permission.ADD_NOTICE: {"drafter", "admin"},
    Permission.LET_SIGN_LATER: {"admin"},
    Permission.READ_LIST: {"drafter", "signatory", "delegate", "reviewer"},
    Permission.SIGN: {"signatory", "delegate"},
    Permission.PUBLISH: {"admin"},
    Permission.WITHHOLD_FOR_ANOTHER: {"admin"},
    Permission.READ_HISTORY: {"drafter", "signatory", "delegate", "reviewer", "admin"},
    Permission.MANAGE_COALITION: {"admin"},
    Permission.MANAGE_MEMBERS: {"admin", "signatory"},
    Permission.READ_MANDATE: {"admin", "signatory", "delegate", "reviewer"},
    Permission.DELEGATE: {"signatory"},
}
GAINED_BY_ADMINS_ONCE_FINAL = {Permission.READ_TEXT, Permission.READ_LIST}
OF_ORGANISATIONS = {Permission.MANAGE_MEMBERS, Permission.READ_MANDATE, Permission.DELEGATE}
TABLE = [(permission, name) for permission in Permission for name in PEOPLE]


def test_the_table_and_the_map_know_the_same_permissions() -> None:
    assert set(ALLOWED) == set(PERMISSIONS) == set(Permission)


@pytest.mark.parametrize(("permission", "name"), TABLE)
def test_while_the_text_is_open(permission: Permission, name: str) -> None:
    subject = Group() if permission in OF_ORGANISATIONS else Paper()
    assert permits(PEOPLE[name], permission, subject) is (name in ALLOWED[permission])


@pytest.mark.parametrize(("permission", "name"), TABLE)
def test_once_the_text_is_final(permission: Permission, name: str) -> None:
    subject = Group() if permission in OF_ORGANISATIONS else Paper(final_version_id=5)
    gained = name == "admin" and permission in GAINED_BY_ADMINS_ONCE_FINAL
    assert permits(PEOPLE[name], permission, subject) is (gained or name in ALLOWED[permission])


@pytest.mark.parametrize("permission", Permission)
@pytest.mark.parametrize("name", ["signatory", "reviewer", "delegate"])
def test_who_is_asked_after_publication_reads_what_is_public_and_signs(permission: Permission, name: str) -> None:
    if permission in OF_ORGANISATIONS:
        return
    lost = {Permission.COMMENT, Permission.READ_HISTORY}
    subject = Paper(final_version_id=5, late_ids=frozenset({INVITED}))
    assert permits(PEOPLE[name], permission, subject) is (name in ALLOWED[permission] and permission not in lost)


@pytest.mark.parametrize(
    ("name", "permission", "sentence"),
    [
        ("reviewer", Permission.SIGN, "You may comment, but not sign for this organisation."),
        ("drafter", Permission.SIGN, "You may not do this."),
        ("admin", Permission.SIGN, "You may not do this."),
        ("signatory", Permission.PUBLISH, "You may not do this."),
    ],
)
def test_a_refusal_says_why(name: str, permission: Permission, sentence: str) -> None:
    with pytest.raises(Forbidden) as refusal:
        require(PEOPLE[name], permission, Paper())
    assert str(refusal.value) == sentence


def test_whoever_is_allowed_passes_in_silence() -> None:
    require(PEOPLE["signatory"], Permission.SIGN, Paper())

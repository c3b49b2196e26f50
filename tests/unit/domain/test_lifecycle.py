"""The table of moves against the life of a statement as it is drawn, every move from every status."""

import pytest

from signflow.domain.errors import Refused
from signflow.domain.lifecycle import (
    ENDED,
    MOVES,
    SIGNING_IS_OPEN,
    TEXT_IS_OPEN,
    Status,
    moves_from,
    refuse_unpublished,
    takes_signatures,
    target_of,
)
from signflow.domain.permissions import Permission

DRAWN = {
    ("draft", "circulate"): "circulating",
    ("circulating", "finalize"): "finalized",
    ("finalized", "reopen"): "circulating",
    ("finalized", "publish"): "published",
    ("draft", "withdraw"): "withdrawn",
    ("circulating", "withdraw"): "withdrawn",
    ("finalized", "withdraw"): "withdrawn",
}
EVERY = [(status, name) for status in Status for name in MOVES]


@pytest.mark.parametrize(("status", "name"), [(s, n) for s, n in EVERY if (s.value, n) in DRAWN])
def test_a_move_that_is_drawn_leads_where_the_arrow_points(status: Status, name: str) -> None:
    assert target_of(name, status) == DRAWN[status.value, name]


@pytest.mark.parametrize(("status", "name"), [(s, n) for s, n in EVERY if (s.value, n) not in DRAWN])
def test_every_other_move_is_refused_in_its_own_words(status: Status, name: str) -> None:
    with pytest.raises(Refused) as refusal:
        target_of(name, status)
    ended = {
        Status.PUBLISHED: "A published statement cannot be changed.",
        Status.WITHDRAWN: "A withdrawn statement cannot be changed.",
    }
    assert refusal.value.sentence == ended.get(status, MOVES[name].refusal)


def test_every_arrow_of_the_drawing_is_in_the_table() -> None:
    drawn = {(source.value, move.name): move.target.value for move in MOVES.values() for source in move.sources}
    assert drawn == DRAWN


@pytest.mark.parametrize("status", Status)
def test_moves_from_a_status_are_those_that_start_there(status: Status) -> None:
    assert [move.name for move in moves_from(status)] == [name for name in MOVES if (status.value, name) in DRAWN]


def test_nothing_leaves_an_end() -> None:
    assert {Status.PUBLISHED, Status.WITHDRAWN} == ENDED
    assert [moves_from(status) for status in ENDED] == [(), ()]


def test_text_and_signing_are_open_where_the_table_of_statuses_says() -> None:
    assert {Status.DRAFT, Status.CIRCULATING} == TEXT_IS_OPEN
    assert {Status.CIRCULATING, Status.FINALIZED} == SIGNING_IS_OPEN


def test_drafters_move_a_statement_and_an_admin_publishes() -> None:
    assert {move.name: move.permission for move in MOVES.values()} == {
        "circulate": Permission.CIRCULATE,
        "finalize": Permission.FINALIZE,
        "reopen": Permission.FINALIZE,
        "publish": Permission.PUBLISH,
        "withdraw": Permission.WITHDRAW_STATEMENT,
    }


def test_organisations_sign_before_publication_and_by_a_late_sign_on_after_it() -> None:
    assert {one for one in Status if takes_signatures(one, is_late=False)} == {Status.CIRCULATING, Status.FINALIZED}
    assert {one for one in Status if takes_signatures(one, is_late=True)} == {Status.PUBLISHED}


@pytest.mark.parametrize("status", [one for one in Status if one is not Status.PUBLISHED])
def test_before_publication_there_is_nothing_to_add_to(status: Status) -> None:
    with pytest.raises(Refused, match=r"^The statement is not published\.$"):
        refuse_unpublished(status)
    refuse_unpublished(Status.PUBLISHED)

"""What a notice has to say, and when one may be written at all."""

import pytest

from signflow.domain.errors import Forbidden, Invalid, Refused
from signflow.domain.notices import (
    Corrected,
    NoticeKind,
    NoticeWording,
    checked,
    refuse_retracted,
    refuse_same_person,
    refuse_waiting,
    refuse_withdrawn,
)

ABOUT = Corrected("be", ("За дзевяць дзён", "ніводзін лекар\nне прыйшоў"))


def _corrected(**changes: object) -> NoticeWording:
    words = {"text": {"be": "Лічба памылковая."}, "before": "дзевяць", "after": "дзевятнаццаць", **changes}
    return NoticeWording(NoticeKind.CORRECTED, **words)  # type: ignore[arg-type]


def test_a_correction_is_kept_without_white_space_and_empty_languages() -> None:
    written = _corrected(text={"be": " Лічба памылковая.\n", "en": "  "}, before=" дзевяць ", after="дзевятнаццаць ")
    assert checked(written, ABOUT) == _corrected()


@pytest.mark.parametrize("before", ["дзевяць", "лекар не прыйшоў", "лекар\n  не"])
def test_what_is_corrected_stands_in_the_text_wherever_its_lines_end(before: str) -> None:
    assert checked(_corrected(before=before), ABOUT).before == before


def test_what_is_left_out_has_nothing_in_its_place() -> None:
    assert checked(_corrected(after=""), ABOUT).after == ""


def test_a_retraction_has_no_passage() -> None:
    written = NoticeWording(NoticeKind.RETRACTED, {"be": "Адклікана."}, "дзевяць", "дзесяць")
    assert checked(written, ABOUT) == NoticeWording(NoticeKind.RETRACTED, {"be": "Адклікана."})


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"text": {"en": "Wrong."}}, "text_be", "Write the notice in the language of the statement."),
        ({"text": {"be": " "}}, "text_be", "Write the notice in the language of the statement."),
        ({"text": {"be": "а" * 4001}}, "text_be", "This is too long (4000 characters at most)."),
        ({"before": " "}, "before", "Copy the words that are wrong from the statement."),
        ({"before": "дзесяць"}, "before", "These words do not stand in the statement. Copy them exactly."),
        ({"before": "дзён ніводзін"}, "before", "These words do not stand in the statement. Copy them exactly."),
        ({"after": "дзевяць "}, "after", "The words are the same before and after."),
        ({"after": "а" * 1001}, "after", "This is too long (1000 characters at most)."),
    ],
)
def test_what_is_missing_or_wrong_is_said_where_it_is(changes: dict[str, object], field: str, sentence: str) -> None:
    with pytest.raises(Invalid) as refusal:
        checked(_corrected(**changes), ABOUT)
    assert (refusal.value.field, str(refusal.value)) == (field, sentence)


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"text": {"be": "Лічба\u202e."}}, "text_be"), ({"after": "дзе\u200bсяць"}, "after")],
)
def test_hidden_characters_are_refused(changes: dict[str, object], field: str) -> None:
    with pytest.raises(Invalid, match="hidden") as refusal:
        checked(_corrected(**changes), ABOUT)
    assert refusal.value.field == field


def test_the_last_word_the_second_notice_and_the_second_withdrawal_are_refused() -> None:
    with pytest.raises(Refused, match="retracted already"):
        refuse_retracted(is_retracted=True)
    with pytest.raises(Refused, match="Another notice waits"):
        refuse_waiting(waits=True)
    with pytest.raises(Refused, match="withdrawn publicly already"):
        refuse_withdrawn(is_withdrawn=True)


@pytest.mark.parametrize(
    ("is_author", "has_another_admin", "two_persons", "refused"),
    [(True, True, True, True), (False, True, True, False), (True, False, True, False), (True, True, False, False)],
)
def test_another_person_publishes_where_there_is_one(
    is_author: bool, has_another_admin: bool, two_persons: bool, refused: bool
) -> None:
    about = {"is_author": is_author, "has_another_admin": has_another_admin, "two_persons": two_persons}
    if not refused:
        refuse_same_person(**about)
        return
    with pytest.raises(Forbidden, match=r"^Another person must confirm\.$"):
        refuse_same_person(**about)

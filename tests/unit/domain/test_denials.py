"""What has to be said of a statement that is not ours."""

import pytest

from signflow.domain.denials import DenialWording, checked
from signflow.domain.errors import Invalid


def test_it_is_kept_without_white_space_and_empty_languages() -> None:
    written = DenialWording(" A call to arms ", {"en": " Nobody of us wrote it.\n", "be": " "})
    assert checked(written, language="en") == DenialWording("A call to arms", {"en": "Nobody of us wrote it."})


@pytest.mark.parametrize(
    ("title", "text", "field", "sentence"),
    [
        (" ", {"en": "No."}, "title", "Write the title under which it goes round."),
        ("a" * 301, {"en": "No."}, "title", "This is too long (300 characters at most)."),
        ("A call", {"be": "Не."}, "text_en", "Say why it is not ours."),
        ("A call", {"en": "a" * 2001}, "text_en", "This is too long (2000 characters at most)."),
    ],
)
def test_what_is_missing_is_said_where_it_is(title: str, text: dict[str, str], field: str, sentence: str) -> None:
    with pytest.raises(Invalid) as refusal:
        checked(DenialWording(title, text), language="en")
    assert (refusal.value.field, str(refusal.value)) == (field, sentence)


@pytest.mark.parametrize(
    ("title", "text", "field"), [("A\u202e call", "No.", "title"), ("A call", "N\u200bo.", "text_en")]
)
def test_hidden_characters_are_refused(title: str, text: str, field: str) -> None:
    with pytest.raises(Invalid, match="hidden") as refusal:
        checked(DenialWording(title, {"en": text}), language="en")
    assert refusal.value.field == field

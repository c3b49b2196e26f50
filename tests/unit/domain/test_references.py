"""What counts as the reference of a published statement."""

import pytest

from signflow.domain.references import listed, reference_in


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2026-014", ("2026-014", "")),
        (" 2026-014\n", ("2026-014", "")),
        ("2026-1014", ("2026-1014", "")),
        ("https://Statements.example/en/statements/2026-014?from=mail#list", ("2026-014", "statements.example")),
        ("statements.example/statements/2026-014.en.md", ("2026-014", "statements.example")),
        ("/en/statements/2026-014/", ("2026-014", "")),
        (
            "https://evil.example@statements.example/statements/2026-014",
            ("2026-014", "evil.example@statements.example"),
        ),
        ("2026-14", None),
        ("2026-014 and more", None),
        ("https://statements.example/en/tags/2026-014", None),
        ("", None),
    ],
)
def test_a_reference_alone_or_in_an_address(text: str, found: tuple[str, str] | None) -> None:
    assert reference_in(text) == found


def test_several_are_parted_by_commas_lines_and_blanks() -> None:
    assert listed(" 2026-001, 2026-002;\r\n2026-003 \n") == ["2026-001", "2026-002", "2026-003"]
    assert listed(" ,\n") == []

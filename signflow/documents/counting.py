"""`{count}`, which holds the place of the number of signatories: what is signed keeps it, what is made for reading has the number.

The number goes in after the text was read as Markdown, and into words only: a link leads where it was signed to lead, and a number
at the start of a line makes no list.
"""

import re

PLACEHOLDER = "{count}"

# Of HTML that was cleaned: there a sign `<` in words is written as `&lt;`, and values stand in quotes.
_ADDRESS = r"<a [^<>]*>(?:https?:|mailto:)[^<]*</a>"
_TAG = r'<[^<>"]*(?:"[^"]*"[^<>"]*)*>'
_KEPT_OR_PLACE = re.compile(f"{_ADDRESS}|{_TAG}|{re.escape(PLACEHOLDER)}", re.IGNORECASE)


def counted(words: str, number: int | None) -> str:
    """Plain words with the number of signatories in each place for it; as they are without a number."""
    return words if number is None else words.replace(PLACEHOLDER, str(number))


def counted_html(html: str, number: int, *, is_final: bool) -> str:
    """The same in cleaned HTML, never inside a tag or an address that is shown; marked as a number that may change unless it `is_final`."""
    shown = str(number) if is_final else f'<span class="counted">{number}</span>'
    return _KEPT_OR_PLACE.sub(lambda found: shown if found[0] == PLACEHOLDER else found[0], html)

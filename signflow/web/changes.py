"""What is new between two wordings, as a reader of a page sees it: title, byline, date, addressees, language and body."""

from markupsafe import Markup

from signflow.documents.redline import Kind, only_changes, redline, redline_html
from signflow.domain.languages import LANGUAGES
from signflow.domain.versions import Wording


def changes_html(old: Wording, new: Wording, *, whole: bool = False) -> Markup:
    """Safe HTML of what changed, with a paragraph around each change; of the whole text if asked; empty when nothing did."""
    is_moved = old.language != new.language
    paragraphs = redline(_as_text(old, with_language=is_moved), _as_text(new, with_language=is_moved))
    if not any(paragraph.kind is not Kind.SAME for paragraph in paragraphs):
        return Markup()
    return Markup(redline_html(paragraphs if whole else only_changes(paragraphs)))  # noqa: S704 - redline_html escapes


def _as_text(wording: Wording, *, with_language: bool) -> str:
    """Everything that a signature binds, one paragraph each; the language, which one reads anyway, only where it changed."""
    date = wording.date.isoformat() if wording.date else ""
    language = LANGUAGES.get(wording.language, wording.language) if with_language else ""
    above = [language, f"# {wording.title}", wording.byline, date, *wording.addressees]
    return "\n\n".join(filter(None, [*above, wording.body]))

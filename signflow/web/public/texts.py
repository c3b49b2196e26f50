"""In which languages a published text can be read, and which of them a reader is shown."""

from collections.abc import Mapping, Sequence

from flask import url_for

from signflow.domain.languages import best_text
from signflow.models import Publication, Text, Translation
from signflow.queries.translations import published_in, texts_by_statement
from signflow.web.site import site
from signflow.web.transaction import reading


def texts_of(publication: Publication) -> dict[str, Text]:
    """Every text of a publication by its language, the one that was signed first."""
    texts: list[Text] = [publication.version, *published_in(reading(), publication.statement_id)]
    return {text.language: text for text in texts}


def shown_to(texts: Mapping[str, Text], language: str) -> Text:
    """The text for a reader of a language; the first one is the text's own."""
    return texts[best_text(texts, language, next(iter(texts)))]


def shown_in_list(publications: Sequence[Publication], language: str) -> dict[int, Text]:
    """The texts for a listing, by the key of their statement."""
    found = texts_by_statement(reading(), publications)
    return {key: shown_to(texts, language) for key, texts in found.items()}


def address_of(reference: str, text: Text, language: str) -> str:
    """Where a text is read: on the page in its own language where there is one, else on that of the reader."""
    if text.language in site().settings.languages:
        return url_for("public.statement", language=text.language, reference=reference)
    return url_for("public.translation", language=language, reference=reference, tongue=text.language)


def is_translation(text: Text) -> bool:
    """Whether it is another text than the one that was signed in its own language."""
    return isinstance(text, Translation)

"""The page of a published statement, in one of the languages that its text is in."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from signflow.documents.markdown import reading_minutes
from signflow.models import Publication
from signflow.queries.publications import printed_list
from signflow.queries.references import earlier_than, later_than
from signflow.web.loading import not_found
from signflow.web.public.additions import after
from signflow.web.public.addresses import absolute, around
from signflow.web.public.texts import address_of, is_translation, shown_to, texts_of
from signflow.web.transaction import reading


def statement_page(publication: Publication, language: str, tongue: str = "") -> ResponseReturnValue:
    """The frozen text, who signed, how to cite and check it; 404 for a language (`tongue`) that the text is not in."""
    reference, texts = str(publication.statement.reference), texts_of(publication)
    if tongue and tongue not in texts:
        raise not_found()
    text = texts[tongue] if tongue else shown_to(texts, language)
    page = render_template(
        "public/statement.html",
        publication=publication,
        version=text,
        own=publication.version.language,
        is_asked=bool(tongue),
        is_translation=is_translation(text),
        texts=texts.values(),
        address_of=lambda one: address_of(reference, one, language),
        printed=printed_list(reading(), publication, language),
        after=after(publication, language),
        earlier=earlier_than(reading(), publication.statement_id),
        later=later_than(reading(), publication.statement_id),
        minutes=reading_minutes(text.body),
        address=absolute(str(request.endpoint), **(request.view_args or {})),
        **around(),
    )
    # what search engines keep for ever could not lose a name that is withheld later
    return page, {"X-Robots-Tag": "noarchive"}

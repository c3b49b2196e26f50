"""The pages of translations: which there are, one of them, what to check before it is approved or published."""

from dataclasses import dataclass

from flask import render_template
from flask.typing import ResponseReturnValue

from signflow.documents.passages import passages_of
from signflow.documents.translated import numbers_differ
from signflow.domain.languages import LANGUAGES, is_language
from signflow.domain.permissions import Permission
from signflow.domain.translations import Standing, standing
from signflow.models import Statement, Translation, Version
from signflow.queries.publishing import next_seq
from signflow.queries.statements import newest_version
from signflow.services.translating import missing_in
from signflow.web.access import can
from signflow.web.forms import Form
from signflow.web.loading import not_found
from signflow.web.readable import readable_translations
from signflow.web.transaction import reading
from signflow.web.translations.forms import ApprovalForm


@dataclass(frozen=True)
class Line:
    """A translation in the list: where it stands, and how many of its passages are written."""

    translation: Translation
    standing: Standing
    written: int
    passages: int


def index(statement: Statement) -> str:
    """Every translation that the viewer may read, and the languages that can be begun."""
    source, found = newest_version(reading(), statement.id), readable_translations(statement)
    free = [(tag, name) for tag, name in LANGUAGES.items() if tag not in found and tag != source.language]
    lines = [_line(one, source) for one in found.values()]
    return render_template("translations/index.html", statement=statement, source=source, lines=lines, free=free)


def show(statement: Statement, language: str, form: ApprovalForm) -> ResponseReturnValue:
    """One translation, with what stops its approval and what a second look is for."""
    translation, source = load_translation(statement, language), newest_version(reading(), statement.id)
    line, missing, numbers = _line(translation, source), list[int](), list[int]()
    if line.standing is Standing.DRAFT:
        missing, numbers = missing_in(source, translation), _other_numbers(source, translation)
    page = render_template(
        "translations/show.html",
        statement=statement,
        source=source,
        line=line,
        translation=translation,
        missing=missing,
        numbers=numbers,
        is_closed=statement.status == "withdrawn" or translation.log_seq is not None,
        waits=bool(statement.reference) and line.standing is Standing.APPROVED and can(Permission.PUBLISH, statement),
        form=form,
    )
    return page, form.status


def publish(statement: Statement, language: str, form: Form) -> ResponseReturnValue:
    """What will be added to the published statement for ever."""
    translation = load_translation(statement, language)
    page = render_template(
        "translations/publish.html", statement=statement, translation=translation, seq=next_seq(reading()), form=form
    )
    return page, form.status


def load_translation(statement: Statement, language: str) -> Translation:
    """The translation into a language that the viewer may read; otherwise 404."""
    found = readable_translations(statement).get(language) if is_language(language) else None
    if found is None:
        raise not_found()
    return found


def _line(translation: Translation, source: Version) -> Line:
    where = standing(
        is_of_newest=translation.version_id == source.id,
        is_approved=not translation.is_draft,
        is_published=translation.log_seq is not None,
    )
    of = translation.version
    missing = len(missing_in(of, translation))
    return Line(translation, where, len(translation.paragraphs) - missing, len(translation.paragraphs))


def _other_numbers(source: Version, translation: Translation) -> list[int]:
    """The passages, from 1, whose translation has other numbers in digits."""
    both = zip(passages_of(source.body), translation.paragraphs, strict=True)
    return [at for at, (one, said) in enumerate(both, 1) if said.strip() and numbers_differ(one.source, said)]

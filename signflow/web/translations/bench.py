"""What a translator has on the desk: each passage of the source beside its translation, with what changed since."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup
from wtforms import Field

from signflow.documents.passages import Passage, passages_of
from signflow.documents.translated import Carried, Fit, carried, has_markup, has_words, numbers_differ
from signflow.models import Statement, Translation, Version
from signflow.queries.statements import version_by_number
from signflow.queries.translations import latest_by_language
from signflow.web.changes import passage_html
from signflow.web.transaction import reading
from signflow.web.translations.forms import TranslationForm


@dataclass(frozen=True)
class Side:
    """One passage of the source and the field for it. `fit`: what became of the passage since it was translated.

    `changes`: the passage with what changed marked; `raw`: as it was typed, where it has marks such as emphasis or links;
    `theirs`: what somebody else wrote meanwhile.
    """

    number: int
    source: Markup
    field: Field
    fit: Fit | None
    changes: Markup
    raw: str
    theirs: str
    other_numbers: bool


def begin(form: TranslationForm, statement: Statement, *, source: Version, language: str) -> list[Side]:
    """Fill the form with the furthest translation there is; what it renders of an earlier version goes to its passage."""
    latest = latest_by_language(reading(), statement.id).get(language)
    passages = passages_of(source.body)
    if latest is None:
        form.fill(("",) * len(passages), number=source.number, began_with="")
        return _sides(form, passages)
    above = {
        "title": latest.written_title,
        "byline": latest.written_byline,
        "addressees": "\n".join(latest.addressees),
        "cc": "\n".join(latest.cc),
        "translator": latest.translator,
        "number": source.number,
    }
    if latest.version_id == source.id:
        form.fill(tuple(latest.paragraphs), **above, began_with=latest.sha256)
        return _sides(form, passages)
    found = carried(latest.version.body, latest.paragraphs, source.body)
    form.fill(tuple(one.text for one in found), **above, began_with="")
    return _sides(form, passages, carried_over=found)


def again(form: TranslationForm, source: Version) -> list[Side]:
    """The form as it was sent, for the same version."""
    passages = passages_of(source.body)
    return _sides(form, passages) if len(form.written) == len(passages) else []


def moved(form: TranslationForm, statement: Statement, *, source: Version, theirs: Translation | None) -> list[Side]:
    """The form as it was sent, on the version and the draft that are there now: what was typed is kept."""
    passages, number = passages_of(source.body), int(form.number.data or 0)
    now = {"number": source.number, "began_with": theirs.sha256 if theirs else ""}
    found: tuple[Carried, ...] = ()
    if number != source.number:
        old = version_by_number(reading(), statement.id, number)
        if old is not None and len(passages_of(old.body)) == len(form.written):
            found = carried(old.body, form.written, source.body)
    written = tuple(one.text for one in found) if found else form.written
    written = (*written, *("",) * len(passages))[: len(passages)]
    form.fill(written, **now)
    return _sides(form, passages, carried_over=found, theirs=theirs.paragraphs if theirs else ())


def _sides(
    form: TranslationForm,
    passages: Sequence[Passage],
    *,
    carried_over: Sequence[Carried] = (),
    theirs: Sequence[str] = (),
) -> list[Side]:
    sides = []
    for index, passage in enumerate(passages):
        field, fits = form.paragraphs.entries[index], carried_over[index] if carried_over else None
        other = theirs[index] if index < len(theirs) else ""
        said = str(field.data or "")
        sides.append(
            Side(
                number=index + 1,
                source=Markup(passage.html),  # noqa: S704 - cleaned by nh3
                field=field,
                fit=fits.fit if fits else None,
                changes=passage_html(fits.was, passage.source) if fits and fits.fit is Fit.CHANGED else Markup(),
                raw=passage.source if has_markup(passage) else "",
                theirs=other if other != said else "",
                other_numbers=bool(said.strip()) and numbers_differ(passage.source, said),
            )
        )
    return [side for side, passage in zip(sides, passages, strict=True) if has_words(passage)]

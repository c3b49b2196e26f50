"""Translations: write one beside its source, approve it; publishing takes the approved ones along, a later one becomes an annex."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from signflow.documents.passages import passages_of
from signflow.documents.translated import compose, has_words
from signflow.domain import events, translations
from signflow.domain.actors import Actor
from signflow.domain.errors import N_, Invalid
from signflow.domain.lifecycle import Status, refuse_unpublished
from signflow.domain.names import check_name
from signflow.domain.notices import NoticeKind
from signflow.domain.permissions import Permission, require
from signflow.domain.versions import Wording
from signflow.models import Statement, Translation, Version
from signflow.models.locks import lock_statement
from signflow.proof.issue import issue_annex
from signflow.proof.log import IssuedEntry, Position
from signflow.queries.annexes import annexes_of
from signflow.queries.notices import main_publication, notices_of
from signflow.queries.statements import newest_version
from signflow.queries.translations import latest_of, published_in
from signflow.services import audit
from signflow.services.drafting import checked, text_columns
from signflow.services.entries import Press, append
from signflow.services.freezing import facts_of
from signflow.services.notifications import News, tell_drafters


@dataclass(frozen=True)
class Rendering:
    """What a translator wants to save: version `number` in another language, a paragraph for each of its passages.

    `translator`: who is named for it, empty for nobody. `began_with`: the hash of the draft that it was written on, empty for none.
    """

    language: str
    number: int
    title: str
    byline: str
    addressees: tuple[str, ...]
    paragraphs: tuple[str, ...]
    cc: tuple[str, ...] = ()
    translator: str = ""
    began_with: str = ""


def save_translation(
    session: Session, statement_id: int, *, actor: Actor, rendering: Rendering, now: datetime
) -> Translation:
    """Keep a translation of the newest version as a draft; one that was approved gets a next revision.

    TextMoved when version or draft are others than those that it was written on; Refused once it is published.
    """
    source = _enter(session, statement_id, actor=actor, language=rendering.language)
    translations.refuse_moved_source(number=rendering.number, newest=source.number)
    latest = latest_of(session, source.id, rendering.language)
    translations.refuse_moved(began_with=rendering.began_with, now=latest.sha256 if latest else "")
    columns = _columns(rendering, source)
    if latest is None or not latest.is_draft:
        revision = latest.revision + 1 if latest else 1
        latest = Translation(version_id=source.id, revision=revision, **columns)
        session.add(latest)
    for name, value in {**columns, "written_by_id": actor.person_id, "written_at": now}.items():
        setattr(latest, name, value)
    session.flush()
    event = events.TranslationSaved(latest.language, source.number)
    audit.record(session, event, actor=actor, about=source.statement.public_id, now=now)
    return latest


def approve_translation(
    session: Session, statement_id: int, *, actor: Actor, language: str, read: str, now: datetime
) -> Translation:
    """Approve the draft whose hash was `read`: nobody changes it any more, and it is published with its version.

    Invalid while something is not translated or hides in it; TextMoved when it is not the draft that was read.
    """
    source = _enter(session, statement_id, actor=actor, language=language)
    latest = latest_of(session, source.id, language)
    draft = translations.require_draft(latest if latest and latest.is_draft else None)
    translations.refuse_moved(began_with=read, now=draft.sha256)
    translations.require_whole(draft.wording, source.wording, missing=missing_in(source, draft))
    draft.approved_by_id, draft.approved_at = actor.person_id, now
    session.flush()
    event = events.TranslationApproved(language, source.number, draft.sha256)
    audit.record(session, event, actor=actor, about=source.statement.public_id, now=now)
    return draft


def publish_translation(
    session: Session, statement_id: int, *, actor: Actor, language: str, press: Press, now: datetime
) -> Translation:
    """Add an approved translation to the published statement: an annex with a text and nobody's name, signed and chained.

    Refused before publication, after a retraction, and while nobody approved it; Unavailable as for publishing.
    """
    statement = lock_statement(session, statement_id)
    require(actor, Permission.PUBLISH, statement)
    refuse_unpublished(Status(statement.status))
    main = main_publication(session, statement_id)
    refuse_closed(session, statement, language)
    latest = latest_of(session, main.version_id, language)
    approved = translations.require_approved(latest if latest and not latest.is_draft else None)
    facts = facts_of(main.version, texts=[approved], reference=str(statement.reference), press=press)
    annex = len(annexes_of(session, statement_id)) + 1
    of = {"statement_head": main.entry.head, "audit_head": audit.head(session)[1]}

    def issue(at: Position) -> IssuedEntry:
        return issue_annex(press.signer, facts, at=at, signatories=(), **of)

    entry = append(session, "annex", issue, press=press, now=now)
    approved.log_seq = entry.seq
    session.flush()
    head = {"reference": statement.reference, "head": f"{entry.seq}:{entry.head}"}
    news = News("translation-published", statement, f"annex-{annex}", head)
    tell_drafters(session, news, without=actor.person_id, now=now)
    event = events.TranslationPublished(language, annex, entry.seq, entry.head)
    audit.record(session, event, actor=actor, about=statement.public_id, now=now)
    return approved


def missing_in(source: Version, translation: Translation) -> list[int]:
    """The passages of a version, from 1, for which its translation has nothing yet."""
    both = zip(passages_of(source.body), translation.paragraphs, strict=True)
    return [at for at, (passage, said) in enumerate(both, 1) if has_words(passage) and not said.strip()]


def _enter(session: Session, statement_id: int, *, actor: Actor, language: str) -> Version:
    """Lock the statement, then read and check: the newest version, which can be translated into the language."""
    statement = lock_statement(session, statement_id)
    require(actor, Permission.TRANSLATE, statement)
    source = newest_version(session, statement_id)
    translations.refuse_language(language, source.language)
    refuse_closed(session, statement, language)
    return source


def refuse_closed(session: Session, statement: Statement, language: str) -> None:
    """Refused, with the reason, when no translation into the language can be written any more."""
    said = {one.kind for one in notices_of(session, statement.id)} if statement.reference else set()
    translations.refuse_closed(
        Status(statement.status),
        is_published=any(one.language == language for one in published_in(session, statement.id)),
        is_retracted=NoticeKind.RETRACTED in said,
    )


def _columns(rendering: Rendering, source: Version) -> dict[str, object]:
    """What is stored of it; Invalid, with the field, for words that no text may have."""
    translator = rendering.translator.strip()
    if translator:
        translator = check_name(translator, field="translator")
    if len(rendering.paragraphs) != len(passages_of(source.body)):
        raise Invalid(N_("The form does not have one field for each paragraph. Reload the page."))
    paragraphs = tuple(one.replace("\r\n", "\n").strip("\n") for one in rendering.paragraphs)
    wording = checked(
        Wording(
            rendering.title,
            rendering.byline,
            source.statement_date,
            rendering.language,
            rendering.addressees,
            compose(source.body, paragraphs),
            rendering.cc,
        )
    )
    return {**text_columns(wording), "paragraphs": list(paragraphs), "translator": translator}

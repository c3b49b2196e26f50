"""Drafting: create a statement, save versions, tags, drafters."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from signflow.documents.errors import DocumentError
from signflow.documents.markdown import lead, to_html
from signflow.documents.redline import changed_words
from signflow.documents.statement_file import StatementFile, serialise
from signflow.domain import events
from signflow.domain.actors import Actor
from signflow.domain.errors import N_, Invalid, Refused, TextMoved
from signflow.domain.languages import is_language
from signflow.domain.lifecycle import TEXT_IS_OPEN, Status, refuse_ended
from signflow.domain.names import LONGEST_TITLE, check_body, check_title
from signflow.domain.permissions import Permission, require
from signflow.domain.places import refuse_empty_places
from signflow.domain.versions import Grade, Wording, check_grade, obstacles, sha256_of
from signflow.models import Drafter, Signature, SignOn, Statement, StatementTag, Tag, Version
from signflow.models.locks import lock_open_sign_on, lock_statement
from signflow.models.upserts import insert_into
from signflow.queries.people import person_by_email
from signflow.queries.statements import newest_version, standing_signatures
from signflow.services import audit
from signflow.services.notifications import News, tell_organisations
from signflow.services.suggesting import take_up

MOST_TAGS = 10
LONGEST_TAG = 80
MOST_ADDRESSEES = 50
MOST_CC = 20
"""A statement file's front matter is read up to a length: whatever is saved must stay far below it."""


@dataclass(frozen=True)
class Draft:
    """What a drafter wants to save: the words, the version they were written on, and what the change is said to be.

    `concerned`: how many signatures the drafter was told that the change moves or asks for again; `taken`: public ids of the accepted
    suggestions that are in these words.
    """

    wording: Wording
    base_number: int
    grade: Grade = Grade.SUBSTANTIVE
    why: str = ""
    concerned: int | None = None
    taken: frozenset[str] = frozenset()


def checked(wording: Wording) -> Wording:
    """The wording as it will be saved, lines ending with LF; Invalid, with the field, when it may not be."""
    if not is_language(wording.language):
        raise Invalid(N_("Choose a language from the list."), field="language")
    title = check_title(wording.title)
    byline = _line(wording.byline, "byline")
    addressees = tuple(_line(line, "addressees") for line in wording.addressees if line.strip())
    if len(addressees) > MOST_ADDRESSEES:
        raise Invalid(N_("Name at most {limit} addressees."), field="addressees", limit=MOST_ADDRESSEES)
    cc = tuple(_line(line, "cc") for line in wording.cc if line.strip())
    if len(cc) > MOST_CC:
        raise Invalid(N_("At most {limit} can get a copy."), field="cc", limit=MOST_CC)
    body = check_body(wording.body).rstrip("\n") + "\n"
    if not body.strip():
        raise Invalid(N_("Write the text of the statement."), field="body")
    return Wording(title, byline, wording.date, wording.language, addressees, body, cc)


def rendered(body: str) -> str:
    """The text as safe HTML; Invalid when it has control characters or goes over a limit of what can be shown."""
    try:
        return to_html(check_body(body))
    except DocumentError as error:
        raise Invalid(error.sentence, field="body", **error.values) from error


def canonical(wording: Wording) -> bytes:
    """The canonical bytes of a wording: its statement file."""
    return serialise(
        StatementFile(
            title=wording.title,
            byline=wording.byline,
            date=wording.date,
            language=wording.language,
            addressees=wording.addressees,
            tags=(),
            body=wording.body,
            cc=wording.cc,
        )
    )


def create_statement(
    session: Session, *, actor: Actor, wording: Wording, tags: Sequence[str] = (), now: datetime
) -> Statement:
    """Begin a statement with its first version; the person becomes its drafter."""
    require(actor, Permission.CREATE_STATEMENT)
    statement = Statement(created_at=now)
    session.add(statement)
    session.flush()
    session.add(Drafter(statement_id=statement.id, person_id=actor.person_id))
    session.add(_version(statement.id, checked(wording), stage=_Stage(1, Grade.FIRST), actor=actor, now=now))
    _set_tags(session, statement, tags)
    audit.record(session, events.StatementCreated(), actor=actor, about=statement.public_id, now=now)
    return statement


def save_version(session: Session, statement_id: int, *, actor: Actor, draft: Draft, now: datetime) -> Version:
    """Save the next version. TextMoved when somebody saved one meanwhile; Invalid when nothing changed or the grade is not allowed.

    An editorial version takes the signatures along; after a substantive one the organisations that signed are asked again.
    """
    statement = lock_statement(session, statement_id)
    require(actor, Permission.EDIT_TEXT, statement)
    refuse_locked_text(statement)
    sign_on = lock_open_sign_on(session, statement_id)
    newest = newest_version(session, statement_id)
    refuse_moved_base(newest, draft.base_number)
    wording = checked(draft.wording)
    refuse_unchanged(newest, wording)
    if statement.status == Status.CIRCULATING:
        refuse_empty_places(wording)
    grade = draft.grade if statement.status == Status.CIRCULATING else Grade.SUBSTANTIVE
    check_grade(grade, obstacles_between(newest.wording, wording))
    stage = _Stage(newest.number + 1, grade, _line(" ".join(draft.why.split()), "why"))
    version = _version(statement_id, wording, stage=stage, actor=actor, now=now)
    session.add(version)
    session.flush()
    moved, asked = (0, 0) if sign_on is None else _carry_over(session, sign_on, old=newest, new=version, now=now)
    if draft.concerned not in {None, moved + asked}:
        raise Refused(N_("Signatures came or went while you were reading. Look once more at what the change costs."))
    credited = take_up(session, version, draft.taken)
    event = events.VersionSaved(version.number, grade.value, version.why, version.sha256, moved, asked)
    for fact in (event, *credited):
        audit.record(session, fact, actor=actor, about=statement.public_id, now=now)
    return version


def refuse_locked_text(statement: Statement) -> None:
    """Refused, with the reason, when no version can be saved any more."""
    refuse_ended(Status(statement.status))
    if statement.status not in TEXT_IS_OPEN:
        raise Refused(N_("The text is locked."))


def refuse_moved_base(newest: Version, base_number: int) -> None:
    """TextMoved unless the words were written on the newest version."""
    if newest.number != base_number:
        raise TextMoved(N_("Someone else saved version {number}. Your text is kept below."), number=newest.number)


def refuse_unchanged(newest: Version, wording: Wording) -> None:
    """Invalid when the wording is the newest version's, byte for byte."""
    if canonical(wording) == newest.canonical:
        raise Invalid(N_("Nothing has changed since version {number}."), number=newest.number)


def obstacles_between(old: Wording, new: Wording) -> tuple[str, ...]:
    """Why the change from one wording to the other cannot be editorial, a sentence each; empty when it can."""
    change = changed_words(old.body, new.body)
    return obstacles(old, new, changed_words=(*change.inserted, *change.deleted), ratio=change.ratio)


def set_tags(session: Session, statement_id: int, *, actor: Actor, tags: Sequence[str], now: datetime) -> None:
    """Put the statement under these tags and no others, until it is published or withdrawn."""
    statement = lock_statement(session, statement_id)
    require(actor, Permission.EDIT_TEXT, statement)
    refuse_ended(Status(statement.status))
    labels = _set_tags(session, statement, tags)
    audit.record(session, events.TagsChanged(", ".join(labels)), actor=actor, about=statement.public_id, now=now)


def add_drafter(session: Session, statement_id: int, *, actor: Actor, email: str, now: datetime) -> None:
    """Let another person who may draft lead the statement along."""
    statement = lock_statement(session, statement_id)
    require(actor, Permission.EDIT_TEXT, statement)
    refuse_ended(Status(statement.status))
    person = person_by_email(session, email)
    if person is None or person.disabled_at or not person.may_draft:
        raise Invalid(N_("Nobody with this address may draft."), field="email")
    if person.id in statement.drafter_ids:
        raise Refused(N_("This person drafts it already."), field="email")
    session.add(Drafter(statement_id=statement.id, person_id=person.id))
    audit.record(session, events.DrafterAdded(person.name), actor=actor, about=statement.public_id, now=now)


def tag_slug(label: str) -> str:
    """The address of a tag: lower case, words joined by hyphens, letters of any alphabet kept."""
    plain = unicodedata.normalize("NFC", label).casefold()
    return re.sub(r"[^\w]+", "-", plain)[:LONGEST_TAG].strip("-")


def _line(text: str, field: str) -> str:
    """One line that may be empty, without surrounding white space and without anything hidden."""
    line = text.strip()
    if len(line) > LONGEST_TITLE:
        raise Invalid(N_("Write at most {limit} characters on one line."), field=field, limit=LONGEST_TITLE)
    return check_title(line, field=field) if line else ""


@dataclass(frozen=True)
class _Stage:
    """Which version of a statement it will be, and why."""

    number: int
    grade: Grade
    why: str = ""


def text_columns(wording: Wording) -> dict[str, Any]:
    """The columns of a text that was checked: canonical bytes, their hash, the words, how they are shown."""
    data = canonical(wording)
    return {
        "canonical": data,
        "sha256": sha256_of(data),
        "written_title": wording.title,
        "written_byline": wording.byline,
        "language": wording.language,
        "statement_date": wording.date,
        "addressees": list(wording.addressees),
        "cc": list(wording.cc),
        "body": wording.body,
        "written_html": rendered(wording.body),
        "written_lead": lead(wording.body),
    }


def _version(statement_id: int, wording: Wording, *, stage: _Stage, actor: Actor, now: datetime) -> Version:
    return Version(
        statement_id=statement_id,
        number=stage.number,
        grade=stage.grade.value,
        why=stage.why,
        saved_by_id=actor.person_id,
        saved_at=now,
        **text_columns(wording),
    )


def _carry_over(session: Session, sign_on: SignOn, *, old: Version, new: Version, now: datetime) -> tuple[int, int]:
    """Move signatures along (editorial) or ask again (substantive), tell the organisations, and say (moved, asked)."""
    signatures: list[Signature] = standing_signatures(session, sign_on.id, old.id)
    is_editorial = new.grade == Grade.EDITORIAL
    if is_editorial:
        for signature in signatures:
            signature.stands_on_version_id = new.id
        session.flush()
    kind = "text-changed" if is_editorial else "sign-again"
    news = News(kind, sign_on.statement, f"v{new.number}", {"number": new.number})
    tell_organisations(session, news, organisation_ids=[signature.organisation_id for signature in signatures], now=now)
    return (len(signatures), 0) if is_editorial else (0, len(signatures))


def _set_tags(session: Session, statement: Statement, labels: Sequence[str]) -> list[str]:
    """Link the statement to these tags and no others; the labels as they are kept."""
    wanted = {tag_slug(label): label.strip() for label in labels if tag_slug(label)}
    if len(wanted) > MOST_TAGS or any(len(label) > LONGEST_TAG for label in wanted.values()):
        raise Invalid(
            N_("Use at most {tags} tags of at most {characters} characters."),
            field="tags",
            tags=MOST_TAGS,
            characters=LONGEST_TAG,
        )
    for slug, label in wanted.items():
        check_title(label, field="tags")
        # whoever writes a tag first chooses how it is spelt
        new = insert_into(session, Tag).values(slug=slug, label=label)
        session.execute(new.on_conflict_do_nothing(index_elements=["slug"]))
    session.execute(sa.delete(StatementTag).where(StatementTag.statement_id == statement.id))
    session.add_all(StatementTag(statement_id=statement.id, tag_slug=slug) for slug in wanted)
    session.flush()
    return list(wanted.values())

"""Translations, read: what is written of a version, what is published, in which languages a text can be read."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session
from sqlalchemy.sql.base import ExecutableOption as LoaderOption

from signflow.models import LogEntry, Publication, Statement, Text, Translation, Version


def latest_of(session: Session, version_id: int, language: str) -> Translation | None:
    """The newest revision of a version's translation into a language, read afresh."""
    return session.scalar(
        sa.select(Translation)
        .where(Translation.version_id == version_id, Translation.language == language)
        .order_by(Translation.revision.desc())
        .limit(1)
        .execution_options(populate_existing=True)
    )


def latest_by_language(session: Session, statement_id: int, *, only_approved: bool = False) -> dict[str, Translation]:
    """By language the translation that is furthest: the newest revision of the newest version that has one."""
    query = (
        sa.select(Translation)
        .join(Version, Version.id == Translation.version_id)
        .where(Version.statement_id == statement_id)
        .options(sa.orm.contains_eager(Translation.version).load_only(Version.number))
        .order_by(Version.number, Translation.revision)
    )
    if only_approved:
        query = query.where(Translation.approved_at.is_not(None))
    return {one.language: one for one in session.scalars(query)}


def approved_of(session: Session, version_id: int) -> list[Translation]:
    """The newest approved revision in each language, in the order of the language tags: what is frozen with the version."""
    query = (
        sa.select(Translation)
        .where(Translation.version_id == version_id, Translation.approved_at.is_not(None))
        .order_by(Translation.language, Translation.revision)
        .execution_options(populate_existing=True)
    )
    return [*{one.language: one for one in session.scalars(query)}.values()]


def published_in(session: Session, statement_id: int) -> list[Translation]:
    """The published translations of a statement, those of its annexes last."""
    return published_by_statement(session, [statement_id]).get(statement_id, [])


def published_by_statement(
    session: Session, statement_ids: Collection[int], *, options: Sequence[LoaderOption] = ()
) -> Mapping[int, list[Translation]]:
    """The published translations by the key of their statement, in the order of the log and the language tags."""
    found: dict[int, list[Translation]] = defaultdict(list)
    rows = session.execute(
        sa.select(Version.statement_id, Translation)
        .join(Version, Version.id == Translation.version_id)
        .where(Version.statement_id.in_(statement_ids), Translation.log_seq.is_not(None))
        .options(*options)
        .order_by(Translation.log_seq, Translation.language)
    )
    for key, translation in rows:
        found[key].append(translation)
    return found


def translation_annexes(session: Session) -> list[Translation]:
    """Every translation that was published alone, in the order of the log."""
    return list(
        session.scalars(
            sa.select(Translation)
            .join(LogEntry, LogEntry.seq == Translation.log_seq)
            .where(LogEntry.kind == "annex")
            .options(sa.orm.joinedload(Translation.version).joinedload(Version.statement))
            .order_by(LogEntry.seq)
        )
    )


def texts_by_statement(session: Session, publications: Sequence[Publication]) -> Mapping[int, Mapping[str, Text]]:
    """What a listing shows of publications in every language of theirs: by the key of the statement and the language, the own one first."""
    listed = sa.orm.load_only(
        Translation.written_title, Translation.written_byline, Translation.language, Translation.written_lead
    )
    translated = published_by_statement(session, [one.statement_id for one in publications], options=[listed])
    return {
        one.statement_id: {text.language: text for text in (one.version, *translated.get(one.statement_id, ()))}
        for one in publications
    }


def published_text(session: Session, reference: str, language: str) -> Version | Translation | None:
    """The frozen text of a published statement in a language, its own or a translation."""
    final = session.scalar(
        sa.select(Version)
        .join(Statement, Statement.final_version_id == Version.id)
        .where(Statement.reference == reference)
    )
    if final is None or final.language == language:
        return final
    return session.scalar(
        sa.select(Translation).where(
            Translation.version_id == final.id, Translation.language == language, Translation.log_seq.is_not(None)
        )
    )


def work_on_translations(session: Session, person_id: int) -> list[dict[str, str | int]]:
    """What a person wrote or approved of translations, for the person: titles, instants in UTC (ISO 8601)."""
    rows = session.scalars(
        sa.select(Translation)
        .where(sa.or_(Translation.written_by_id == person_id, Translation.approved_by_id == person_id))
        .order_by(Translation.id)
    )
    told = []
    for row in rows:
        of: dict[str, str | int] = {"title": row.title, "language": row.language, "version": row.version.number}
        if row.written_by_id == person_id:
            of["written"] = row.written_at.isoformat()
        if row.approved_by_id == person_id and row.approved_at:
            of["approved"] = row.approved_at.isoformat()
        told.append(of)
    return told

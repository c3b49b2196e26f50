"""What a drafter checks before finalizing, and an admin before publishing."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from signflow.domain.errors import N_, Refused
from signflow.domain.names import hidden_characters
from signflow.domain.versions import organisations_counted
from signflow.models import Person, Signature, SignOn, Statement, Translation, Version
from signflow.queries.publications import PrintedName, in_order, newest_entry
from signflow.queries.signing import Counted, left_behind
from signflow.queries.statements import main_sign_on, newest_version, standing_signatures
from signflow.queries.translations import approved_of, latest_by_language


@dataclass(frozen=True)
class CheckList:
    """Text and list as they would be frozen now: who signs, how the names are printed, whose signature is left behind."""

    statement: Statement
    version: Version
    sign_on: SignOn
    signatures: tuple[Signature, ...]
    left_behind: tuple[Signature, ...]
    translations: tuple[Translation, ...] = ()

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages in which the text would be frozen: its own, and those of approved translations."""
        fit = [one.language for one in self.translations if one.version_id == self.version.id and not one.is_draft]
        return (self.version.language, *fit)

    @property
    def not_ready(self) -> tuple[str, ...]:
        """The languages of translations that nobody approved for this version."""
        return tuple(one.language for one in self.translations if one.language not in self.languages)

    @property
    def counted(self) -> Counted:
        """How many sign, and how many of them withhold the name."""
        return Counted(len(self.signatures), sum(signature.withheld for signature in self.signatures))

    @property
    def names(self) -> tuple[PrintedName, ...]:
        """The names that will be printed, in the order of the text's language."""
        named = [one.organisation.name_by_language for one in self.signatures if not one.withheld]
        return in_order(named, self.version.language)

    @property
    def silent(self) -> int:
        """How many invited organisations have no signature and have not declined."""
        spoken = {one.organisation_id for one in (*self.signatures, *self.left_behind)}
        return sum(one.declined_at is None and one.organisation_id not in spoken for one in self.statement.invitations)

    @property
    def numbers(self) -> tuple[tuple[str, bool], ...]:
        """Where title or text say how many organisations speak, and whether it is the number that signs; False if spelt out."""
        wording = self.version.wording
        parts = (wording.title, wording.byline, wording.body)
        said = (found for part in parts for found in organisations_counted(part))
        return tuple((words, number == self.counted.signed) for words, number in said)

    @property
    def hidden(self) -> list[str]:
        """Code points in the text that publication refuses, each once."""
        wording = self.version.wording
        whole = (wording.title, wording.byline, *wording.addressees, *wording.cc, wording.body)
        return sorted({character for text in whole for _place, character in hidden_characters(text)})


def check_list(session: Session, statement: Statement) -> CheckList:
    """The check list of a circulated statement, about its newest version; Refused when it was never circulated."""
    sign_on = main_sign_on(session, statement.id)
    if sign_on is None:
        raise Refused(N_("Only a circulating statement can be finalized."))
    return late_list(session, statement, sign_on)


def late_list(session: Session, statement: Statement, sign_on: SignOn) -> CheckList:
    """The check list of a sign-on, about the newest version: the annex as it would be frozen now, if it is a late one."""
    version = newest_version(session, statement.id)
    return CheckList(
        statement,
        version,
        sign_on,
        signatures=tuple(standing_signatures(session, sign_on.id, version.id)),
        left_behind=tuple(left_behind(session, sign_on, version)),
        translations=tuple(_translations(session, version)),
    )


def _translations(session: Session, version: Version) -> list[Translation]:
    """Of each language what would be frozen, or else what is not ready."""
    approved = {one.language: one for one in approved_of(session, version.id)}
    return [approved.get(language, one) for language, one in latest_by_language(session, version.statement_id).items()]


def next_seq(session: Session) -> int:
    """The number that the next entry of the log would have."""
    last = newest_entry(session)
    return last.seq + 1 if last else 0


def who_finalized(session: Session, statement: Statement) -> Person | None:
    """The person who locked the text."""
    return session.scalar(sa.select(Person).where(Person.id == statement.finalized_by_id))

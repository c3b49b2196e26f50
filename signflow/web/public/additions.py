"""What stands below a published statement: annexes, names that were withheld, notices, in the order of the log."""

from dataclasses import dataclass

from flask_babel import gettext

from signflow.domain.notices import NoticeKind
from signflow.models import Publication
from signflow.queries.late_sign_ons import annexes_of
from signflow.queries.notices import Added, notices_of
from signflow.queries.publications import PrintedList, PrintedName, printed_list, printed_name
from signflow.queries.withholding import WithheldOn, withheld_by_day
from signflow.web.filters import long_date
from signflow.web.transaction import reading


@dataclass(frozen=True)
class Annex:
    """Late signatories as a reader sees them: the annex with its number, from 1, and its list."""

    number: int
    publication: Publication
    printed: PrintedList

    @property
    def anchor(self) -> str:
        """Where it stands on the page of its statement."""
        return f"annex-{self.number}"


@dataclass(frozen=True)
class Addition:
    """One of the three, and for a withdrawn signature the name as it is printed, while it is shown."""

    seq: int
    annex: Annex | None = None
    withheld: WithheldOn | None = None
    notice: Added | None = None
    name: PrintedName | None = None


@dataclass(frozen=True)
class After:
    """Everything after publication; what readers have to know before they read; what is said beside names, by digest."""

    additions: tuple[Addition, ...]
    correction: Added | None
    retraction: Added | None
    notes: dict[str, str]
    annexes: tuple[Annex, ...] = ()

    @property
    def signed_later(self) -> int:
        """How many organisations were added by annexes."""
        return sum(one.printed.signed for one in self.annexes)


def after(publication: Publication, language: str) -> After:
    """What was added to a publication, for a reader of one language."""
    notices = notices_of(reading(), publication.statement_id)
    annexes = annexes_for(publication, language)
    lists = [publication, *(one.publication for one in annexes)]
    found = [Addition(one.publication.log_seq, annex=one) for one in annexes]
    found += [Addition(one.seqs[0], withheld=one) for each in lists for one in withheld_by_day(reading(), each)]
    found += [Addition(one.seq, notice=one, name=_name(one, language)) for one in notices]
    withdrawn = [one for one in notices if one.kind is NoticeKind.WITHDRAWN]
    return After(
        additions=tuple(sorted(found, key=lambda one: one.seq)),
        correction=_last(notices, NoticeKind.CORRECTED),
        retraction=_last(notices, NoticeKind.RETRACTED),
        notes={one.digest: gettext("withdrew its signature on %(day)s", day=long_date(one.at)) for one in withdrawn},
        annexes=annexes,
    )


def annexes_for(publication: Publication, language: str) -> tuple[Annex, ...]:
    """The annexes of a publication, for a reader of one language."""
    found = annexes_of(reading(), publication.statement_id)
    return tuple(Annex(number, one, printed_list(reading(), one, language)) for number, one in enumerate(found, 1))


def _name(notice: Added, language: str) -> PrintedName | None:
    return printed_name(notice.disclosure, language) if notice.disclosure else None


def _last(notices: list[Added], kind: NoticeKind) -> Added | None:
    return next((one for one in reversed(notices) if one.kind is kind), None)

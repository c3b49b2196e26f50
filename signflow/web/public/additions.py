"""What stands below a published statement: annexes, names that were withheld, notices, in the order of the log."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask_babel import gettext

from signflow.domain.notices import NoticeKind
from signflow.models import Publication
from signflow.queries.annexes import Annex, annexes_of
from signflow.queries.notices import Added, notices_of
from signflow.queries.publications import PrintedList, PrintedName, printed_list, printed_name
from signflow.queries.withholding import WithheldOn, withheld_by_day
from signflow.web.filters import long_date
from signflow.web.transaction import reading


@dataclass(frozen=True)
class Late:
    """Late signatories as a reader sees them: the annex and its list."""

    annex: Annex
    publication: Publication
    printed: PrintedList


@dataclass(frozen=True)
class Addition:
    """One of the four, and for a withdrawn signature the name as it is printed, while it is shown."""

    seq: int
    late: Late | None = None
    translated: Annex | None = None
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
    lists: tuple[Late, ...] = ()

    @property
    def signed_later(self) -> int:
        """How many organisations were added by annexes."""
        return sum(one.printed.signed for one in self.lists)


def after(publication: Publication, language: str) -> After:
    """What was added to a publication, for a reader of one language."""
    notices = notices_of(reading(), publication.statement_id)
    annexes = annexes_of(reading(), publication.statement_id)
    late = late_lists(annexes, language)
    lists = [publication, *(one.publication for one in late)]
    found = [Addition(one.annex.entry.seq, late=one) for one in late]
    found += [Addition(one.entry.seq, translated=one) for one in annexes if one.translation]
    found += [Addition(one.seqs[0], withheld=one) for each in lists for one in withheld_by_day(reading(), each)]
    found += [Addition(one.seq, notice=one, name=_name(one, language)) for one in notices]
    withdrawn = [one for one in notices if one.kind is NoticeKind.WITHDRAWN]
    return After(
        additions=tuple(sorted(found, key=lambda one: one.seq)),
        correction=_last(notices, NoticeKind.CORRECTED),
        retraction=_last(notices, NoticeKind.RETRACTED),
        notes={one.digest: gettext("withdrew its signature on %(day)s", day=long_date(one.at)) for one in withdrawn},
        lists=late,
    )


def late_lists(annexes: Iterable[Annex], language: str) -> tuple[Late, ...]:
    """Those of the annexes that list signatories, for a reader of one language."""
    with_list = [(one, one.publication) for one in annexes if one.publication]
    return tuple(Late(one, frozen, printed_list(reading(), frozen, language)) for one, frozen in with_list)


def _name(notice: Added, language: str) -> PrintedName | None:
    return printed_name(notice.disclosure, language) if notice.disclosure else None


def _last(notices: list[Added], kind: NoticeKind) -> Added | None:
    return next((one for one in reversed(notices) if one.kind is kind), None)

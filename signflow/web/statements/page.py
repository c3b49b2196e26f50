"""Everything that the page of a statement shows to one viewer."""

from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from signflow.models import Publication, SignOn, Statement, Translation, Version
from signflow.queries.references import earlier_than, later_than
from signflow.queries.statements import current_sign_on, newest_version, reading_of
from signflow.web.access import viewer
from signflow.web.changes import Told, changes_between
from signflow.web.loading import load_version
from signflow.web.readable import readable_translations
from signflow.web.reviewed import ReviewPage, review_page
from signflow.web.site import now
from signflow.web.statements.acts import Act, Situation, lead_acts, sign_acts
from signflow.web.statements.lists import SignedBy, signed_by
from signflow.web.statements.readable import readable_versions
from signflow.web.statements.seats import Place, Since, places_of, since_of
from signflow.web.transaction import reading


@dataclass(frozen=True)
class News:
    """What is new for the viewer: since which version, what changed, and the versions that made it.

    `marked` is the whole text with marks; empty when the words are the same.
    """

    since: Since
    told: list[Told]
    marked: Markup
    versions: tuple[Version, ...]


@dataclass(frozen=True)
class StatementPage:
    """A statement for one viewer. `acts`: what to do, the main one first; `is_unread`: the drafters do not know yet that it was opened.

    `review`: the comments, for those who take part in them; `earlier`, `later`: published statements that it names, and that name it.
    """

    statement: Statement
    newest: Version
    sign_on: SignOn | None
    places: list[Place]
    news: News | None
    signed_by: SignedBy
    invited: int
    acts: tuple[Act, ...]
    is_unread: bool
    review: ReviewPage | None = None
    translations: tuple[Translation, ...] = ()
    earlier: tuple[Publication, ...] = ()
    later: tuple[Publication, ...] = ()

    @property
    def sign_by(self) -> datetime | None:
        """Until when organisations can sign; None before circulation."""
        return self.sign_on.sign_by if self.sign_on else None

    @property
    def is_open(self) -> bool:
        """Whether organisations sign it now; the deadline is another question."""
        return self.sign_on is not None and self.sign_on.can_be_signed

    @property
    def is_late(self) -> bool:
        """Whether they sign after publication."""
        return self.is_open and self.sign_on is not None and self.sign_on.is_late

    @property
    def message(self) -> list[str]:
        """What the drafters said when they circulated it, by paragraphs."""
        text = self.sign_on.message if self.sign_on else ""
        return [part for part in text.replace("\r\n", "\n").split("\n\n") if part.strip()]


def page_of(statement: Statement) -> StatementPage:
    """Gather the page."""
    newest = newest_version(reading(), statement.id)
    sign_on = current_sign_on(reading(), statement.id)
    places = places_of(statement, newest, sign_on)
    printed = signed_by(statement, newest, places)
    is_closed = sign_on is not None and sign_on.sign_by < now()
    situation = Situation(
        statement,
        newest.number,
        printed.signed,
        len(statement.invitations),
        is_closed,
        is_late=sign_on is not None and sign_on.can_be_signed and sign_on.is_late,
    )
    return StatementPage(
        statement=statement,
        newest=newest,
        sign_on=sign_on,
        places=places,
        news=_news(statement, newest, since_of(statement, newest, places)),
        signed_by=printed,
        invited=situation.invited,
        acts=(*sign_acts(statement, newest.number, places), *lead_acts(situation)),
        is_unread=bool(places) and not _has_opened(statement, newest),
        review=review_page(statement),
        translations=tuple(readable_translations(statement).values()),
        earlier=tuple(earlier_than(reading(), statement.id)),
        later=tuple(later_than(reading(), statement.id)),
    )


def _news(statement: Statement, newest: Version, since: Since | None) -> News | None:
    if since is None:
        return None
    old = load_version(statement, since.number)
    later = tuple(version for version in readable_versions(statement) if version.number > since.number)
    if not since.is_signed and all(version.saved_by_id == viewer().person_id for version in later):
        return None  # what one wrote oneself is no news
    changes = changes_between(old.wording, newest.wording)
    marked = changes.html(whole=True, opening=False) if changes else Markup()
    return News(since, changes.told(), marked, later)


def _has_opened(statement: Statement, newest: Version) -> bool:
    opened = reading_of(reading(), statement.id, viewer().person_id)
    return opened is not None and opened[0] >= newest.number

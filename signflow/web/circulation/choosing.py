"""Whom to invite: all, whole groups, one by one. What was ticked is resolved here, not in the browser."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from flask_babel import gettext

from signflow.domain.errors import N_, Invalid
from signflow.domain.names import sort_key
from signflow.queries.invitees import Circle, Invitee, circles_among, invitees_of
from signflow.web.languages import page_language
from signflow.web.transaction import reading

ALL = "all"


@dataclass(frozen=True)
class Whom:
    """The organisations that one statement can be put before, and the groups that they are in."""

    invitees: Sequence[Invitee]
    circles: Sequence[Circle]

    def named(self, among: Collection[int] | None = None) -> list[tuple[Invitee, str, str]]:
        """(organisation, language tag, name) of all, or of those with these keys, in the order of the page's alphabet."""
        language = page_language()
        named = [(one, *one.name_in(language)) for one in self.invitees if among is None or one.id in among]
        return sorted(named, key=lambda entry: sort_key(entry[2], language))

    def groups(self) -> list[tuple[str, str]]:
        """(value, words) of every box that means several organisations."""
        everybody = gettext("All organisations (%(count)s)", count=len(self.invitees))
        return [
            (ALL, everybody),
            *(
                (
                    one.public_id,
                    gettext("All of %(group)s (%(count)s)", group=one.name, count=len(one.organisation_ids)),
                )
                for one in self.circles
            ),
        ]

    def chosen(self, groups: Collection[str], organisations: Collection[str]) -> frozenset[int]:
        """Their keys; Invalid when somebody named what is not offered."""
        by_group = {one.public_id: one.organisation_ids for one in self.circles}
        by_group[ALL] = frozenset(one.id for one in self.invitees)
        by_address = {one.public_id: one.id for one in self.invitees}
        if not set(groups) <= set(by_group) or not set(organisations) <= set(by_address):
            raise Invalid(N_("One of the chosen organisations is not active."), field="organisations")
        return frozenset(by_address[one] for one in organisations).union(*(by_group[one] for one in groups))


def whom_for(statement_id: int) -> Whom:
    """Whom this statement can be put before."""
    invitees = invitees_of(reading(), statement_id)
    return Whom(invitees, circles_among(reading(), invitees))

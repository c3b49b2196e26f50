"""Who may do what: a map from permission to the predicates of which one must hold.

What a person may not even see is not in here: visibility is a query, and the unseen answers 404.
"""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any

from signflow.domain.actors import Actor
from signflow.domain.errors import N_, Forbidden

Predicate = Callable[[Actor, Any], bool]


class Permission(StrEnum):
    """Everything that a person can be allowed to do."""

    USE_DESK = "use the desk"
    CREATE_STATEMENT = "create a statement"
    READ_TEXT = "read the text"
    EDIT_TEXT = "edit the text"
    TRANSLATE = "write and approve translations"
    CIRCULATE = "circulate"
    TRACK = "see who is missing"
    COMMENT = "read comments and comment"
    LEAD_REVIEW = "close comments and answer suggestions"
    FINALIZE = "finalize and reopen"
    WITHDRAW_STATEMENT = "withdraw a statement"
    READ_LIST = "see who signed"
    SIGN = "sign, decline and withdraw for an organisation"
    PUBLISH = "publish"
    WITHHOLD_FOR_ANOTHER = "withhold a name on its organisation's behalf, with a second person"
    ADD_NOTICE = "write a notice about a published statement"
    LET_SIGN_LATER = "open a sign-on after publication, and publish its annex"
    READ_HISTORY = "read the history"
    MANAGE_COALITION = "manage organisations, groups and people"
    MANAGE_MEMBERS = "manage the members of an organisation"
    READ_MANDATE = "read who may sign for an organisation"
    DELEGATE = "let a reviewer sign for an organisation"


def anyone(_actor: Actor, _subject: Any) -> bool:
    """Whoever is signed in."""
    return True


def is_admin(actor: Actor, _subject: Any) -> bool:
    """An admin of the coalition."""
    return actor.is_admin


def may_draft(actor: Actor, _subject: Any) -> bool:
    """A person whom an admin lets draft."""
    return actor.may_draft


def is_drafter(actor: Actor, statement: Any) -> bool:
    """A drafter of this statement."""
    return actor.person_id in statement.drafter_ids


def is_invited(actor: Actor, statement: Any) -> bool:
    """A member of an organisation that was invited."""
    return not actor.organisation_ids.isdisjoint(statement.invited_ids)


def took_part(actor: Actor, statement: Any) -> bool:
    """A member of an organisation that was invited before publication: who is asked later reads what is public, no more."""
    return not actor.organisation_ids.isdisjoint(statement.invited_ids - statement.late_ids)


def signs_for_invited(actor: Actor, statement: Any) -> bool:
    """A signatory of an organisation that was invited."""
    return not actor.signs_for.isdisjoint(statement.invited_ids)


def text_is_final(_actor: Actor, statement: Any) -> bool:
    """The text is locked or public."""
    return bool(statement.final_version_id)


def signs_here(actor: Actor, organisation: Any) -> bool:
    """A signatory of this organisation in its own right: a delegate signs, and looks after nobody."""
    return organisation.id in actor.answers_for


def acts_here(actor: Actor, organisation: Any) -> bool:
    """A member of this organisation."""
    return organisation.id in actor.organisation_ids


# any of (all of)
PERMISSIONS: Mapping[Permission, tuple[tuple[Predicate, ...], ...]] = {
    Permission.USE_DESK: ((anyone,),),
    Permission.CREATE_STATEMENT: ((may_draft,),),
    Permission.READ_TEXT: ((is_drafter,), (is_invited,), (is_admin, text_is_final)),
    Permission.EDIT_TEXT: ((is_drafter,),),
    Permission.TRANSLATE: ((is_drafter,),),
    Permission.CIRCULATE: ((is_drafter,),),
    Permission.TRACK: ((is_drafter,),),
    Permission.COMMENT: ((is_drafter,), (took_part,)),
    Permission.LEAD_REVIEW: ((is_drafter,),),
    Permission.FINALIZE: ((is_drafter,),),
    Permission.WITHDRAW_STATEMENT: ((is_drafter,),),
    Permission.READ_LIST: ((is_drafter,), (is_invited,), (is_admin, text_is_final)),
    Permission.SIGN: ((signs_for_invited,),),
    Permission.PUBLISH: ((is_admin,),),
    Permission.WITHHOLD_FOR_ANOTHER: ((is_admin,),),
    Permission.ADD_NOTICE: ((is_drafter,), (is_admin,)),
    Permission.LET_SIGN_LATER: ((is_admin,),),
    Permission.READ_HISTORY: ((is_drafter,), (took_part,), (is_admin,)),
    Permission.MANAGE_COALITION: ((is_admin,),),
    Permission.MANAGE_MEMBERS: ((is_admin,), (signs_here,)),
    Permission.READ_MANDATE: ((is_admin,), (acts_here,)),
    Permission.DELEGATE: ((signs_here,),),
}


def permits(actor: Actor, permission: Permission, subject: Any = None) -> bool:
    """Whether the map allows it. `subject` is a statement or an organisation, as the permission needs."""
    return any(all(holds(actor, subject) for holds in every) for every in PERMISSIONS[permission])


def require(actor: Actor, permission: Permission, subject: Any = None) -> None:
    """Raise Forbidden unless the map allows it."""
    if permits(actor, permission, subject):
        return
    if permission is Permission.SIGN and is_invited(actor, subject):
        raise Forbidden(N_("You may comment, but not sign for this organisation."))
    raise Forbidden(N_("You may not do this."))

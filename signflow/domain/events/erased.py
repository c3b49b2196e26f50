"""What is still said of an event whose details were erased: who did it and what kind of act it was."""

from collections.abc import Mapping

from signflow.domain.errors import N_

ERASED: Mapping[str, str] = {
    "organisation.created": N_("{actor} added an organisation."),
    "organisation.changed": N_("{actor} changed the entry of an organisation."),
    "organisation.deleted": N_("{actor} deleted an organisation."),
    "organisation.shut-out": N_("{actor} shut out everybody who acts for an organisation."),
    "group.changed": N_("{actor} changed a group of organisations."),
    "person.invited": N_("{actor} invited a person."),
    "person.uninvited": N_("{actor} revoked an invitation."),
    "person.joined": N_("{actor} accepted an invitation."),
    "person.changed": N_("{actor} changed what a person may do."),
    "membership.ended": N_("{actor} ended a membership."),
    "membership.title": N_("{actor} changed the title of a member."),
    "mandate.delegated": N_("{actor} let a person sign for an organisation by delegation."),
    "mandate.ended": N_("{actor} ended a delegation."),
    "mandate.needed": N_("{actor} changed how an organisation signs."),
    "consent.given": N_("{actor} agreed for an organisation. Another person had to agree too."),
    "consent.taken-back": N_("{actor} took back an agreement."),
    "mandate.used": N_("{actor} acted for an organisation by delegation."),
    "factor.release-asked": N_("{actor} asked that a person may set up another phone."),
    "factor.released": N_("{actor} let a person set up another phone."),
    "version.saved": N_("{actor} saved a version."),
    "drafter.added": N_("{actor} added a drafter."),
    "tags.changed": N_("{actor} changed the tags."),
    "template.added": N_("{actor} added a template."),
    "template.changed": N_("{actor} changed a template."),
    "template.retired": N_("{actor} retired a template."),
    "references.changed": N_("{actor} changed which earlier statements are named."),
    "statement.circulated": N_("{actor} circulated the statement."),
    "organisations.invited": N_("{actor} invited more organisations."),
    "deadline.extended": N_("{actor} moved the deadline for signing."),
    "organisations.nudged": N_("{actor} reminded organisations."),
    "organisation.signed": N_("{actor} signed for an organisation."),
    "organisation.declined": N_("{actor} declined for an organisation."),
    "signature.withdrawn": N_("{actor} withdrew the signature of an organisation."),
    "signature.suspended": N_("{actor} objected to a version: the signature of an organisation is suspended."),
    "signature.name-choice": N_("{actor} changed how an organisation will be shown."),
    "key.rotated": N_("The signing key was changed from the command line."),
    "key.ended": N_("A signing key was ended from the command line."),
    "name.withheld": N_("{actor} withheld a name after publication."),
    "name.restored": N_("{actor} showed a withheld name again, with its receipt."),
    "withholding.asked": N_("{actor} asked another admin to withhold a name."),
    "withholding.taken-back": N_("{actor} took back the request to withhold a name."),
    "signature.withdrawn-in-public": N_("{actor} withdrew a signature publicly, after publication."),
    "late-sign-on.opened": N_("{actor} let organisations sign after publication."),
    "late-sign-on.closed": N_("{actor} closed the late sign-on without an annex."),
    "annex.published": N_("{actor} published an annex with late signatories."),
    "notice.proposed": N_("{actor} wrote a notice about the published statement."),
    "notice.thrown-away": N_("{actor} threw away a notice that was not published."),
    "notice.published": N_("{actor} published a notice about the statement."),
    "comment.made": N_("{actor} commented for an organisation."),
    "comment.answered": N_("{actor} answered a comment."),
    "comment.resolved": N_("{actor} resolved a comment."),
    "comment.reopened": N_("{actor} opened a comment again."),
    "suggestion.accepted": N_("{actor} accepted a suggestion."),
    "suggestion.declined": N_("{actor} declined a suggestion."),
    "suggestion.taken": N_("A version takes up a suggestion."),
    "red-lines.overridden": N_("{actor} overrode open red lines."),
    "statement.finalized": N_("{actor} finalized a version: the text is locked."),
    "statement.published": N_("{actor} published the statement."),
}
"""By action; an event that is not here needs no details to be told."""


def sentence_without_details(action: str, sentence: str) -> str:
    """The sentence of an event that has lost its details; `sentence` is the one that it had."""
    return ERASED.get(action, sentence)

"""One small world in which every route can be asked by everybody: a statement in each status, and people in each role."""

from dataclasses import dataclass, replace

from flask import Flask

from signflow.domain.actors import Role
from signflow.domain.denials import DenialWording
from signflow.domain.notices import NoticeKind, NoticeWording
from signflow.domain.reviewing import Kind
from signflow.domain.versions import Wording
from signflow.models import AccountLink, Organisation, OrganisationGroup, Person, Signature, Statement
from signflow.services import denials, notices, templates
from signflow.services.accounts import link_token
from signflow.services.finalizing import withdraw_statement
from signflow.services.memberships import Offer, invite_person
from signflow.services.organisations import set_group
from signflow.services.withholding_asks import ask
from signflow.stamping import keep_stamp
from tests.factories.coalition import WORDING, Coalition
from tests.support.site import Visitor, coalition_of, signed_in, site_of, visitor

STATUSES = ("draft", "circulating", "finalized", "published", "withdrawn")
ROLES = ("nobody", "outsider", "reviewer", "signatory", "drafter", "other_drafter", "admin")
NO_ID, NO_REFERENCE = "A" * 22, "2026-999"
SECRET = "s" * 40


def mark(status: str) -> str:
    """Words that only the text of the statement in that status has."""
    return f"These words are read where the {status} text is."


def said(status: str) -> str:
    """Words that only a comment on the statement in that status has: of the organisation of signatory and reviewer."""
    return f"These words were said about the {status} text."


def marked(status: str) -> Wording:
    """The words of the statement in that status."""
    return replace(WORDING, body=f"{WORDING.body}\n{mark(status)}\n")


@dataclass(frozen=True)
class Invited:
    """An invitation that waits for somebody without an account: its id in forms, and the token in its link."""

    public_id: str
    token: str


@dataclass
class World:
    """Public ids by status, people and visitors by role.

    `organisation` is that of signatory and reviewer; `fellow` was invited to the same statements and signed every one that could
    be signed; the outsider acts for `foreign_organisation`, which was invited to none. An admin without a role here has asked to
    withhold the published name of `organisation`; a correction of the published statement waits. All but the withdrawn one are
    translated into Russian: a draft until the text is final.
    """

    app: Flask
    coalition: Coalition
    keys: dict[str, int]
    statements: dict[str, str]
    references: dict[str, str]
    signatures: dict[str, str]
    fellow_signatures: dict[str, str]
    comments: dict[str, str]
    fellow_comments: dict[str, str]
    organisation: str
    fellow: str
    foreign_organisation: str
    group: str
    notice: str
    denial: str
    template: str
    invited: Invited
    people: dict[str, int]
    person: str
    visitors: dict[str, Visitor]

    def arguments(self, status: str) -> dict[str, str]:
        """What fills the placeholders of an address, for the statement in that status."""
        return {
            "public_id": self.statements[status],
            "signature_id": self.signatures.get(status, NO_ID),
            "comment_id": self.comments.get(status, NO_ID),
            "person_id": self.person,
            "session_id": NO_ID,
            "passkey_id": NO_ID,
            "denial_id": self.denial,
            "template_id": self.template,
            "notice_kind": "corrected",
            "notice_id": self.notice if status == "published" else NO_ID,
            "reference": self.references.get(status, NO_REFERENCE),
            "number": "1",
            "seq": "0",
            "language": "en",
            "tongue": "ru",
            "kind": "atom",
            "slug": "joint-statement",
            "token": self.invited.token,
            "filename": "app.css",
            "who": "drafter",
            "name": "mail.eml",
        }


def made_in(app: Flask) -> World:
    """The world of an application with an empty database."""
    coalition = coalition_of(app)
    organisations = [
        coalition.organisation(name) for name in ("Third Bank Initiative", "Lantern Legal Aid", "Night Archive")
    ]
    people = _people(coalition, *organisations)
    keys, signatures, fellow_signatures, comments, fellow_comments = _statements(coalition, people, organisations[:2])
    other_admin = coalition.admin()
    reference = coalition.publish(keys["published"], other_admin)
    keep_stamp(site_of(app).settings.home, 0, b"what an authority says")
    _ask_to_withhold(coalition, keys["published"], signatures["published"], other_admin)
    own, fellow, foreign = (coalition.public_id(Organisation, one) for one in organisations)
    return World(
        app=app,
        coalition=coalition,
        keys=keys,
        statements={status: coalition.public_id(Statement, key) for status, key in keys.items()},
        references={"published": reference},
        signatures={status: coalition.public_id(Signature, key) for status, key in signatures.items()},
        fellow_signatures={status: coalition.public_id(Signature, key) for status, key in fellow_signatures.items()},
        comments=comments,
        fellow_comments=fellow_comments,
        organisation=own,
        fellow=fellow,
        foreign_organisation=foreign,
        group=_group(coalition, people["admin"], organisations),
        denial=_denial(coalition, people["admin"]),
        template=_template(coalition, people["admin"]),
        notice=_notice(coalition, keys["published"], people["drafter"]),
        invited=_invited(coalition, people["signatory"], organisations[0]),
        people=people,
        person=coalition.public_id(Person, people["reviewer"]),
        visitors={"nobody": visitor(app), **{role: signed_in(app, people[role]) for role in ROLES[1:]}},
    )


def _people(coalition: Coalition, own: int, fellow: int, foreign: int) -> dict[str, int]:
    """By role, and who signs for the fellow organisation."""
    return {
        "outsider": coalition.member(foreign),
        "reviewer": coalition.member(own, Role.REVIEWER),
        "signatory": coalition.member(own),
        "fellow": coalition.member(fellow),
        "drafter": coalition.drafter(email="drafter@demo.example"),
        "other_drafter": coalition.drafter(),
        "admin": coalition.admin(),
    }


def _statements(
    coalition: Coalition, people: dict[str, int], invited: list[int]
) -> tuple[dict[str, int], dict[str, int], dict[str, int], dict[str, str], dict[str, str]]:
    """A statement in each status, but that the published one is only finalized; signatures and suggestions of both organisations.

    What circulates the first organisation has still to sign.
    """
    keys, signatures, fellow_signatures, comments, fellow_comments = {}, {}, {}, {}, {}
    for status in STATUSES:
        keys[status] = coalition.draft(people["drafter"], marked(status), tags=["joint statement"])
        _translate(coalition, keys[status], status, people["drafter"])
        if status == "draft":
            continue
        coalition.circulate(keys[status], people["drafter"], invited)
        fellow_signatures[status] = coalition.sign(keys[status], people["fellow"], invited[1])
        wording = {"kind": Kind.SUGGESTION, "proposed": "A letter weighs nothing."}
        comments[status] = coalition.comment(keys[status], people["signatory"], invited[0], said(status), **wording)
        fellow_comments[status] = coalition.comment(keys[status], people["fellow"], invited[1], "Theirs.", **wording)
        if status in {"finalized", "published"}:
            signatures[status] = coalition.sign(keys[status], people["signatory"], invited[0])
            coalition.finalize(keys[status], people["drafter"])
    with coalition.database.write() as session:
        actor = coalition.actor(session, people["drafter"])
        withdraw_statement(session, keys["withdrawn"], actor=actor, now=coalition.now)
    coalition.draft(people["other_drafter"])
    return keys, signatures, fellow_signatures, comments, fellow_comments


def _translate(coalition: Coalition, key: int, status: str, drafter: int) -> None:
    """Into Russian: a draft of what is still changed, approved for what is final; nothing of what is withdrawn."""
    if status in {"finalized", "published"}:
        coalition.translated(key, drafter, "ru")
    elif status != "withdrawn":
        coalition.translate(key, drafter, "ru")


def _ask_to_withhold(coalition: Coalition, statement: int, signature: int, admin: int) -> None:
    """What another admin than the role's own asked for, about the name of the first organisation."""
    with coalition.database.write() as session:
        actor = coalition.actor(session, admin)
        ask(session, statement, actor=actor, signature_id=signature, now=coalition.now)


def _denial(coalition: Coalition, admin: int) -> str:
    """A statement that is not ours."""
    wording = DenialWording("A call to arms", {"en": "It went round on 20 November; nobody of us wrote it."})
    with coalition.database.write() as session:
        about = {"wording": wording, "language": "en", "now": coalition.now}
        return denials.deny(session, actor=coalition.actor(session, admin), **about).public_id


def _template(coalition: Coalition, admin: int) -> str:
    """Words to begin with, and a place in them."""
    with coalition.database.write() as session:
        actor = coalition.actor(session, admin)
        wording = replace(WORDING, date=None, title="A letter to {person}")
        return templates.add(session, actor=actor, name="Letter", wording=wording, now=coalition.now).public_id


def _notice(coalition: Coalition, statement: int, drafter: int) -> str:
    """A correction of the published statement that waits for an admin."""
    wording = NoticeWording(NoticeKind.CORRECTED, {"en": "The weight was wrong."}, "twenty grams", "thirty grams")
    with coalition.database.write() as session:
        actor = coalition.actor(session, drafter)
        return notices.propose(session, statement, actor=actor, wording=wording, now=coalition.now).public_id


def _group(coalition: Coalition, admin: int, organisations: list[int]) -> str:
    with coalition.database.write() as session:
        actor, ids = coalition.actor(session, admin), frozenset(organisations)
        made = OrganisationGroup()
        set_group(session, made, actor=actor, name="Everybody", organisation_ids=ids, now=coalition.now)
        return made.public_id


def _invited(coalition: Coalition, signatory: int, organisation: int) -> Invited:
    with coalition.database.write() as session:
        link: AccountLink = invite_person(
            session,
            session.get_one(Organisation, organisation),
            actor=coalition.actor(session, signatory),
            offer=Offer("newcomer@example.org", Role.REVIEWER),
            secret=SECRET,
            now=coalition.now,
        )
        return Invited(link.public_id, link_token(SECRET, purpose="seat", nonce=link.nonce))

"""Changes of keys: what stands in the log and the history afterwards, and what the keys may do then."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy.orm import Session

from signflow.database import Database
from signflow.domain.errors import DomainError, Refused, Unavailable
from signflow.models import AuditEvent, LogEntry
from signflow.proof.issue import issue_key_change
from signflow.proof.keys import SigningKey
from signflow.proof.log import next_position
from signflow.proof.verify import loads, unb64url, verify_log
from signflow.queries.keys import known, public_keys
from signflow.queries.publications import newest_entry
from signflow.services import rotating
from signflow.services.checking import check_installation
from tests.factories.coalition import Coalition


def fresh() -> SigningKey:
    return SigningKey(Ed25519PrivateKey.generate())


class Scene:
    """A coalition that has published one statement with its first key."""

    def __init__(self, database: Database) -> None:
        self.database, self.coalition = database, Coalition(database)
        self.drafter, self.admin = self.coalition.drafter(), self.coalition.admin()
        [self.seat] = self.coalition.members(1)
        self.first = self.coalition.press.signer
        self.publish()

    def publish(self) -> int:
        """One more statement with the key that the coalition has now; its id."""
        statement = self.finalized()
        self.coalition.publish(statement, self.admin)
        return statement

    def finalized(self) -> int:
        statement = self.coalition.draft(self.drafter)
        self.coalition.circulate(statement, self.drafter, [self.seat[0]])
        self.coalition.sign(statement, self.seat[1], self.seat[0])
        self.coalition.finalize(statement, self.drafter)
        self.coalition.later(hours=1)
        return statement

    def rotate(self, new: SigningKey) -> int:
        """The coalition goes on with the new key; the number of the entry that ended the old one."""
        with self.database.write() as session:
            seq = rotating.rotate(session, new, press=self.coalition.press, now=self.coalition.now).seq
        self.coalition.press = replace(self.coalition.press, signer=new)
        return seq

    def end(self, kid: str, *, last: bool = False) -> int:
        with self.database.write() as session:
            return rotating.end_key(session, kid, press=self.coalition.press, now=self.coalition.now, last=last).seq

    def add(self, new: SigningKey) -> None:
        """A second key that may sign beside the present one, as no verb makes it."""
        with self.database.write() as session:
            last = newest_entry(session)
            assert last is not None
            at = next_position(self.coalition.press.origin, self.coalition.now, last=last)
            entry = issue_key_change(self.coalition.press.signer, at=at, add=new.jwk)
            session.add(LogEntry(seq=entry.seq, prev=last.head, head=entry.head, kind="key", jws=entry.jws))

    def lines(self) -> list[str]:
        with self.database.read() as session:
            return list(session.scalars(sa.select(LogEntry.jws).order_by(LogEntry.seq)))

    def read(self, query: Callable[[Session], Any]) -> Any:
        with self.database.read() as session:
            return query(session)

    def problems(self, key: SigningKey) -> list[str]:
        return self.read(lambda session: check_installation(session, keys={key.kid: key.jwk}).problems)  # type: ignore[no-any-return]

    def is_refused(self, act: Callable[[], object], kind: type[DomainError], sentence: str) -> None:
        """The act is refused with this sentence, and every row stays as it was."""
        before = self.coalition.rows()
        with pytest.raises(kind) as refusal:
            act()
        assert (str(refusal.value), self.coalition.rows()) == (sentence, before)


@pytest.fixture
def scene(database: Database) -> Scene:
    return Scene(database)


def said(line: str) -> tuple[str, dict[str, Any]]:
    header, payload = (loads(unb64url(part)) for part in line.split(".")[:2])
    return header["kid"], {name: payload[name] for name in ("add", "end")}


def test_the_log_says_who_signs_from_now_on(scene: Scene) -> None:
    first, second = scene.first, fresh()
    assert scene.rotate(second) == 3
    assert [said(line) for line in scene.lines()[1:]] == [
        (first.kid, {"add": first.jwk, "end": None}),
        (first.kid, {"add": second.jwk, "end": None}),
        (second.kid, {"add": None, "end": first.kid}),
    ]
    assert scene.read(lambda session: session.scalars(sa.select(LogEntry.kind)).all()) == ["statement", *["key"] * 3]
    scene.publish()
    third = fresh()
    assert scene.rotate(third) == 6
    assert [said(line) for line in scene.lines()[5:]] == [
        (second.kid, {"add": third.jwk, "end": None}),
        (third.kid, {"add": None, "end": second.kid}),
    ]


def test_the_history_tells_it_without_the_key(scene: Scene) -> None:
    second = fresh()
    scene.rotate(second)
    event = scene.read(lambda session: session.scalars(sa.select(AuditEvent).order_by(AuditEvent.seq.desc())).first())
    assert (event.action, event.actor_ref, event.object_ref) == ("key.rotated", "", "")
    assert loads(event.detail.encode()) == {"seq": 3, "kid": second.kid, "ended": scene.first.kid}


def test_old_and_new_statements_verify_after_a_rotation(scene: Scene) -> None:
    second = fresh()
    scene.rotate(second)
    scene.publish()
    keys = scene.read(lambda session: public_keys(session, second.jwk))
    assert keys == {scene.first.kid: scene.first.jwk, second.kid: second.jwk}
    for trusted in (keys, {scene.first.kid: scene.first.jwk}):
        state = verify_log(scene.lines(), trusted, issuer=scene.coalition.press.origin)
        assert (state.next_seq, state.ended) == (5, {scene.first.kid: 3})
    assert scene.problems(second) == []


def test_a_key_that_ended_neither_publishes_nor_rotates(scene: Scene) -> None:
    old = scene.coalition.press
    scene.rotate(fresh())
    statement, new = scene.finalized(), scene.coalition.press
    scene.coalition.press = old
    unusable = "The signing key cannot be read. Nothing was published."
    scene.is_refused(lambda: scene.coalition.publish(statement, scene.admin), Unavailable, unusable)
    unchanged = "The signing key cannot be read. Nothing was changed."
    scene.is_refused(lambda: scene.rotate(fresh()), Unavailable, unchanged)
    scene.is_refused(lambda: scene.end(new.signer.kid, last=True), Unavailable, unchanged)
    scene.coalition.press = new
    scene.coalition.publish(statement, scene.admin)
    assert len(scene.lines()) == 5


def test_a_key_that_ended_withholds_nothing(scene: Scene) -> None:
    statement = scene.publish()
    old = scene.coalition.press
    scene.rotate(fresh())
    new, scene.coalition.press = scene.coalition.press, old
    organisation, person = scene.seat
    unchanged = "The signing key cannot be read. Nothing was changed."
    scene.is_refused(lambda: scene.coalition.withhold(statement, person, organisation), Unavailable, unchanged)
    scene.coalition.press = new
    scene.coalition.withhold(statement, person, organisation)
    assert scene.problems(new.signer) == []  # type: ignore[arg-type]


def test_an_empty_log_has_nothing_to_change(database: Database) -> None:
    coalition = Coalition(database)
    coalition.admin()
    before = coalition.rows()
    with pytest.raises(Refused, match="Nothing has been signed with this key yet"), database.write() as session:
        rotating.rotate(session, fresh(), press=coalition.press, now=coalition.now)
    assert coalition.rows() == before


def test_a_key_that_the_log_knows_is_not_added_again(scene: Scene) -> None:
    scene.is_refused(lambda: scene.rotate(scene.first), Refused, "The log knows the new key already.")  # type: ignore[arg-type]


def test_a_clock_that_went_back_changes_no_key(scene: Scene) -> None:
    scene.coalition.now -= timedelta(minutes=11)
    wrong = "The server's clock is wrong. Nothing was changed."
    scene.is_refused(lambda: scene.rotate(fresh()), Unavailable, wrong)
    scene.is_refused(lambda: scene.end(scene.first.kid, last=True), Unavailable, wrong)


def test_the_last_key_ends_only_when_that_is_meant(scene: Scene) -> None:
    kid, statement = scene.first.kid, scene.finalized()
    last = "This is the last key that may sign: without it nothing can be published."
    scene.is_refused(lambda: scene.end(kid), Refused, last)
    assert scene.end(kid, last=True) == 2
    unusable = "The signing key cannot be read. Nothing was published."
    scene.is_refused(lambda: scene.coalition.publish(statement, scene.admin), Unavailable, unusable)
    ended = "This key ended already, with entry 2 of the log."
    scene.is_refused(lambda: scene.end(kid, last=True), Refused, ended)
    scene.is_refused(lambda: scene.end("x" * 43), Refused, "The log knows no such key.")
    event = scene.read(lambda session: session.scalars(sa.select(AuditEvent).order_by(AuditEvent.seq.desc())).first())
    assert (event.action, loads(event.detail.encode())) == ("key.ended", {"seq": 2, "kid": kid})
    assert scene.problems(scene.first) == ["log: the signing key ended with entry 2: nothing can be published"]  # type: ignore[arg-type]


def test_one_of_two_keys_is_ended_by_the_other(scene: Scene) -> None:
    second = fresh()
    scene.add(second)
    scene.coalition.press = replace(scene.coalition.press, signer=second)
    assert scene.end(scene.first.kid) == 2
    assert said(scene.lines()[2]) == (second.kid, {"add": None, "end": scene.first.kid})
    keys = scene.read(known)
    assert [(one.since, one.ended) for one in keys.values()] == [(0, 2), (1, None)]


def test_a_key_for_which_nobody_vouches_checks_nothing(scene: Scene) -> None:
    """The first key added a second one, which has signed nothing yet: alone it proves nothing about the entries before it."""
    second = fresh()
    scene.add(second)
    assert scene.problems(second) == ["log: the key is not a known one"]
    scene.coalition.press = replace(scene.coalition.press, signer=second)
    scene.end(scene.first.kid)
    assert scene.problems(second) == ["log: the key is not a known one"], (
        "the first key's public part is not in the log"
    )


def test_a_key_that_signed_before_it_was_added_is_found(scene: Scene) -> None:
    """The key at hand is no excuse: every entry must be signed by a key that the log had added before."""
    second, press = fresh(), scene.coalition.press
    early = replace(press, signer=second)
    for signing, added in ((early, second), (press, scene.first), (press, second)):
        scene.coalition.press = signing
        scene.add(added)  # type: ignore[arg-type]
    scene.coalition.press = early
    scene.end(scene.first.kid)
    assert scene.problems(second) == ["log: entry 1: the key is not a known one"]

"""Publishing, on both databases: what is frozen, signed, chained and told; what is refused, with nothing written."""

import base64
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from signflow.database import Database
from signflow.domain.errors import DomainError, Forbidden, Invalid, Refused, TextMoved, Unavailable
from signflow.domain.versions import Grade
from signflow.models import (
    AuditEvent,
    FrozenSignatory,
    LogEntry,
    Organisation,
    OutboxMail,
    Publication,
    Signature,
    SignOn,
    Statement,
    Version,
)
from signflow.proof.issue import issue_key_change
from signflow.proof.keys import SigningKey, create_key_file, load_key_file
from signflow.proof.log import next_position
from signflow.proof.verify import ZERO_HEAD, VerifiedStatement, head_of, verify_log, verify_statement
from signflow.queries.history import history_of
from signflow.queries.publications import log_entries, newest_entry, sd_jwt
from signflow.services import publishing, signing
from signflow.services.keys import load_signer
from tests.factories.coalition import WORDING, Coalition


class Scene:
    """A statement before three organisations; Artur drafts, Iryna publishes."""

    def __init__(self, database: Database) -> None:
        self.coalition = Coalition(database)
        self.database = database
        self.drafter, self.admin = self.coalition.drafter(), self.coalition.admin()
        self.members = self.coalition.members(3)
        self.statement = self.circulated()

    def circulated(self, **wording: Any) -> int:
        """Another statement before the same organisations."""
        statement = self.coalition.draft(self.drafter, replace(WORDING, **wording))
        self.coalition.circulate(statement, self.drafter, [organisation for organisation, _ in self.members])
        return statement

    def sign(self, *places: int, withheld: Sequence[int] = (), statement: int | None = None) -> list[int]:
        """Let the organisations at these places of `members` sign."""
        return [
            self.coalition.sign(
                statement or self.statement, self.members[i][1], self.members[i][0], withheld=i in withheld
            )
            for i in places
        ]

    def finalized(self, *places: int, withheld: Sequence[int] = ()) -> list[int]:
        """Sign, then finalize."""
        signatures = self.sign(*places, withheld=withheld)
        self.coalition.finalize(self.statement, self.drafter)
        self.coalition.later(hours=2)
        return signatures

    def publish(self, **changes: Any) -> None:
        """Publish as the admin, with what was read and the press of the coalition unless others are given."""
        person = changes.pop("person", self.admin)
        values = {"press": self.coalition.press, "read": self.coalition.newest(self.statement), **changes}
        with self.database.write() as session:
            actor = self.coalition.actor(session, person)
            publishing.publish(session, self.statement, actor=actor, now=self.coalition.now, **values)

    def refused(self, kind: type[DomainError], **changes: Any) -> str:
        """The sentence of a refusal that leaves every row as it was."""
        before = self.coalition.rows()
        with pytest.raises(kind) as refusal:
            self.publish(**changes)
        assert self.coalition.rows() == before
        return str(refusal.value)

    def verified(self) -> VerifiedStatement:
        """The SD-JWT of the publication, through the public verifier."""
        with self.database.read() as session:
            publication = session.scalars(sa.select(Publication).order_by(Publication.id.desc())).first()
            assert publication is not None
            signer = self.coalition.press.signer
            return verify_statement(sd_jwt(session, publication), {signer.kid: signer.jwk})

    def names(self, *places: int) -> list[dict[str, str]]:
        """What the organisations are called."""
        with self.database.read() as session:
            return [session.get_one(Organisation, self.members[i][0]).name_by_language for i in places]


@pytest.fixture
def scene(database: Database) -> Scene:
    return Scene(database)


def test_a_publication_freezes_text_and_list_in_every_table(scene: Scene) -> None:
    signatures = scene.finalized(0, 1, 2, withheld=[1])
    scene.publish()
    proof, now = scene.verified(), scene.coalition.now
    with scene.database.read() as session:
        statement = session.get_one(Statement, scene.statement)
        version = session.scalars(sa.select(Version)).one()
        entry = session.scalars(sa.select(LogEntry)).one()
        publication = session.scalars(sa.select(Publication)).one()
        assert (statement.status, statement.reference) == ("published", "2026-001")
        assert (entry.seq, entry.prev, entry.head, entry.kind) == (0, ZERO_HEAD, proof.head, "statement")
        frozen = (publication.log_seq, publication.version_id, publication.sign_on_id, publication.published_at)
        assert frozen == (0, version.id, session.scalars(sa.select(SignOn.id)).one(), now)
        assert session.scalars(sa.select(SignOn.status)).all() == ["frozen"]
        listed = session.execute(sa.select(FrozenSignatory.signature_id, FrozenSignatory.disclosure)).all()
    assert sorted(row[0] for row in listed) == sorted(signatures)
    assert [row[0] for row in listed if row[1] is None] == [signatures[1]]


def test_the_proof_names_the_text_the_count_and_whoever_is_named(scene: Scene) -> None:
    scene.finalized(0, 1, 2, withheld=[1])
    scene.publish()
    proof = scene.verified()
    number, sha256 = scene.coalition.newest(scene.statement)
    assert (proof.count, proof.withheld, proof.payload["withheld_at_publication"]) == (3, 1, 1)
    assert sorted(map(str, (one.name for one in proof.names))) == sorted(map(str, scene.names(0, 2)))
    assert {one.date for one in proof.names} == {"2026-11-23"}
    with scene.database.read() as session:
        size = len(session.scalars(sa.select(Version.canonical)).one())
    assert proof.payload["statement"] == {
        "id": "2026-001",
        "version": number,
        "title": {"en": WORDING.title},
        "texts": [
            {"lang": "en", "media_type": "text/markdown; charset=utf-8", "sha256": sha256, "bytes": size},
        ],
        "url": "http://127.0.0.1:8000/statements/2026-001",
        "addressees": {"en": list(WORDING.addressees)},
    }


def test_a_withheld_name_is_nowhere_in_what_was_frozen(scene: Scene) -> None:
    scene.finalized(0, 1, withheld=[1])
    scene.publish()
    (name,) = (names["en"] for names in scene.names(1))
    rows = scene.coalition.rows()
    frozen = [row for table in ("log_entry", "publication", "frozen_signatory") for row in rows[table]]
    disclosed = [
        base64.urlsafe_b64decode(part + "==").decode()
        for row in rows["frozen_signatory"]
        for part in row
        if isinstance(part, str) and len(part) > 43
    ]
    assert len(disclosed) == 1
    assert name not in "".join([*disclosed, *map(repr, frozen)])
    assert name not in json.dumps(scene.verified().payload)
    (withheld,) = (row[0] for row in rows["frozen_signatory"] if None in row)
    texts = {cell for table in rows.values() for row in table for cell in row if isinstance(cell, str)}
    assert withheld in texts
    assert [text for text in texts if text.isascii() and head_of(text) == withheld] == []


def test_history_mail_and_audit_head(scene: Scene) -> None:
    scene.finalized(0, 1, withheld=[1])
    with scene.database.read() as session:
        audit_head = session.scalars(sa.select(AuditEvent.hash).order_by(AuditEvent.seq.desc())).first()
    scene.publish()
    proof = scene.verified()
    assert proof.payload["audit"] == {"head": audit_head}
    with scene.database.read() as session:
        statement = session.get_one(Statement, scene.statement)
        told = history_of(session, statement, scene.coalition.actor(session, scene.admin))[-1]
        assert told.sentence.format(**told.values) == (
            "Iryna Admin published the statement as 2026-001 with 2 signatories."
        )
        assert (told.values["head"], told.values["withheld"]) == (proof.head, 1)
        mails = session.scalars(sa.select(OutboxMail).where(OutboxMail.kind == "published")).all()
        assert sorted(mail.person_id or 0 for mail in mails) == [person for _, person in scene.members]
        assert {json.dumps(mail.values) for mail in mails} == {
            json.dumps({"reference": "2026-001", "head": f"0:{proof.head}"})
        }


def test_only_signatures_that_stand_on_the_final_version_are_printed(scene: Scene) -> None:
    scene.sign(0, 1)
    scene.coalition.revise(scene.statement, scene.drafter)
    scene.sign(0)
    scene.coalition.revise(scene.statement, scene.drafter, grade=Grade.EDITORIAL)
    scene.sign(2)
    scene.coalition.revise(scene.statement, scene.drafter, grade=Grade.EDITORIAL)
    with scene.database.write() as session:
        organisation, person = scene.members[2]
        actor = scene.coalition.actor(session, person)
        signing.object_to_change(
            session, scene.statement, actor=actor, organisation_id=organisation, now=scene.coalition.now
        )
    scene.coalition.finalize(scene.statement, scene.drafter)
    scene.publish()
    proof = scene.verified()
    assert [dict(one.name) for one in proof.names] == scene.names(0)
    assert (proof.count, proof.payload["statement"]["version"]) == (1, 4)
    with scene.database.read() as session:
        printed = session.scalars(
            sa.select(Signature).join(FrozenSignatory, FrozenSignatory.signature_id == Signature.id)
        ).one()
        assert (printed.version.number, printed.stands_on.number) == (2, 4)


def test_the_next_publication_is_chained_to_the_one_before(scene: Scene) -> None:
    scene.finalized(0)
    scene.publish()
    scene.statement = scene.circulated(title="Second")
    scene.finalized(1)
    scene.publish()
    press = scene.coalition.press
    with scene.database.read() as session:
        entries = log_entries(session)
        references = session.scalars(sa.select(Statement.reference).order_by(Statement.id)).all()
    state = verify_log([one.jws for one in entries], {press.signer.kid: press.signer.jwk}, issuer=press.origin)
    assert references == ["2026-001", "2026-002"]
    assert (state.next_seq, state.head) == (2, scene.verified().head)


def test_references_begin_again_with_the_year_of_the_coalition(scene: Scene) -> None:
    scene.sign(0)
    scene.coalition.finalize(scene.statement, scene.drafter)
    scene.coalition.now = scene.coalition.now.replace(month=12, day=31, hour=22, minute=30)  # 2027 in Vilnius
    scene.publish()
    with scene.database.read() as session:
        assert session.get_one(Statement, scene.statement).reference == "2027-001"


def test_a_statement_that_nobody_signed_is_not_published(scene: Scene) -> None:
    scene.finalized()
    assert scene.refused(Invalid) == "Nobody has signed."


def test_whoever_finalized_does_not_publish_where_another_admin_exists(scene: Scene) -> None:
    both = scene.coalition.admin(may_draft=True)
    scene.statement = scene.coalition.draft(both)
    scene.coalition.circulate(scene.statement, both, [scene.members[0][0]])
    scene.sign(0)
    scene.coalition.finalize(scene.statement, both)
    assert scene.refused(Forbidden, person=both) == "Another person must confirm."
    one_person = replace(scene.coalition.press, two_persons=False)
    scene.publish(person=both, press=one_person)
    assert scene.verified().count == 1


def test_the_only_admin_publishes_what_she_finalized(database: Database) -> None:
    coalition = Coalition(database)
    both = coalition.admin(may_draft=True)
    coalition.person("Former Admin", is_admin=True, disabled_at=coalition.now)
    (organisation, member), statement = coalition.members(1)[0], coalition.draft(both)
    coalition.circulate(statement, both, [organisation])
    coalition.sign(statement, member, organisation)
    coalition.finalize(statement, both)
    assert coalition.publish(statement, both) == "2026-001"


def test_only_an_admin_publishes_and_only_what_is_finalized(scene: Scene) -> None:
    scene.sign(0)
    assert scene.refused(Refused) == "Only a finalized statement can be published."
    scene.coalition.finalize(scene.statement, scene.drafter)
    assert scene.refused(Forbidden, person=scene.drafter) == "You may not do this."
    scene.publish()
    assert scene.refused(Refused) == "A published statement cannot be changed."


def test_what_was_read_must_be_the_final_version(scene: Scene) -> None:
    scene.finalized(0)
    number, sha256 = scene.coalition.newest(scene.statement)
    assert "changed since" in scene.refused(TextMoved, read=(number + 1, sha256))
    assert "changed since" in scene.refused(TextMoved, read=(number, "0" * 64))


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ("Free \u202ethem.", "U+202E at position 6"),
        ("Free them\u200b.", "U+200B at position 10"),
    ],
)
def test_hidden_characters_are_not_published(scene: Scene, body: str, sentence: str) -> None:
    scene.statement = scene.circulated(body=body)
    scene.finalized(0)
    assert scene.refused(Invalid) == f"The text has hidden direction or invisible characters: {sentence}."


@pytest.mark.parametrize(("minutes", "is_refused"), [(-11, True), (-9, False)])
def test_a_clock_that_went_back_publishes_nothing(scene: Scene, minutes: int, is_refused: bool) -> None:
    scene.finalized(0)
    scene.publish()
    scene.statement = scene.circulated()
    scene.sign(0)
    scene.coalition.finalize(scene.statement, scene.drafter)
    first = scene.verified().payload["iat"]
    scene.coalition.later(minutes=minutes)
    if is_refused:
        assert scene.refused(Unavailable) == "The server's clock is wrong. Nothing was published."
        return
    scene.publish()
    assert scene.verified().payload["iat"] == first  # time never goes back in the log


def test_a_key_that_the_log_does_not_know_or_has_ended_publishes_nothing(scene: Scene) -> None:
    scene.finalized(0)
    scene.publish()
    scene.statement = scene.circulated()
    scene.finalized(0)
    old, new = scene.coalition.press.signer, SigningKey(Ed25519PrivateKey.generate())
    unusable = "The signing key cannot be read. Nothing was published."
    rotated = replace(scene.coalition.press, signer=new)
    assert scene.refused(Unavailable, press=rotated) == unusable
    with scene.database.write() as session:
        last = newest_entry(session)
        at = next_position(scene.coalition.press.origin, scene.coalition.now, last=last)
        change = issue_key_change(old, at=at, add=new.jwk, end=old.kid)
        row = LogEntry(seq=change.seq, prev=last.head if last else "", head=change.head, kind="key", jws=change.jws)
        session.add(row)
    assert scene.refused(Unavailable) == unusable
    scene.publish(press=rotated)
    scene.coalition.press = rotated
    assert scene.verified().count == 1


def test_the_key_file_must_be_there_private_and_a_key(tmp_path: Path) -> None:
    file = tmp_path / "key.pem"
    unusable = "The signing key cannot be read. Nothing was published."
    for prepare in (lambda: None, lambda: create_key_file(file) and file.chmod(0o644), lambda: file.write_text("no")):
        prepare()
        with pytest.raises(Unavailable) as refusal:
            load_signer(file)
        assert str(refusal.value) == unusable
    file.unlink()
    key = create_key_file(file)
    assert load_signer(file).kid == key.kid == load_key_file(file).kid

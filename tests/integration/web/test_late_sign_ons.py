"""Signing after publication, from the admin's form to the reader: pages, files, feeds, board; and who learns nothing by it."""

import csv
import io
import re
from xml.etree import ElementTree

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.test import TestResponse

from signflow.models import Invitation, Organisation, OutboxMail, Signature, SignOn, Statement
from signflow.proof.verify import verify_statement
from signflow.web.admin.kinds import UNNAMED
from tests.support.register import key_of, with_key_of
from tests.support.site import ORIGIN, Visitor, signed_in, visitor

ATOM = "{http://www.w3.org/2005/Atom}"
SIGN_BY = "2026-11-26T12:00"


class Scene:
    """2026-001 is published: one organisation is named, one withheld; one was asked in vain, a stranger never."""

    def __init__(self, app: Flask) -> None:
        self.app, self.coalition = app, with_key_of(app)
        self.drafter, self.admin = self.coalition.drafter(), self.coalition.admin()
        names = ("Lantern Legal Aid", "Hidden Heron", "Third Bank Initiative", "Night Archive")
        self.seats = [(one, self.coalition.member(one)) for one in map(self.coalition.organisation, names)]
        (lantern, anna), (heron, ivan), (self.silent, self.olga), (self.stranger, self.vera) = self.seats
        self.statement = self.coalition.draft(self.drafter)
        self.coalition.revise(self.statement, self.drafter)
        self.coalition.circulate(self.statement, self.drafter, [lantern, heron, self.silent])
        self.coalition.comment(self.statement, self.olga, self.silent, "We said this before.")
        self.coalition.sign(self.statement, anna, lantern)
        self.coalition.sign(self.statement, ivan, heron, withheld=True)
        self.coalition.finalize(self.statement, self.drafter)
        self.coalition.publish(self.statement, self.admin)
        self.coalition.later(hours=3)
        self.id = self.coalition.public_id(Statement, self.statement)
        self.address = f"/desk/statements/{self.id}"

    def by(self, person: int) -> Visitor:
        return signed_in(self.app, person)

    def open(self, **form: object) -> TestResponse:
        given = {"sign_by": SIGN_BY, "time_zone": "UTC", "message": "There is room.", **form}
        return self.by(self.admin).post(f"{self.address}/late-sign-on", given)

    def sign(self, person: int, shown: str = "named") -> TestResponse:
        number, sha256 = self.coalition.newest(self.statement)
        form = {"version": number, "sha256": sha256, "shown": shown, "authorised": "y"}
        return self.by(person).post(f"{self.address}/signature", form)

    def annex(self) -> TestResponse:
        return self.by(self.admin).post(f"{self.address}/annex", {})

    def words(self, address: str, person: int | None = None) -> str:
        answer = (self.by(person) if person else visitor(self.app)).get(address)
        assert answer.status_code == 200, answer.status_code
        return re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", answer.text))

    def statuses(self) -> list[str]:
        with self.coalition.database.read() as session:
            return list(session.scalars(sa.select(SignOn.status).order_by(SignOn.ordinal)))


@pytest.fixture
def scene(sqlite_app: Flask) -> Scene:
    return Scene(sqlite_app)


def _with_stranger(scene: Scene) -> dict[str, object]:
    return {"organisations": scene.coalition.public_id(Organisation, scene.stranger)}


def test_an_annex_reaches_the_reader(scene: Scene) -> None:
    answer = scene.open(**_with_stranger(scene))
    assert (answer.status_code, answer.location) == (303, f"{scene.address}/late-sign-on")
    assert scene.sign(scene.olga).status_code == 303
    assert scene.sign(scene.vera, "withheld").status_code == 303
    board = scene.words(f"{scene.address}/late-sign-on", scene.admin)
    assert "2 organisations signed. One name is withheld for safety." in board
    assert "Third Bank Initiative" in board
    assert "Night Archive" not in board
    assert "signed later" not in scene.words("/en/statements/2026-001")
    check = scene.words(f"{scene.address}/annex", scene.admin)
    assert "Publish annex 1?" in check
    assert "annex 1, entry 1 of the log, at the moment you press the button" in check
    answer = scene.annex()
    assert (answer.status_code, answer.location) == (303, f"{scene.address}/late-sign-on")
    assert scene.statuses() == ["frozen", "frozen"]
    page = scene.words("/en/statements/2026-001")
    assert "2 organisations signed. 1 is named below. 1 name is withheld for safety. " in page
    assert "2 organisations signed later." in page
    assert "Annex 1, 23 November 2026: 2 more organisations signed" in page
    assert page.index("Lantern Legal Aid") < page.index("Annex 1,") < page.index("Third Bank Initiative")
    assert "Night Archive" not in page
    assert "As of 23 November 2026." in page


def test_the_files_of_an_annex(scene: Scene) -> None:
    scene.open(**_with_stranger(scene))
    scene.sign(scene.olga)
    scene.sign(scene.vera, "withheld")
    reader = visitor(scene.app)
    assert reader.get("/statements/2026-001.annex-1.sdjwt").status_code == 404
    scene.annex()
    answer = reader.get("/statements/2026-001.annex-1.sdjwt")
    assert (answer.status_code, answer.content_type) == (200, "application/sd-jwt; charset=us-ascii")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="2026-001.annex-1.sdjwt"'
    record = verify_statement(answer.text, {key_of(scene.app).kid: key_of(scene.app).jwk})
    assert (record.seq, record.count, record.withheld) == (1, 2, 1)
    assert [dict(one.name) for one in record.names] == [{"en": "Third Bank Initiative"}]
    _header, *rows = csv.reader(
        io.StringIO(reader.get("/statements/2026-001/signatories.csv").data.decode("utf-8-sig"))
    )
    assert rows == [
        ["Lantern Legal Aid", "en", "2026-11-23", ""],
        ["Third Bank Initiative", "en", "2026-11-23", "1"],
    ]
    for address in ("annex-0", "annex-2", "annex-x", "annex-1.be"):
        assert reader.get(f"/statements/2026-001.{address}.sdjwt").status_code == 404, address
    assert reader.get("/statements/2026-002.annex-1.sdjwt").status_code == 404
    asked = scene.app.test_client().post("/en/verify/answer", base_url=ORIGIN, data={"text": answer.text})
    assert "as an annex to joint statement 2026-001" in asked.text
    assert f"1:{record.head}" in asked.text


def test_feeds_tell_of_it_as_an_update(scene: Scene) -> None:
    def entry() -> ElementTree.Element:
        found = ElementTree.fromstring(visitor(scene.app).get("/en/feed.atom").data).find(f"{ATOM}entry")
        assert found is not None
        return found

    before = entry()
    scene.open()
    scene.sign(scene.olga)
    assert ElementTree.tostring(entry()) == ElementTree.tostring(before)
    scene.coalition.later(hours=30)
    scene.coalition.publish_annex(scene.statement, scene.admin)
    after = entry()
    assert after.findtext(f"{ATOM}id") == before.findtext(f"{ATOM}id")
    assert after.findtext(f"{ATOM}published") == before.findtext(f"{ATOM}published")
    assert after.findtext(f"{ATOM}updated") == "2026-11-24T21:00:00+00:00"
    summary = after.findtext(f"{ATOM}summary") or ""
    assert summary.startswith("<p>1 organisation signed later. It was added on 24 November 2026.</p>")


def test_who_is_asked_later_reads_the_text_and_nothing_of_how_it_came_to_be(scene: Scene) -> None:
    assert scene.by(scene.vera).get(scene.address).status_code == 404
    scene.open(**_with_stranger(scene))
    page = scene.words(scene.address, scene.vera)
    assert "Organisations that are not in the list can still sign. They are added below it as an annex." in page
    assert "There is room." in page
    assert "Go on to sign version 2" in page
    assert "We said this before." not in page
    browser = scene.by(scene.vera)
    assert browser.get(f"{scene.address}/versions/2").status_code == 200
    for leaf in ("versions/1", "changes?since=1"):
        assert browser.get(f"{scene.address}/{leaf}").status_code == 404, leaf
    for leaf in ("history", "comments"):
        assert browser.get(f"{scene.address}/{leaf}").status_code == 403, leaf
    assert "We said this before." in scene.words(f"{scene.address}/comments", scene.olga)


def test_signing_late_from_the_list_of_what_waits_to_the_receipt(scene: Scene) -> None:
    assert "Letters are not contraband" not in scene.words("/desk/", scene.olga).partition("Done lately")[0]
    scene.open()
    waiting = scene.words("/desk/", scene.olga)
    assert "Asks for your signature." in waiting
    assert "Published as 2026-001." in waiting
    check = scene.words(f"{scene.address}/signature", scene.olga)
    assert "2 other organisations have signed version 2. One name of them is withheld for safety." in check
    answer = scene.sign(scene.olga)
    receipt = scene.words(str(answer.location), scene.olga)
    assert "Then an admin publishes an annex with those who signed, and you get a mail." in receipt
    assert "Withdraw the signature" in receipt
    assert "Keep the receipt" in receipt
    place = scene.words(scene.address, scene.olga)
    assert "Signed version 2 on 23 November 2026." in place
    assert "Withhold the name…" not in place
    scene.annex()
    receipt = scene.words(str(answer.location), scene.olga)
    assert "Signed and published" in receipt
    assert "Save the receipt" in receipt
    assert "Withdraw the signature" not in receipt.replace("Withdraw the signature publicly", "")
    assert "Withhold the name…" in scene.words(scene.address, scene.olga)
    file = scene.by(scene.olga).get(f"{answer.location}/receipt.sdjwt").text
    assert verify_statement(file, {key_of(scene.app).kid: key_of(scene.app).jwk}).seq == 1


def test_the_board_of_a_late_sign_on_is_the_drafters_and_they_remind(scene: Scene) -> None:
    scene.open(**_with_stranger(scene))
    assert "Who is missing" in scene.words(scene.address, scene.drafter)
    board = scene.words(f"{scene.address}/board", scene.drafter)
    assert "2 of 4 have signed, 2 have not answered" in board
    assert "Invite more organisations" not in board
    assert "An admin publishes an annex with those who sign now." in board
    assert scene.by(scene.admin).get(f"{scene.address}/board").status_code == 403
    silent = scene.coalition.public_id(Organisation, scene.silent)
    answer = scene.by(scene.drafter).post(f"{scene.address}/nudges", {"nudge": silent})
    assert (answer.status_code, answer.location) == (303, f"{scene.address}/board")
    with scene.coalition.database.read() as session:
        mails = session.scalars(sa.select(OutboxMail).where(OutboxMail.kind == "reminder")).all()
        assert [(one.person_id, one.organisation_id) for one in mails] == [(scene.olga, scene.silent)]
    for leaf in ("invitations", "deadline"):
        assert scene.by(scene.drafter).get(f"{scene.address}/{leaf}").status_code == 409, leaf
    scene.sign(scene.olga)
    assert "3 of 4 have signed" in scene.words(f"{scene.address}/board", scene.drafter)


def test_an_admin_is_not_told_who_is_missing_for_that_would_name_who_is_withheld(scene: Scene) -> None:
    form = scene.words(f"{scene.address}/late-sign-on", scene.admin)
    assert "One organisation was asked before and is not in the list." in form
    assert "Night Archive" in form
    scene.open()
    board = scene.words(f"{scene.address}/late-sign-on", scene.admin)
    assert "One organisation that may sign has not." in board
    for name in ("Hidden Heron", "Third Bank Initiative"):
        assert name not in form
        assert name not in board
    assert {"late-sign-on", "late-sign-on-closed"} <= UNNAMED


def test_it_is_moved_on_and_closed(scene: Scene) -> None:
    scene.open()
    scene.sign(scene.olga)
    admin = scene.by(scene.admin)
    answer = admin.post(f"{scene.address}/late-sign-on/deadline", {"sign_by": "2026-11-25T12:00", "time_zone": "UTC"})
    assert answer.status_code == 422
    assert "The new deadline must be later than the present one." in answer.text
    answer = admin.post(f"{scene.address}/late-sign-on/deadline", {"sign_by": "2026-11-28T12:00", "time_zone": "UTC"})
    assert (answer.status_code, answer.location) == (303, f"{scene.address}/late-sign-on")
    assert "28 November 2026, 14:00 Vilnius" in scene.words(f"{scene.address}/late-sign-on", scene.admin)
    sure = scene.words(f"{scene.address}/late-sign-on/end", scene.admin)
    assert "One organisation has signed. It will not be added to the list, and is told by mail." in sure
    answer = admin.post(f"{scene.address}/late-sign-on/end", {})
    assert (answer.status_code, scene.statuses()) == (303, ["frozen", "cancelled"])
    with scene.coalition.database.read() as session:
        key = session.scalars(sa.select(Signature.public_id).where(Signature.organisation_id == scene.silent)).one()
    receipt = scene.words(f"{scene.address}/signatures/{key}", scene.olga)
    assert "Signed, but not printed" in receipt
    assert "Signing was closed without an annex, so nobody was added to the list." in receipt


def _but_for_sessions(scene: Scene) -> dict[str, list[tuple[object, ...]]]:
    return {
        table: rows for table, rows in scene.coalition.rows().items() if table not in {"login_session", "audit_event"}
    }


def test_a_second_opening_and_an_empty_annex_are_refused_and_change_nothing(scene: Scene) -> None:
    scene.open()
    before = _but_for_sessions(scene)
    answer = scene.open()
    assert answer.status_code == 409
    assert "Organisations can sign later already. Publish that annex first, or close it." in answer.text
    answer = scene.annex()
    assert (answer.status_code, "Nobody has signed." in answer.text) == (409, True)
    assert _but_for_sessions(scene) == before
    with scene.coalition.database.read() as session:
        assert session.scalars(sa.select(Invitation.is_late)).all() == [False, False, False]


def test_after_the_deadline_the_admin_finds_it_among_what_waits(scene: Scene) -> None:
    scene.open()
    assert "Signing later has ended." not in scene.words("/desk/", scene.admin)
    with scene.coalition.database.write() as session:
        session.execute(sa.update(SignOn).where(SignOn.ordinal == 1).values(sign_by=scene.coalition.now))
    scene.coalition.later(minutes=1)
    assert "Signing later has ended." in scene.words("/desk/", scene.admin)

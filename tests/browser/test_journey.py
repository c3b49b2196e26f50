"""The whole way of a statement, from the first word to the public page, as people walk it; with and without script."""

import hashlib
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from signflow.models import (
    AuditEvent,
    FrozenSignatory,
    LogEntry,
    Publication,
    Reading,
    Signature,
    SignOn,
    Statement,
    Version,
)
from signflow.proof.verify import load_keys, verify_statement
from signflow.services.passwords import hash_password
from tests.browser import steps
from tests.browser.served import Served
from tests.browser.steps import heads, press, says
from tests.factories.coalition import PASSWORD
from tests.support.browser import OpenPage

SIGN_BY, COMMENTS_UNTIL = "2026-11-25T18:00", "2026-11-24T12:00"  # Vilnius; signing ends at 16:00 UTC
TOLD = [
    "factor.set",
    "statement.created",
    "statement.circulated",
    "organisation.signed",
    "version.saved",
    "organisation.signed",
    "organisation.signed",
    "statement.finalized",
    "statement.published",
]


@pytest.fixture(params=[True, False], ids=["with script", "without script"])
def javascript(request: pytest.FixtureRequest) -> bool:
    return request.param


class People:
    """Those who walk the way: each with a browser of their own."""

    def __init__(self, served: Served, open_page: OpenPage, *, javascript: bool) -> None:
        coalition = served.coalition
        self.served = served
        self.drafter_id = coalition.drafter(email="artur@example.org", password_hash=hash_password(PASSWORD))
        self.third, self.night, self.lantern = map(
            coalition.organisation, ("Third Bank Initiative", "Night Archive", "Lantern Legal Aid")
        )
        self.signatory_id, self.quiet_id = coalition.member(self.third), coalition.member(self.night)
        self.admin_id = coalition.admin()
        self.drafter, self.signatory, self.admin, self.reader = (open_page(javascript=javascript) for _ in range(4))
        served.enter(self.signatory, self.signatory_id)
        served.enter(self.admin, self.admin_id)


@pytest.fixture
def people(served: Served, open_page: OpenPage, javascript: bool) -> People:
    return People(served, open_page, javascript=javascript)


def test_from_the_first_word_to_the_public_page(people: People, javascript: bool, tmp_path: Path) -> None:
    address, drafter = people.served.address, people.drafter
    steps.sign_in(drafter, address, "artur@example.org", PASSWORD, now=people.served.coalition.now)
    statement = steps.begin(drafter)
    names = ["Third Bank Initiative", "Night Archive", "Lantern Legal Aid"]
    steps.circulate(drafter, names, sign_by=SIGN_BY, comments_until=COMMENTS_UNTIL)
    says(drafter, "0 of 3 have signed, 3 have not answered")
    _signs(people, javascript=javascript)
    _is_asked_again(people, statement)
    _is_finalized(people, statement)
    _is_published(people)
    _is_read(people)
    _is_verified(people, tmp_path)
    _is_written(people)


def _signs(people: People, *, javascript: bool) -> None:
    """The signatory reads what waits, and signs; the drafter sees it on the board."""
    page = people.signatory
    page.goto(f"{people.served.address}/desk/")
    says(page, "One thing needs you.")
    says(page, "Asks for your signature. You have not opened it yet.")
    press(page, "Read and sign")
    heads(page, steps.TITLE)
    says(page, "Please read it today.")
    told = page.get_by_role("button", name="Tell the drafters that you have opened it")
    if javascript:
        expect(told).to_be_hidden()  # the script has told them
    else:
        told.click()
        expect(told).to_have_count(0)
    press(page, "Go on to sign version 1")
    heads(page, "Check before you sign")
    says(page, "Nobody else has signed version 1 yet.")
    steps.sign(page, "Sign as Third Bank Initiative")
    says(page, "Third Bank Initiative signed version 1 of “Letters are not contraband”.")
    people.drafter.reload()
    says(people.drafter, "1 of 3 have signed, 2 have not answered")


def _is_asked_again(people: People, statement: str) -> None:
    """The drafter changes the meaning; the signatory sees what changed, and signs again. Another signs unnamed."""
    drafter, page = people.drafter, people.signatory
    drafter.goto(statement)
    steps.change(drafter, steps.SECOND, "Three days are what the law says.")
    page.goto(f"{people.served.address}/desk/")
    says(page, "Asks you again. You signed version 1; the text is now version 2.")
    press(page, "Read changes and sign")
    heads(page, steps.TITLE)
    says(page, "Three days are what the law says.")
    expect(page.locator(".sheet del").first).to_have_text("a week.")
    expect(page.locator(".sheet ins").first).to_have_text("three days.")
    press(page, "Go on to sign version 2")
    heads(page, "Check what changed, then reconfirm")
    steps.sign(page, "Reconfirm as Third Bank Initiative")
    with people.served.coalition.database.read() as session:
        statement_id = session.scalars(sa.select(Statement.id)).one()
    people.served.coalition.sign(statement_id, people.quiet_id, people.night, withheld=True)


def _is_finalized(people: People, statement: str) -> None:
    page = people.drafter
    page.goto(statement)
    press(page, "Finalize version 2")
    heads(page, "Finalize version 2?")
    says(page, "2 organisations sign: one named, one withheld.")
    says(page, "One organisation has not answered")
    press(page, "Finalize version 2")
    says(page, "Version 2 is final: nobody can change the text now.")


def _is_published(people: People) -> None:
    page = people.admin
    page.goto(f"{people.served.address}/desk/")
    says(page, "Waits for publication.")
    press(page, "Check and publish")
    heads(page, "Publish this statement?")
    press(page, "Publish with 2 signatories")
    says(page, "Tick the box: you have read the text and the list.")  # nothing is published by one careless press
    page.get_by_label("I have read the text and the one name").check()
    press(page, "Publish with 2 signatories")
    heads(page, steps.TITLE)
    assert page.url == f"{people.served.address}/en/statements/2026-001"


def _is_read(people: People) -> None:
    """Anybody reads it, and is given no cookie for that."""
    page = people.reader
    page.goto(f"{people.served.address}/")
    page.get_by_role("link", name=steps.TITLE).click()
    heads(page, steps.TITLE)
    says(page, "2 organisations signed. 1 is named below. 1 name is withheld for safety.")
    expect(page.locator(".signatories > li")).to_have_text(["Third Bank Initiative"])
    expect(page.get_by_text("within three days")).to_be_visible()
    assert "Night Archive" not in page.content()
    assert page.context.cookies() == []


def _kept(page: Page, link: str, folder: Path) -> bytes:
    with page.expect_download() as started:
        page.get_by_role("link", name=link).click()
    file = folder / started.value.suggested_filename
    started.value.save_as(file)
    return file.read_bytes()


def _is_verified(people: People, folder: Path) -> None:
    """What the public page offers holds by itself: the record under the key, the text under the hash in the record."""
    page = people.reader
    record, text = _kept(page, "Signed record (SD-JWT)", folder), _kept(page, "Markdown", folder)
    assert {file.name for file in folder.iterdir()} >= {"2026-001.sdjwt", "2026-001.en.md"}
    keys = page.request.get(f"{people.served.address}/.well-known/signflow-keys.json").text()
    proven = verify_statement(record, load_keys(keys))
    assert (proven.seq, proven.count, proven.withheld) == (0, 2, 1)
    assert [dict(one.name) for one in proven.names] == [{"en": "Third Bank Initiative"}]
    (signed,) = proven.payload["statement"]["texts"]
    assert (signed["lang"], signed["bytes"]) == ("en", len(text))
    assert signed["sha256"] == hashlib.sha256(text).hexdigest()
    assert text.endswith(steps.SECOND.encode())


def _is_written(people: People) -> None:
    """The rows behind it all."""
    with people.served.coalition.database.read() as session:
        first, second = session.scalars(sa.select(Version).order_by(Version.number))
        assert (first.number, first.body) == (1, steps.FIRST)
        assert (second.number, second.body, second.grade) == (2, steps.SECOND, "substantive")
        readers = session.execute(sa.select(Reading.person_id, Reading.version_id)).all()
        # who signs has opened, with script or without
        assert (people.signatory_id, second.id) in [tuple(one) for one in readers]
        _is_signed(session, people)
        _is_frozen(session, people, second)
        told = session.scalars(sa.select(AuditEvent.action).order_by(AuditEvent.seq)).all()
        assert [one for one in told if one not in {"organisation.created", "session.started"}] == TOLD


def _is_signed(session: Session, people: People) -> None:
    signed = session.scalars(sa.select(Signature).order_by(Signature.id))
    assert [(one.organisation_id, one.version.number, one.withheld, one.withdrawn_at is None) for one in signed] == [
        (people.third, 1, False, False),
        (people.third, 2, False, True),
        (people.night, 2, True, True),
    ]


def _is_frozen(session: Session, people: People, final: Version) -> None:
    statement = session.scalars(sa.select(Statement)).one()
    assert (statement.status, statement.reference) == ("published", "2026-001")
    assert (statement.final_version_id, statement.finalized_by_id) == (final.id, people.drafter_id)
    sign_on = session.scalars(sa.select(SignOn)).one()
    assert (sign_on.status, sign_on.sign_by) == ("frozen", datetime(2026, 11, 25, 16, tzinfo=UTC))
    entry, publication = session.scalars(sa.select(LogEntry)).one(), session.scalars(sa.select(Publication)).one()
    assert (entry.seq, publication.log_seq, publication.version_id) == (0, 0, final.id)
    frozen = session.scalars(sa.select(FrozenSignatory)).all()
    assert {_organisation(session, one): one.disclosure is not None for one in frozen} == {
        people.third: True,
        people.night: False,
    }


def _organisation(session: Session, frozen: FrozenSignatory) -> int:
    return session.get_one(Signature, frozen.signature_id).organisation_id

"""After a name was withheld it is nowhere: no public answer, no byte of the database's files, no mail (T4)."""

import json
import re
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, unquote, urljoin, urlsplit

import pytest
import sqlalchemy as sa
from flask import Flask

from signflow.models import Organisation, OutboxMail, Signature, Statement
from signflow.proof.verify import loads, unb64url, verify_log
from signflow.services.organisations import OrganisationFacts, change_organisation
from tests.factories.coalition import WORDING
from tests.factories.word import unpacked
from tests.integration.mail.office import Mailbox, deliver_all, post_office
from tests.support.register import Register, empty_register
from tests.support.site import ORIGIN, Visitor, signed_in, site_of, visitor

FROZEN = {"be": "Таварыства «Ціхая чапля»", "ru": "Общество «Тихая цапля»"}
KNOWN = {"en": "Heron Society"}
"""By this name the history calls it, before and after; it was signed for under it."""
LATER = {"be": "Новае таварыства", "ru": "Новое общество"}
LINK = re.compile(r"""(?:href|src|content)="([^"#]+)"|<(?:link|loc|id|guid[^>]*)>([^<]+)<|href='([^']+)'""")
FIRST = ("/", "/robots.txt", "/sitemap.xml", "/log/log.txt", "/log/heads.txt", "/log/head", "/be/nothing")


def spellings(text: str) -> set[bytes]:
    """A text as it could stand in a file: as it is, as JSON and percent escapes, and inside base64, wherever it begins there."""
    raw = text.encode()
    found = {raw, text.encode("utf-16-le"), quote(text).encode(), quote(text).lower().encode()}
    found |= {json.dumps(text)[1:-1].encode(), quote(text, safe="").encode()}
    for encode in (b64encode, urlsafe_b64encode):
        for shift in range(3):
            # the signs at both ends also depend on the neighbours
            found.add(encode(b"\0" * shift + raw)[4 if shift else 0 :].rstrip(b"=")[:-2])
    return found


class Scene:
    """Chaplia is named in three languages. After publication it gets other names in two: the frozen ones live in the disclosure alone."""

    def __init__(self, app: Flask, *, is_late: bool = False) -> None:
        self.is_late = is_late
        self.app, self.register = app, empty_register(app)
        self.coalition = self.register.coalition
        self.organisation = self.coalition.organisation(**FROZEN, **KNOWN)
        self.nina = self.coalition.member(self.organisation)
        self.register.seats.append((self.organisation, self.nina))
        self._publish()
        self._rename()
        self.receipt = self.coalition.receipt(self.statement, self.organisation) or ""
        self.disclosure = self.receipt.split("~")[1]
        self.address = f"/desk/statements/{self.coalition.public_id(Statement, self.statement)}"
        self.browser = signed_in(app, self.nina)

    def _publish(self) -> None:
        register: Register = self.register
        self.statement = self.coalition.draft(register.drafter, WORDING, ("Letters",))
        self.coalition.circulate(self.statement, register.drafter, [one for one, _ in register.seats])
        for number, (organisation, person) in enumerate(register.seats):
            if not (self.is_late and person == self.nina):
                key = self.coalition.sign(self.statement, person, organisation, withheld=number == 1)
        self.signature = self.coalition.public_id(Signature, key)
        self.coalition.finalize(self.statement, register.drafter)
        self.reference = self.coalition.publish(self.statement, register.admin)
        if self.is_late:
            self._annex()

    def _annex(self) -> None:
        """Chaplia signed later."""
        self.coalition.open_late(self.statement, self.register.admin)
        key = self.coalition.sign(self.statement, self.nina, self.organisation)
        self.signature = self.coalition.public_id(Signature, key)
        self.coalition.publish_annex(self.statement, self.register.admin)

    @property
    def record(self) -> str:
        """The address of the signed record that names it."""
        return f"/statements/{self.reference}{'.annex-1' if self.is_late else ''}.sdjwt"

    def _rename(self) -> None:
        with self.coalition.database.write() as session:
            actor = self.coalition.actor(session, self.register.admin)
            organisation = session.get_one(Organisation, self.organisation)
            facts = OrganisationFacts({**LATER, **KNOWN})
            change_organisation(session, organisation, actor=actor, facts=facts, now=self.coalition.now)

    @property
    def secrets(self) -> set[bytes]:
        """What must be nowhere: the disclosure, its salt, the frozen names."""
        salt = loads(unb64url(self.disclosure))[0]
        return set().union(*map(spellings, (self.disclosure, salt, *FROZEN.values())))

    def told_in(self, content: bytes) -> bool:
        return any(secret in content for secret in self.secrets)

    def named_in(self, content: bytes) -> bool:
        """The same, and the name that the desk still knows, which no public answer may say either."""
        return self.told_in(content) or any(one in content for one in spellings(KNOWN["en"]))

    def crawled(self) -> dict[str, bytes]:
        """Every public answer that a link leads to, in all languages, headers included."""
        reader, todo, found = visitor(self.app), [*FIRST, *self._files()], dict[str, bytes]()
        while todo:
            address = todo.pop()
            if address in found or address.startswith(("/desk", "/sign-in")):
                continue
            answer = reader.get(address, buffered=True)
            content = unpacked(answer.data)
            found[address] = bytes(str(answer.headers), "utf-8") + content
            page = content.decode()
            todo += self._links(address, unquote(page) if answer.mimetype != "text/html" else page)
            todo += [answer.location] if answer.location else []
        return found

    def _files(self) -> Iterator[str]:
        """What no page links, or only some."""
        yield f"/statements/{self.reference}"
        for leaf in (".sdjwt", ".en.md", "/signatories.csv"):
            yield f"/statements/{self.reference}{leaf}"
        for language in ("be", "ru", "en"):
            yield from (f"/{language}/feed.atom", f"/{language}/feed.rss", f"/{language}/statements/{self.reference}")
            yield from (f"/{language}/tags/letters/feed.atom", f"/{language}/tags/letters/feed.rss")

    @staticmethod
    def _links(address: str, page: str) -> list[str]:
        whole = [urljoin(f"{ORIGIN}{address}", "".join(found).replace("&amp;", "&")) for found in LINK.findall(page)]
        return [one.removeprefix(ORIGIN) for one in whole if one.startswith(f"{ORIGIN}/")]

    def files(self) -> dict[str, bytes]:
        """The raw bytes of the database's files."""
        main = Path(site_of(self.app).database.url.removeprefix("sqlite:///"))
        return {file.name: file.read_bytes() for file in main.parent.glob(f"{main.name}*")}

    def withhold(self) -> None:
        answer = self.browser.post(f"{self.address}/signature/withholding")
        assert (answer.status_code, answer.location) == (303, f"{self.address}/signatures/{self.signature}")


@pytest.fixture(params=["list", "annex"])
def scene(sqlite_app: Flask, request: pytest.FixtureRequest) -> Scene:
    """Named in the main list, or in an annex."""
    return Scene(sqlite_app, is_late=request.param == "annex")


def _marks(reader: Visitor, addresses: list[str]) -> dict[str, str]:
    return {one: reader.get(one).headers["ETag"] for one in addresses}


def test_no_public_answer_names_it(scene: Scene) -> None:
    before = scene.crawled()
    naming = {address for address, content in before.items() if scene.named_in(content)}
    pages = {f"/{language}/statements/{scene.reference}" for language in ("be", "ru", "en")}
    assert naming == {*pages, scene.record, f"/statements/{scene.reference}/signatories.csv"}
    reader = visitor(scene.app)
    marks = _marks(reader, sorted(naming))
    scene.withhold()
    after = scene.crawled()
    assert [address for address, content in after.items() if scene.named_in(content)] == []
    assert set(before) <= set(after)
    assert len(after) > 30
    for address, mark in marks.items():
        answer = reader.get(address, headers={"If-None-Match": mark})
        assert (answer.status_code, answer.headers["ETag"] != mark) == (200, True), address
        assert "s-maxage=60" in answer.headers["Cache-Control"]
    log = reader.get("/log/log.txt").text.split()
    signer = scene.coalition.press.signer
    assert verify_log(log, {signer.kid: signer.jwk}, issuer=ORIGIN).next_seq == (3 if scene.is_late else 2)


def test_no_byte_of_the_databases_files_does(scene: Scene) -> None:
    assert [name for name, content in scene.files().items() if scene.told_in(content)] != []
    with scene.coalition.database.read() as session:
        # a reader of an earlier moment does not stop it for longer than it reads
        session.scalars(sa.select(Statement)).all()
    scene.withhold()
    files = scene.files()
    assert [name for name, content in files.items() if scene.told_in(content)] == []
    assert max(map(len, files.values())) > 100_000
    assert files[next(name for name in files if name.endswith("-wal"))] == b""


def test_without_the_checkpoint_the_files_would_still_tell(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also if it fails: the name is withheld all the same, and the worker tries again."""
    database = site_of(scene.app).database
    with monkeypatch.context() as patched:
        patched.setattr(database, "overwrite_erased", lambda: False)
        scene.withhold()
    assert scene.told_in(visitor(scene.app).get(f"/statements/{scene.reference}.sdjwt").data) is False
    assert any(map(scene.told_in, scene.files().values()))
    assert database.overwrite_erased() is True
    assert not any(map(scene.told_in, scene.files().values()))


def test_no_mail_and_no_line_of_the_log_does(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("DEBUG"):
        scene.withhold()
        mailbox = Mailbox()
        deliver_all(post_office(scene.coalition.database, mailbox.send), now=scene.coalition.now)
    written = [message.as_bytes() + message.get_content().encode() for message in mailbox.messages]
    assert len(written) > 20
    assert not any(map(scene.told_in, written))
    assert not scene.told_in(caplog.text.encode())
    with scene.coalition.database.read() as session:
        rows = [repr(tuple(row)).encode() for row in session.execute(sa.select(OutboxMail.__table__))]
    assert not any(map(scene.told_in, rows))


def test_the_search_finds_what_it_looks_for() -> None:
    hidden = json.dumps(["salt", {"name": FROZEN}], ensure_ascii=False)
    for shift in range(3):
        for encode in (b64encode, urlsafe_b64encode):
            content = b"x" + encode(b"a" * shift + hidden.encode()) + b"~"
            assert any(one in content for one in spellings(FROZEN["be"])), shift
    assert any(one in json.dumps(FROZEN).encode() for one in spellings(FROZEN["ru"]))
    assert any(one in quote(FROZEN["ru"]).encode() for one in spellings(FROZEN["ru"]))
    assert urlsplit(ORIGIN).hostname

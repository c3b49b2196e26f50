"""Is this ours? Every answer of the page, for texts, references, receipts and files; nothing of it is kept."""

import html
import re
from io import BytesIO

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.test import TestResponse

from signflow.domain.signing import receipt_code
from signflow.domain.versions import Wording
from signflow.models import Signature
from tests.factories.coalition import WORDING
from tests.support.register import MIXED, Register, register_in
from tests.support.site import ORIGIN

BODY = WORDING.body


@pytest.fixture
def register(sqlite_app: Flask) -> Register:
    """2026-001 in Belarusian with 23 signatories, two of them withheld, and 2026-002 in English."""
    register = register_in(sqlite_app)
    register.publish(WORDING, signed=2)
    return register


def _ask(register: Register, text: str = "", file: bytes | None = None, language: str = "en") -> TestResponse:
    form: dict[str, object] = {"text": text}
    if file is not None:
        form["file"] = (BytesIO(file), "statement.md")
    return register.app.test_client().post(f"/{language}/verify/answer", base_url=ORIGIN, data=form)


def _said(answer: TestResponse) -> tuple[int, str, str]:
    """(status, heading of the answer, the whole page as words)."""
    heading = re.search(r'<h1 id="answer">([^<]*)</h1>', answer.text)
    words = re.sub(r"\s+", " ", html.unescape(re.sub("<[^>]+>", " ", answer.text)))
    return answer.status_code, html.unescape(heading.group(1)) if heading else "", words


@pytest.mark.parametrize(
    "text",
    [
        BODY,
        f"{WORDING.title}\n\n{BODY}",
        f"{WORDING.title}\n{WORDING.byline}\n{'; '.join(WORDING.addressees)}\n{BODY}",
        BODY.replace("\n\n", "\n").replace("1. ", "").replace("2. ", "").replace(",", ""),
    ],
)
def test_word_for_word(register: Register, text: str) -> None:
    status, heading, page = _said(_ask(register, text))
    assert (status, heading) == (200, "Yes, word for word")
    assert "same words as joint statement 2026-002" in page
    assert "Signed by 2 organisations" in page


def test_to_the_last_letter(register: Register) -> None:
    file = register.get("/statements/2026-001.be.md").data
    assert _said(_ask(register, file=file))[:2] == (200, "Yes, to the last letter")
    assert _said(_ask(register, file=b"\n" + file))[1] != "Yes, to the last letter"


def test_in_another_alphabet_and_kind_of_quotation_marks(register: Register) -> None:
    text = MIXED.body.replace("„не“", '"не"').replace("\u00a0", " ").replace("Š", "S\u030c")
    assert _said(_ask(register, text, language="be"))[1] == "Так, слова ў слова"


def test_where_it_differs(register: Register) -> None:
    answer = _ask(register, BODY.replace("twenty grams", "forty grams").replace("is to be lifted", "<b>stays</b>"))
    status, heading, page = _said(answer)
    assert (status, heading) == (200, "Almost, but it differs")
    assert "It differs in 2 paragraphs" in page
    assert "<del>twenty</del>" in answer.text
    assert "<ins>forty</ins>" in answer.text
    assert "<b>" not in answer.text


def test_a_part_is_called_a_part(register: Register) -> None:
    part = "In many colonies it is treated as a forbidden object."
    assert _said(_ask(register, part))[1] == "Yes, but it is only a part"


@pytest.mark.parametrize("text", ["Nobody here ever wrote this sentence about the weather.", "Ліст", "?!", "2031-404"])
def test_not_ours(register: Register, text: str) -> None:
    status, heading, _ = _said(_ask(register, text))
    assert (status, heading in {"Not issued by us", "There is no such statement"}) == (200, True)


def test_a_draft_is_not_ours(register: Register) -> None:
    secret = Wording("A draft", "", None, "en", (), "Nobody outside may learn that these words exist anywhere here.\n")
    register.coalition.draft(register.drafter, secret)
    assert _said(_ask(register, secret.body))[1] == "Not issued by us"


@pytest.mark.parametrize(
    "text",
    [
        "2026-001",
        " 2026-001\n",
        f"{ORIGIN}/en/statements/2026-001",
        f"{ORIGIN.upper()}/statements/2026-001",
        f"{ORIGIN.partition('//')[2]}/statements/2026-001.sdjwt",
        f"{ORIGIN}/be/statements/2026-001?from=mail#signatories",
        "/en/statements/2026-001",
        "2026-001.be.md",
    ],
)
def test_a_reference(register: Register, text: str) -> None:
    status, heading, page = _said(_ask(register, text))
    assert (status, heading) == (200, "Yes, there is such a statement")
    assert " ".join(MIXED.title.split()) in page


@pytest.mark.parametrize(
    "host",
    [
        "https://evil.example",
        "evil.example",
        f"https://evil.example{ORIGIN.partition('/')[2]}",
        f"{ORIGIN}@evil.example",
        f"{ORIGIN}.evil.example",
        f"{ORIGIN}:8443",
    ],
)
def test_an_address_of_another_site_is_not_ours_whatever_reference_it_names(register: Register, host: str) -> None:
    status, heading, page = _said(_ask(register, f"{host}/en/statements/2026-001"))
    assert (status, heading == "Yes, there is such a statement") == (200, False)
    assert " ".join(MIXED.title.split()) not in page


def test_an_address_of_another_site_is_named_as_such(register: Register) -> None:
    _status, heading, page = _said(_ask(register, "https://evil.example/statements/2026-001"))
    assert heading == "This is not our address"
    assert f"Addresses of this register begin with {ORIGIN}." in page


@pytest.mark.parametrize(("origin", "status"), [("null", 200), (ORIGIN, 200), ("https://evil.example", 403)])
def test_a_browser_that_keeps_the_address_of_the_page_to_itself_may_ask(
    register: Register, origin: str, status: int
) -> None:
    client = register.app.test_client()
    answer = client.post("/en/verify/answer", base_url=ORIGIN, data={"text": "2026-001"}, headers={"Origin": origin})
    assert answer.status_code == status


def test_a_receipt_names_organisation_statement_and_day_also_after_the_name_was_withheld(register: Register) -> None:
    organisation, person = register.seats[0]
    if register.coalition.receipt(1, organisation) is None:
        organisation, person = register.seats[5]
    receipt = register.coalition.receipt(1, organisation) or ""
    before = _said(_ask(register, "\n".join(receipt[i : i + 70] for i in range(0, len(receipt), 70))))
    assert before[:2] == (200, "This record is real")
    assert re.search(r"Named in this record .+, 2026-11-23", before[2])
    register.coalition.withhold(1, person, organisation)
    after = _said(_ask(register, file=receipt.encode()))
    assert (after[0], after[1]) == (200, "This record is real")


def test_the_code_of_a_receipt_is_confirmed_while_the_name_is_shown(register: Register) -> None:
    organisation, person = register.seats[5]
    with register.coalition.database.read() as session:
        found = session.scalars(sa.select(Signature).where(Signature.organisation_id == organisation)).all()
        hidden = session.scalars(sa.select(Signature).where(Signature.withheld)).all()
        codes = [receipt_code(one.public_id) for one in (found[0], hidden[0])]
    for spelt in (codes[0], f" {codes[0].lower()} ", codes[0].replace("-", "")):
        status, heading, page = _said(_ask(register, spelt))
        assert (status, heading) == (200, "This receipt is real")
        assert "named under joint statement 2026-001" in page
        assert re.search(r"Signed for .+, 2026-11-23", page)
    for code in (codes[1], "SF-0000-0000"):
        assert _said(_ask(register, code))[1] == "No receipt with this code"
    register.coalition.withhold(1, person, organisation)
    assert _said(_ask(register, codes[0]))[1] == "No receipt with this code"


def test_a_record_that_was_changed_does_not_hold(register: Register) -> None:
    record = register.get("/statements/2026-001.sdjwt").text
    jws, *names = record.split("~")
    for forged in (record[:-1], "~".join([jws, names[0], names[0], ""]), record.replace(jws[-4:], "AAAA")):
        status, heading, page = _said(_ask(register, forged))
        assert (status, heading) == (200, "This record does not hold")
        assert "What the verifier says, in English: " in page


@pytest.mark.parametrize(
    ("text", "file", "sentence"),
    [
        ("", None, "Paste a text, or choose a file."),
        (" \n", b"", "Paste a text, or choose a file."),
        ("a text", b"a file", "Give one of the two: a text or a file."),
        ("", b"%PDF-1.7 x", "PDF and Word files are not read here."),
        ("", b"PK\x03\x04docx", "PDF and Word files are not read here."),
        ("", b"\xff\xfeT\x00e\x00", "This file is no text in UTF-8."),
        ("", b"a\x00b", "This file is no text in UTF-8."),
        ("a" * 200_001, None, "This is larger than any statement here can be."),
    ],
)
def test_what_cannot_be_compared_is_said(register: Register, text: str, file: bytes | None, sentence: str) -> None:
    answer = _ask(register, text, file)
    assert (answer.status_code, sentence in html.unescape(answer.text)) == (422, True)


def test_nothing_of_it_is_kept_anywhere(register: Register, caplog: pytest.LogCaptureFixture) -> None:
    before = register.coalition.rows()
    answer = _ask(register, "These words are asked about by somebody who is afraid.")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers.getlist("Set-Cookie") == []
    assert register.coalition.rows() == before
    assert "afraid" not in caplog.text
    assert "afraid" not in answer.text


def test_the_form_of_another_site_is_refused(register: Register) -> None:
    client = register.app.test_client()
    headers = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
    answer = client.post("/en/verify/answer", base_url=ORIGIN, data={"text": "2026-001"}, headers=headers)
    assert answer.status_code == 403

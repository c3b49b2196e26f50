"""Word files of published and unpublished texts."""

import io

import docx
import pytest
from flask import Flask

from signflow.models import Statement
from tests.factories.coalition import WORDING
from tests.support.register import MIXED, Register, register_in
from tests.support.site import signed_in

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.fixture
def register(sqlite_app: Flask) -> Register:
    return register_in(sqlite_app)


def test_a_published_text_is_a_word_file_that_can_be_kept_by_caches(register: Register) -> None:
    answer = register.get("/statements/2026-001.be.docx")
    assert (answer.status_code, answer.content_type) == (200, WORD)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="2026-001.be.docx"'
    paragraphs = [one.text for one in docx.Document(io.BytesIO(answer.data)).paragraphs]
    assert paragraphs == [MIXED.title, MIXED.byline, *MIXED.addressees, *MIXED.body.strip().split("\n\n")]
    again = register.get("/statements/2026-001.be.docx", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    assert 'href="/statements/2026-001.be.docx"' in register.get("/en/statements/2026-001").text
    for address in ("2026-001.en.docx", "2026-002.be.docx", "2026-001.docx"):
        assert register.get(f"/statements/{address}").status_code == 404, address


def test_a_version_on_the_desk_is_one_too_for_whoever_may_read_it(register: Register) -> None:
    statement = register.coalition.draft(register.drafter, WORDING)
    address = f"/desk/statements/{register.coalition.public_id(Statement, statement)}/versions/1"
    browser = signed_in(register.app, register.drafter)
    assert f'href="{address}.docx"' in browser.get(address).text
    answer = browser.get(f"{address}.docx")
    assert (answer.status_code, answer.content_type) == (200, WORD)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="statement-version-1.en.docx"'
    assert docx.Document(io.BytesIO(answer.data)).paragraphs[0].text == WORDING.title
    assert browser.get(f"{address[:-1]}2.docx").status_code == 404
    assert signed_in(register.app, register.admin).get(f"{address}.docx").status_code == 404

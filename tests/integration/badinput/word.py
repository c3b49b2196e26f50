"""Numbers 87 to 92: Word files."""

from io import BytesIO
from typing import Any

from werkzeug.test import TestResponse

from tests.factories.word import PARAGRAPH, W, document, overlapping, with_password, word_file
from tests.integration.badinput.scene import Entry, Scene

DAMAGED = "This is not a Word (.docx) file, or it is damaged."
TOO_LARGE = "This file is too large when unpacked."
ENTITY = f'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><w:document xmlns:w="{W}">&x;</w:document>'
TRACKED = document(f'<w:p><w:ins w:id="1">{PARAGRAPH[5:-6]}</w:ins></w:p>')


def _taken(scene: Scene, data: bytes, name: str = "a.docx") -> TestResponse:
    form: dict[str, Any] = {"title": "Letters", "language": "en", "body": "Typed.", "base": 1, "only": "word"}
    return scene.post("drafter", "{draft}/text", {**form, "word": (BytesIO(data), name)})


def _word(number: int, name: str, sentence: str, data: bytes) -> Entry:
    return Entry(number, name, 422, sentence, lambda s: _taken(s, data))


ENTRIES = [
    _word(87, "not a zip", DAMAGED, b"hello"),
    _word(87, "cut off", DAMAGED, word_file()[:60]),
    _word(88, "an entity from outside", DAMAGED, word_file({"word/document.xml": ENTITY})),
    _word(89, "400 parts", TOO_LARGE, word_file({f"p{number}": "x" for number in range(400)})),
    _word(89, "a bomb", TOO_LARGE, word_file({"word/document.xml": b"\0" * 20_000_000})),
    _word(89, "overlapping", TOO_LARGE, overlapping()),
    _word(
        90,
        "macros",
        "This file has macros. Save it as .docx, without macros.",
        word_file({"word/document.xml": document(), "word/vbaProject.bin": "x"}),
    ),
    _word(90, "tracked changes", "This file has tracked changes.", word_file({"word/document.xml": TRACKED})),
    _word(90, "a password", "This file has a password.", with_password()),
    _word(91, "an old .doc", "This is an old Word file (.doc).", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(900)),
    _word(91, "a PDF", "This is a PDF file.", b"%PDF-1.7"),
    _word(91, "a program", DAMAGED, b"MZ\x90"),
    Entry(
        92, "a path as a name", 200, "The text of the file stands below.", lambda s: _taken(s, word_file(), "../../x")
    ),
    Entry(92, "5 kB of name", 200, "The text of the file stands below.", lambda s: _taken(s, word_file(), "x" * 5000)),
    Entry(
        92,
        "a name that turns direction",
        200,
        "The text of the file stands below.",
        lambda s: _taken(s, word_file(), "a\u202excod.exe"),
    ),
]

"""Word files, good and bad, made of their parts."""

import io
import zipfile
from collections.abc import Mapping

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
WORDS = "Мы, ніжэйпадпісаныя арганізацыі, патрабуем."
PARAGRAPH = f"<w:p><w:r><w:t>{WORDS}</w:t></w:r></w:p>"


def document(body: str = PARAGRAPH) -> str:
    """The main part with this body."""
    return f'<?xml version="1.0"?><w:document xmlns:w="{W}" xmlns:r="{R}"><w:body>{body}</w:body></w:document>'


def relations(*links: tuple[str, str, str]) -> str:
    """Relations of a part: (id, kind, target), all of them outside."""
    found = "".join(
        f'<Relationship Id="{key}" Type="{R}/{kind}" Target="{target}" TargetMode="External"/>'
        for key, kind, target in links
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{found}</Relationships>'


def word_file(parts: Mapping[str, str | bytes] | None = None, *, stored: bool = False) -> bytes:
    """A .docx of these parts, by default of one paragraph."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED) as archive:
        for name, content in ({"word/document.xml": document()} if parts is None else parts).items():
            archive.writestr(name, content)
    return out.getvalue()


def unpacked(data: bytes) -> bytes:
    """Everything that a .docx holds, as it reads when it is unpacked; other bytes as they are."""
    if not data.startswith(b"PK\x03\x04"):
        return data
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return b"\n".join(archive.read(name) for name in archive.namelist() if not name.endswith((".jpeg", ".png")))


def run(words: str, *marks: str) -> str:
    """Some words with marks such as `b` or `i`."""
    properties = "".join(f"<w:{mark}/>" for mark in marks)
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{words}</w:t></w:r>'


def overlapping() -> bytes:
    """Two names for one part: the zip says that they lie over each other."""
    data = bytearray(word_file({"word/document.xml": document(), "word/styles.xml": f"<w:styles xmlns:w='{W}'/>"}))
    end = data.rindex(b"PK\x05\x06")
    first = data.index(b"PK\x01\x02")
    second = data.index(b"PK\x01\x02", first + 4)
    data[second + 42 : second + 46] = data[first + 42 : first + 46]
    assert end > second
    return bytes(data)


def with_password() -> bytes:
    """What Word makes of a document with a password: another kind of container, with a name that tells it."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le") + bytes(600)


def encrypted() -> bytes:
    """A zip whose parts say that they are encrypted."""
    data = bytearray(word_file())
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + place] |= 1
    return bytes(data)

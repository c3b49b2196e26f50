"""What comes in as a Word file: looked through before anything reads it, and cut down to the parts that hold text.

A .docx is a zip of XML files (ECMA-376). Nothing in it is followed: no entity, no picture, no address outside.
"""

import io
import zipfile
from collections.abc import Iterator, Mapping
from itertools import pairwise
from xml.etree.ElementTree import Element, tostring

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from signflow.documents.errors import N_, DocumentError

LARGEST = 1_000_000
"""Bytes of the file."""
LARGEST_UNPACKED = 10_000_000
MOST_PARTS = 300
STEEPEST = 200
"""How many bytes one packed byte may become."""
DEEPEST = 60

DAMAGED = N_("This is not a Word (.docx) file, or it is damaged.")
TOO_LARGE = N_("This file is too large when unpacked.")
MACROS = N_("This file has macros. Save it as .docx, without macros.")
PASSWORD = N_("This file has a password. Save it without one.")
OLD = N_("This is an old Word file (.doc). Save it as .docx.")
PDF = N_("This is a PDF file. Open it, and paste its text.")
TRACKED = N_("This file has tracked changes. Accept or reject them in Word first, then save it and choose it again.")

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPES = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_TEXT_PARTS = ("document", "styles", "numbering", "footnotes")
_TRACKED = frozenset(f"{_W}{name}" for name in ("ins", "del", "moveFrom", "moveTo", "rPrChange", "pPrChange"))
_DROPPED = frozenset(f"{_W}{name}" for name in ("drawing", "pict", "object", "instrText", "commentReference"))
_ADDRESS = ("http://", "https://", "mailto:")


def text_parts(data: bytes) -> tuple[bytes, bool]:
    """The same document with nothing but its text parts, as a small .docx; and whether a picture was left out.

    DocumentError for anything that is no Word file, is too large, has macros, a password or tracked changes.
    """
    parts = {name: _parsed(content) for name, content in _unpacked(data).items()}
    document = parts["word/document.xml"]
    if any(element.tag in _TRACKED for element in document.iter()):
        raise DocumentError(TRACKED)
    has_picture = any(element.tag == f"{_W}drawing" or element.tag == f"{_W}pict" for element in document.iter())
    for part in parts.values():
        _drop(part)
    return _packed(parts), has_picture


def _unpacked(data: bytes) -> dict[str, bytes]:
    """The text parts by their name, read no further than the limits."""
    refuse_other_kinds(data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            found = archive.infolist()
            _refuse_bombs(found)
            names = {one.filename for one in found}
            if "word/document.xml" not in names or len(names) != len(found):
                raise DocumentError(DAMAGED)
            if any(name.startswith("word/vbaProject") for name in names):
                raise DocumentError(MACROS)
            wanted = [f"word/{name}.xml" for name in _TEXT_PARTS]
            wanted += [f"word/_rels/{name}.xml.rels" for name in ("document", "footnotes")]
            return {name: _content(archive, name) for name in wanted if name in names}
    except (zipfile.BadZipFile, OSError, EOFError, ValueError, RuntimeError) as error:
        if isinstance(error, DocumentError):
            raise
        raise DocumentError(DAMAGED) from None


def refuse_other_kinds(data: bytes) -> None:
    """DocumentError for what is no Word file by its size or first bytes."""
    if len(data) > LARGEST:
        raise DocumentError(N_("The file is too large (1 MB at most). Pictures make it large: take them out."))
    if data.startswith(b"%PDF"):
        raise DocumentError(PDF)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        # a .docx with a password is such a container too
        raise DocumentError(PASSWORD if "EncryptedPackage".encode("utf-16-le") in data else OLD)
    if not data.startswith(b"PK\x03\x04"):
        raise DocumentError(DAMAGED)


def _refuse_bombs(found: list[zipfile.ZipInfo]) -> None:
    if any(one.flag_bits & 1 for one in found):
        raise DocumentError(PASSWORD)
    spans = sorted((one.header_offset, one.header_offset + 30 + one.compress_size) for one in found)
    overlaps = any(before[1] > after[0] for before, after in pairwise(spans))
    unpacked = sum(one.file_size for one in found)
    steep = any(one.file_size > STEEPEST * max(one.compress_size, 1) for one in found)
    if len(found) > MOST_PARTS or unpacked > LARGEST_UNPACKED or overlaps or steep:
        raise DocumentError(TOO_LARGE)


def _content(archive: zipfile.ZipFile, name: str) -> bytes:
    """One part; what its size says of itself is not believed."""
    with archive.open(name) as part:
        content = part.read(LARGEST_UNPACKED + 1)
    if len(content) > LARGEST_UNPACKED:
        raise DocumentError(TOO_LARGE)
    return content


def _parsed(content: bytes) -> Element:
    """XML without any entity or document type; not nested so deep that a reader would fall."""
    try:
        root: Element = fromstring(content, forbid_dtd=True)
    except (DefusedXmlException, ParseError, ValueError, LookupError):
        raise DocumentError(DAMAGED) from None
    level, depth = [root], 0
    while level:
        depth += 1
        if depth > DEEPEST:
            raise DocumentError(DAMAGED)
        level = [child for element in level for child in element]
    return root


def _drop(root: Element) -> None:
    """Take pictures, embedded files and fields out; their text stays."""
    for parent in root.iter():
        for child in [one for one in parent if one.tag in _DROPPED]:
            parent.remove(child)


def _packed(parts: Mapping[str, Element]) -> bytes:
    """A small .docx of these parts: only what we wrote ourselves says how they hang together."""
    kept = [name for name in _TEXT_PARTS if f"word/{name}.xml" in parts]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        types = "".join(
            f'<Override PartName="/word/{name}.xml" ContentType="{_TYPES}.{"document.main" if name == "document" else name}+xml"/>'
            for name in kept
        )
        archive.writestr(
            "[Content_Types].xml",
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            f'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>{types}</Types>',
        )
        archive.writestr("_rels/.rels", _relations([("rId1", "officeDocument", "word/document.xml", False)]))
        for name in kept:
            archive.writestr(f"word/{name}.xml", tostring(parts[f"word/{name}.xml"], "utf-8"))
        inside = [(f"own{number}", name, f"{name}.xml", False) for number, name in enumerate(kept[1:])]
        for name in ("document", "footnotes"):
            links = list(_links(parts.get(f"word/_rels/{name}.xml.rels")))
            relations = [*(inside if name == "document" else []), *links]
            archive.writestr(f"word/_rels/{name}.xml.rels", _relations(relations))
    return out.getvalue()


def _links(relations: Element | None) -> Iterator[tuple[str, str, str, bool]]:
    """The links that a part has, and no other relation; one that is no full address leads nowhere."""
    for one in relations if relations is not None else ():
        target = one.get("Target", "")
        if one.get("Type", "").endswith("/hyperlink"):
            yield one.get("Id", ""), "hyperlink", target if target.lower().startswith(_ADDRESS) else "", True


def _relations(found: list[tuple[str, str, str, bool]]) -> bytes:
    root = Element(f"{{{_RELS}}}Relationships")
    for key, kind, target, is_outside in found:
        attributes = {"Id": key, "Type": f"{_OFFICE}/{kind}", "Target": target}
        root.append(
            Element(f"{{{_RELS}}}Relationship", {**attributes, **({"TargetMode": "External"} if is_outside else {})})
        )
    written: bytes = tostring(root, "utf-8")
    return written

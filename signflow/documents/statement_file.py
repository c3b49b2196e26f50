"""The statement file: one format for import, download and hash. The bytes written here are the bytes that are signed.

UTF-8 Markdown after YAML front matter in a fixed order, each value written as a JSON string.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import yaml

from signflow.documents.errors import N_, DocumentError

KEYS = ("title", "byline", "date", "language", "addressees", "cc", "tags")
LISTS = ("addressees", "cc", "tags")
FRONT_MATTER_LIMIT = 50_000
"""Characters of front matter that are read at most."""

_PARTS = re.compile(r"---[ \t]*\n(.*?)^---[ \t]*(?:\n|\Z)(.*)\Z", re.DOTALL | re.MULTILINE)
# JSON leaves these raw; YAML refuses some, takes some for line ends and others for the mark at the start of a file.
_UNSAFE_IN_YAML = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")

_Values = dict[str, str | tuple[str, ...]]


@dataclass(frozen=True)
class StatementFile:
    """A statement's text with what stands above it; `cc` are those who get a copy.

    The body ends with exactly one line end, lines end with LF.
    """

    title: str
    byline: str
    date: date | None
    language: str
    addressees: tuple[str, ...]
    tags: tuple[str, ...]
    body: str
    cc: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        body = self.body.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n") + "\n"
        object.__setattr__(self, "body", body)


def _text(node: yaml.Node) -> str:
    """A scalar as it is written: `2026-11-20` and `no` stay words, nothing becomes a YAML date or truth value."""
    if not isinstance(node, yaml.ScalarNode):
        raise DocumentError(N_("Line {line}: one text is expected here."), line=node.start_mark.line + 2)
    if node.style is None and node.tag.endswith(":null"):
        return ""
    # Escapes of JSON writers that know only UTF-16 come in pairs; half of a pair is refused here.
    written: str = node.value
    return written.encode("utf-16-le", "surrogatepass").decode("utf-16-le")


def _value(key: str, node: yaml.Node) -> str | tuple[str, ...]:
    if key not in LISTS:
        return _text(node)
    if isinstance(node, yaml.SequenceNode):
        return tuple(_text(item) for item in node.value)
    if _text(node):
        raise DocumentError(N_('“{key}” must be a list, such as {key}: ["first", "second"].'), key=key)
    return ()


def _root(front: str) -> yaml.MappingNode:
    """The front matter as YAML nodes. Checked for depth first: the composer is recursive and would run out of stack."""
    depth = 0
    for event in yaml.parse(front, Loader=yaml.SafeLoader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > 2 or isinstance(event, yaml.AliasEvent):
            raise DocumentError(N_("The lines above the text must be plain “name: value” lines."))
    root = yaml.compose(front, Loader=yaml.SafeLoader)
    if not isinstance(root, yaml.MappingNode):
        raise DocumentError(N_("The lines above the text must be plain “name: value” lines."))
    return root


def _named_values(root: yaml.MappingNode) -> _Values:
    values: _Values = {}
    for key_node, node in root.value:
        key = _text(key_node)
        if key not in KEYS:
            raise DocumentError(
                N_("“{key}” is not known. A statement file has: {keys}."), key=key, keys=", ".join(KEYS)
            )
        if key in values:
            raise DocumentError(N_("“{key}” stands there twice."), key=key)
        values[key] = _value(key, node)
    return values


def _front_matter(front: str) -> _Values:
    if len(front) > FRONT_MATTER_LIMIT:
        raise DocumentError(N_("The lines above the text are too long."))
    try:
        return _named_values(_root(front))
    except DocumentError:
        raise
    except yaml.MarkedYAMLError as problem:
        line = problem.problem_mark.line + 2 if problem.problem_mark else 1
        raise DocumentError(N_("Line {line} above the text cannot be read."), line=line) from problem
    except (yaml.YAMLError, ValueError, OverflowError) as problem:
        raise DocumentError(N_("The lines above the text have a character that cannot be read.")) from problem


def _date(text: str) -> date | None:
    if not text:
        return None
    try:
        # Python also reads 20261120 and 2026-W47-5; the file knows one spelling.
        if re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise DocumentError(N_("“{date}” is not a real date. Write it like 2026-11-20."), date=text)


def parse(data: bytes) -> StatementFile:
    """Read a statement file; DocumentError says what is wrong with it.

    Front matter may be in any order and in any YAML style; a byte order mark and CRLF are accepted. The text is
    kept character for character: no Unicode normalisation.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise DocumentError(
            N_("The file is not UTF-8 text (byte {position})."), position=problem.start + 1
        ) from problem
    parts = _PARTS.match(text.replace("\r\n", "\n"))
    if parts is None:
        raise DocumentError(N_("The file must begin with a line ---, then title and language, then again ---."))
    values = _front_matter(parts[1])
    for key in ("title", "language"):
        if not str(values.get(key, "")).strip():
            raise DocumentError(N_("“{key}” is missing."), key=key)
    return StatementFile(
        title=str(values["title"]),
        byline=str(values.get("byline", "")),
        date=_date(str(values.get("date", ""))),
        language=str(values["language"]),
        addressees=tuple(values.get("addressees", ())),
        tags=tuple(values.get("tags", ())),
        body=parts[2],
        cc=tuple(values.get("cc", ())),
    )


def _json(value: str | Sequence[str]) -> str:
    """The value as JSON (RFC 8259) that every YAML reader reads back unchanged."""
    return _UNSAFE_IN_YAML.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(value, ensure_ascii=False))


def serialise(statement: StatementFile) -> bytes:
    """The canonical bytes, whose SHA-256 is the version's hash. Tags are left out: they are not signed."""
    day = statement.date.isoformat() if statement.date else ""
    front = {
        "title": statement.title,
        "byline": statement.byline,
        "date": day,
        "language": statement.language,
        "addressees": list(statement.addressees),
        "cc": list(statement.cc),
    }
    always = ("title", "language")
    lines = [f"{key}: {_json(value)}\n" for key, value in front.items() if value or key in always]
    return "".join(["---\n", *lines, "---\n", statement.body]).encode()

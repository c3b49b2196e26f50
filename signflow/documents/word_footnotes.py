"""Footnotes of a Word file: a part of their own (ECMA-376, 17.11), which the text refers to by number."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from docx.opc.packuri import PackURI
from docx.opc.part import XmlPart
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.text.paragraph import Paragraph
from markdown_it.token import Token

from signflow.documents.footnotes import MARK, MENTION, NOTE, is_note, label_of

_KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
_LINES = "".join(
    f'<w:footnote w:type="{kind}" w:id="{number}"><w:p><w:r><w:{sign}/></w:r></w:p></w:footnote>'
    for kind, number, sign in (("separator", -1, "separator"), ("continuationSeparator", 0, "continuationSeparator"))
)
Inline = Callable[[Any, Sequence[Token]], None]


@dataclass
class Footnotes:
    """The footnotes of a text by their labels, and the numbers of those that the file has so far."""

    document: Any
    inline: Inline
    texts: dict[str, list[Token]]
    numbers: dict[str, int] = field(default_factory=dict)
    _part: Any = None

    def mention(self, run: Any, label: str) -> None:
        """Refer to a footnote from a run; again to one that is there already by its number only."""
        run.font.superscript = True
        if label in self.numbers or label not in self.texts:
            run.text = f"[{self.numbers.get(label, label)}]"
            return
        self.numbers[label] = number = len(self.numbers) + 1
        reference = OxmlElement("w:footnoteReference")
        reference.set(qn("w:id"), str(number))
        run._r.append(reference)
        self._write(number, self.texts[label])

    def _write(self, number: int, tokens: Sequence[Token]) -> None:
        if self._part is None:
            root = parse_xml(f"<w:footnotes {nsdecls('w', 'r')}>{_LINES}</w:footnotes>")
            self._part = XmlPart(PackURI("/word/footnotes.xml"), _TYPE, root, self.document.part.package)
            self.document.part.relate_to(self._part, _KIND)
        note = OxmlElement("w:footnote")
        note.set(qn("w:id"), str(number))
        self._part.element.append(note)
        for place, token in enumerate(one for one in tokens if one.type == "inline"):
            note.append(element := OxmlElement("w:p"))
            paragraph = Paragraph(element, self)  # which asks it for nothing but the part
            if not place:
                run = paragraph.add_run()
                run.font.superscript = True
                run._r.append(OxmlElement("w:footnoteRef"))
                paragraph.add_run(" ")
            self.inline(paragraph, [child for child in token.children or () if child.type != MARK])

    @property
    def part(self) -> Any:
        """Where links of the footnotes are written down."""
        return self._part


def notes_of(tokens: Sequence[Token]) -> tuple[list[Token], dict[str, list[Token]]]:
    """The text without its footnotes, and the first of each label that is mentioned; what is mentioned nowhere stays in the text."""
    mentioned = {label_of(child) for token in tokens for child in token.children or () if child.type == MENTION}
    text: list[Token] = []
    notes: dict[str, list[Token]] = {}
    into, depth = text, 0
    for token in tokens:
        if is_note(token):
            depth += token.nesting
            if token.type == f"{NOTE}_open" and depth == 1:
                label = str(token.meta["label"])
                into = notes.setdefault(label, []) if label in mentioned and label not in notes else text
            elif not depth:
                into = text
            continue
        into.append(token)
    return text, notes

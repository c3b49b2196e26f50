"""What Word makes of a file with tracked changes when they are all accepted or all rejected, and what a file then holds."""

import io
import zipfile
from itertools import groupby
from typing import Any

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"


class Held:
    """The body of a Word file, with the parts that its numbers point into."""

    def __init__(self, data: bytes) -> None:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            document, numberings, links = (
                etree.fromstring(archive.read(f"word/{name}"))
                for name in ("document.xml", "numbering.xml", "_rels/document.xml.rels")
            )
        self.body: Any = document.find(f"{W}body")
        self.addresses = {one.get("Id"): one.get("Target") for one in links}
        self.lists = {one.get(f"{W}numId"): one for one in numberings.iter(f"{W}num")}

    def marks(self) -> list[Any]:
        """Every tracked change."""
        return [one for one in self.body.iter() if one.tag in (f"{W}ins", f"{W}del", f"{W}pPrChange")]

    def accept(self) -> "Held":
        """What was inserted stays, what was deleted goes."""
        return self._settle(stays=f"{W}ins", goes=f"{W}del")

    def reject(self) -> "Held":
        """What was deleted stays, what was inserted goes."""
        for change in list(self.body.iter(f"{W}pPrChange")):
            properties = change.getparent()
            properties[:] = list(change[0])
        return self._settle(stays=f"{W}del", goes=f"{W}ins")

    def _settle(self, *, stays: str, goes: str) -> "Held":
        for row in [row for row in self.body.iter(f"{W}tr") if row.find(f"{W}trPr/{goes}") is not None]:
            row.getparent().remove(row)
        for mark in [one for one in self.body.iter(goes) if one.getparent().tag in (f"{W}p", f"{W}hyperlink")]:
            mark.getparent().remove(mark)
        for paragraph in [p for p in self.body.iter(f"{W}p") if p.find(f"{W}pPr/{W}rPr/{goes}") is not None]:
            assert not list(paragraph.iter(f"{W}r")), "the rest of the paragraph would join the next one"
            assert paragraph.getnext().tag != f"{W}sectPr", "Word keeps the last paragraph"
            paragraph.getparent().remove(paragraph)
        for mark in [one for one in self.body.iter(stays) if one.getparent().tag in (f"{W}p", f"{W}hyperlink")]:
            place = mark.getparent().index(mark)
            mark.getparent()[place : place + 1] = list(mark)
        return self

    def structure(self) -> list[object]:
        """Paragraphs with style, list and words, tables with the same in their cells; without an empty end."""
        self._seen: dict[str, int] = {}
        found: list[object] = [
            [[self._paragraph(p) for p in row.iter(f"{W}p")] for row in rows]
            if (rows := block.findall(f"{W}tr"))
            else self._paragraph(block)
            for block in self.body
            if block.tag == f"{W}p" or block.findall(f"{W}tr")
        ]
        while found and found[-1] == ("", "", []):
            found.pop()
        return found

    def _paragraph(self, paragraph: Any) -> tuple[str, object, list[object]]:
        style, number, level = (
            getattr(paragraph.find(f"{W}pPr/{W}{path}"), "attrib", {}).get(f"{W}val", "")
            for path in ("pStyle", f"numPr/{W}numId", f"numPr/{W}ilvl")
        )
        runs = [self._run(run) for run in paragraph.iter(f"{W}r")]
        merged: list[object] = [
            (look, "".join(text for text, _look in same)) for look, same in groupby(runs, lambda run: run[1])
        ]
        return style, number and (self._list(number), level), merged

    def _list(self, number: str) -> tuple[int, str, str]:
        """Which of the lists it is in reading order, its kind and where it begins."""
        made = self.lists[number]
        kind = made.find(f"{W}abstractNumId").get(f"{W}val")
        start = made.find(f"{W}lvlOverride/{W}startOverride").get(f"{W}val")
        return self._seen.setdefault(number, len(self._seen)), kind, start

    def _run(self, run: Any) -> tuple[str, tuple[object, ...]]:
        words = {f"{W}br": "\n", f"{W}tab": "\t"}
        text = "".join(words.get(one.tag, one.text or "") for one in run if one.tag != f"{W}rPr")
        looks = [one.tag for properties in run.findall(f"{W}rPr") for one in properties]
        link = next((one.get(f"{R}id") for one in run.iterancestors(f"{W}hyperlink")), None)
        return text, (*looks, self.addresses.get(link, ""))

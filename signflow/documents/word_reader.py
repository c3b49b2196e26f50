"""Reads a Word file in a process of its own, with little memory and time: `python -m signflow.documents.word_reader` < FILE.

The answer is JSON on standard output: a title and a body, or why the file is refused.
"""

import io
import json
import resource
import sys
from collections.abc import Iterable

import mammoth

from signflow.documents.errors import N_, DocumentError
from signflow.documents.word_container import DAMAGED, text_parts
from signflow.documents.word_html import Node, loses_marks, markdown_of, tree_of

MEMORY = 512_000_000
"""Bytes of address space."""
SECONDS = 10
"""Of processor time."""
STYLES = "p[style-name='Title'] => p.title:fresh\np[style-name='Subtitle'] => p.byline:fresh\nstrike => s"


def limit() -> None:
    """Bound this process for good."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def read(data: bytes) -> dict[str, object]:
    """Title, byline and body (Markdown) of a Word file, and what is said of it; DocumentError when it is refused."""
    parts, has_picture = text_parts(data)
    try:
        made = mammoth.convert_to_html(io.BytesIO(parts), style_map=STYLES, id_prefix="")
    except (KeyError, ValueError, IndexError, AttributeError, TypeError, RecursionError) as error:
        raise DocumentError(DAMAGED) from error
    root = tree_of(made.value)
    title, byline = _taken(root, "title"), _taken(root, "byline")
    if not title and root.children and root.children[0].tag == "h1":
        title = root.children.pop(0).words
    said = (
        (has_picture, N_("Pictures are left out.")),
        (_number_footnotes(root), N_("Footnotes stand at the end of the text, by their numbers.")),
        (
            loses_marks(root),
            N_("Some bold or italic letters are plain now: inside a word they would not have read the same."),
        ),
    )
    notes = [sentence for holds, sentence in said if holds]
    return {"title": _line(title), "byline": _line(byline), "body": markdown_of(root), "notes": notes}


def _taken(root: Node, kind: str) -> str:
    """The words of the first paragraph of that kind, which is taken out."""
    found = next((one for one in root.children if one.attributes.get("class") == kind), None)
    if found is None:
        return ""
    root.children.remove(found)
    return found.words


def _line(words: str) -> str:
    return " ".join(words.split())


def _number_footnotes(root: Node) -> bool:
    """The reader links a note and its number both ways; on paper they are [1] in the text and [1] before the note."""
    notes = [item for item in _all(root) if item.tag == "li" and item.attributes.get("id", "").startswith("footnote-")]
    if not notes:
        return False
    for link in (
        one for one in _all(root) if one.tag == "a" and one.attributes.get("href", "").startswith("#footnote-ref")
    ):
        link.children.clear()
    holder = next(one for one in _all(root) if notes[0] in one.children)
    holder.tag = "div"
    for number, note in enumerate(notes, 1):
        first = next((one for one in note.children if one.tag == "p"), note)
        first.children.insert(0, Node("", text=f"[{number}] "))
    return True


def _all(node: Node) -> Iterable[Node]:
    yield node
    for child in node.children:
        yield from _all(child)


def main() -> None:
    """Read standard input, answer on standard output."""
    limit()
    try:
        answer = read(sys.stdin.buffer.read())
    except DocumentError as refusal:
        answer = {"refused": refusal.sentence}
    except (MemoryError, RecursionError):
        answer = {"refused": DAMAGED}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()

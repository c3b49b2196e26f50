"""Reads a Word file in a process of its own, with little memory and time: `python -m signflow.documents.word_reader` < FILE.

The answer is JSON on standard output: a title and a body, or why the file is refused.
"""

import io
import json
import resource
import sys

import mammoth

from signflow.documents.errors import N_, DocumentError
from signflow.documents.word_container import DAMAGED, text_parts
from signflow.documents.word_html import Node, loses_marks, markdown_of, tree_of
from signflow.documents.word_notes import tie_notes

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
    tie_notes(root)
    title, byline = _taken(root, "title"), _taken(root, "byline")
    if not title and root.children and root.children[0].tag == "h1":
        title = root.children.pop(0).words
    said = (
        (has_picture, N_("Pictures are left out.")),
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

"""What somebody pastes into the editor from a word processor or a web page, as Markdown, for its script. Nothing is kept."""

from flask import request
from flask.typing import ResponseReturnValue

from signflow.documents.errors import DocumentError
from signflow.documents.pasted import pasted_text
from signflow.domain.permissions import Permission
from signflow.web.access import requires
from signflow.web.sentences import translated
from signflow.web.statements.blueprint import area

PLAIN = {"Content-Type": "text/plain; charset=utf-8"}


@area.post("/desk/pasted", endpoint="pasted")
@requires(Permission.USE_DESK)
def read_pasted() -> ResponseReturnValue:
    """The Markdown of `html`, or a sentence where it is too much."""
    try:
        text = pasted_text(request.form.get("html", ""))
    except DocumentError as error:
        return translated(error.sentence).format(**error.values), 422, PLAIN
    return text, 200, PLAIN

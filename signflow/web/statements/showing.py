"""Reading: the list of statements, one statement, one version of it, its history."""

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from signflow.domain.lifecycle import Status
from signflow.domain.permissions import Permission
from signflow.queries.history import history_of
from signflow.queries.statements import list_statements, main_sign_on, newest_version
from signflow.queries.templates import has_templates
from signflow.services import signing
from signflow.web.access import can, requires, viewer
from signflow.web.forms import one_value
from signflow.web.loading import load_statement
from signflow.web.statements.blueprint import area
from signflow.web.statements.page import page_of
from signflow.web.statements.readable import load_readable, readable_versions
from signflow.web.statements.telling import lines
from signflow.web.transaction import reading, unit_of_work
from signflow.web.word import word_answer

SHELVES = (Status.CIRCULATING, Status.FINALIZED, Status.DRAFT, Status.PUBLISHED, Status.WITHDRAWN)
"""What is under way comes first."""


@area.get("/desk/statements")
@requires(Permission.USE_DESK)
def index() -> str:
    """Every statement that the viewer may see, by status."""
    found = list_statements(reading(), viewer())
    shelves = [(status, [one for one in found if one.statement.status == status]) for status in SHELVES]
    shown = [shelf for shelf in shelves if shelf[1]]
    return render_template("statements/index.html", shelves=shown, has_templates=has_templates(reading()))


@area.get("/desk/statements/<public_id>")
@requires(Permission.USE_DESK)
def show(public_id: str) -> str:
    """One statement: what changed, the text, the list, what to do. Who may not read the text sees where the statement stands."""
    statement = load_statement(public_id)
    template = "show" if can(Permission.READ_TEXT, statement) else "standing"
    return render_template(f"statements/{template}.html", page=page_of(statement))


@area.get("/desk/statements/<public_id>/versions/<int:number>")
@requires(Permission.READ_TEXT)
def version(public_id: str, number: int) -> str:
    """One version as it was saved, with its hash."""
    statement = load_statement(public_id)
    return render_template(
        "statements/version.html",
        statement=statement,
        version=load_readable(statement, number),
        versions=readable_versions(statement),
        sign_on=main_sign_on(reading(), statement.id),
    )


@area.get("/desk/statements/<public_id>/versions/<int:number>.docx")
@requires(Permission.READ_TEXT)
def version_as_word(public_id: str, number: int) -> Response:
    """One version as a Word file, to read and to work on."""
    version = load_readable(load_statement(public_id), number)
    return word_answer(version, filename=f"statement-version-{version.number}.{version.language}.docx")


@area.get("/desk/statements/<public_id>/history")
@requires(Permission.READ_HISTORY)
def history(public_id: str) -> str:
    """What happened to the statement, as far as the viewer may know."""
    statement = load_statement(public_id)
    told = lines(history_of(reading(), statement, viewer()), may_read=can(Permission.READ_TEXT, statement))
    newest = newest_version(reading(), statement.id)
    return render_template("statements/history.html", statement=statement, newest=newest, lines=told)


@area.post("/desk/statements/<public_id>/reading", endpoint="reading")
@requires(Permission.READ_TEXT)
def remember_reading(public_id: str) -> ResponseReturnValue:
    """Remember that the viewer opened a version. The script of the page asks for it, or a tap."""
    statement = load_statement(public_id)
    number = load_readable(statement, one_value("version") or "").number
    with unit_of_work() as work:
        signing.note_reading(work.session, statement.id, actor=work.actor, number=number, now=work.now)
    if request.headers.get("Sec-Fetch-Dest") == "empty":
        return "", 204
    return redirect(url_for("statements.show", public_id=public_id), 303)

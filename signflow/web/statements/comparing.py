"""Comparing: what moved between any two versions."""

from flask import Response, render_template

from signflow.domain.permissions import Permission
from signflow.models import Statement, Version
from signflow.queries.statements import current_sign_on
from signflow.web.access import requires
from signflow.web.changes import changes_html, words_changed
from signflow.web.forms import one_value
from signflow.web.loading import load_statement
from signflow.web.statements.acts import sign_acts
from signflow.web.statements.blueprint import area
from signflow.web.statements.readable import load_readable, readable_versions
from signflow.web.statements.seats import Place, Since, places_of, since_of
from signflow.web.transaction import reading
from signflow.web.word import word_changes_answer


@area.get("/desk/statements/<public_id>/changes")
@requires(Permission.READ_TEXT)
def changes(public_id: str) -> str:
    """The redline between two versions; by default since the viewer's organisation signed, or since the viewer last looked."""
    statement = load_statement(public_id)
    versions = readable_versions(statement)
    places, since = _known(statement, versions[-1])
    old, new = _asked_for(statement, versions, since)
    whole = one_value("only") != "changes"
    return render_template(
        "statements/changes.html",
        statement=statement,
        acts=sign_acts(statement, new.number, places),
        versions=versions,
        since=since,
        old=old,
        new=new,
        whole=whole,
        change=changes_html(old.wording, new.wording, whole=whole),
        words=words_changed(old.body, new.body)[0],
        places=places,
    )


@area.get("/desk/statements/<public_id>/changes.docx")
@requires(Permission.READ_TEXT)
def changes_as_word(public_id: str) -> Response:
    """The same two versions as a Word file with tracked changes."""
    statement = load_statement(public_id)
    versions = readable_versions(statement)
    old, new = _asked_for(statement, versions, _known(statement, versions[-1])[1])
    filename = f"statement-changes-{old.number}-to-{new.number}.{new.language}.docx"
    return word_changes_answer(old, new, filename=filename)


def _asked_for(statement: Statement, versions: list[Version], since: Since | None) -> tuple[Version, Version]:
    """The two versions that the address names; NotFound for one that the viewer may not read."""
    old = load_readable(statement, one_value("since") or _first(versions, since))
    return old, load_readable(statement, one_value("to") or versions[-1].number)


def _known(statement: Statement, newest: Version) -> tuple[list[Place], Since | None]:
    """Where the viewer's organisations stand, and what the viewer knows already."""
    places = places_of(statement, newest, current_sign_on(reading(), statement.id))
    return places, since_of(statement, newest, places)


def _first(versions: list[Version], since: Since | None) -> int:
    """Where to begin when nobody said: what the viewer knows, else the version before the newest."""
    if since is not None:
        return since.number
    return versions[-2].number if len(versions) > 1 else versions[-1].number

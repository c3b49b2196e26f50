"""Notices after publication: what was added, what waits, writing one, publishing one."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from signflow.domain.lifecycle import Status, refuse_unpublished
from signflow.domain.notices import NoticeKind, NoticeWording, refuse_retracted
from signflow.domain.permissions import Permission
from signflow.models import ProposedNotice, Statement
from signflow.queries.notices import main_publication, notices_of, proposed_about
from signflow.queries.people import has_another_admin
from signflow.services import notices
from signflow.services.keys import NOT_CHANGED
from signflow.web.access import requires, viewer
from signflow.web.forms import Form, attempt
from signflow.web.loading import load_statement, not_found
from signflow.web.notices.forms import NoticeForm
from signflow.web.press import press
from signflow.web.site import site
from signflow.web.transaction import Work, reading, unit_of_work

area = Blueprint("notices", __name__)
ADDRESS = "/desk/statements/<public_id>/notices"
KINDS = "<any(corrected, retracted):notice_kind>"


@area.route(ADDRESS, methods=["GET"])
@requires(Permission.ADD_NOTICE)
def index(public_id: str) -> ResponseReturnValue:
    """What was added to the statement, and the notice that waits."""
    statement = load_statement(public_id)
    refuse_unpublished(Status(statement.status))
    return render_template("notices/index.html", **_around(statement))


@area.route(f"{ADDRESS}/new/{KINDS}", methods=["GET", "POST"])
@requires(Permission.ADD_NOTICE)
def new(public_id: str, notice_kind: str) -> ResponseReturnValue:
    """Write a correction or a retraction; nobody reads it until an admin publishes it."""
    statement, form = load_statement(public_id), NoticeForm()
    around = _open(statement)
    wording = form.wording(NoticeKind(notice_kind))
    done, _row = attempt(form, lambda work: _proposed(work, statement.id, wording))
    if not done:
        fields = form.fields_in(_languages(str(around["own"])))
        page = render_template("notices/new.html", form=form, kind=notice_kind, fields=fields, **around)
        return page, form.status
    flash(_("Written. It is not public yet: an admin has to publish it."), "warn")
    return redirect(url_for("notices.index", public_id=public_id), 303)


@area.route(f"{ADDRESS}/<notice_id>/publication", methods=["GET", "POST"])
@requires(Permission.PUBLISH, step_up=True)
def publish(public_id: str, notice_id: str) -> ResponseReturnValue:
    """Read what will be added for ever, and publish it."""
    statement, form = load_statement(public_id), Form()
    _waiting(statement, notice_id)
    done, _notice = attempt(form, lambda work: _published(work, statement.id, notice_id))
    if not done:
        return render_template("notices/publish.html", form=form, **_around(statement)), form.status
    flash(_("Published. It stands below the statement now, and members and drafters are told."), "good")
    return redirect(url_for("notices.index", public_id=public_id), 303)


@area.route(f"{ADDRESS}/<notice_id>/removal", methods=["POST"])
@requires(Permission.ADD_NOTICE)
def throw_away(public_id: str, notice_id: str) -> ResponseReturnValue:
    """Throw away a notice that waits."""
    statement = load_statement(public_id)
    _waiting(statement, notice_id)
    with unit_of_work() as work:
        notices.throw_away(work.session, statement.id, actor=work.actor, notice_id=notice_id, now=work.now)
    flash(_("Thrown away. Nothing was published."))
    return redirect(url_for("notices.index", public_id=public_id), 303)


def _proposed(work: Work, statement_id: int, wording: NoticeWording) -> ProposedNotice:
    return notices.propose(work.session, statement_id, actor=work.actor, wording=wording, now=work.now)


def _published(work: Work, statement_id: int, notice_id: str) -> object:
    act, key = notices.publish_notice, press(refusal=NOT_CHANGED)
    return act(work.session, statement_id, actor=work.actor, notice_id=notice_id, press=key, now=work.now)


def _waiting(statement: Statement, notice_id: str) -> None:
    """404 for a notice that does not wait under this statement; 409 for a statement that is not published."""
    refuse_unpublished(Status(statement.status))
    found = proposed_about(reading(), statement.id)
    if found is None or found.public_id != notice_id:
        raise not_found()


def _open(statement: Statement) -> dict[str, object]:
    """What a page about notices shows, if one can be written: Refused before publication and after a retraction."""
    refuse_unpublished(Status(statement.status))
    around = _around(statement)
    refuse_retracted(is_retracted=bool(around["is_retracted"]))
    return around


def _around(statement: Statement) -> dict[str, object]:
    added, waits = notices_of(reading(), statement.id), proposed_about(reading(), statement.id)
    version = main_publication(reading(), statement.id).version
    is_mine = waits is not None and waits.written_by_id == viewer().person_id
    return {
        "statement": statement,
        "version": version,
        "own": version.language,
        "added": added,
        "waits": waits,
        "is_retracted": any(one.kind is NoticeKind.RETRACTED for one in added),
        "must_be_another": is_mine and site().settings.two_persons and has_another_admin(reading(), viewer().person_id),
    }


def _languages(own: str) -> list[str]:
    """The statement's own language first, then those of the register that it is not written in."""
    return [own, *(tag for tag in site().settings.languages if tag != own.partition("-")[0])]

"""The pages of publishing: what to check before a move that others will rely on."""

from typing import TypeVar
from zoneinfo import ZoneInfo

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from signflow.domain.late_sign_ons import require_late
from signflow.domain.lifecycle import Status, refuse_unpublished, target_of
from signflow.models import Statement
from signflow.queries.annexes import annexes_of
from signflow.queries.late_sign_ons import open_late_sign_on
from signflow.queries.publishing import CheckList, check_list, late_list, next_seq, who_finalized
from signflow.queries.reviews import open_red_lines
from signflow.queries.statements import newest_version, version_by_number
from signflow.services.publishing import must_be_another, next_reference
from signflow.web.access import viewer
from signflow.web.changes import changes_html
from signflow.web.forms import Form
from signflow.web.languages import page_language
from signflow.web.loading import load_statement
from signflow.web.publishing.forms import FinalizeForm, PublishForm
from signflow.web.reading import ReadForm
from signflow.web.reviewed import review_page
from signflow.web.site import now, site
from signflow.web.transaction import reading

Reading = TypeVar("Reading", bound=ReadForm)


def finalize(public_id: str, form: FinalizeForm) -> ResponseReturnValue:
    """What is locked, who signed it, who is left behind, which red lines are open. Refused where the move does not start."""
    checks = check_list(reading(), _before("finalize", public_id))
    lines, review = open_red_lines(reading(), checks.statement.id), review_page(checks.statement)
    page = render_template("publishing/finalize.html", checks=checks, form=form, red_lines=lines, review=review)
    return page, form.status


def withdraw(public_id: str, form: Form) -> ResponseReturnValue:
    """What ends with the statement. Refused where the move does not start."""
    statement = _before("withdraw", public_id)
    asked = len(statement.invited_ids)
    signed = check_list(reading(), statement).counted.signed if asked else 0
    version = newest_version(reading(), statement.id)
    page = render_template(
        "publishing/withdraw.html", statement=statement, version=version, asked=asked, signed=signed, form=form
    )
    return page, form.status


def publish(public_id: str, form: PublishForm) -> ResponseReturnValue:
    """The whole check list; the published page when somebody was faster."""
    statement = load_statement(public_id)
    if statement.reference:
        return to_public(statement.reference)
    checks = check_list(reading(), _before("publish", public_id))
    form.name_list(checks)
    return render_template("publishing/publish.html", checks=checks, form=form, **_facts(checks)), form.status


def annex(public_id: str, form: Form) -> ResponseReturnValue:
    """Who would be added to the published list. Refused where no late sign-on is open."""
    statement = load_statement(public_id)
    refuse_unpublished(Status(statement.status))
    sign_on = require_late(open_late_sign_on(reading(), statement.id))
    checks = late_list(reading(), statement, sign_on)
    number = len(annexes_of(reading(), statement.id)) + 1
    facts = {"number": number, "seq": next_seq(reading())}
    return render_template("publishing/annex.html", checks=checks, form=form, **facts), form.status


def moved(act: str, public_id: str, form: ReadForm) -> ResponseReturnValue:
    """Not done: what is new since the version that was read."""
    statement = load_statement(public_id)
    newest = newest_version(reading(), statement.id)
    read = version_by_number(reading(), statement.id, form.was_read[0])
    changes = changes_html(read.wording, newest.wording) if read and read.sha256 == form.was_read[1] else ""
    page = render_template(
        "publishing/moved.html", act=act, statement=statement, newest=newest, read=read, changes=changes
    )
    return page, 409


def to_public(reference: str) -> ResponseReturnValue:
    """To the page that everybody reads."""
    return redirect(url_for("public.statement", language=page_language(), reference=reference), 303)


def _before(move: str, public_id: str) -> Statement:
    """The statement, if the move starts where it is; Refused with the move's sentence otherwise."""
    statement = load_statement(public_id)
    target_of(move, Status(statement.status))
    return statement


def _facts(checks: CheckList) -> dict[str, object]:
    settings = site().settings
    year = now().astimezone(ZoneInfo(settings.time_zone)).year
    return {
        "finalizer": who_finalized(reading(), checks.statement),
        "must_be_another": must_be_another(reading(), checks.statement, viewer(), two_persons=settings.two_persons),
        "reference": next_reference(reading(), year),
        "seq": next_seq(reading()),
    }

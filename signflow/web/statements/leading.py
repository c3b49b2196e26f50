"""Leading a statement: its tags, its drafters."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from signflow.domain.permissions import Permission
from signflow.queries.references import earlier_than
from signflow.queries.statements import newest_version
from signflow.services import drafting, referring
from signflow.web.access import requires
from signflow.web.forms import attempt
from signflow.web.loading import load_statement
from signflow.web.site import site
from signflow.web.statements.blueprint import area
from signflow.web.statements.forms import DrafterForm, EarlierForm, TagsForm, labels
from signflow.web.transaction import Work, reading


@area.route("/desk/statements/<public_id>/tags", methods=["GET", "POST"])
@requires(Permission.EDIT_TEXT)
def tags(public_id: str) -> ResponseReturnValue:
    """Put the statement under tags."""
    statement = load_statement(public_id)
    form = TagsForm() if request.method == "POST" else TagsForm(tags=", ".join(tag.label for tag in statement.tags))
    done, _ = attempt(
        form,
        lambda work: drafting.set_tags(
            work.session, statement.id, actor=work.actor, tags=labels(form.tags.data), now=work.now
        ),
    )
    if done:
        flash(gettext("The tags are saved."), "good")
        return redirect(url_for("statements.show", public_id=public_id), 303)
    statement = load_statement(public_id)
    newest = newest_version(reading(), statement.id)
    return render_template("statements/tags.html", statement=statement, newest=newest, form=form), form.status


@area.route("/desk/statements/<public_id>/earlier", methods=["GET", "POST"])
@requires(Permission.EDIT_TEXT)
def earlier(public_id: str) -> ResponseReturnValue:
    """Which earlier statements it names."""
    statement = load_statement(public_id)
    named = "\n".join(str(one.statement.reference) for one in earlier_than(reading(), statement.id))
    form = EarlierForm() if request.method == "POST" else EarlierForm(earlier=named)
    done, _ = attempt(form, lambda work: _refer(work, statement.id, form))
    if done:
        flash(gettext("The earlier statements are saved."), "good")
        return redirect(url_for("statements.show", public_id=public_id), 303)
    statement = load_statement(public_id)
    newest = newest_version(reading(), statement.id)
    return render_template("statements/earlier.html", statement=statement, newest=newest, form=form), form.status


def _refer(work: Work, statement_id: int, form: EarlierForm) -> None:
    settings = site().settings
    references = form.references({settings.host, settings.onion or settings.host})
    referring.set_earlier(work.session, statement_id, actor=work.actor, references=references, now=work.now)


@area.route("/desk/statements/<public_id>/drafters", methods=["GET", "POST"])
@requires(Permission.EDIT_TEXT, step_up=True)
def drafters(public_id: str) -> ResponseReturnValue:
    """Who drafts; let another person draft along."""
    statement = load_statement(public_id)
    form = DrafterForm()
    done, _ = attempt(
        form,
        lambda work: drafting.add_drafter(
            work.session, statement.id, actor=work.actor, email=str(form.email.data), now=work.now
        ),
    )
    if done:
        flash(gettext("Added. The statement is now in that person's list, too."), "good")
        return redirect(url_for("statements.drafters", public_id=public_id), 303)
    statement = load_statement(public_id)
    newest = newest_version(reading(), statement.id)
    return render_template("statements/drafters.html", statement=statement, newest=newest, form=form), form.status

"""Templates that drafters begin with: keep them, change them, retire them."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from signflow.domain.permissions import Permission
from signflow.models import StatementTemplate
from signflow.queries.templates import kept_templates, template_by_public_id
from signflow.services import templates as keeping
from signflow.web.access import requires
from signflow.web.admin.blueprint import area
from signflow.web.admin.forms import TemplateForm, template_form_of
from signflow.web.forms import attempt
from signflow.web.loading import not_found
from signflow.web.transaction import Work, reading, unit_of_work


@area.get("/desk/templates")
@requires(Permission.MANAGE_COALITION)
def templates() -> str:
    """What drafters can begin with."""
    return render_template("admin/templates.html", templates=kept_templates(reading()))


@area.route("/desk/templates/new", methods=["GET", "POST"])
@requires(Permission.MANAGE_COALITION)
def new_template() -> ResponseReturnValue:
    """Keep a new one."""
    form = TemplateForm()
    done, _row = attempt(form, lambda work: _added(work, form))
    if not done:
        return render_template("admin/template.html", form=form, template=None), form.status
    flash(gettext("The template is kept. Drafters can begin with it."), "good")
    return redirect(url_for("admin.templates"), 303)


@area.route("/desk/templates/<template_id>", methods=["GET", "POST"])
@requires(Permission.MANAGE_COALITION)
def template(template_id: str) -> ResponseReturnValue:
    """Change its words; statements that began with it stay as they are."""
    row = _load(template_id)
    form = TemplateForm() if request.method == "POST" else template_form_of(row)
    done, _row = attempt(form, lambda work: _changed(work, template_id, form))
    if not done:
        return render_template("admin/template.html", form=form, template=_load(template_id)), form.status
    flash(gettext("The template is changed. Statements that began with it stay as they are."), "good")
    return redirect(url_for("admin.templates"), 303)


@area.post("/desk/templates/<template_id>/retirement")
@requires(Permission.MANAGE_COALITION)
def retire_template(template_id: str) -> ResponseReturnValue:
    """Let nobody begin with it any more."""
    with unit_of_work() as work:
        keeping.retire(work.session, template_id, actor=work.actor, now=work.now)
    flash(gettext("The template is retired. Nobody begins with it any more."))
    return redirect(url_for("admin.templates"), 303)


def _load(template_id: str) -> StatementTemplate:
    found = template_by_public_id(reading(), template_id)
    if found is None:
        raise not_found()
    return found


def _added(work: Work, form: TemplateForm) -> StatementTemplate:
    name = form.name.data or ""
    return keeping.add(work.session, actor=work.actor, name=name, wording=form.wording, now=work.now)


def _changed(work: Work, template_id: str, form: TemplateForm) -> StatementTemplate:
    name, act = form.name.data or "", keeping.change
    return act(work.session, template_id, actor=work.actor, name=name, wording=form.wording, now=work.now)

"""Organisations and groups of them: the register that admins keep, and where others find their own."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from signflow.domain.names import name_warnings
from signflow.domain.permissions import Permission
from signflow.models import Organisation, OrganisationGroup
from signflow.queries import organisations as reads
from signflow.services import organisations as verbs
from signflow.web.access import can, requires, viewer
from signflow.web.forms import attempt
from signflow.web.languages import page_language
from signflow.web.loading import load_group, load_organisation
from signflow.web.organisations import emergency, mandates, pairs, people
from signflow.web.organisations.blueprint import area
from signflow.web.organisations.forms import ConfirmForm, GroupForm, OrganisationForm, form_of
from signflow.web.sentences import translated
from signflow.web.transaction import Work, reading

__all__ = ["area", "emergency", "mandates", "pairs"]


@area.get("/desk/organisations")
@requires(Permission.USE_DESK)
def index() -> str:
    """Every organisation and group for admins; for everybody else those that they act for."""
    organisations = reads.organisations_of(reading(), viewer())
    return render_template(
        "organisations/index.html",
        organisations=organisations,
        seats=reads.seats_by_organisation(reading(), organisations),
        groups=reads.groups(reading()) if can(Permission.MANAGE_COALITION) else [],
    )


@area.route("/desk/organisations/new", methods=["GET", "POST"])
@requires(Permission.MANAGE_COALITION, step_up=True)
def new() -> ResponseReturnValue:
    """Add an organisation."""
    form = OrganisationForm()
    done, public_id = attempt(form, lambda work: _create(work, form))
    if done:
        flash(gettext("The organisation was added. Now invite its first signatory."), "good")
        _warn_about_names(form)
        return redirect(url_for("organisations.invite", public_id=public_id), 303)
    return render_template("organisations/entry.html", form=form, organisation=None), form.status


@area.route("/desk/organisations/<public_id>/entry", methods=["GET", "POST"])
@requires(Permission.MANAGE_COALITION, step_up=True)
def edit(public_id: str) -> ResponseReturnValue:
    """Change names, country, website, status."""
    organisation = load_organisation(public_id)
    form, organisation_id = form_of(organisation), organisation.id
    done, _ = attempt(form, lambda work: _change(work, organisation_id, form))
    if done:
        flash(gettext("Saved. New names appear in future lists only."), "good")
        _warn_about_names(form)
        return redirect(url_for("organisations.show", public_id=public_id), 303)
    return render_template(
        "organisations/entry.html", form=form, organisation=load_organisation(public_id)
    ), form.status


@area.post("/desk/organisations/<public_id>/deletion")
@requires(Permission.MANAGE_COALITION, step_up=True)
def delete(public_id: str) -> ResponseReturnValue:
    """Remove an organisation that was added by mistake."""
    organisation_id, form = load_organisation(public_id).id, ConfirmForm()
    done, _ = attempt(form, lambda work: _delete(work, organisation_id))
    if done:
        flash(gettext("The organisation was deleted."), "good")
        return redirect(url_for("organisations.index"), 303)
    return people.page(public_id, form)


@area.route("/desk/groups/new", methods=["GET", "POST"])
@requires(Permission.MANAGE_COALITION)
def new_group() -> ResponseReturnValue:
    """Name a group of organisations that are often invited together."""
    return _group_page(GroupForm(), None)


@area.route("/desk/groups/<public_id>", methods=["GET", "POST"])
@requires(Permission.MANAGE_COALITION)
def group(public_id: str) -> ResponseReturnValue:
    """Change a group."""
    known = load_group(public_id)
    form = GroupForm(name=known.name, organisations=[one.public_id for one in known.organisations])
    return _group_page(form, known)


def _group_page(form: GroupForm, known: OrganisationGroup | None) -> ResponseReturnValue:
    group_id = known.id if known else None
    organisations = reads.organisations_of(reading(), viewer())
    form.offer(organisations, page_language())
    chosen = {one.public_id: one.id for one in organisations}
    tongues = {one.public_id: one.name_in(page_language())[0] for one in organisations}
    done, _ = attempt(form, lambda work: _set_group(work, group_id, form=form, chosen=chosen))
    if done:
        flash(gettext("Saved."), "good")
        return redirect(url_for("organisations.index"), 303)
    return render_template("organisations/group.html", form=form, is_new=group_id is None, tongues=tongues), form.status


def _create(work: Work, form: OrganisationForm) -> str:
    made = verbs.create_organisation(work.session, actor=work.actor, facts=form.facts, now=work.now)
    return made.public_id


def _change(work: Work, organisation_id: int, form: OrganisationForm) -> None:
    organisation = work.session.get_one(Organisation, organisation_id)
    verbs.change_organisation(work.session, organisation, actor=work.actor, facts=form.facts, now=work.now)


def _delete(work: Work, organisation_id: int) -> None:
    organisation = work.session.get_one(Organisation, organisation_id)
    verbs.delete_organisation(work.session, organisation, actor=work.actor, now=work.now)


def _set_group(work: Work, group_id: int | None, *, form: GroupForm, chosen: dict[str, int]) -> None:
    known = work.session.get_one(OrganisationGroup, group_id) if group_id else OrganisationGroup()
    verbs.set_group(
        work.session,
        known,
        actor=work.actor,
        name=form.name.data or "",
        organisation_ids=frozenset(chosen[one] for one in form.organisations.data or ()),
        now=work.now,
    )


def _warn_about_names(form: OrganisationForm) -> None:
    for sentence in {warning for _, field in form.name_fields for warning in name_warnings(field.data or "")}:
        flash(translated(sentence), "warn")

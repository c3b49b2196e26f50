"""Who acts for an organisation: the page, invitations, ends. Its own signatories and the admins look after it."""

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from signflow.domain.actors import Role
from signflow.domain.languages import LANGUAGES
from signflow.domain.permissions import Permission, signs_here
from signflow.models import Membership, Organisation, Person
from signflow.queries import organisations as reads
from signflow.queries.mandates import standing_delegations
from signflow.queries.people import with_second_factor
from signflow.services import lost_factors, memberships
from signflow.web.access import requires, viewer
from signflow.web.forms import Form, attempt
from signflow.web.languages import page_language
from signflow.web.loading import load_organisation, not_found
from signflow.web.organisations.blueprint import area
from signflow.web.organisations.countries import place
from signflow.web.organisations.forms import ConfirmForm, InvitationForm
from signflow.web.site import now, site
from signflow.web.transaction import Work, reading


@area.get("/desk/organisations/<public_id>")
@requires(Permission.MANAGE_MEMBERS)
def show(public_id: str) -> ResponseReturnValue:
    """Who acts for the organisation, who is invited to, and how it is named in lists."""
    return page(public_id, None)


@area.route("/desk/organisations/<public_id>/invitations", methods=["GET", "POST"])
@requires(Permission.MANAGE_MEMBERS, step_up=True)
def invite(public_id: str) -> ResponseReturnValue:
    """Offer somebody a seat. The answer is the same whether the address has an account or not."""
    organisation = load_organisation(public_id)
    organisation_id, name = organisation.id, organisation.name_in(page_language())
    has_signatory = any(seat.role == Role.SIGNATORY for seat in reads.live_seats(reading(), organisation_id))
    form = InvitationForm(role=Role.REVIEWER.value if has_signatory else Role.SIGNATORY.value)
    done, email = attempt(form, lambda work: _invite(work, organisation_id, form))
    if done:
        flash(gettext("An invitation to %(email)s is on its way. It is good for seven days.", email=email), "good")
        return redirect(url_for("organisations.show", public_id=public_id), 303)
    return render_template(
        "organisations/invite.html", form=form, name=name, public_id=public_id, has_signatory=has_signatory
    ), form.status


@area.post("/desk/organisations/<public_id>/invitations/revocation")
@requires(Permission.MANAGE_MEMBERS, step_up=True)
def revoke(public_id: str) -> ResponseReturnValue:
    """Take an invitation back."""
    organisation_id, form = load_organisation(public_id).id, ConfirmForm()
    link_id = request.form.get("invitation", "")
    done, _ = attempt(form, lambda work: _revoke(work, organisation_id, link_id))
    if done:
        flash(gettext("The invitation was revoked. Its link opens nothing any more."), "good")
        return redirect(url_for("organisations.show", public_id=public_id), 303)
    return page(public_id, form)


@area.post("/desk/organisations/<public_id>/members/<person_id>/end")
@requires(Permission.MANAGE_MEMBERS, step_up=True)
def end(public_id: str, person_id: str) -> ResponseReturnValue:
    """End somebody's membership."""
    seat = reads.live_seat(reading(), load_organisation(public_id).id, person_id)
    if seat is None:
        raise not_found()
    seat_id, name, is_own, form = seat.id, seat.person.name, seat.person_id == g.person_id, ConfirmForm()
    done, _ = attempt(form, lambda work: _end(work, seat_id))
    if not done:
        return page(public_id, form)
    flash(gettext("%(name)s no longer acts for this organisation.", name=name), "good")
    away = is_own and not viewer().is_admin
    return redirect(url_for("organisations.index") if away else url_for("organisations.show", public_id=public_id), 303)


@area.post("/desk/organisations/<public_id>/members/<person_id>/second-factor")
@requires(Permission.MANAGE_MEMBERS, step_up=True)
def release(public_id: str, person_id: str) -> ResponseReturnValue:
    """Let a fellow member who lost the phone set up another one."""
    seat = reads.live_seat(reading(), load_organisation(public_id).id, person_id)
    if seat is None:
        raise not_found()
    seat_id, name, form = seat.id, seat.person.name, ConfirmForm()
    done, _ = attempt(form, lambda work: _release(work, seat_id))
    if not done:
        return page(public_id, form)
    flash(
        gettext("A link to set up another phone is on its way to %(name)s. It is good for seven days.", name=name),
        "good",
    )
    return redirect(url_for("organisations.show", public_id=public_id), 303)


def page(public_id: str, form: Form | None) -> ResponseReturnValue:
    """The page of an organisation, with what a rule said no to on top."""
    organisation = load_organisation(public_id)
    written = organisation.name_by_language
    return render_template(
        "organisations/show.html",
        organisation=organisation,
        name=organisation.name_in(page_language()),
        names=[(tag, written[tag]) for tag in LANGUAGES if tag in written],
        country=place(organisation.country, page_language()),
        seats=(seats := reads.live_seats(reading(), organisation.id)),
        delegations=standing_delegations(reading(), organisation.id, now=now()),
        delegates=signs_here(viewer(), organisation),
        with_factor=_who_may_be_let(organisation, [seat.person for seat in seats]),
        links=reads.waiting_links(reading(), organisation.id, now=now()),
        form=form,
    ), form.status if form else 200


def _invite(work: Work, organisation_id: int, form: InvitationForm) -> str:
    organisation = work.session.get_one(Organisation, organisation_id)
    link = memberships.invite_person(
        work.session,
        organisation,
        actor=work.actor,
        offer=memberships.Offer(form.email.data or "", Role(form.role.data), form.title.data or ""),
        secret=site().settings.secret,
        now=work.now,
    )
    return link.email


def _revoke(work: Work, organisation_id: int, link_public_id: str) -> None:
    organisation = work.session.get_one(Organisation, organisation_id)
    memberships.revoke_invitation(work.session, organisation, link_public_id, actor=work.actor, now=work.now)


def _end(work: Work, seat_id: int) -> None:
    seat = work.session.get_one(Membership, seat_id)
    memberships.end_membership(work.session, seat, actor=work.actor, now=work.now)


def _release(work: Work, seat_id: int) -> None:
    seat = work.session.get_one(Membership, seat_id)
    lost_factors.offer_to_member(work.session, seat, actor=work.actor, secret=site().settings.secret, now=work.now)


def _who_may_be_let(organisation: Organisation, people: list[Person]) -> frozenset[int]:
    """The fellow members that have a second factor and that the viewer may let set up another: never oneself, never an admin."""
    if not signs_here(viewer(), organisation):
        return frozenset()
    fellows = [person.id for person in people if not person.is_admin and person.id != viewer().person_id]
    return with_second_factor(reading(), fellows)

"""The doors of the demo, and the mails that it sent."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from signflow.mail_folder import MailFolder
from signflow.queries.people import person_by_email
from signflow.services.sessions import start_session
from signflow.web import signed_in
from signflow.web.access import door
from signflow.web.site import site
from signflow.web.transaction import unit_of_work

area = Blueprint("demo", __name__)

DOORS = frozenset({"drafter", "signatory", "admin"})
MOST_MAILS = 100


@area.route("/demo/sign-in/<who>", methods=["POST"])
@door
def sign_in(who: str) -> ResponseReturnValue:
    """One click signs in as one of the demo's people."""
    if who not in DOORS:
        raise NotFound
    with unit_of_work() as work:
        person = person_by_email(work.session, f"{who}@demo.example")
        if person is None or person.disabled_at is not None:
            raise NotFound
        token = start_session(work.session, person, now=work.now)
    signed_in.remember(token)
    return redirect(url_for("desk.waiting"), 303)


@area.route("/desk/demo/mail", methods=["GET"])
@door
def mail() -> ResponseReturnValue:
    """The newest mails, as their receivers would find them."""
    return render_template("demo/mails.html", mails=_folder().newest(MOST_MAILS), most=MOST_MAILS)


@area.route("/desk/demo/mail/<name>", methods=["GET"])
@door
def one_mail(name: str) -> ResponseReturnValue:
    """One mail."""
    found = _folder().find(name)
    if found is None:
        raise NotFound
    return render_template("demo/mail.html", mail=found)


def _folder() -> MailFolder:
    return MailFolder(site().settings.home / "mail")

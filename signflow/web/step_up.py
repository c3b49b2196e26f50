"""Step-up: before an act in the name of others, who has not shown it lately shows again who they are; what was sent is kept and goes on."""

from flask import g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import InputRequired

from signflow.domain.errors import Invalid, Unproven
from signflow.domain.passkeys import Purpose
from signflow.web import proving
from signflow.web.asked import address_asked_for
from signflow.web.forms import Form

PROOF = frozenset({"csrf_token", "proof_password", "proof_code", "proof_passkey"})


class ProofForm(Form):
    """The password, and the code where the person has a second factor; or, where script runs, a passkey instead of both."""

    status = 401

    proof_password = PasswordField(_l("Password"), validators=[InputRequired(_l("Enter your password."))])
    proof_code = StringField(
        _l("Code"),
        description=_l("The six digits that your authenticator shows now."),
        validators=[InputRequired(_l("Enter the 6 digits."))],
    )

    proof_passkey = HiddenField()

    def __init__(self) -> None:
        super().__init__(formdata=request.form if "proof_password" in request.form else None)
        if not g.visit.has_factor:
            del self.proof_code

    @property
    def passkey(self) -> str | None:
        """What the browser is asked for; None where the person has no passkey that could be used here."""
        return proving.asked_passkey(Purpose.CONFIRM)

    def is_right(self) -> bool:
        """Whether the person has shown who it is; otherwise the form says why not."""
        shown = request.form.get("proof_passkey")
        if not shown and ("proof_password" not in request.form or not self.validate()):
            return False
        try:
            self._use(g.visit.actor.person_id, shown)
        except (Invalid, Unproven) as error:
            error.field = {"code": "proof_code"}.get(error.field or "", error.field)
            self.show(error)
            return False
        return True

    def _use(self, person_id: int, shown: str | None) -> None:
        if shown:
            proving.use_passkey(person_id, shown, Purpose.CONFIRM)
            return
        proving.check_password(person_id, str(self.proof_password.data), field="proof_password")
        if g.visit.has_factor:
            proving.use_code(person_id, str(self.proof_code.data))
        else:
            proving.go_on()


def ask() -> ResponseReturnValue | None:
    """The page that asks, with everything kept that was sent; None once it is answered: then the act goes on.

    A file cannot be kept in a page: its form is opened again afterwards.
    """
    if request.files:
        return redirect(url_for("account.confirm", next=address_asked_for()), 303)
    form = ProofForm()
    if form.is_right():
        return None
    kept = [(name, value) for name, value in request.form.items(multi=True) if name not in PROOF]
    page = render_template("account/prove.html", form=form, kept=kept, is_act=True, address=address_asked_for())
    return page, form.status

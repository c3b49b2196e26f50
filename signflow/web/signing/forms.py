"""Forms of signing. Organisation, version and hash travel hidden and are checked again by the rules."""

from typing import cast

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField
from wtforms import BooleanField, HiddenField, RadioField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from signflow.domain.errors import DomainError
from signflow.queries.signing import Check
from signflow.services.withholding import LARGEST_RECEIPT
from signflow.web.forms import Form
from signflow.web.reading import ReadForm

NAMED, WITHHELD = "named", "withheld"


class ActForm(Form):
    """One act for one organisation: it carries nothing but for whom."""

    organisation = HiddenField()

    def begin(self, check: Check) -> None:
        """Fill in what is known before anything was typed."""


class NameForm(ActForm):
    """Whether the organisation's name will be printed."""

    shown = RadioField(
        _("Your organisation’s name on the public page"),
        choices=[
            SelectChoice(NAMED, cast(str, _("Print the name"))),
            SelectChoice(WITHHELD, cast(str, _("Withhold the name for safety"))),
        ],
        validators=[InputRequired(_("Choose whether the name is printed."))],
    )

    @property
    def withheld(self) -> bool:
        """Whether the name is to be withheld."""
        return bool(self.shown.data == WITHHELD)

    def begin(self, check: Check) -> None:
        """What the organisation chose before; a name that was withheld stays withheld unless somebody says otherwise."""
        before = check.signature is not None and check.signature.withheld
        self.shown.data = WITHHELD if before else NAMED


class SignForm(NameForm, ReadForm):
    """The signature: which version with which hash was read, and that the person is authorised."""

    authorised = BooleanField(
        validators=[DataRequired(_("Tick the box: you are authorised to sign, and you have read this version."))]
    )

    def again(self, check: Check) -> "SignForm":
        """An unsigned form for the newest version: what was chosen about the name is kept, that a text was read is not."""
        form = SignForm(formdata=None)
        form.begin(check)
        if self.shown.data in (NAMED, WITHHELD):
            form.shown.data = self.shown.data
        return form

    def is_about(self, check: Check) -> bool:
        """Whether the version that the person read is still the newest; a form that names none is about no other."""
        if self.version.errors or self.sha256.errors:
            return True
        return (self.version.data, self.sha256.data) == (check.newest.number, check.newest.sha256)

    def name_version(self, check: Check) -> None:
        """Say beside the box which version was read."""
        self.authorised.label.text = gettext(
            "I am authorised to sign for the organisation, and I have read version %(number)s",
            number=check.newest.number,
        )


class RestoreForm(ActForm):
    """A receipt, as a file or pasted."""

    file = FileField(_("The receipt, a file that ends in .sdjwt"))
    text = TextAreaField(_("Or paste its text"))

    @property
    def receipt(self) -> bytes:
        """What was given: the file, or else the text; no more of it than a receipt can have."""
        if self.file.data is None:
            return str(self.text.data or "").encode()
        return bytes(self.file.data.read(LARGEST_RECEIPT + 1))

    def show(self, error: DomainError) -> None:
        """What is wrong with a receipt stands at the field that it was given in."""
        if error.field == "file" and self.file.data is None:
            error.field = "text"
        super().show(error)

    def validate_file(self, field: FileField) -> None:
        """One of the two is needed."""
        if field.data is None and not (self.text.data or "").strip():
            raise ValidationError(gettext("Choose the receipt, or paste its text."))


class DeclineForm(ActForm):
    """A private no."""

    reason = TextAreaField(
        _("Reason (you may leave it out)"),
        validators=[Optional(), Length(max=2000, message=_("The reason is too long (2,000 characters at most)."))],
    )

    def begin(self, check: Check) -> None:
        """The reason that was given before."""
        self.reason.data = check.invitation.decline_reason

"""Forms at the door and of one's own account."""

from functools import cache
from zoneinfo import available_timezones

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, EmailField, HiddenField, PasswordField, SelectField, StringField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from signflow.domain.languages import own_name
from signflow.web.forms import Form, one_line
from signflow.web.site import site

MISSING = _l("Enter your e-mail and password.")


class SignInForm(Form):
    """E-mail and password."""

    email = EmailField(_l("E-mail"))
    password = PasswordField(_l("Password"))

    def validate_email(self, field: EmailField) -> None:
        """An address is on one line."""
        text = field.data or ""
        if not text.strip():
            raise ValidationError(MISSING)
        if any(ord(c) < 32 for c in text) or len(text) > 254:
            raise ValidationError(_l("Enter a valid e-mail address."))

    def validate_password(self, field: PasswordField) -> None:
        """Where both are missing, it is said once."""
        if not field.data and not self.email.errors:
            raise ValidationError(MISSING)


class ForgottenForm(Form):
    """The address of somebody who forgot the password."""

    email = EmailField(_l("E-mail"), validators=[InputRequired(_l("Enter a valid e-mail address.")), one_line])


class PasswordForm(Form):
    """The password alone, for who comes by a link that is not enough by itself."""

    password = PasswordField(_l("Your password"), validators=[InputRequired(_l("Enter your password."))])


class CodeForm(Form):
    """The code of an authenticator, at the door; where script runs, a passkey instead."""

    code = StringField(
        _l("Code"),
        description=_l("A new one appears every 30 seconds. Spaces do no harm."),
        validators=[InputRequired(_l("Enter the 6 digits."))],
    )
    own_device = BooleanField(
        _l("This device is mine alone"),
        description=_l(
            "You stay signed in on it for 14 days, to read and comment. Signing and the like still ask who you are."
        ),
    )
    passkey = HiddenField()


class PasskeyForm(Form):
    """A passkey to add: what the person calls it, and what the browser made."""

    name = StringField(
        _l("What you call it"),
        description=_l("So that you know it again in the list: “blue security key”, “the office computer”."),
        validators=[InputRequired(_l("Enter a name (2 to 200 characters).")), one_line],
    )
    passkey = HiddenField()


class FactorForm(Form):
    """The first code of an authenticator that is being set up."""

    code = StringField(_l("The six digits that it shows now"), validators=[InputRequired(_l("Enter the 6 digits."))])


class RecoveryForm(Form):
    """A recovery code instead of the authenticator's."""

    code = StringField(
        _l("Recovery code"),
        description=_l("24 letters and digits. Each code works once."),
        validators=[InputRequired(_l("A recovery code has 24 letters and digits."))],
    )


class ProfileForm(Form):
    """How pages and mails speak to somebody."""

    language = SelectField(_l("Language of pages and mails"))
    time_zone = SelectField(
        _l("Your time zone"), description=_l("Deadlines are shown in it, beside the coalition's own.")
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        """Offer the installation's languages and the places of the IANA database."""
        super().__init__(*args, **kwargs)
        self.language.choices = [SelectChoice(tag, own_name(tag)) for tag in site().settings.languages]
        kept = str(self.time_zone.data or "UTC")
        self.time_zone.choices = [SelectChoice(zone, zone.replace("_", " ")) for zone in _zones(kept)]


class NewPasswordForm(Form):
    """A password to be, written twice."""

    password = PasswordField(
        _l("A password"),
        description=_l(
            "At least 15 characters. A few words that nobody would guess together are better than one with signs in it."
        ),
        validators=[InputRequired(_l("Choose a password."))],
    )
    again = PasswordField(_l("The password once more"))

    def validate_again(self, field: PasswordField) -> None:
        """Both are the same."""
        if field.data != self.password.data:
            raise ValidationError(_l("The two passwords are not the same."))


class ChangePasswordForm(NewPasswordForm):
    """The present password, and the one to be."""

    current = PasswordField(_l("Your current password"), validators=[InputRequired(_l("Enter your password."))])


class WelcomeForm(ProfileForm, NewPasswordForm):
    """What somebody says who takes an invitation up."""

    name = StringField(_l("Your name"), validators=[InputRequired(_l("Enter your name.")), one_line])


class AcceptForm(Form):
    """A yes to an invitation, from somebody who is signed in."""


def _zones(kept: str) -> list[str]:
    """Zones that are named after a place, UTC, and the one that somebody has."""
    places = {zone for zone in _every_zone() if "/" in zone and not zone.startswith("Etc/")}
    return sorted(places | ({"UTC", kept} & _every_zone()))


@cache
def _every_zone() -> frozenset[str]:
    """The IANA database by name: found in hundreds of files, so looked for once."""
    return frozenset({"UTC", *available_timezones()})

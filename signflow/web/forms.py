"""Forms: the shape of input only. What a rule says no to comes back as a sentence on the form."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import request
from flask_babel import gettext
from flask_wtf import FlaskForm
from wtforms import Field, ValidationError

from signflow.domain.errors import N_, DomainError, Invalid, Refused, TextMoved, Unproven
from signflow.web.sentences import said
from signflow.web.transaction import Work, unit_of_work

Result = TypeVar("Result")


class _Catalogue:
    """WTForms asks for messages; ours are in our own catalogues, Belarusian included."""

    def gettext(self, string: str) -> str:
        return str(gettext(string))

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        return str(gettext(singular if n == 1 else plural))


class Form(FlaskForm):
    """The root of all forms. `status` is the HTTP status that belongs to what the form says."""

    status = 200
    refusal: str = ""

    class Meta(FlaskForm.Meta):
        """Messages from our catalogues."""

        def get_translations(self, _form: Any) -> _Catalogue:
            """Every form speaks the language of the page."""
            return _Catalogue()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[no-untyped-call]

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether the input has the right shape; NUL is refused in every field."""
        is_valid = super().validate(extra_validators=extra_validators)  # type: ignore[no-untyped-call]
        for field in self:
            if any("\0" in part for part in field.raw_data or () if isinstance(part, str)):
                field.errors = [*field.errors, gettext("Remove the hidden NUL character.")]
                is_valid = False
        if not is_valid:
            self.status = 422
        return bool(is_valid)

    def show(self, error: DomainError) -> None:
        """Put a rule's sentence on the field that it is about, or above the form."""
        field = self._fields.get(error.field or "")
        if field is None:
            self.refusal = said(error)
        else:
            field.errors = [*field.errors, said(error)]
        self.status = 422 if isinstance(error, Invalid) else 401 if isinstance(error, Unproven) else 409


def attempt(form: Form, act: Callable[[Work], Result]) -> tuple[bool, Result | None]:
    """Validate the form and run `act` in one unit of work: (True, its result) or (False, None) with the reason on the form.

    TextMoved, Forbidden and NotFound are not for the form: they go on to the view or to the error pages.
    """
    if request.method != "POST" or not form.validate():
        return False, None
    try:
        with unit_of_work() as work:
            return True, act(work)
    except TextMoved:
        raise
    except (Invalid, Refused) as error:
        form.show(error)
        return False, None


def one_value(name: str) -> str | None:
    """What address and form send under a name that must mean one thing, or None; Invalid when they say it twice and differently."""
    values = set(request.values.getlist(name))
    if len(values) > 1:
        raise Invalid(N_("The form says “{name}” twice and differently. Nothing was changed."), name=name)
    return next(iter(values), None) or None


def one_line(_form: FlaskForm, field: Field) -> None:
    """A WTForms validator: no line breaks or control characters in a field of one line."""
    if any(ord(c) < 32 for c in field.data or ""):
        raise ValidationError(gettext("Write this on one line."))

"""Forms of organisations, their people and their groups."""

from datetime import datetime, time

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from markupsafe import Markup
from wtforms import (
    DateField,
    EmailField,
    Field,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    URLField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from signflow.domain.actors import Role
from signflow.domain.deadlines import instant
from signflow.domain.errors import DomainError
from signflow.domain.languages import LANGUAGES
from signflow.models import Organisation
from signflow.services.organisations import OrganisationFacts
from signflow.web.forms import Form
from signflow.web.languages import page_language
from signflow.web.organisations.countries import places


class OrganisationForm(Form):
    """An organisation's entry; `name_fields` has one field a language."""

    short_name = StringField(
        _l("Short name"), description=_l("Where there is little room: an abbreviation. It may stay empty.")
    )
    country = SelectField(_l("Country"), description=_l("“Not shown” where naming it could harm somebody."))
    website = URLField(_l("Website"))
    standing = SelectField(
        _l("Status"),
        description=_l("An inactive organisation is not invited any more, and its people cannot act for it."),
        default="active",
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        """Offer the countries in the language of the page."""
        super().__init__(*args, **kwargs)
        self.standing.choices = [
            SelectChoice("active", gettext("Active")),
            SelectChoice("inactive", gettext("Inactive")),
        ]
        self.country.choices = [SelectChoice(code, name) for code, name in places(page_language())]

    @property
    def name_fields(self) -> list[tuple[str, Field]]:
        """(language tag, field) of every name, in the order of the languages."""
        return [(tag, self[f"name_{tag}"]) for tag in LANGUAGES]

    def show(self, error: DomainError) -> None:
        """Say what concerns all names at the one in the language of the page."""
        if error.field == "names":
            error.field = f"name_{page_language()}"
        super().show(error)

    @property
    def facts(self) -> OrganisationFacts:
        """What was written."""
        return OrganisationFacts(
            names={tag: field.data or "" for tag, field in self.name_fields},
            short_name=self.short_name.data or "",
            country=self.country.data,
            website=self.website.data or "",
            status=self.standing.data,
        )


for _tag, _own in LANGUAGES.items():
    setattr(OrganisationForm, f"name_{_tag}", StringField(Markup('<span lang="{}">{}</span>').format(_tag, _own)))


def form_of(organisation: Organisation) -> OrganisationForm:
    """The form, filled with what is known."""
    names = {f"name_{tag}": name for tag, name in organisation.name_by_language.items()}
    return OrganisationForm(obj=organisation, standing=organisation.status, **names)


class TitleForm(Form):
    """What somebody is in the organisation."""

    title = StringField(_l("Title"), description=_l("Such as “Director”. It may stay empty."))


class DelegationForm(Form):
    """Until which day somebody signs; the day counts whole, in the coalition's time zone, in which pages show days."""

    until = DateField(
        _l("Until"),
        description=_l("The last day, a year from now at most."),
        validators=[InputRequired(_l("Say until when."))],
        invalid_value_message=_l("Enter a real date."),
    )

    def end(self, zone: str) -> datetime | None:
        """The last minute of that day."""
        return (
            instant(datetime.combine(self.until.data, time(23, 59)), zone, field="until") if self.until.data else None
        )


class InvitationForm(TitleForm):
    """To whom a seat is offered, in which role."""

    email = EmailField(_l("E-mail"), validators=[InputRequired(_l("Enter a valid e-mail address."))])
    role = RadioField(
        _l("Role"),
        validators=[InputRequired(_l("Choose a role."))],
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        """Offer both roles."""
        super().__init__(*args, **kwargs)
        self.role.choices = [
            SelectChoice(Role.REVIEWER.value, gettext("Reviewer")),
            SelectChoice(Role.SIGNATORY.value, gettext("Signatory")),
        ]


class GroupForm(Form):
    """The name of a group, and who is in it."""

    name = StringField(_l("Name of the group"))
    organisations = SelectMultipleField(_l("Organisations"))

    def offer(self, organisations: list[Organisation], language: str) -> None:
        """Let these organisations be chosen."""
        self.organisations.choices = [SelectChoice(one.public_id, one.name_in(language)[1]) for one in organisations]


class NeededForm(Form):
    """How many people must agree."""

    needed = IntegerField(
        _l("People who must agree"),
        validators=[InputRequired(_l("Choose one or two."))],
        invalid_value_message=_l("Choose one or two."),
    )


class ConfirmForm(Form):
    """A yes, with nothing to fill in."""

"""What an admin says of a person, and of a statement that is not ours."""

from flask_babel import lazy_gettext as _l
from markupsafe import Markup
from wtforms import BooleanField, Field, StringField, TextAreaField

from signflow.domain.denials import DenialWording
from signflow.domain.languages import LANGUAGES
from signflow.models import Person
from signflow.services.memberships import Powers
from signflow.web.forms import Form, one_line


class PowersForm(Form):
    """What a person may do beside acting for organisations."""

    may_draft = BooleanField(
        _l("May draft statements"), description=_l("Writes new statements, and leads those that it writes.")
    )
    is_admin = BooleanField(
        _l("Is an admin"),
        description=_l("Looks after organisations and people, and publishes. Reads no drafts, signs nothing."),
    )
    disabled = BooleanField(
        _l("Is disabled"), description=_l("Is signed out at once and cannot sign in. What the person did stays.")
    )

    @property
    def powers(self) -> Powers:
        """What was ticked."""
        return Powers(self.may_draft.data, self.is_admin.data, self.disabled.data)


def form_of(person: Person) -> PowersForm:
    """The form, filled with what is so."""
    return PowersForm(may_draft=person.may_draft, is_admin=person.is_admin, disabled=person.disabled_at is not None)


class DenialForm(Form):
    """A statement that is not ours; there is one text field a language, of which the page shows those of the register."""

    title = StringField(_l("Title under which it goes round"), validators=[one_line])

    def fields_in(self, languages: list[str]) -> list[tuple[str, Field]]:
        """(language tag, field) of the text in each of these languages."""
        return [(tag, self[f"text_{tag}"]) for tag in languages]

    @property
    def wording(self) -> DenialWording:
        """What was written."""
        return DenialWording(self.title.data or "", {tag: self[f"text_{tag}"].data or "" for tag in LANGUAGES})


for _tag, _own in LANGUAGES.items():
    setattr(DenialForm, f"text_{_tag}", TextAreaField(Markup('<span lang="{}">{}</span>').format(_tag, _own)))

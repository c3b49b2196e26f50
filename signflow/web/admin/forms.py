"""What an admin says of a person, of a statement that is not ours, and to begin one with."""

from typing import Any

from flask_babel import lazy_gettext as _l
from markupsafe import Markup
from wtforms import BooleanField, Field, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice

from signflow.domain.denials import DenialWording
from signflow.domain.languages import LANGUAGES
from signflow.domain.versions import Wording
from signflow.models import Person, StatementTemplate
from signflow.services.memberships import Powers
from signflow.web.forms import Form, one_line
from signflow.web.languages import page_language


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


class TemplateForm(Form):
    """A template: what drafters choose it by, and its words with places to fill."""

    name = StringField(
        _l("Name of the template"),
        description=_l("What drafters choose it by, such as “Death in custody”."),
        validators=[one_line],
    )
    language = SelectField(_l("Language of the text"), invalid_choice_message=_l("Choose a language from the list."))
    title = StringField(_l("Title"))
    byline = StringField(_l("Byline"), description=_l("One line under the title: what kind of statement it is."))
    addressees = TextAreaField(_l("Addressees, one a line"))
    cc = TextAreaField(_l("CC, one a line"))
    body = TextAreaField(_l("Text"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer every language that a statement may be in, the page's own first chosen."""
        super().__init__(*args, **kwargs)
        self.language.choices = [SelectChoice(tag, name) for tag, name in LANGUAGES.items()]
        self.language.data = self.language.data or page_language()

    @property
    def wording(self) -> Wording:
        """What was written; a template has no date."""
        addressees, cc = (tuple((field.data or "").splitlines()) for field in (self.addressees, self.cc))
        title, byline, body = (field.data or "" for field in (self.title, self.byline, self.body))
        return Wording(title, byline, None, str(self.language.data), addressees, body, cc)


def template_form_of(template: StatementTemplate) -> TemplateForm:
    """The form, filled with a template."""
    words = template.wording
    lists = {"addressees": "\n".join(words.addressees), "cc": "\n".join(words.cc)}
    said = {"title": words.title, "byline": words.byline, "body": words.body, "language": words.language}
    return TemplateForm(name=template.name, **said, **lists)


for _tag, _own in LANGUAGES.items():
    setattr(DenialForm, f"text_{_tag}", TextAreaField(Markup('<span lang="{}">{}</span>').format(_tag, _own)))

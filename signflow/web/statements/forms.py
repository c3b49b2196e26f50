"""Forms of the editor: the shape of input only."""

from collections.abc import Collection
from dataclasses import asdict
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import (
    DateField,
    EmailField,
    HiddenField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Optional
from wtforms.widgets import CheckboxInput, HiddenInput, ListWidget

from signflow.domain.errors import N_, Invalid
from signflow.domain.languages import LANGUAGES
from signflow.domain.references import listed, reference_in
from signflow.domain.unsaved import Typed
from signflow.domain.versions import Grade, Wording
from signflow.models import UnsavedText, Version
from signflow.models.base import new_public_id
from signflow.services.drafting import Draft
from signflow.web.forms import Form
from signflow.web.languages import page_language

NO_NUMBER = _l("The form does not say which version it began with. Go back and reload the page.")


def one_number(_form: Any, field: IntegerField) -> None:
    """A form that names two numbers means neither."""
    if len(set(field.raw_data or ())) > 1:
        raise ValidationError(NO_NUMBER)


class WordsForm(Form):
    """The words of a version. `base`: the number of the version that they were written on. `mark`: names this page of the editor."""

    title = StringField(_l("Title"))
    byline = StringField(_l("Byline"), description=_l("One line under the title: what kind of statement it is."))
    addressees = TextAreaField(_l("Addressees, one a line"), render_kw={"rows": 2})
    cc = TextAreaField(_l("CC, one a line"), render_kw={"rows": 2})
    date = DateField(_l("Statement date"), validators=[Optional()], invalid_value_message=_l("Enter a real date."))
    language = SelectField(_l("Language of the text"), invalid_choice_message=_l("Choose a language from the list."))
    body = TextAreaField(_l("Text"), render_kw={"rows": 22})
    word = FileField(
        _l("A Word file (.docx)"),
        description=_l("Its text takes the place of the text below. Nothing is saved by it, and the file is not kept."),
    )
    base = IntegerField(default=0, widget=HiddenInput(), validators=[one_number], invalid_value_message=NO_NUMBER)
    mark = HiddenField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer every language that a statement may be in, the page's own first chosen."""
        super().__init__(*args, **kwargs)
        self.language.choices = [SelectChoice(tag, name) for tag, name in LANGUAGES.items()]
        if self.language.data is None:
            self.language.data = page_language()
        if len(self.mark.data or "") != len(new := new_public_id()):
            self.mark.data = new

    @property
    def wording(self) -> Wording:
        """What the form says, as it was typed."""
        day: date | None = self.date.data
        lines, copies = (tuple((field.data or "").splitlines()) for field in (self.addressees, self.cc))
        title, byline, body = (field.data or "" for field in (self.title, self.byline, self.body))
        return Wording(title, byline, day, str(self.language.data), lines, body, copies)

    @property
    def typed(self) -> Typed:
        """What the form says, field by field, right or not."""
        names = ("title", "byline", "addressees", "cc", "language", "body", "tags", "why")
        fields = {name: str(self[name].data or "") for name in names if name in self}
        day = (self.date.raw_data or [""])[0]
        taken = tuple(self["taken"].data or ()) if "taken" in self else ()
        return Typed(base=self.base.data or 0, date=day, taken=taken, **fields)


class TakingForm(WordsForm):
    """Words that may take up suggestions. `taken`: the public ids of those that were accepted and are in them."""

    taken = SelectMultipleField(
        _l("This text takes up"),
        validate_choice=False,
        choices=[],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )

    @property
    def taken_ids(self) -> frozenset[str]:
        """The suggestions that get the credit."""
        return frozenset(self.taken.data or ())


class StatementForm(TakingForm):
    """The editor. `why` only waits here, when somebody came back from the page that asks for it."""

    why = HiddenField()

    @property
    def draft(self) -> Draft:
        """What to save of a draft, which concerns no signature."""
        return Draft(self.wording, self.base.data or 0, concerned=0, taken=self.taken_ids)


class NewStatementForm(WordsForm):
    """The first version, and under which words the statement will be found."""

    tags = StringField(_l("Tags, separated by commas"), description=_l("Readers find published statements by them."))


class GradeForm(TakingForm):
    """The same words, what the change is said to be, and why. `concerned`: how many signatures the page said it concerns."""

    grade = StringField()
    why = TextAreaField(
        _l("Why, in one sentence"),
        description=_l("The first thing every signatory reads, above the marked changes."),
        validators=[DataRequired(_l("Say why, in one sentence."))],
        render_kw={"rows": 2},
    )
    concerned = IntegerField(widget=HiddenInput(), validators=[one_number], invalid_value_message=NO_NUMBER)

    def validate_grade(self, field: StringField) -> None:
        """One of two."""
        if field.data not in {"editorial", "substantive"} or len(set(field.raw_data or ())) > 1:
            raise ValidationError(_l("Say whether the change is editorial or substantive."))

    @property
    def draft(self) -> Draft:
        """What to save, as what."""
        grade, why = Grade(str(self.grade.data)), str(self.why.data)
        return Draft(self.wording, self.base.data or 0, grade, why, self.concerned.data, self.taken_ids)


class TagsForm(Form):
    """Under which words the statement is found."""

    tags = StringField(_l("Tags, separated by commas"), description=_l("Readers find published statements by them."))


class EarlierForm(Form):
    """Which earlier statements this one names."""

    earlier = TextAreaField(
        _l("References or addresses, one a line"),
        description=_l("Such as 2026-014. Only statements that this register has published."),
        render_kw={"rows": 4},
    )

    def references(self, hosts: Collection[str]) -> list[str]:
        """What is named; Invalid for what is no reference, or an address of another site than these."""
        found: list[str] = []
        for part in listed(self.earlier.data or ""):
            named = reference_in(part)
            if named is None or (named[1] and named[1] not in hosts):
                sentence = N_("“{text}” is neither a reference such as 2026-014 nor an address of this register.")
                raise Invalid(sentence, field="earlier", text=part[:80])
            found.append(named[0])
        return found


class DrafterForm(Form):
    """Who else drafts."""

    email = EmailField(
        _l("E-mail"),
        description=_l("Of somebody whom an admin lets draft."),
        validators=[DataRequired(_l("Enter an e-mail address."))],
    )


def fields_of(version: Version) -> dict[str, Any]:
    """What the editor shows of a version."""
    return {**fields_of_wording(version.wording), "base": version.number}


def fields_of_wording(wording: Wording) -> dict[str, Any]:
    """What the editor shows of words."""
    return {
        "title": wording.title,
        "byline": wording.byline,
        "addressees": "\n".join(wording.addressees),
        "cc": "\n".join(wording.cc),
        "date": wording.date,
        "language": wording.language,
        "body": wording.body,
    }


def fields_kept(row: UnsavedText) -> dict[str, Any]:
    """What the editor shows of a text that was kept, on the page that it was typed on."""
    typed = row.typed
    return {**asdict(typed), "date": typed.day, "taken": list(typed.taken), "mark": row.mark}


def labels(text: str | None) -> list[str]:
    """Tags as somebody lists them."""
    return [label.strip() for label in (text or "").split(",") if label.strip()]

"""The form of a translation: one field a passage. What it must say is the domain's question."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import FieldList, HiddenField, IntegerField, StringField, TextAreaField
from wtforms.widgets import HiddenInput

from signflow.services.translating import Rendering
from signflow.web.forms import Form

MOST_PARAGRAPHS = 2_000
"""More than a text can have that keeps to its length."""
NO_NUMBER = _l("The form does not say which version it began with. Go back and reload the page.")


class TranslationForm(Form):
    """A translation of version `number`; `began_with`: the hash of the draft that it was written on."""

    title = StringField(_l("Title"))
    byline = StringField(_l("Byline"))
    addressees = TextAreaField(_l("Addressees, one a line"), render_kw={"rows": 2})
    cc = TextAreaField(_l("CC, one a line"), render_kw={"rows": 2})
    paragraphs = FieldList(TextAreaField(_l("Translation")), max_entries=MOST_PARAGRAPHS)
    translator = StringField(
        _l("Translated by"),
        description=_l("Named on the public page, for ever. Leave it empty if nobody wants to be named."),
    )
    number = IntegerField(default=0, widget=HiddenInput(), invalid_value_message=NO_NUMBER)
    began_with = HiddenField()

    def rendering(self, language: str) -> Rendering:
        """What was written."""
        return Rendering(
            language=language,
            number=int(self.number.data or 0),
            title=self.title.data or "",
            byline=self.byline.data or "",
            addressees=tuple((self.addressees.data or "").splitlines()),
            paragraphs=self.written,
            cc=tuple((self.cc.data or "").splitlines()),
            translator=self.translator.data or "",
            began_with=self.began_with.data or "",
        )

    @property
    def written(self) -> tuple[str, ...]:
        """The paragraphs, lines ending with LF."""
        return tuple((one.data or "").replace("\r\n", "\n") for one in self.paragraphs)

    def fill(self, paragraphs: tuple[str, ...], **fields: Any) -> None:
        """Show these words instead of what the form says now."""
        while self.paragraphs.entries:
            self.paragraphs.pop_entry()
        for paragraph in paragraphs:
            self.paragraphs.append_entry(paragraph)
        for name, value in fields.items():
            self[name].data = value


class ApprovalForm(Form):
    """Approving the draft whose hash was read."""

    read = HiddenField()

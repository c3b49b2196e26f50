"""The form of a notice. What it must say is the domain's question."""

from flask_babel import lazy_gettext as _l
from markupsafe import Markup
from wtforms import Field, TextAreaField

from signflow.domain.languages import LANGUAGES
from signflow.domain.notices import NoticeKind, NoticeWording
from signflow.web.forms import Form


class NoticeForm(Form):
    """A correction or a retraction; there is one text field a language, of which the page shows those that the register needs."""

    before = TextAreaField(
        _l("The words as published"), description=_l("Copied from the statement, as few as make it clear.")
    )
    after = TextAreaField(_l("The words as they should read"), description=_l("Empty if they should not be there."))

    def fields_in(self, languages: list[str]) -> list[tuple[str, Field]]:
        """(language tag, field) of the text in each of these languages."""
        return [(tag, self[f"text_{tag}"]) for tag in languages]

    def wording(self, kind: NoticeKind) -> NoticeWording:
        """What was written."""
        text = {tag: self[f"text_{tag}"].data or "" for tag in LANGUAGES}
        return NoticeWording(kind, text, self.before.data or "", self.after.data or "")


for _tag, _own in LANGUAGES.items():
    setattr(NoticeForm, f"text_{_tag}", TextAreaField(Markup('<span lang="{}">{}</span>').format(_tag, _own)))

"""Forms of reviewing: the shape of input only. For whom one writes is named by the form, and checked by the rules."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, IntegerField, RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import NumberRange, Optional
from wtforms.widgets import HiddenInput

from signflow.domain.actors import Seat
from signflow.domain.errors import N_, Invalid
from signflow.domain.permissions import is_drafter
from signflow.domain.reviewing import Kind
from signflow.models import Statement
from signflow.services.reviewing import Remark, Words
from signflow.web.access import viewer
from signflow.web.forms import Form, one_value
from signflow.web.loading import not_found

DRAFTER = "drafter"
ALL, FEW = "all", "few"
RELOAD = _l("The form does not say which version you read. Reload the page.")


class SayForm(Form):
    """Words from one seat. `readers` is who the form said would read them."""

    organisation = RadioField(_l("You write as"), choices=[], validate_choice=False)
    readers = HiddenField()
    body = TextAreaField(_l("Your comment"), render_kw={"rows": 5})

    def __init__(self, statement: Statement, own: Sequence[Seat], **kwargs: Any) -> None:
        """Offer the seats from which the viewer can write now, the first one chosen."""
        super().__init__(**kwargs)
        offered = [(one.organisation_public_id, one.organisation_name) for one in own]
        if is_drafter(viewer(), statement):
            offered.append((DRAFTER, gettext("Drafter")))
        self.organisation.choices = [SelectChoice(value, label) for value, label in offered]
        if not self.organisation.data and self.organisation.choices:
            self.organisation.data = self.organisation.choices[0].value

    @property
    def organisation_id(self) -> int | None:
        """For which organisation the person writes, None as a drafter; NotFound for one that is not the person's own."""
        named = one_value("organisation") or str(self.organisation.data or "")
        if named == DRAFTER:
            return None
        seat = next((one for one in viewer().seats if one.organisation_public_id == named), None)
        if seat is None:
            raise not_found()
        return seat.organisation_id

    @property
    def words(self) -> Words:
        """What is said, by whom, and to whom."""
        return Words(self.body.data or "", self.organisation_id, self.readers.data == ALL)


class AnswerForm(SayForm):
    """An answer to a comment."""

    body = TextAreaField(_l("Your answer"), render_kw={"rows": 5})


class CommentForm(SayForm):
    """A remark on a passage (counted from 0) of a version, or without one on the whole text."""

    version = IntegerField(
        widget=HiddenInput(), validators=[NumberRange(1, 1_000_000, RELOAD)], invalid_value_message=RELOAD
    )
    passage = IntegerField(
        widget=HiddenInput(), validators=[Optional(), NumberRange(0, 1_000_000, RELOAD)], invalid_value_message=RELOAD
    )
    kind = HiddenField(default=Kind.COMMENT.value)
    red_line = BooleanField(_l("This is a red line: we cannot sign unless this is changed"))
    proposed = TextAreaField(_l("How it should read"), render_kw={"rows": 6})

    def __init__(self, statement: Statement, own: Sequence[Seat], **kwargs: Any) -> None:
        """A suggestion says what it wants by itself, so its reason may be left out, and drafters do not make any."""
        super().__init__(statement, own, **kwargs)
        if self.is_suggestion:
            self.body.label.text = gettext("Why (you may leave it out)")
            self.organisation.choices = [one for one in self.organisation.choices if one.value != DRAFTER]

    @property
    def is_suggestion(self) -> bool:
        """Whether another wording is proposed."""
        return bool(self.kind.data == Kind.SUGGESTION)

    @property
    def remark(self) -> Remark:
        """What to write down; Invalid when the form says two things at once."""
        for name in ("version", "passage", "kind"):
            one_value(name)
        if self.is_suggestion and self.red_line.data:
            raise Invalid(N_("A suggestion cannot be a red line. Draw the red line as a comment of its own."))
        kind = Kind.SUGGESTION if self.is_suggestion else Kind.RED_LINE if self.red_line.data else Kind.COMMENT
        words = self.words
        return Remark(
            words.body,
            words.organisation_id,
            words.shared,
            number=int(self.version.data or 0),
            passage=self.passage.data,
            kind=kind,
            proposed=self.proposed.data or "" if self.is_suggestion else "",
        )


class DeclineForm(Form):
    """Why a suggestion is not taken up."""

    reason = TextAreaField(
        _l("Why"), description=_l("The organisation that suggested it reads your reason."), render_kw={"rows": 4}
    )

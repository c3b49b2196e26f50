"""Forms of circulation: whom, until when, and whom to remind."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectField, SelectMultipleField, TextAreaField
from wtforms.fields import DateTimeLocalField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional
from wtforms.widgets import CheckboxInput, ListWidget

from signflow.domain.deadlines import instant
from signflow.services.circulation import Call
from signflow.web.circulation.choosing import Whom
from signflow.web.forms import Form
from signflow.web.languages import page_zone
from signflow.web.site import site

WRITTEN = ["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S"]


class MomentField(DateTimeLocalField):
    """A day and a time on the clock of the form's time zone; may stay empty."""

    def __init__(self, label: Any, **kwargs: Any) -> None:
        """The form of the time is checked here; what it means is the domain's question."""
        unreal = _l("Enter a real date.")
        super().__init__(label, [Optional()], format=WRITTEN, invalid_value_message=unreal, **kwargs)

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Of a parameter that was sent twice, take the first."""
        super().process_formdata(valuelist[:1])  # type: ignore[no-untyped-call]


class Boxes(SelectMultipleField):
    """Several of many, as boxes. What was chosen is looked up on the server, so nothing is refused for its shape."""

    def __init__(self, label: Any = "", **kwargs: Any) -> None:
        """Boxes without any choice yet."""
        boxes = {"widget": ListWidget(prefix_label=False), "option_widget": CheckboxInput()}
        super().__init__(label, choices=[], validate_choice=False, **boxes, **kwargs)  # type: ignore[no-untyped-call]


class InviteForm(Form):
    """Which organisations: whole groups, one by one, or both."""

    groups = Boxes(_l("Whole groups"))
    organisations = Boxes(_l("One by one"))
    step = HiddenField()

    def __init__(self, whom: Whom, **kwargs: object) -> None:
        """Offer whom one can invite."""
        super().__init__(**kwargs)
        self.whom = whom
        self.groups.choices = [SelectChoice(value, label) for value, label in whom.groups()]
        self.organisations.choices = [SelectChoice(one.public_id, name) for one, _tag, name in whom.named()]

    def chosen_ids(self) -> frozenset[int]:
        """The organisations that are meant; Invalid when one of them cannot be invited."""
        return self.whom.chosen(self.groups.data or (), self.organisations.data or ())

    def kept(self) -> list[tuple[str, str]]:
        """What the page that asks to check carries on: names and values of hidden fields."""
        return [("organisations", one.public_id) for one, _tag, _name in self.whom.named(self.chosen_ids())]


class TimedForm(Form):
    """Until when, in which time zone."""

    sign_by = MomentField(_l("Signing ends"), description=_l("After this moment nobody can sign. You may extend it."))
    time_zone = SelectField(_l("Time zone of these times"), validate_choice=False)

    def __init__(self, *args: object, **kwargs: object) -> None:
        """Offer the coalition's zone, the viewer's, UTC, then every other."""
        super().__init__(*args, **kwargs)
        first = (site().settings.time_zone, page_zone(), "UTC")
        zones = dict.fromkeys([*first, *_zones()])
        self.time_zone.choices = [SelectChoice(zone, zone.replace("_", " ")) for zone in zones]
        self.time_zone.data = self.time_zone.data or site().settings.time_zone

    def moment(self, field: MomentField) -> datetime | None:
        """The instant that a field means; Invalid when the zone or the hour does not exist."""
        return instant(field.data, self.time_zone.data, field=field.name) if field.data else None


class CallForm(InviteForm, TimedForm):
    """Whom, until when, and what is said to them. After publication: whom besides those who were asked before."""

    message = TextAreaField(
        _l("To the organisations (optional)"),
        description=_l("It stands on the statement's page; the mail names nothing. What binds is the text alone."),
    )

    @property
    def words(self) -> str:
        """What is said."""
        return (self.message.data or "").replace("\r\n", "\n")


class CirculateForm(CallForm):
    """The same, and until when comments are welcome."""

    comments_until = MomentField(
        _l("Comments are welcome until (optional)"),
        description=_l("After this moment organisations cannot comment any more. You can open comments again."),
    )
    number = HiddenField()

    def call(self) -> Call:
        """What goes out; Invalid when a date or an organisation is not real."""
        return Call(
            self.chosen_ids(),
            self.moment(self.sign_by),
            self.moment(self.comments_until),
            self.words,
            int(self.number.data) if (self.number.data or "").isdecimal() else None,
        )

    def kept(self) -> list[tuple[str, str]]:
        """The organisations and everything else that was entered."""
        fields = (self.sign_by, self.comments_until, self.time_zone, self.message)
        entered = [(field.name, (field.raw_data or [""])[0]) for field in fields]
        return [*super().kept(), *entered]


class DeadlineForm(TimedForm):
    """A later deadline for signing."""


class NudgeForm(Form):
    """The organisations that get a mail."""

    nudge = Boxes()


def on_the_wall(moment: datetime) -> datetime:
    """What a clock of the coalition shows at that moment, without a zone, for a field."""
    return moment.astimezone(ZoneInfo(site().settings.time_zone)).replace(tzinfo=None)


@cache
def _zones() -> tuple[str, ...]:
    return tuple(sorted(available_timezones()))

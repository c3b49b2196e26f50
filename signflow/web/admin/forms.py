"""What an admin says of a person."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField

from signflow.models import Person
from signflow.services.memberships import Powers
from signflow.web.forms import Form


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

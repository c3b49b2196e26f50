"""What every act on a text carries: which version with which hash the person has read."""

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, IntegerField
from wtforms.validators import InputRequired, NumberRange, Regexp
from wtforms.widgets import HiddenInput

from signflow.web.forms import Form


class ReadForm(Form):
    """The version that the person has read."""

    version = IntegerField(
        widget=HiddenInput(),
        validators=[
            InputRequired(_("The form does not say which version you read. Reload the page.")),
            NumberRange(1, 1_000_000, _("The form does not say which version you read. Reload the page.")),
        ],
    )
    sha256 = HiddenField(
        validators=[Regexp("^[0-9a-f]{64}$", message=_("The form does not say which text you read. Reload the page."))]
    )

    @property
    def was_read(self) -> tuple[int, str]:
        """Number and hash; to be asked of a valid form."""
        return int(self.version.data or 0), str(self.sha256.data)

"""Forms of publishing: which version with which hash was read. What follows from it, the rules decide."""

from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _
from wtforms import BooleanField, HiddenField, IntegerField
from wtforms.validators import DataRequired, InputRequired, NumberRange, Regexp
from wtforms.widgets import HiddenInput

from signflow.queries.publishing import CheckList
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


class PublishForm(ReadForm):
    """The version, and the person's word that text and list were read."""

    read = BooleanField(validators=[DataRequired(_("Tick the box: you have read the text and the list."))])

    def name_list(self, checks: CheckList) -> None:
        """Say beside the box how long the list is that was read."""
        named = checks.counted.named
        listed = ngettext(
            "I have read the text and the one name", "I have read the text and the list of %(num)s names", named
        )
        self.read.label.text = listed if named else gettext("I have read the text")

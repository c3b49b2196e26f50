"""Forms of publishing: which version with which hash was read. What follows from it, the rules decide."""

from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _
from wtforms import BooleanField, SelectMultipleField, TextAreaField
from wtforms.validators import DataRequired

from signflow.domain.reviewing import Override
from signflow.queries.publishing import CheckList
from signflow.web.reading import ReadForm


class FinalizeForm(ReadForm):
    """The version, and why it is finalized although red lines are open; `seen` are those that the page showed."""

    override = TextAreaField(
        _("Why the text is finalized nevertheless"),
        description=_("It stands in the history, and whoever may read the text reads it."),
        render_kw={"rows": 3},
    )
    seen = SelectMultipleField(choices=[], validate_choice=False)

    @property
    def overrides(self) -> Override:
        """What the drafter says about the open red lines."""
        return Override(self.override.data or "", frozenset(self.seen.data or ()))


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

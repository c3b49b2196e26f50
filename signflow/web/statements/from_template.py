"""Beginning with a template: choose one, fill its places in one form, and go on in the editor. Nothing is saved by it."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from babel import Locale
from babel.core import UnknownLocaleError
from babel.dates import format_date
from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from markupsafe import Markup
from wtforms import DateField, StringField
from wtforms.validators import Length, Optional

from signflow.documents.counting import counted_html
from signflow.domain.permissions import Permission
from signflow.domain.places import DATES, LONGEST_FILLING, filled, places_of
from signflow.models import StatementTemplate
from signflow.queries.templates import kept_templates, template_by_public_id
from signflow.services import drafting
from signflow.web.access import requires
from signflow.web.forms import Form, one_line
from signflow.web.languages import page_language
from signflow.web.loading import not_found
from signflow.web.statements.blueprint import area
from signflow.web.statements.editing import editor_page
from signflow.web.statements.forms import NewStatementForm, fields_of_wording
from signflow.web.statements.preparing import shows_only
from signflow.web.transaction import reading

NAMES = {"person": _l("Person"), "date": _l("Date"), "source": _l("Source")}
"""What the places of the examples are called; any other place is called what it is."""


class PlacesForm(Form):
    """One field for each place of a template."""

    places: Sequence[str] = ()

    def fillings(self, language: str) -> dict[str, str]:
        """What was typed for each place; a day as the text's language writes it."""
        return {name: _written(self[f"place_{at}"].data, language) for at, name in enumerate(self.places)}


@area.get("/desk/statements/templates")
@requires(Permission.CREATE_STATEMENT)
def templates() -> str:
    """Every template to begin with."""
    return render_template("statements/templates.html", templates=kept_templates(reading()))


@area.route("/desk/statements/templates/<template_id>", methods=["GET", "POST"])
@requires(Permission.CREATE_STATEMENT)
def from_template(template_id: str) -> ResponseReturnValue:
    """Fill the places and look; then the editor, with a draft that is not saved yet."""
    template = template_by_public_id(reading(), template_id)
    if template is None:
        raise not_found()
    form = _form_for(template)
    may_go_on = request.method == "POST" and form.validate()
    wording = filled(template.wording, form.fillings(template.language) if form.status == 200 else {})
    if may_go_on and not shows_only():
        return editor_page(NewStatementForm(formdata=None, **fields_of_wording(wording)))
    html = Markup(counted_html(drafting.rendered(wording.body), 0, is_final=False))  # noqa: S704 - cleaned by nh3
    page = {"template": template, "form": form, "wording": wording, "html": html, "left": places_of(wording)}
    return render_template("statements/from_template.html", **page), form.status


def _form_for(template: StatementTemplate) -> PlacesForm:
    places = places_of(template.wording)
    fields: dict[str, Any] = {f"place_{at}": _field(name) for at, name in enumerate(places)}
    kind = type("OnePlacesForm", (PlacesForm,), {**fields, "places": places})
    made: PlacesForm = kind()
    return made


def _field(name: str) -> StringField | DateField:
    if name.lower() in DATES:
        label = NAMES["date"] if name == "date" else name.capitalize()
        return DateField(label, validators=[Optional()], invalid_value_message=_l("Enter a real date."))
    too_long = _l("This is too long (500 characters at most).")
    rules = [one_line, Length(max=LONGEST_FILLING, message=too_long)]
    return StringField(NAMES.get(name, name.capitalize()), validators=rules)


def _written(value: str | date | None, language: str) -> str:
    if not isinstance(value, date):
        return value or ""
    try:
        locale = Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        locale = Locale.parse(page_language())
    return format_date(value, "d MMMM y", locale=locale)

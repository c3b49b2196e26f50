"""Every kind of WTForms field: what belongs to an input is tied to it."""

from collections.abc import Callable
from xml.etree.ElementTree import Element

import pytest
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    DateField,
    DateTimeLocalField,
    EmailField,
    FileField,
    Form,
    HiddenField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

Render = Callable[..., Element]
FILLED = "Say it in one sentence."
GRADES = [
    SelectChoice("editorial", "Editorial", render_kw={"disabled": True}),
    SelectChoice("substantive", "Substantive: asks 11 organisations again"),
]


class Everything(Form):
    title = StringField("Title", [InputRequired(FILLED)], description="As it will be printed.")
    body = TextAreaField("Text", [InputRequired(FILLED)])
    source = SelectField("From", [InputRequired(FILLED)], choices=[SelectChoice("3", "Version 3")])
    password = PasswordField("Password", [InputRequired(FILLED)])
    email = EmailField("E-mail", [InputRequired(FILLED)])
    date = DateField("Statement date", [InputRequired(FILLED)])
    sign_by = DateTimeLocalField("Sign by", [InputRequired(FILLED)])
    file = FileField("Or a file", [InputRequired(FILLED)])
    authorised = BooleanField("I may sign", [InputRequired(FILLED)])
    grade = RadioField("Grade", [InputRequired(FILLED)], choices=GRADES)
    invited = SelectMultipleField("Organisations", [InputRequired(FILLED)], choices=[SelectChoice("1", "Чайка")])
    version = HiddenField(default="4")


PLAIN = ["title", "body", "source", "password", "email", "date", "sign_by", "file"]


def one(tree: Element, path: str) -> Element:
    found = tree.findall(path)
    assert len(found) == 1, f"{path}: {len(found)}"
    return found[0]


def field(render: Render, name: str, form: Form, more: str = "") -> Element:
    return render(f"{{{{ field(form.{name}{more}) }}}}", "field:field", form=form)


@pytest.mark.parametrize("name", PLAIN)
def test_a_label_belongs_to_its_input(render: Render, name: str) -> None:
    form = Everything()
    tree = field(render, name, form)
    label = one(tree, ".//label")
    control = one(tree, f".//*[@id='{name}']")
    assert (label.get("for"), label.text) == (name, str(form[name].label.text))
    assert control.tag == {"body": "textarea", "source": "select"}.get(name, "input")
    assert control.get("aria-invalid") is None


@pytest.mark.parametrize("name", PLAIN)
def test_hint_and_error_are_read_with_the_input(render: Render, name: str) -> None:
    form = Everything(MultiDict())
    assert not form.validate()
    tree = field(render, name, form, ', hint="A hint"')
    control = one(tree, f".//*[@id='{name}']")
    assert control.get("aria-invalid") == "true"
    assert control.get("aria-describedby") == f"{name}-hint {name}-error"
    assert one(tree, f".//p[@id='{name}-hint']").text == "A hint"
    assert one(tree, f".//p[@id='{name}-error']").text == FILLED


def test_the_description_of_a_field_is_its_hint(render: Render) -> None:
    tree = field(render, "title", Everything())
    assert one(tree, ".//p[@class='hint']").text == "As it will be printed."
    assert one(tree, ".//input").get("aria-describedby") == "title-hint"


def test_other_words_become_attributes(render: Render) -> None:
    control = one(
        field(render, "title", Everything(), ', inputmode="numeric", autocomplete="one-time-code"'), ".//input"
    )
    assert (control.get("inputmode"), control.get("autocomplete")) == ("numeric", "one-time-code")


def test_what_was_written_stays_and_is_escaped(render: Render) -> None:
    form = Everything(MultiDict({"title": '<b>"x"'}))
    assert one(field(render, "title", form), ".//input").get("value") == '<b>"x"'


def test_a_password_is_never_sent_back(render: Render) -> None:
    form = Everything(MultiDict({"password": "secret words"}))
    assert one(field(render, "password", form), ".//input").get("value") == ""


def test_a_box_to_tick_is_inside_its_label(render: Render) -> None:
    form = Everything(MultiDict())
    form.validate()
    tree = field(render, "authorised", form, ', hint="For your organisation"')
    box = one(tree, ".//label[@class='choice']/input[@type='checkbox']")
    assert box.get("aria-describedby") == "authorised-error"
    assert one(tree, ".//p[@id='authorised-error']").text == FILLED
    assert one(tree, ".//label/span").text == "I may sign"
    assert one(tree, ".//label/span/small").text == "For your organisation"


def test_radio_buttons_stand_in_a_fieldset(render: Render) -> None:
    form = Everything(MultiDict({"grade": "substantive"}))
    tree = field(render, "grade", form, ', notes={"editorial": "A number changed"}')
    fieldset = one(tree, "fieldset[@id='grade']")
    assert one(fieldset, "legend").text == "Grade"
    inputs = fieldset.findall(".//label[@class='choice']/input")
    assert [(i.get("type"), i.get("name"), i.get("value")) for i in inputs] == [
        ("radio", "grade", "editorial"),
        ("radio", "grade", "substantive"),
    ]
    assert [(i.get("checked"), i.get("disabled"), i.get("required")) for i in inputs] == [
        (None, "", ""),
        ("", None, ""),
    ]
    assert [s.text for s in fieldset.findall(".//small")] == ["A number changed"]


def test_several_boxes_stand_in_a_fieldset_and_none_is_required(render: Render) -> None:
    form = Everything(MultiDict())
    form.validate()
    tree = field(render, "invited", form, ', tongues={"1": "be"}')
    fieldset = one(tree, "fieldset[@id='invited']")
    assert fieldset.get("aria-describedby") == "invited-error"
    assert fieldset.get("tabindex") == "-1"
    box = one(fieldset, ".//input")
    assert (box.get("type"), box.get("value"), box.get("required")) == ("checkbox", "1", None)
    assert one(fieldset, ".//span[@lang='be']").text == "Чайка"


def test_a_ticked_box_stays_ticked(render: Render) -> None:
    form = Everything(MultiDict({"invited": "1"}))
    assert one(field(render, "invited", form), ".//input").get("checked") == ""


def test_a_hidden_field_has_no_label(render: Render) -> None:
    tree = field(render, "version", Everything())
    assert tree.find(".//label") is None
    assert (one(tree, "input").get("type"), one(tree, "input").get("value")) == ("hidden", "4")


def test_the_summary_links_every_error_to_a_field_on_the_page(render: Render) -> None:
    form = Everything(MultiDict())
    form.validate()
    source = "{{ error_summary(form) }}{% for f in form %}{{ field(f) }}{% endfor %}"
    tree = render(source, "field:field;error_summary:error_summary", form=form)
    box = one(tree, ".//div[@class='errors bad']")
    assert (box.get("role"), box.get("tabindex")) == ("alert", "-1")
    targets = [a.get("href", "").removeprefix("#") for a in box.findall(".//a")]
    assert targets == [f.id for f in form if f.errors]
    assert len(targets) == 11
    for target in targets:
        one(tree, f".//*[@id='{target}']")
    assert one(box, f".//*[@id='{box.get('aria-labelledby')}']").text == "11 things are to be put right"


def test_the_summary_says_what_a_rule_said(render: Render) -> None:
    tree = render("{{ error_summary(form, sentence='Closed.') }}", "error_summary:error_summary", form=Everything())
    assert [li.text for li in tree.findall(".//li")] == ["Closed."]
    assert one(tree, ".//h2").text == "One thing is to be put right"


def test_without_errors_there_is_no_summary(render: Render) -> None:
    tree = render("{{ error_summary(form) }}", "error_summary:error_summary", form=Everything())
    assert list(tree) == []

"""Is this ours? A text, a reference or a receipt, compared with what was published. Nothing of it is kept or logged."""

import re
from dataclasses import dataclass

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from markupsafe import Markup
from wtforms import TextAreaField

from signflow.documents.likeness import paragraphs_of
from signflow.documents.marked import redline_html
from signflow.documents.redline import Kind, only_changes, redline
from signflow.domain.errors import N_, Invalid
from signflow.domain.names import BODY_LIMIT
from signflow.domain.references import reference_in
from signflow.models import LogEntry, Publication, Text
from signflow.proof.verify import ANNEX, VerifiedStatement, VerifyError, verify_statement
from signflow.queries import publications
from signflow.queries.denials import denials
from signflow.queries.keys import public_keys
from signflow.queries.likeness import Verdict, statement_like
from signflow.queries.notices import notices_of
from signflow.queries.translations import published_text
from signflow.web.access import public
from signflow.web.forms import Form
from signflow.web.languages import page_language
from signflow.web.public.addresses import IN_LANGUAGE
from signflow.web.public.loading import register_key
from signflow.web.security import csrf
from signflow.web.site import site
from signflow.web.transaction import reading

area = Blueprint("checking", __name__)

LARGEST = 600_000
"""Bytes of a file: a record with thousands of names, and more than a text may have."""
_CODE = re.compile(r"SF-?([0-9A-Z]{4})-?([0-9A-Z]{4})", re.IGNORECASE)
_BINARY = (b"%PDF", b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


class CheckForm(Form):
    """Something to check, pasted or as a file. It changes nothing, so it carries no token, and the page needs no cookie."""

    class Meta(Form.Meta):
        """Without the token of forms that change something."""

        csrf = False

    text = TextAreaField(
        _l("Text to check"),
        description=_l(
            "The statement, its reference such as 2026-014, a receipt or its code. Line breaks and quotation marks do not matter."
        ),
    )
    file = FileField(
        _l("Or a file"), description=_l("Markdown, text or .sdjwt. It is compared and forgotten, not kept.")
    )


@dataclass(frozen=True)
class Answer:
    """What is said of it: `kind` names the words of the page; `names` are those that a receipt shows, with their days.

    `text`: the one of the statement's texts that it is or is like.
    """

    kind: str
    publication: Publication | None = None
    changes: Markup | None = None
    changed: int = 0
    names: tuple[publications.PrintedName, ...] = ()
    shown: VerifiedStatement | None = None
    refusal: str = ""
    text: Text | None = None


@area.route(f"{IN_LANGUAGE}/verify/answer", methods=["POST"])
@csrf.exempt
@public
def check(language: str) -> ResponseReturnValue:
    """Say what it is: ours word for word, where it differs, not ours, a receipt that holds."""
    form, answer = CheckForm(), Answer("not ours")
    if form.validate():
        try:
            answer = _answer(*_given(form), language=language)
        except Invalid as error:
            form.show(error)
    shown = render_template(
        "public/checked.html" if form.status == 200 else "public/check.html",
        form=form,
        answer=answer,
        denials=denials(reading()),
        compared=publications.count_published(reading()),
        origin=site().settings.origin,
        **_facts(answer, language),
    )
    return shown, form.status, {"Cache-Control": "no-store"}


def _facts(answer: Answer, language: str) -> dict[str, object]:
    """What else stands on the answer's page of the statement that it is about."""
    if answer.publication is None:
        return {}
    return {
        "printed": publications.printed_list(reading(), answer.publication, language),
        "notices": notices_of(reading(), answer.publication.statement_id),
    }


def _given(form: CheckForm) -> tuple[str, bytes]:
    """The text and the bytes that it came as; Invalid when there is none, or it cannot be read."""
    pasted = str(form.text.data or "")
    raw = form.file.data.read(LARGEST + 1) if form.file.data else b""
    if bool(pasted.strip()) == bool(raw):
        sentence = N_("Give one of the two: a text or a file.") if raw else N_("Paste a text, or choose a file.")
        raise Invalid(sentence, field="text")
    if not raw:
        raw = pasted.encode()
    if raw.startswith(_BINARY):
        raise Invalid(N_("PDF and Word files are not read here. Open it, and paste its text."), field="file")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Invalid(N_("This file is no text in UTF-8. Open it, and paste its text."), field="file") from None
    if "\0" in text:
        raise Invalid(N_("This file is no text in UTF-8. Open it, and paste its text."), field="file")
    if len(raw) > (LARGEST if _is_record(text) else BODY_LIMIT):
        raise Invalid(N_("This is larger than any statement here can be."), field="text")
    return text, raw


def _is_record(text: str) -> bool:
    return "~" in text and "".join(text.split()).startswith("eyJ")


def _answer(text: str, raw: bytes, *, language: str) -> Answer:
    if _is_record(text):
        return _record("".join(text.split()), language)
    if (found := reference_in(text)) is not None:
        return _reference(*found)
    if (code := _CODE.fullmatch(text.strip())) is not None:
        return _receipt_code(f"SF-{code[1]}-{code[2]}".upper(), language)
    like = statement_like(reading(), text, raw)
    if like is None:
        return Answer("not ours")
    publication = publications.publication_by_reference(reading(), like.reference)
    ours = published_text(reading(), like.reference, like.language)
    if like.verdict is not Verdict.DIFFERS:
        return Answer(like.verdict.value, publication, text=ours)
    paragraphs = redline("\n\n".join(like.ours), "\n\n".join(paragraphs_of(like.theirs)), is_plain=True)
    changed = sum(one.kind is not Kind.SAME for one in paragraphs)
    marked = redline_html(only_changes(paragraphs), language=page_language(), say=_said)
    return Answer("differs", publication, Markup(marked), changed, text=ours)  # noqa: S704 - redline_html escapes


def _reference(reference: str, host: str) -> Answer:
    """A reference, alone or in an address: in one of another site it says nothing of what stands there."""
    settings = site().settings
    if host and host not in {settings.host, settings.onion}:
        return Answer("foreign address")
    publication = publications.publication_by_reference(reading(), reference)
    return Answer("reference" if publication else "unknown reference", publication)


def _receipt_code(code: str, language: str) -> Answer:
    """A short code: confirmed only for a name that everybody can read, so that nobody finds a withheld one by trying."""
    found = publications.named_by_code(reading(), code)
    if found is None:
        return Answer("unknown code")
    publication, disclosure = found
    main = publications.publication_by_reference(reading(), str(publication.statement.reference))
    return Answer("code", main, names=(publications.printed_name(disclosure, language),))


def _record(token: str, language: str) -> Answer:
    """A receipt or a whole record: signed by a key of ours, and standing in our log."""
    try:
        shown = verify_statement(token, public_keys(reading(), register_key().jwk))
    except VerifyError as refusal:
        return Answer("bad record", refusal=str(refusal))
    entry = reading().get(LogEntry, shown.seq)
    if entry is None or entry.head != shown.head:
        return Answer("bad record", refusal="it does not stand in our log")
    publication = publications.publication_by_reference(reading(), shown.payload["statement"]["id"])
    names = tuple(publications.printed_name(one.disclosure, language) for one in shown.names)
    kind = "record" if shown.typ != ANNEX else "annex record" if shown.count else "translation record"
    return Answer(kind, publication, names=names, shown=shown)


def _said(sentence: str, /, **values: object) -> str:
    return str(gettext(sentence)).format(**values)

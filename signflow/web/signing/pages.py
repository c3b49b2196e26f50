"""The pages of signing: what to check, why something cannot be done now, the receipt."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import render_template, request
from flask.typing import ResponseReturnValue

from signflow.domain.actors import Seat
from signflow.domain.languages import LANGUAGES, best_name
from signflow.domain.signing import receipt_code
from signflow.models import Signature, Statement, Version
from signflow.queries.consents import consent_of, waiting_consent
from signflow.queries.signing import Check, check_of, outcome_of
from signflow.queries.statements import version_by_number
from signflow.queries.withholding import printed_of
from signflow.web.access import viewer
from signflow.web.changes import changes_html
from signflow.web.filters import both_zones
from signflow.web.languages import page_language
from signflow.web.loading import load_statement, not_found
from signflow.web.readable import readable_translations
from signflow.web.signing.forms import ActForm, SignForm
from signflow.web.signing.obstacles import obstacle
from signflow.web.signing.seats import signing_seats
from signflow.web.site import now, site
from signflow.web.transaction import reading


def choice(statement: Statement) -> ResponseReturnValue:
    """For which of several organisations? A form that names none is refused with the same page."""
    status = 422 if request.method == "POST" else 200
    checks = [check_of(reading(), statement, seat.organisation_id) for seat in signing_seats(statement)]
    return render_template("signing/choice.html", statement=statement, checks=checks), status


def before_signing(public_id: str, seat: Seat, form: SignForm) -> ResponseReturnValue:
    """The check page; why there is nothing to sign; or, if the text moved meanwhile, that."""
    check = _check(public_id, seat)
    pair = pair_of(check)
    if pair.is_own and not obstacle("sign", check):
        return render_template("signing/half.html", check=check, form=form, you=own_name(check)), form.status
    if sentence := form.refusal or obstacle("sign", check):
        return standstill("sign", check, sentence, status=form.status)
    if request.method == "GET":
        form.begin(check)
    elif not form.is_about(check):
        return moved(public_id, seat, form)
    return _sign_page("sign", check, form, pair=pair), form.status


def moved(public_id: str, seat: Seat, form: SignForm) -> ResponseReturnValue:
    """Not signed: what is new since the version that was read, and a fresh form beneath."""
    check = _check(public_id, seat)
    if sentence := obstacle("sign", check):
        return standstill("sign", check, sentence, status=409)
    read = version_by_number(reading(), check.statement.id, form.version.data)
    known = read if read is not None and read.sha256 == form.sha256.data else None
    return _sign_page("moved", check, form.again(check), pair=pair_of(check), since=known), 409


def small(act: str, public_id: str, *, seat: Seat, form: ActForm) -> ResponseReturnValue:
    """A page with one act, or the sentence that says why it cannot be done now."""
    check = _check(public_id, seat)
    if sentence := form.refusal or obstacle(act, check):
        return standstill(act, check, sentence, status=form.status)
    if request.method == "GET":
        form.begin(check)
    changes = _changes(check, check.signature.version) if check.signature else ""
    page = render_template(
        f"signing/{act}.html", check=check, form=form, changes=changes, names=printed_names(check), you=own_name(check)
    )
    return page, form.status


def receipt(statement: Statement, signature: Signature) -> ResponseReturnValue:
    """The receipt of a signature, which may be kept as a bookmark."""
    check = check_of(reading(), statement, signature.organisation_id)
    printed = printed_of(reading(), signature)
    return render_template(
        "signing/receipt.html",
        check=check,
        signature=signature,
        first=consent_of(reading(), signature),
        code=receipt_code(signature.public_id),
        outcome=outcome_of(reading(), signature, check),
        printed=printed,
        names=printed_names(check, printed.names if printed else {}),
        you=own_name(check),
        also=_also_asked(statement, check),
    )


def receipt_text(signature: Signature) -> ResponseReturnValue:
    """The same in plain text, as long as the name is not withheld."""
    printed = printed_of(reading(), signature)
    if printed is not None and not printed.is_shown and printed.was_named:
        raise not_found()
    code = receipt_code(signature.public_id)
    iso, ours, theirs = both_zones(signature.signed_at, seconds=True)
    text = render_template(
        "signing/receipt.txt",
        signature=signature,
        code=code,
        name=signature.organisation.name_in(page_language())[1],
        first=consent_of(reading(), signature),
        reference=signature.version.statement.reference,
        origin=site().settings.origin,
        iso=iso,
        ours=ours,
        theirs=theirs,
    )
    disposition = f'attachment; filename="{code}.txt"'
    return text, {"Content-Type": "text/plain; charset=utf-8", "Content-Disposition": disposition}


def _also_asked(statement: Statement, check: Check) -> list[Seat]:
    """The viewer's other organisations that can still sign it."""
    others = [seat for seat in signing_seats(statement) if seat.organisation_id != check.organisation.id]
    return [seat for seat in others if obstacle("sign", check_of(reading(), statement, seat.organisation_id)) is None]


def printed_names(check: Check, frozen: Mapping[str, str] | None = None) -> list[tuple[str, str, str]]:
    """How the list names the organisation, as frozen or as it would be today: (language of the page, of the name, name)."""
    names = frozen or check.organisation.name_by_language
    tags = [*site().settings.languages, *(tag for tag in LANGUAGES if tag in names)]
    return [(tag, *best_name(names, tag)) for tag in dict.fromkeys(tags)]


def _check(public_id: str, seat: Seat) -> Check:
    return check_of(reading(), load_statement(public_id), seat.organisation_id)


def own_name(check: Check) -> Mapping[str, str]:
    """The organisation's name for this viewer, and the language that it is really in."""
    tag, name = check.organisation.name_in(page_language())
    return {"name": name, "language": tag}


def _changes(check: Check, since: Version | None) -> str:
    return changes_html(since.wording, check.newest.wording) if since is not None else ""


@dataclass(frozen=True)
class Pair:
    """Whether two people must agree; who did already, and whether that is the viewer."""

    is_needed: bool
    first: str = ""
    is_own: bool = False


def pair_of(check: Check) -> Pair:
    """How the organisation signs this text."""
    organisation = check.organisation
    if organisation.signatures_needed == 1:
        return Pair(is_needed=False)
    first = waiting_consent(reading(), check.sign_on.id, organisation.id, version_id=check.newest.id, now=now())
    if first is None:
        return Pair(is_needed=True)
    return Pair(is_needed=True, first=first.person.name, is_own=first.person_id == viewer().person_id)


def _sign_page(page: str, check: Check, form: SignForm, *, pair: Pair, since: Version | None = None) -> str:
    """`sign` or `moved`: the changes since the given version, by default since the one that the organisation signed."""
    form.name_version(check)
    since = since or (check.signature.version if check.signature else None)
    found = readable_translations(check.statement).values()
    return render_template(
        f"signing/{page}.html",
        check=check,
        form=form,
        since=since,
        changes=_changes(check, since),
        names=printed_names(check),
        you=own_name(check),
        pair=pair,
        translations=[one for one in found if one.version_id == check.newest.id and not one.is_draft],
    )


def standstill(act: str, check: Check, sentence: str, *, status: int) -> ResponseReturnValue:
    """Why it cannot be done now, and what can."""
    page = render_template("signing/standstill.html", act=act, check=check, sentence=sentence, you=own_name(check))
    return page, status

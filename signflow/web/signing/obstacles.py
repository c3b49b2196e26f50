"""Why an organisation cannot do something now, asked of the rules before a page offers it."""

from collections.abc import Callable, Mapping

from signflow.domain.errors import Refused
from signflow.domain.lifecycle import Status
from signflow.domain.signing import (
    refuse_decline,
    refuse_objection,
    refuse_second,
    refuse_unless_open,
    require_signature,
    why_closed,
)
from signflow.models import Signature
from signflow.queries.signing import Check
from signflow.web.sentences import said
from signflow.web.site import now


def obstacle(act: str, check: Check) -> str | None:
    """The sentence with which the rules refuse the act now, in the language of the page; None when they would not."""
    try:
        _RULES[act](check)
    except Refused as error:
        return said(error)
    return None


def _open(check: Check) -> None:
    refuse_unless_open(
        Status(check.statement.status),
        is_sign_on_open=check.sign_on.is_open,
        sign_by=check.sign_on.sign_by,
        now=now(),
        is_late=check.sign_on.is_late,
    )


def _sign(check: Check) -> None:
    # first what concerns the reader: that signing has closed meanwhile is no news to whoever signed
    refuse_second(has_live_signature=check.signature is not None, stands_on_newest=check.has_signed)
    _open(check)


def _decline(check: Check) -> None:
    _open(check)
    refuse_decline(has_signed=check.has_signed)


def _step_back(check: Check) -> Signature:
    if not check.is_open:
        raise Refused(why_closed(Status(check.statement.status), is_stepping_back=True))
    return require_signature(check.signature)


def _object(check: Check) -> None:
    signature = _step_back(check)
    refuse_objection(
        has_moved=signature.stands_on_version_id != signature.version_id,
        stands_on_newest=signature.stands_on_version_id == check.newest.id,
    )


_RULES: Mapping[str, Callable[[Check], object]] = {
    "sign": _sign,
    "decline": _decline,
    "withdraw": _step_back,
    "name": _step_back,
    "objection": _object,
}

"""Forms that can be sent only so often: who went over the limit keeps what was typed."""

from collections.abc import Callable

from flask import Response, after_this_request

from signflow.domain.errors import TooMany
from signflow.web.forms import Form, Result, attempt
from signflow.web.sentences import said
from signflow.web.transaction import Work


def attempt_limited(form: Form, act: Callable[[Work], Result]) -> tuple[bool, Result | None]:
    """The same as `attempt`; beyond the limit the sentence is on the form, with status 429."""
    try:
        return attempt(form, act)
    except TooMany as error:
        form.refusal, form.status = said(error), 429
        seconds = str(error.retry_after)

        @after_this_request
        def _later(response: Response) -> Response:
            response.headers["Retry-After"] = seconds
            return response

        return False, None

"""What can go wrong by the rules. Every sentence is fit to be shown to a person."""


def N_(sentence: str) -> str:  # noqa: N802 - the name that message extraction knows
    """Mark a sentence for the translation catalogues; it is translated where it is shown."""
    return sentence


class DomainError(Exception):
    """A rule said no: an English sentence with named placeholders and the values that fill them.

    `field` names the form field that the sentence is about, if there is one.
    """

    def __init__(self, sentence: str, *, field: str | None = None, **values: object) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field
        self.values_ = values

    def __str__(self) -> str:
        return self.sentence.format(**self.values_)


class Refused(DomainError):
    """The act does not fit the state that things are in (HTTP 409)."""


class TextMoved(Refused):
    """Somebody works on a version that is no longer the newest (HTTP 409, with the new text)."""


class Invalid(DomainError):
    """What was entered cannot be accepted as it is (HTTP 422)."""


class Forbidden(DomainError):
    """The person may see this, but not do it (HTTP 403)."""


class Unproven(DomainError):
    """It was not shown who acts: a wrong password or code, or a session that ended (HTTP 401)."""


class NotFound(DomainError):
    """There is no such thing, or the person may not know of it (HTTP 404)."""


class Gone(DomainError):
    """A link that has been used, revoked or has run out (HTTP 410)."""


class TooMany(DomainError):
    """Too many attempts; `retry_after` is in seconds (HTTP 429)."""

    def __init__(self, sentence: str, *, retry_after: int, **values: object) -> None:
        super().__init__(sentence, field=None, **values)
        self.retry_after = retry_after


class Unavailable(DomainError):
    """The installation cannot do this now; nothing was changed (HTTP 503)."""

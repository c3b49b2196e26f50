"""What happens to translations. Their words are never in here."""

from dataclasses import dataclass

from signflow.domain.errors import N_
from signflow.domain.events.base import Event


@dataclass(frozen=True)
class TranslationSaved(Event):
    """The draft of a translation of version `number` was written or changed; `language` is a tag (BCP 47)."""

    language: str
    number: int
    action = "translation.saved"
    sentence = N_("{actor} worked on the translation of version {number}: {language}.")


@dataclass(frozen=True)
class TranslationApproved(Event):
    """A translation of version `number` was approved; `sha256` is that of its statement file."""

    language: str
    number: int
    sha256: str
    action = "translation.approved"
    sentence = N_("{actor} approved the translation of version {number}: {language}.")


@dataclass(frozen=True)
class TranslationPublished(Event):
    """An approved translation was added to the published statement as an annex, by entry `seq` of the log."""

    language: str
    annex: int
    seq: int
    head: str
    action = "translation.published"
    sentence = N_("{actor} published a translation, {language}, as annex {annex}: entry {seq} of the log.")

"""What every event is."""

from dataclasses import asdict, dataclass
from typing import Any, ClassVar


@dataclass(frozen=True)
class Event:
    """A fact, in the past tense."""

    action: ClassVar[str]
    sentence: ClassVar[str]

    def detail(self) -> dict[str, Any]:
        """The fields, ready for JSON."""
        return asdict(self)

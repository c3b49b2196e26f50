"""An unsaved text: what somebody typed into the editor and has not saved. It is no version: only who typed it sees it, and not for long."""

import datetime
import json
from dataclasses import asdict, dataclass

from signflow.domain.errors import N_, Invalid
from signflow.domain.names import BODY_LIMIT
from signflow.domain.versions import Wording

LONGEST_HEAD = 20_000
"""Bytes of UTF-8 that everything but the body has together at most."""


@dataclass(frozen=True)
class Typed:
    """The fields of the editor as they were typed, right or not; `taken`: the public ids of the suggestions that were ticked.

    `base`: the number of the version that was written on, 0 for a new statement.
    """

    base: int = 0
    title: str = ""
    byline: str = ""
    addressees: str = ""
    date: str = ""
    language: str = ""
    body: str = ""
    tags: str = ""
    why: str = ""
    taken: tuple[str, ...] = ()
    cc: str = ""

    @property
    def head(self) -> str:
        """Everything but the body."""
        above = (self.title, self.byline, self.addressees, self.cc, self.date, self.language)
        return "".join((*above, self.tags, self.why, *self.taken))

    @property
    def day(self) -> datetime.date | None:
        """The statement date, if it is one."""
        try:
            return datetime.date.fromisoformat(self.date)
        except ValueError:
            return None

    def as_json(self) -> str:
        """As one value of the database."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, written: str) -> "Typed":
        """Back from `as_json`."""
        fields = json.loads(written)
        return cls(**{**fields, "taken": tuple(fields.get("taken", ()))})


def check_typed(typed: Typed) -> Typed:
    """The same with LF line ends; Invalid when it is longer than what could ever be saved, or holds NUL."""
    if len(typed.body.encode(errors="replace")) > BODY_LIMIT:
        raise Invalid(N_("The text is too long (200 kB at most)."), field="body")
    if len(typed.head.encode(errors="replace")) > LONGEST_HEAD:
        raise Invalid(N_("What stands above the text is too long to be kept."))
    if "\0" in typed.head + typed.body:
        raise Invalid(N_("Remove the hidden NUL character."), field="body")
    ended = {name: getattr(typed, name).replace("\r\n", "\n") for name in ("addressees", "cc", "body", "why")}
    return Typed(**{**asdict(typed), **ended, "taken": typed.taken})


def says_the_same(typed: Typed, wording: Wording) -> bool:
    """Whether these are the words of a version that there is."""
    lines = [tuple(line.strip() for line in part.splitlines() if line.strip()) for part in (typed.addressees, typed.cc)]
    head = (typed.title.strip(), typed.byline.strip(), typed.day, typed.language, *lines)
    there = (wording.title, wording.byline, wording.date, wording.language, wording.addressees, wording.cc)
    return head == there and typed.body.rstrip("\n") == wording.body.rstrip("\n")


def is_empty(typed: Typed) -> bool:
    """Whether nothing was typed that would be missed."""
    return not "".join((typed.title, typed.byline, typed.addressees, typed.cc, typed.body, typed.tags)).strip()

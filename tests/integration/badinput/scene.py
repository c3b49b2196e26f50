"""One entry of the catalogue of bad inputs, and the scene in which it is tried: the world, which afterwards is as before."""

import html
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from werkzeug.test import TestResponse

from signflow.models import Person
from signflow.services.passwords import hash_password
from tests.support.asking import Asker, Rows, cookie_of
from tests.support.site import site_of

PASSWORD = "a long enough password"
WORDS: dict[str, Any] = {"title": "Letters", "byline": "", "language": "en", "body": "One letter more.", "base": 1}
LATER_TRUTH = frozenset({"audit_event", "throttle"})
"""What a refused sign-in leaves behind: that there was one, and how many."""


class Scene:
    """The world with its people, and short words for what they send."""

    def __init__(self, asker: Asker) -> None:
        self.asker, self.world = asker, asker.world
        self.coalition = asker.world.coalition

    def get(self, role: str, address: str, **options: Any) -> TestResponse:
        """Open an address; a name of a status in braces is that statement's address on the desk."""
        return self.asker.send(role, "GET", self.address(address), **options)

    def post(self, role: str, address: str, form: dict[str, Any] | None = None, **options: Any) -> TestResponse:
        """Send a form with its CSRF token."""
        return self.asker.send(role, "POST", self.address(address), form, **options)

    def sign_in(self, **changes: Any) -> TestResponse:
        """Press the button at the door; the password is too long to be hashed unless it is changed."""
        onward = f"?next={changes.pop('next')}" if "next" in changes else ""
        return self.post("nobody", f"/sign-in{onward}", {"email": "a@example.org", "password": "x" * 257, **changes})

    def address(self, text: str) -> str:
        """`{draft}/text` filled in."""
        for status, public_id in self.world.statements.items():
            text = text.replace(f"{{{status}}}", f"/desk/statements/{public_id}")
        return text.replace("{own}", f"/desk/organisations/{self.world.organisation}")

    def read(self, status: str, **changes: Any) -> dict[str, Any]:
        """What forms say of the version that was read."""
        number, sha256 = self.coalition.newest(self.world.keys[status])
        return {"version": number, "sha256": sha256, **changes}

    def sign(self, status: str, role: str = "signatory", **changes: Any) -> TestResponse:
        """Press the button of the check page."""
        form = self.read(status, shown="named", authorised="y")
        return self.post(role, f"{{{status}}}/signature", {**form, **changes})

    def publish(self, role: str = "admin", **changes: Any) -> TestResponse:
        """Publish what is finalized."""
        return self.post(role, "{finalized}/publication", self.read("finalized", read="y", **changes))

    def revise(self, status: str, times: int = 1) -> None:
        """Let the drafter save newer versions."""
        for _ in range(times):
            self.coalition.revise(self.world.keys[status], self.world.people["drafter"])

    def set_person(self, role: str, **columns: Any) -> None:
        """Change an account in the database."""
        with self.coalition.database.write() as session:
            session.execute(sa.update(Person).where(Person.id == self.world.people[role]).values(**columns))

    def email(self, role: str) -> str:
        """Somebody's address."""
        with self.coalition.database.read() as session:
            return session.get_one(Person, self.world.people[role]).email

    def with_password(self, role: str) -> str:
        """Let somebody have a password that can be entered, and tell the address."""
        self.set_person(role, password_hash=_hashed())
        return self.email(role)

    def opened(self) -> str:
        """A browser that has opened the invitation that waits."""
        return cookie_of(self.asker.app, link=self.world.invited.token)

    def key(self) -> Path:
        """The file of the signing key."""
        return site_of(self.asker.app).settings.key_path

    def changed_since(self, before: Rows) -> frozenset[str]:
        """The tables that are not as they were."""
        rows = self.coalition.rows()
        return frozenset(table for table in rows if rows[table] != before[table])


def _hashed() -> str:
    if not _HASHES:
        _HASHES.append(hash_password(PASSWORD))
    return _HASHES[0]


_HASHES: list[str] = []


def nothing(_scene: Scene) -> None:
    """No preparation."""


@dataclass(frozen=True)
class Entry:
    """What is sent under a number of the catalogue, and what comes back.

    `sentence` stands in the page. `changes` names tables that may change: for all others every row stays. `to`: where a 303 leads.
    """

    number: int
    name: str
    status: int
    sentence: str
    send: Callable[[Scene], TestResponse]
    before: Callable[[Scene], object] = field(default=nothing)
    changes: frozenset[str] = frozenset()
    to: str | None = None

    @property
    def id(self) -> str:
        """The name of its test."""
        return f"{self.number} {self.name}"

    def try_in(self, scene: Scene) -> TestResponse:
        """Send it and judge the answer."""
        self.before(scene)
        rows = scene.coalition.rows()
        answer = self.send(scene)
        page = html.unescape(answer.get_data(as_text=True)) if answer.mimetype == "text/html" else answer.text
        assert (answer.status_code, self.sentence if self.sentence in page else page[:3000]) == (
            self.status,
            self.sentence,
        )
        assert self.to is None or answer.location == self.to
        assert scene.changed_since(rows) <= self.changes
        return answer


def entries(
    number: int, cases: dict[str, Callable[[Scene], TestResponse]], status: int, sentence: str, **more: Any
) -> list[Entry]:
    """Several inputs that are answered alike."""
    return [Entry(number, name, status, sentence, send, **more) for name, send in cases.items()]

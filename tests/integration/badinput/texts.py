"""Numbers 33 to 43 and 62 to 68: addresses, texts, names, dates."""

import re
from urllib.parse import quote

import sqlalchemy as sa
from werkzeug.test import TestResponse

from signflow.models import Person
from tests.integration.badinput.scene import WORDS, Entry, Scene, entries

NOTHING_HERE = "There is nothing here"
"""The catalogue says “Page not found.”; our page says it in a heading, and what to do next."""
NO_TITLE = "Enter a title (up to 300 characters)."
NO_DATE = "Enter a real date."
HIDDEN = "The text has hidden direction or invisible characters: {} at position {}."


def _edit(scene: Scene, **changes: object) -> TestResponse:
    return scene.post("drafter", "{draft}/text", {**WORDS, **changes})


def _new(scene: Scene, **changes: object) -> TestResponse:
    return scene.post("drafter", "/desk/statements/new", {**WORDS, **changes})


def _named(scene: Scene, name: str, **more: object) -> TestResponse:
    return scene.post(
        "admin", "/desk/organisations/new", {"name_be": name, "country": "none", "standing": "active", **more}
    )


def _vesna(scene: Scene) -> None:
    scene.coalition.organisation(be="ВЕСНА")


def _call(scene: Scene, **changes: object) -> TestResponse:
    form = {
        "organisations": scene.world.organisation,
        "sign_by": "2026-12-01T12:00",
        "time_zone": "UTC",
        "step": "send",
    }
    return scene.post("drafter", "{draft}/circulation", {**form, **changes})


def _page(scene: Scene, number: str) -> TestResponse:
    return scene.get("", f"/en/?page={number}")


def _end(scene: Scene) -> TestResponse:
    person = scene.coalition.public_id(Person, scene.world.people["signatory"])
    return scene.post("signatory", f"{{own}}/members/{person}/end")


def _step_down(scene: Scene, **form: object) -> TestResponse:
    return scene.post("admin", f"/desk/people/{scene.coalition.public_id(Person, scene.world.people['admin'])}", form)


def _alone(scene: Scene) -> None:
    with scene.coalition.database.write() as session:
        session.execute(sa.update(Person).where(Person.id != scene.world.people["admin"]).values(is_admin=False))


UNSEEN = {
    "an unknown id": lambda s: s.get("drafter", f"/desk/statements/{'A' * 22}"),
    "another's draft": lambda s: s.get("other_drafter", "{draft}"),
    "not invited": lambda s: s.get("outsider", "{circulating}"),
    "not invited, and a form": lambda s: s.sign("circulating", "outsider"),
    "a draft, for an admin": lambda s: s.get("admin", "{draft}"),
    "a draft, for the invited of later": lambda s: s.sign("draft"),
    "published, but not with a number of its own": lambda s: s.get("", "/en/statements/2026-002"),
}
IDS = {
    "a path": "../../etc/passwd",
    "a quoted path": "..%2f..%2fetc%2fpasswd",
    "NUL": "%00",
    "300 characters": "x" * 300,
    "Belarusian": quote("заява"),
    "bytes that are no text": "%ff%fe",
    "SQL": quote("' OR 1=1 --"),
    "a number": "1",
}
MARKDOWN = {
    "a script": "<script>alert(1)</script>",
    "a javascript link": "[x](javascript:alert(1))",
    "a remote image": "![x](https://evil.example/x.png)",
    "an event": '<img src=x onerror="alert(1)">',
    "a link to another host without a scheme": "[x](//evil.example)",
}


def _previewed(body: str) -> Entry:
    """What is dangerous is shown as text or left out, and nothing is loaded."""

    def send(scene: Scene) -> TestResponse:
        answer = scene.post("drafter", "/desk/preview", {"body": body})
        assert not re.search(r'<(script|img|[^>]*\son\w+=)|href="(javascript:|//)', answer.text)
        return answer

    name = next(name for name, text in MARKDOWN.items() if text == body)
    return Entry(41, name, 200, "", send)


ENTRIES = [
    *entries(33, UNSEEN, 404, NOTHING_HERE),
    *entries(
        34,
        {name: lambda s, one=one: s.get("drafter", f"/desk/statements/{one}") for name, one in IDS.items()},
        404,
        NOTHING_HERE,
    ),
    *entries(
        34,
        {
            f"{name}, and a form": lambda s, one=one: s.post("drafter", f"/desk/statements/{one}/text", WORDS)
            for name, one in IDS.items()
        },
        404,
        NOTHING_HERE,
    ),
    *entries(
        34,
        {f"{name}, in public": lambda s, one=one: s.get("", f"/en/statements/{one}") for name, one in IDS.items()},
        404,
        NOTHING_HERE,
    ),
    *entries(
        35,
        {
            "no title": lambda s: _edit(s, title=""),
            "a blank title": lambda s: _new(s, title=" \u00a0\u2003"),
            "a title of 301 characters": lambda s: _edit(s, title="ж" * 301),
        },
        422,
        NO_TITLE,
    ),
    Entry(
        36, "a text over 200 kB", 422, "The text is too long (200 kB at most).", lambda s: _edit(s, body="ж" * 100_001)
    ),
    Entry(36, "a form over 1 MB", 413, "", lambda s: _edit(s, body="x" * 1_000_001)),
    Entry(37, "a title with U+202E", 422, HIDDEN.format("U+202E", 7), lambda s: _edit(s, title="abcdef\u202eg")),
    Entry(37, "a title with U+200B", 422, HIDDEN.format("U+200B", 2), lambda s: _new(s, title="a\u200bb")),
    Entry(37, "a name with U+202E", 422, HIDDEN.format("U+202E", 1), lambda s: _named(s, "\u202eВясна")),
    Entry(37, "a name with U+200B", 422, HIDDEN.format("U+200B", 3), lambda s: _named(s, "Вя\u200bсна")),
    Entry(
        38, "a mixed name", 422, "“Viаsna” mixes Latin and Cyrillic letters in one word.", lambda s: _named(s, "Viаsna")
    ),
    Entry(
        39,
        "a name that looks the same",
        409,
        "This name looks the same as “ВЕСНА”.",
        lambda s: _named(s, "BECHA"),
        _vesna,
    ),
    Entry(
        39,
        "a short name that looks the same",
        409,
        "This name looks the same as “ВЕСНА”.",
        lambda s: _named(s, "Іншая", short_name="BECHA"),
        _vesna,
    ),
    *map(_previewed, MARKDOWN.values()),
    Entry(
        42,
        "two drafters",
        409,
        "Someone else saved version 4. Your text is kept below.",
        lambda s: _edit(s, base=3, body="One letter more."),
        lambda s: s.revise("draft", 3),
    ),
    *entries(
        62,
        {
            "30 February": lambda s: _edit(s, date="2026-02-30"),
            "nought": lambda s: _new(s, date="0000-00-00"),
            "the year 9999999": lambda s: _edit(s, date="9999999-01-01"),
            "Arabic digits and a month too many": lambda s: _edit(s, date="٢٠٢٦-13-01"),
            "a deadline on 30 February": lambda s: _call(s, sign_by="2026-02-30T12:00"),
            "a deadline at 25:00": lambda s: _call(s, sign_by="2026-12-01T25:00"),
        },
        422,
        NO_DATE,
    ),
    *entries(
        63,
        {
            "a deadline that has passed": lambda s: _call(s, sign_by="2026-11-22T12:00"),
            "a deadline before it has begun to count": lambda s: _call(s, sign_by="1970-01-01T00:00"),
        },
        422,
        "The deadline for signing is in the past.",
    ),
    *entries(
        64,
        {
            "no such language": lambda s: s.get("", "/xx/"),
            "a path for a language": lambda s: s.get("", "/../en/../../etc/"),
            "a file in no such language": lambda s: s.get("", "/statements/2026-001.xx.md"),
            "a file in a path": lambda s: s.get("", "/statements/2026-001.%2e%2e.md"),
        },
        404,
        NOTHING_HERE,
    ),
    Entry(64, "a text in no such language", 422, "Choose a language from the list.", lambda s: _edit(s, language="xx")),
    Entry(
        64,
        "a profile in no such language",
        422,
        "",
        lambda s: s.post("reviewer", "/desk/account", {"language": "../", "time_zone": "UTC"}),
    ),
    *entries(
        65,
        {
            f"page {one}": lambda s, one=one: _page(s, one)
            for one in ("0", "-1", "1e9", "abc", "2", "%00", "٢", "1" * 400, "")
        },
        404,
        NOTHING_HERE,
    ),
    Entry(
        67,
        "an organisation that signed",
        409,
        "This organisation has signed statements and cannot be deleted.",
        lambda s: s.post("admin", "{own}/deletion"),
    ),
    Entry(68, "the last signatory", 409, "There must be at least one.", _end),
    Entry(68, "the last admin", 409, "There must be at least one.", _step_down, _alone),
    Entry(
        68,
        "the last admin, disabled",
        409,
        "There must be at least one.",
        lambda s: _step_down(s, disabled="y"),
        _alone,
    ),
]

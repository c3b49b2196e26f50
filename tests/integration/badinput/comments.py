"""Numbers 60 and 61: comments that say nothing or too much, or come too late, or to another statement."""

from werkzeug.test import TestResponse

from tests.integration.badinput.scene import Entry, Scene, entries

NOTHING_HERE = "There is nothing here"
TOO_LONG = "The comment is too long (10 kB at most)."
RELOAD = "The form does not say which version you read. Reload the page."


def _comment(scene: Scene, status: str = "circulating", role: str = "signatory", **changes: object) -> TestResponse:
    form = {"version": 1, "passage": 0, "readers": "few", "body": "Who says so?", **changes}
    return scene.post(role, f"{{{status}}}/comments/new", form)


def _answer(scene: Scene, comment: str, **changes: object) -> TestResponse:
    form = {"readers": "few", "body": "We do.", **changes}
    return scene.post("signatory", f"{{circulating}}/comments/{comment}/answers", form)


def _own(scene: Scene) -> str:
    return scene.world.comments["circulating"]


def _close(scene: Scene) -> None:
    scene.post("drafter", "{circulating}/comments/closing")


def _share(scene: Scene) -> None:
    scene.post("drafter", "{circulating}/comments/sharing")


EMPTY = {
    "nothing": lambda s: _comment(s, body=""),
    "white space": lambda s: _comment(s, body=" \r\n\t"),
    "an empty answer": lambda s: _answer(s, _own(s), body=""),
}
LONG = {
    "10,001 letters": lambda s: _comment(s, body="x" * 10_001),
    "5,001 letters of two bytes": lambda s: _comment(s, body="я" * 5_001),
    "a long answer": lambda s: _answer(s, _own(s), body="x" * 10_001),
    "a long suggestion": lambda s: _comment(s, kind="suggestion", proposed="x" * 10_001),
}
TWICE = {
    "two versions": {"version": ["1", "2"]},
    "two passages": {"passage": ["0", "1"]},
    "two kinds": {"kind": ["comment", "suggestion"]},
    "two organisations": {"organisation": ["drafter", "x"]},
}
UNREAL = {
    "no version": {"version": ""},
    "a version of letters": {"version": "one"},
    "a version below one": {"version": "0"},
    "a passage of letters": {"passage": "x"},
    "a passage below zero": {"passage": "-1"},
}
FOREIGN = {
    "of another statement": lambda s: _answer(s, s.world.comments["finalized"]),
    "of another organisation": lambda s: _answer(s, s.world.fellow_comments["circulating"]),
    "an id of something else": lambda s: _answer(s, s.world.organisation),
    "resolving another statement’s": lambda s: s.post(
        "drafter", f"{{circulating}}/comments/{s.world.comments['withdrawn']}/resolution"
    ),
    "accepting another statement’s": lambda s: s.post(
        "drafter", f"{{circulating}}/comments/{s.world.comments['published']}/acceptance"
    ),
}

ENTRIES: list[Entry] = [
    *entries(60, EMPTY, 422, "Write something first."),
    *entries(60, LONG, 422, TOO_LONG),
    Entry(
        60,
        "on a published statement",
        409,
        "A published statement cannot be changed.",
        lambda s: _comment(s, "published"),
    ),
    Entry(
        60,
        "on a withdrawn statement",
        409,
        "A withdrawn statement cannot be changed.",
        lambda s: _comment(s, "withdrawn"),
    ),
    Entry(60, "on a locked text", 409, "The text is locked: comments are closed.", lambda s: _comment(s, "finalized")),
    Entry(60, "after comments closed", 409, "Comments are closed, signatures are open.", _comment, before=_close),
    Entry(60, "for other readers", 409, "Who reads comments was changed meanwhile.", _comment, before=_share),
    Entry(60, "hidden characters", 422, "U+202E at position 2.", lambda s: _comment(s, body="a\u202eb")),
    Entry(60, "a control character", 422, "U+0007 at position 2.", lambda s: _comment(s, body="a\x07b")),
    Entry(60, "NUL", 422, "Remove the hidden NUL character.", lambda s: _comment(s, body="a\0b")),
    Entry(
        60,
        "a red line by a reviewer",
        403,
        "Only a signatory of an organisation can draw a red line.",
        lambda s: _comment(s, role="reviewer", red_line="y"),
    ),
    Entry(
        60,
        "a suggestion for nothing",
        422,
        "Choose the paragraph that is to be worded differently.",
        lambda s: _comment(s, kind="suggestion", passage="", proposed="x"),
    ),
    Entry(
        60,
        "a suggestion that is a red line",
        422,
        "A suggestion cannot be a red line.",
        lambda s: _comment(s, kind="suggestion", proposed="x", red_line="y"),
    ),
    *[
        Entry(60, name, 422, "twice and differently", lambda s, changes=changes: _comment(s, **changes))
        for name, changes in TWICE.items()
    ],
    *[
        Entry(60, name, 422, RELOAD, lambda s, changes=changes: _comment(s, **changes))
        for name, changes in UNREAL.items()
    ],
    *entries(61, FOREIGN, 404, NOTHING_HERE),
]

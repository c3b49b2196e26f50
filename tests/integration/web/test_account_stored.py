"""Everybody may take away what is stored about them, as a file; asking changes nothing."""

import json

from flask import Flask

from tests.support.site import coalition_of, signed_in


def test_the_file_is_offered_and_holds_what_is_stored(app: Flask) -> None:
    coalition = coalition_of(app)
    [(_, nina), (_, other)] = coalition.members(2)
    visitor = signed_in(app, nina)
    assert 'href="/desk/account/stored"' in visitor.get("/desk/account").text
    before = coalition.rows()
    answer = visitor.get("/desk/account/stored")
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="signflow-about-me.json"'
    assert "no-store" in answer.headers["Cache-Control"]
    known = json.loads(answer.text)
    assert known["account"]["name"] == "Person 3"
    assert len(known["sessions"]) == 1
    assert coalition.rows() == before
    assert json.loads(signed_in(app, other).get("/desk/account/stored").text)["account"] != known["account"]

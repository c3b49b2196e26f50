"""Comments through the browser's eyes."""

import sqlalchemy as sa
from flask import Flask

from signflow.models import Comment, Organisation, Statement
from tests.support.site import coalition_of, signed_in


def test_comment_and_answer(app: Flask) -> None:
    coalition = coalition_of(app)
    drafter = coalition.drafter()
    (own, member), (other, stranger) = coalition.members(2)
    key = coalition.draft(drafter)
    coalition.circulate(key, drafter, [own, other])
    base = f"/desk/statements/{coalition.public_id(Statement, key)}"
    nina = signed_in(app, member)
    page = nina.get(f"{base}/comments")
    assert page.status_code == 200
    assert nina.get(f"{base}/comments/new?passage=2").status_code == 200
    sent = nina.post(f"{base}/comments/new", {"version": 1, "passage": 2, "body": "Two\n\nparts", "readers": "few"})
    assert sent.status_code == 303, sent.text
    with coalition.database.read() as session:
        made = session.scalars(sa.select(Comment)).one()
    artur = signed_in(app, drafter)
    page = artur.get(f"{base}/comments").text
    assert "<p>Two</p>" in page
    at = f"{base}/comments/{made.public_id}"
    assert artur.get(f"{at}/answers").status_code == 200
    assert artur.post(f"{at}/answers", {"body": "Yes."}).status_code == 303
    assert "Yes." in nina.get(f"{base}/comments").text
    assert artur.post(f"{at}/resolution").status_code == 303
    assert signed_in(app, stranger).get(f"{at}/answers").status_code == 404
    assert coalition.public_id(Organisation, own) in nina.get(f"{base}/comments/new?passage=2&kind=suggestion").text

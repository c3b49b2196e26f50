"""Attacks on statements, versions and translations, the same on both databases."""

import hashlib

from tests.integration.freeze.rows import (
    APPROVED,
    EARLIER,
    NOW,
    Sql,
    frozen,
    log_entry,
    publication,
    reference,
    statement,
    translation,
    update,
    version,
)
from tests.integration.freeze.world import (
    ANNEX_IN_ENGLISH,
    FINALIZE_2,
    FINALIZER,
    FREEZE_3,
    LIST_3,
    PUBLICATION_2,
    PUBLICATION_3,
    PUBLISH_3,
    PUBLISHED_2,
    TRANSLATED_1,
    Attacks,
    merged,
)

EVIL = {"canonical": b"evil", "sha256": hashlib.sha256(b"evil").hexdigest()}
FROZEN_3 = (*PUBLICATION_3, *LIST_3, FREEZE_3)

STATEMENTS: Attacks = {
    "unpublish": update("statement", "id = 1", status="finalized", reference=None),
    "change the reference": update("statement", "id = 1", reference="2026-777"),
    "change the final version": update("statement", "id = 1", final_version_id=1),
    "finalized by another, published": update("statement", "id = 1", finalized_by_id=2),
    "finalized at another time, published": update("statement", "id = 1", finalized_at=NOW),
    "created at another time, published": update("statement", "id = 1", created_at=NOW),
    "created at another time, draft": update("statement", "id = 4", created_at=NOW),
    "finalized by another": update("statement", "id = 3", finalized_by_id=2),
    "finalized at another time": update("statement", "id = 3", finalized_at=NOW),
    "finalized while a draft": update("statement", "id = 4", **FINALIZER),
    "publish as finalized by another": (*FROZEN_3, PUBLISH_3.replace("status =", "finalized_by_id = 2, status =")),
    "withdraw as finalized by another": (
        update("sign_on", "id = 4", status="cancelled"),
        update("statement", "id = 3", status="withdrawn", finalized_by_id=2),
    ),
    "withdraw with another final version": (
        update("sign_on", "id = 4", status="cancelled"),
        update("statement", "id = 3", status="withdrawn", final_version_id=None),
    ),
    "renumber a statement": update("statement", "id = 4", id=40),
    "change the address": update("statement", "id = 4", public_id="other"),
    "take another's address": update("statement", "id = 4", public_id="statement-1"),
    "delete a published statement": "DELETE FROM statement WHERE id = 1",
    "delete a draft": "DELETE FROM statement WHERE id = 4",
    "delete an empty draft": (statement(8), statement(9), "DELETE FROM statement WHERE id = 9"),
    "revive a withdrawn statement": update("statement", "id = 5", status="circulating"),
    "touch a withdrawn statement": update("statement", "id = 5", finalized_at=EARLIER),
    "withdraw a published statement": update("statement", "id = 1", status="withdrawn", reference=None),
}

MOVES: Attacks = {
    "draft to finalized": update("statement", "id = 4", status="finalized", final_version_id=6),
    "circulating to draft": update("statement", "id = 2", status="draft"),
    "finalized to draft": update("statement", "id = 3", status="draft", final_version_id=None),
    "circulating to published": update("statement", "id = 2", status="published", reference="x", final_version_id=4),
    "born circulating": statement(9, status="circulating"),
    "born with a taken address": statement(9, public_id="statement-1"),
    "published without publication": PUBLISH_3,
    "finalize an old version": update("statement", "id = 2", status="finalized", final_version_id=3),
    "finalize a foreign version": update("statement", "id = 2", status="finalized", final_version_id=5),
    "swap the final version": update("statement", "id = 3", final_version_id=2),
    "withdraw, sign-on open": update("statement", "id = 2", status="withdrawn"),
    "withdraw after freezing": (*FROZEN_3, update("statement", "id = 3", status="withdrawn")),
    "steal a reference": (*FROZEN_3, PUBLISH_3.replace("2026-002", "2026-001")),
    "publish another version": (*FROZEN_3, PUBLISH_3.replace("status =", "final_version_id = 2, status =")),
}

_REWRITTEN: dict[str, object] = {
    "id": 20,
    "statement_id": 2,
    "number": 9,
    "grade": "substantive",
    "canonical": b"evil",
    "sha256": "0" * 64,
    "title": "evil",
    "byline": "evil",
    "language": "ru",
    "statement_date": "2026-01-01",
    "addressees": '["evil"]',
    "cc": '["evil"]',
    "body": "evil",
    "html": "<p>evil</p>",
    "lead": "evil",
    "why": "evil",
    "saved_by_id": 2,
    "saved_at": NOW,
}

TEXT: Attacks = {
    **{
        f"rewrite {column} of a version": update("version", "id = 2", **{column: _REWRITTEN[column]})
        for column in _REWRITTEN
    },
    "rewrite text and hash": update("version", "id = 2", **EVIL),
    "rewrite a draft": update("version", "id = 6", body="evil"),
    "rewrite nothing": update("version", "id = 6", body=Sql("body")),
    "delete a version": "DELETE FROM version WHERE id = 6",
    "new version when finalized": version(8, 3, 2, "editorial"),
    "new version when published": version(8, 1, 3, "editorial"),
    "new version when withdrawn": version(8, 5, 2, "editorial"),
    "version with a gap": version(8, 2, 9, "editorial"),
    "version in the middle": version(8, 2, 1, "editorial"),
    "second first": version(8, 2, 3, "first"),
    "first that is not first": (statement(9), version(8, 9, 1, "editorial")),
    "version of nothing": version(8, 88, 1, "first"),
}

_FINISHED_3 = update("translation", "id = 3", **APPROVED)

TRANSLATIONS: Attacks = {
    "edit a published translation": update("translation", "id = 1", **EVIL),
    "take back an approval": (_FINISHED_3, update("translation", "id = 3", approved_at=None, approved_by_id=None)),
    "edit once approved": (_FINISHED_3, update("translation", "id = 3", **EVIL)),
    "approve by another": (_FINISHED_3, update("translation", "id = 3", approved_by_id=2)),
    "translate an earlier version after publication": translation(9, 1, "de"),
    "translate what is published in the language": translation(9, 2, "ru", revision=2),
    "translate what was withdrawn": translation(9, 7, "ru"),
    "translate nothing": translation(9, 99, "de"),
    "second draft of a translation": translation(9, 4, "ru", revision=2),
    "translation with a gap": translation(9, 4, "de", revision=2),
    "same revision twice": (_FINISHED_3, translation(9, 4, "ru")),
    "approved from the start": translation(9, 4, "de", **APPROVED),
    "published from the start": translation(9, 2, "de", log_seq=0, **APPROVED),
    "delete a translation": "DELETE FROM translation WHERE id = 3",
    "move a translation": update("translation", "id = 3", version_id=3),
    "rename a translation": update("translation", "id = 3", language="de"),
    "renumber a translation": update("translation", "id = 3", id=30),
    "another revision": update("translation", "id = 3", revision=2),
    "publish a draft": (log_entry(2, "annex"), update("translation", "id = 2", log_seq=2)),
    "publish a translation before its text": (
        _FINISHED_3,
        log_entry(2, "annex"),
        update("translation", "id = 3", log_seq=2),
    ),
    "publish by a notice": (*TRANSLATED_1[:1], update("translation", "id = 2", log_seq=1)),
    "publish by an entry that was": (*TRANSLATED_1[:1], update("translation", "id = 2", log_seq=0)),
    "take a translation back": (*ANNEX_IN_ENGLISH, update("translation", "id = 2", log_seq=None)),
    "two translations by one annex": (
        *ANNEX_IN_ENGLISH,
        translation(9, 2, "de"),
        update("translation", "id = 9", **APPROVED),
        update("translation", "id = 9", log_seq=2),
    ),
    "translation by another's annex": (
        *TRANSLATED_1,
        publication(2, 1, 2, 2),
        update("translation", "id = 2", log_seq=2),
    ),
    "annex by a translation's entry": (*ANNEX_IN_ENGLISH, publication(2, 1, 2, 2)),
    "half: annex without its translation": TRANSLATED_1,
    "publish an earlier revision": (
        *TRANSLATED_1[:1],
        translation(9, 2, "en", revision=2),
        update("translation", "id = 9", **APPROVED),
        log_entry(2, "annex"),
        update("translation", "id = 2", log_seq=2),
    ),
    "leave a translation out": (_FINISHED_3, *PUBLICATION_2, frozen(2, 6), *PUBLISHED_2),
    "half: publication's entry for a translation alone": (
        _FINISHED_3,
        FINALIZE_2,
        log_entry(2, "statement"),
        update("translation", "id = 3", log_seq=2),
    ),
}

REFERENCES: Attacks = {
    "name a draft": reference(2, 4),
    "name one that circulates": reference(3, 2),
    "name nothing": reference(2, 88),
    "name oneself": reference(1, 1),
    "name another after publication": reference(1, 3),
    "name another after withdrawal": (
        update("sign_on", "id = 4", status="cancelled"),
        update("statement", "id = 3", status="withdrawn"),
        reference(3, 1),
    ),
    "name it no more after the end": "DELETE FROM earlier_statement WHERE statement_id = 5",
    "name another in its place": update("earlier_statement", "statement_id = 2", earlier_statement_id=3),
    "let another name it": update("earlier_statement", "statement_id = 2", statement_id=3),
}

ATTACKS = merged(STATEMENTS, MOVES, TEXT, TRANSLATIONS, REFERENCES)

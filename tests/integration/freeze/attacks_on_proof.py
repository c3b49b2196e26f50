"""Attacks on the log, publications, the list of signatories, notices and history, the same on both databases."""

from tests.integration.freeze.rows import (
    LOG_START,
    NOW,
    audit_event,
    b64_digest,
    frozen,
    head,
    log_entry,
    notice,
    publication,
    sign_on,
    signature,
    statement,
    update,
    version,
)
from tests.integration.freeze.world import (
    ANNEX,
    EDITORIAL_2,
    FREEZE_3,
    FREEZE_ANNEX,
    LIST_3,
    PUBLICATION_2,
    PUBLICATION_2_EDITED,
    PUBLICATION_3,
    PUBLISH_3,
    PUBLISHED_2,
    WHOLE_3,
    Attacks,
    merged,
)

LOG: Attacks = {
    **{
        f"rewrite {column} of an entry": update("log_entry", "seq = 0", **{column: "evil"})
        for column in ("prev", "head", "jws")
    },
    "rewrite kind of an entry": update("log_entry", "seq = 0", kind="key"),
    "renumber an entry": update("log_entry", "seq = 1", seq=9),
    "delete an entry": "DELETE FROM log_entry WHERE seq = 1",
    "delete an entry that nobody needs": (
        log_entry(2, "key"),
        log_entry(3, "key"),
        "DELETE FROM log_entry WHERE seq = 2",
    ),
    "gap in the log": log_entry(7, "key", prev=head(1)),
    "entry before the first": log_entry(-1, "key"),
    "wrong prev": log_entry(2, "key", prev=LOG_START),
    "same head twice": log_entry(2, "key", head=head(1), jws="jws 1"),
    "rewrite a withholding": (log_entry(2, "withhold"), update("log_entry", "seq = 2", kind="key")),
    "delete a withholding": (log_entry(2, "withhold"), "DELETE FROM log_entry WHERE seq = 2"),
    "withholding out of turn": log_entry(3, "withhold"),
    "half: entry alone": log_entry(2, "statement"),
    "half: entry of an annex alone": log_entry(2, "annex"),
    "half: entry and publication": PUBLICATION_3,
    "half: list, sign-on open": (*PUBLICATION_3, *LIST_3),
    "half: frozen, not published": (*PUBLICATION_3, *LIST_3, FREEZE_3),
    "half: annex not frozen": (*ANNEX, frozen(2, 10), frozen(2, 11)),
    "half: a second entry for the same": (*WHOLE_3, log_entry(3, "statement")),
}

PUBLICATIONS: Attacks = {
    "another version in a publication": update("publication", "id = 1", version_id=1),
    "another time of a publication": update("publication", "id = 1", published_at=NOW),
    "another statement in a publication": update("publication", "id = 1", statement_id=2),
    "another sign-on in a publication": update("publication", "id = 1", sign_on_id=3),
    "another entry for a publication": update("publication", "id = 1", log_seq=1),
    "renumber a publication": update("publication", "id = 1", id=9),
    "delete a publication": "DELETE FROM publication WHERE id = 1",
    "publication while circulating": (log_entry(2, "statement"), publication(2, 2, 3, 4), frozen(2, 6), *PUBLISHED_2),
    "publication of another's sign-on": (log_entry(2, "statement"), publication(2, 3, 3, 5)),
    "main sign-on as an annex": (log_entry(2, "annex"), PUBLICATION_3[1], *LIST_3, FREEZE_3, PUBLISH_3),
    "annex as a statement": (log_entry(2, "statement"), ANNEX[1], frozen(2, 10), frozen(2, 11), FREEZE_ANNEX),
    "annex with an entry that waits for nothing": (log_entry(2, "key"), ANNEX[1]),
    "annex under another statement": (
        *WHOLE_3,
        sign_on(9, 3, 1),
        log_entry(3, "annex"),
        publication(3, 1, 9, 5, log_seq=3),
        update("sign_on", "id = 9", status="frozen"),
    ),
    "publication of another version": (log_entry(2, "statement"), publication(2, 3, 4, 4)),
    "publication of a cancelled late sign-on": (update("sign_on", "id = 2", status="cancelled"), *ANNEX),
    "publish before freezing": (*PUBLICATION_3, *LIST_3, PUBLISH_3),
    "publication of an old entry": publication(2, 3, 4, 5, log_seq=1),
    "publication of a taken entry": publication(2, 3, 4, 5, log_seq=0),
    "second publication of a sign-on": (log_entry(2, "statement"), publication(2, 1, 1, 2)),
}

THE_LIST: Attacks = {
    "leave one out": (*PUBLICATION_3, frozen(2, 7), FREEZE_3, PUBLISH_3),
    "leave all out": (*PUBLICATION_3, FREEZE_3, PUBLISH_3),
    "annex leaves one out": (*ANNEX, frozen(2, 10), FREEZE_ANNEX),
    "print a stale one, count right": (*PUBLICATION_2, frozen(2, 5), *PUBLISHED_2),
    "print a stale one too": (*PUBLICATION_2, frozen(2, 6), frozen(2, 5), *PUBLISHED_2),
    "print a suspended one": (*PUBLICATION_2, frozen(2, 6), frozen(2, 13), *PUBLISHED_2),
    "print a withdrawn one": (*PUBLICATION_2, frozen(2, 6), frozen(2, 12), *PUBLISHED_2),
    "print another sign-on's": (*PUBLICATION_2, frozen(2, 6), frozen(2, 7), *PUBLISHED_2),
    "print who never signed": (*PUBLICATION_2, frozen(2, 6), frozen(2, 99), *PUBLISHED_2),
    "left behind by an editorial version": (EDITORIAL_2, *PUBLICATION_2_EDITED, *PUBLISHED_2),
    "left behind, while another statement changed": (
        statement(9),
        version(90, 9, 1, "first"),
        version(91, 9, 2, "substantive"),
        version(92, 9, 3, "substantive"),
        EDITORIAL_2,
        *PUBLICATION_2_EDITED,
        *PUBLISHED_2,
    ),
    "withdraw between list and freeze": (
        *PUBLICATION_3,
        *LIST_3,
        update("signature", "id = 7", withdrawn_at=NOW),
        FREEZE_3,
        PUBLISH_3,
    ),
    "sign between list and freeze": (*PUBLICATION_3, *LIST_3, signature(50, 4, 9, 5), FREEZE_3, PUBLISH_3),
    "add to the list": frozen(1, 6),
    "add to the list of nothing": frozen(9, 6),
    "delete from the list": "DELETE FROM frozen_signatory WHERE signature_id = 1",
    "delete from a list in the making": (
        *PUBLICATION_3,
        *LIST_3,
        "DELETE FROM frozen_signatory WHERE signature_id = 8",
    ),
    "edit a disclosure": update("frozen_signatory", "signature_id = 1", disclosure="evil"),
    "change a digest": update("frozen_signatory", "signature_id = 1", digest=b64_digest("evil"), disclosure="evil"),
    "withhold and change the digest": update(
        "frozen_signatory", "signature_id = 1", digest=b64_digest("evil"), disclosure=None
    ),
    "withhold and list another signature": update(
        "frozen_signatory", "signature_id = 1", signature_id=6, disclosure=None
    ),
    "withhold and move to another publication": (
        *WHOLE_3,
        update("frozen_signatory", "signature_id = 1", publication_id=2, disclosure=None),
    ),
    "restore and change the digest": (
        update("frozen_signatory", "signature_id = 1", disclosure=None),
        update("frozen_signatory", "signature_id = 1", digest=b64_digest("evil"), disclosure="evil"),
    ),
    "restore in the place of another": (
        update("frozen_signatory", "signature_id = 1", disclosure=None),
        update("frozen_signatory", "signature_id = 2", disclosure="disclosure 1"),
    ),
    "delete what is withheld": (
        update("frozen_signatory", "signature_id = 1", disclosure=None),
        "DELETE FROM frozen_signatory WHERE signature_id = 1",
    ),
    "list another signature": update("frozen_signatory", "signature_id = 1", signature_id=6),
    "move to another publication": (*WHOLE_3, update("frozen_signatory", "signature_id = 1", publication_id=2)),
}

NOTICES: Attacks = {
    "edit a notice": update("notice", "id = 1", body="evil"),
    "move a notice": update("notice", "id = 1", statement_id=2),
    "another entry for a notice": update("notice", "id = 1", log_seq=0),
    "delete a notice": "DELETE FROM notice WHERE id = 1",
    "notice on a draft": (log_entry(2, "notice"), notice(2, 4, 2)),
    "notice on a statement's entry": notice(2, 1, 0),
    "second notice of an entry": notice(2, 1, 1),
    "notice without an entry": notice(2, 1, 9),
}

_EVENT = {
    "prev": "evil",
    "actor_ref": "evil",
    "action": "evil",
    "object_ref": "evil",
    "k": "evil",
    "hash": "evil",
    "at": NOW,
}

HISTORY: Attacks = {
    **{
        f"rewrite {column} of an event, erasing": update(
            "audit_event", "seq = 0", **{column: _EVENT[column]}, salt=None, detail=None
        )
        for column in _EVENT
    },
    "edit a detail": update("audit_event", "seq = 0", detail="evil"),
    "edit a salt": update("audit_event", "seq = 0", salt="evil"),
    "erase the salt only": update("audit_event", "seq = 0", salt=None),
    "erase the detail only": update("audit_event", "seq = 0", detail=None),
    "erase and move": update("audit_event", "seq = 1", seq=9, salt=None, detail=None),
    "fill in what was erased": (
        update("audit_event", "seq = 0", salt=None, detail=None),
        update("audit_event", "seq = 0", salt="evil", detail="evil"),
    ),
    "delete history": "DELETE FROM audit_event WHERE seq = 1",
    "gap in history": audit_event(5, prev="hash-1"),
    "fork of history": audit_event(2, prev="hash-0"),
    "same hash twice": audit_event(2, hash="hash-0"),
}

ATTACKS = merged(LOG, PUBLICATIONS, THE_LIST, NOTICES, HISTORY)

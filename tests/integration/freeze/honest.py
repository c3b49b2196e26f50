"""Everything that must still work, the same on both databases."""

from tests.integration.freeze.rows import (
    NOW,
    Sql,
    audit_event,
    frozen,
    log_entry,
    notice,
    publication,
    sign_on,
    signature,
    statement,
    translation,
    update,
    version,
)
from tests.integration.freeze.world import (
    ANNEX,
    EDITORIAL_2,
    FINALIZE_2,
    FREEZE_ANNEX,
    PUBLICATION_2,
    PUBLICATION_2_EDITED,
    PUBLISHED_2,
    WHOLE_3,
    Attacks,
)

HONEST: Attacks = {
    "draft": (statement(9), version(9, 9, 1, "first"), version(10, 9, 2, "substantive")),
    "circulate": (update("statement", "id = 4", status="circulating"), sign_on(9, 4, 0)),
    "sign": signature(50, 3, 4, 4),
    "sign late": signature(50, 2, 7, 2),
    "sign a finalized text": signature(50, 4, 4, 5),
    "editorial version, carried over": (
        EDITORIAL_2,
        update("signature", "stands_on_version_id = 4 AND withdrawn_at IS NULL", stands_on_version_id=8),
    ),
    "substantive version": version(8, 2, 3, "substantive"),
    "finalize, reopen": (
        FINALIZE_2,
        update(
            "statement", "id = 2", status="circulating", final_version_id=None, finalized_by_id=None, finalized_at=None
        ),
    ),
    "withdraw, sign again": (update("signature", "id = 6", withdrawn_at=NOW), signature(50, 3, 2, 4)),
    "reconfirm": (update("signature", "id = 5", withdrawn_at=NOW), signature(50, 3, 1, 4)),
    "withdraw a late signature": update("signature", "id = 10", withdrawn_at=NOW),
    "withdraw what is suspended": update("signature", "id = 13", withdrawn_at=NOW),
    "suspend": update("signature", "id = 6", suspended_at=NOW),
    "choose withheld": update("signature", "id = 6", withheld=True),
    "withdraw a statement": (
        update("sign_on", "id = 3", status="cancelled"),
        update("statement", "id = 2", status="withdrawn"),
    ),
    "withdraw a draft": update("statement", "id = 4", status="withdrawn"),
    "extend, and write why": update("sign_on", "id = 3", sign_by=NOW, comments_until=NOW, message="Please sign."),
    "translate, correct, approve": (
        translation(9, 4, "en"),
        update("translation", "id = 9", sha256=Sql("sha256"), canonical=Sql("canonical")),
        update("translation", "id = 9", approved_at=NOW),
    ),
    "publish": WHOLE_3,
    "publish what is due, not what is stale or suspended": (*PUBLICATION_2, frozen(2, 6), *PUBLISHED_2),
    "publish, leaving behind what is withdrawn or suspended": (
        EDITORIAL_2,
        update("signature", "id = 6", stands_on_version_id=8),
        *PUBLICATION_2_EDITED,
        frozen(2, 6),
        *PUBLISHED_2,
    ),
    "two publications in one transaction": (
        *WHOLE_3,
        FINALIZE_2,
        log_entry(3, "statement"),
        publication(3, 2, 3, 4, log_seq=3),
        frozen(3, 6),
        *PUBLISHED_2,
    ),
    "annex, next late sign-on": (*ANNEX, frozen(2, 10), frozen(2, 11), FREEZE_ANNEX, sign_on(9, 1, 2)),
    "cancel a late sign-on": update("sign_on", "id = 2", status="cancelled"),
    "notice": (log_entry(2, "notice"), notice(2, 1, 2)),
    "withhold": (log_entry(2, "withhold"), update("frozen_signatory", "signature_id = 1", disclosure=None)),
    "withhold, restore twice": (
        update("frozen_signatory", "signature_id = 1", disclosure=None),
        update("frozen_signatory", "signature_id = 1", disclosure="disclosure 1"),
        update("frozen_signatory", "signature_id = 1", disclosure="disclosure 1"),
        log_entry(2, "withhold"),
    ),
    "append history": (audit_event(2), audit_event(3, salt=None, detail=None)),
    "erase a detail": update("audit_event", "seq = 0", salt=None, detail=None),
}

"""One world for every attack, and the steps that attacks and honest flows share.

Statements: 1 published, its late sign-on open; 2 circulating; 3 finalized; 4 a draft; 5 withdrawn.
Sign-ons: 1 frozen and 2 late, of statement 1; 3 of statement 2; 4 of statement 3; 5 cancelled, of statement 5.
Versions: 1 and 2 (editorial) of statement 1; 3 and 4 (substantive) of statement 2; 5, 6 and 7 of statements 3, 4 and 5.
References: 5 and 2 name 1.
Signatures: 1 and 2 are printed, 3 withdrawn, 4 suspended (sign-on 1); 5 stands on the old version, 6 on the new one, 12 is withdrawn,
13 suspended (sign-on 3); 7 and 8 wait for publication (sign-on 4); 9 ended with statement 5; 10 and 11 are late (sign-on 2).
Translations: 1 (ru) published with version 2, 2 (en) a draft of it; 3 (ru) a draft of version 4.
"""

from tests.integration.freeze.rows import (
    APPROVED,
    EARLIER,
    NOW,
    audit_event,
    frozen,
    log_entry,
    notice,
    organisation,
    person,
    publication,
    reference,
    sign_on,
    signature,
    statement,
    translation,
    update,
    version,
)

FINALIZER = {"finalized_by_id": 1, "finalized_at": EARLIER}

_CIRCULATED = (
    *(organisation(number) for number in range(1, 10)),
    *(person(number) for number in (1, 2)),
    *(statement(number) for number in range(1, 6)),
    *(version(number, of, 1, "first") for number, of in ((1, 1), (3, 2), (5, 3), (6, 4), (7, 5))),
    update("statement", "id <> 4", status="circulating"),
    *(sign_on(number, of, 0) for number, of in ((1, 1), (3, 2), (4, 3), (5, 5))),
)

_SIGNED = (
    *(signature(number, 1, number, 1) for number in (1, 3, 4)),
    signature(5, 3, 1, 3),
    signature(7, 4, 1, 5),
    signature(8, 4, 2, 5),
    signature(9, 5, 1, 7),
    update("signature", "id = 3", withdrawn_at=EARLIER),
    version(2, 1, 2, "editorial"),
    update("signature", "id IN (1, 4)", stands_on_version_id=2),
    update("signature", "id = 4", suspended_at=EARLIER),
    signature(2, 1, 2, 2),
    version(4, 2, 2, "substantive"),
    signature(6, 3, 2, 4),
    signature(12, 3, 3, 4),
    signature(13, 3, 5, 4),
    update("signature", "id = 12", withdrawn_at=EARLIER),
    update("signature", "id = 13", suspended_at=EARLIER),
)

_ENDED = (
    translation(1, 2, "ru"),
    update("translation", "id = 1", **APPROVED),
    translation(2, 2, "en"),
    translation(3, 4, "ru"),
    update("statement", "id = 1", status="finalized", final_version_id=2, **FINALIZER),
    update("statement", "id = 3", status="finalized", final_version_id=5, **FINALIZER),
    log_entry(0, "statement"),
    publication(1, 1, 1, 2, log_seq=0),
    update("translation", "id = 1", log_seq=0),
    frozen(1, 1),
    frozen(1, 2),
    update("sign_on", "id = 1", status="frozen"),
    update("statement", "id = 1", status="published", reference="2026-001"),
    reference(5, 1),
    reference(2, 1),
    update("sign_on", "id = 5", status="cancelled"),
    update("statement", "id = 5", status="withdrawn"),
    sign_on(2, 1, 1),
    signature(10, 2, 5, 2),
    signature(11, 2, 6, 2),
    log_entry(1, "notice"),
    notice(1, 1, 1),
    audit_event(0),
    audit_event(1),
)

WORLD = _CIRCULATED + _SIGNED + _ENDED

Attacks = dict[str, str | tuple[str, ...]]
"""What is attempted, and the statements that do it in one transaction."""


def steps(sql: str | tuple[str, ...]) -> tuple[str, ...]:
    """The statements of one attack or flow."""
    return (sql,) if isinstance(sql, str) else sql


def merged(*tables: Attacks) -> Attacks:
    """Tables as one; two attacks of the same name would hide one another."""
    together: Attacks = {}
    for table in tables:
        assert not together.keys() & table.keys()
        together |= table
    return together


# Publishing statement 3, step by step.
PUBLICATION_3 = (log_entry(2, "statement"), publication(2, 3, 4, 5))
LIST_3 = (frozen(2, 7), frozen(2, 8))
FREEZE_3 = update("sign_on", "id = 4", status="frozen")
PUBLISH_3 = update("statement", "id = 3", status="published", reference="2026-002")
WHOLE_3 = (*PUBLICATION_3, *LIST_3, FREEZE_3, PUBLISH_3)

# Finalizing and publishing statement 2, where signature 6 alone is due.
FINALIZE_2 = update("statement", "id = 2", status="finalized", final_version_id=4, **FINALIZER)
PUBLICATION_2 = (FINALIZE_2, log_entry(2, "statement"), publication(2, 2, 3, 4))
PUBLICATION_2_EDITED = (
    FINALIZE_2.replace("final_version_id = 4", "final_version_id = 8"),
    log_entry(2, "statement"),
    publication(2, 2, 3, 8),
)
PUBLISHED_2 = (
    update("sign_on", "id = 3", status="frozen"),
    update("statement", "id = 2", status="published", reference="2026-003"),
)

# The annex of statement 1.
ANNEX = (log_entry(2, "annex"), publication(2, 1, 2, 2))
FREEZE_ANNEX = update("sign_on", "id = 2", status="frozen")

# The English translation of statement 1, as an annex.
TRANSLATED_1 = (update("translation", "id = 2", **APPROVED), log_entry(2, "annex"))
ANNEX_IN_ENGLISH = (*TRANSLATED_1, update("translation", "id = 2", log_seq=2))

EDITORIAL_2 = version(8, 2, 3, "editorial")
WITHDRAWN_NOW = {"withdrawn_at": NOW}

"""A name that is withheld, looked for on every page of the desk about a statement, as an admin, at every point of its life."""

from collections.abc import Callable

import pytest
from flask import Flask

from signflow.models import Organisation, Signature, Statement
from signflow.services import finalizing, signing, withholding_asks
from tests.factories.word import unpacked
from tests.support.site import coalition_of, signed_in
from tests.support.world import NO_ID

SENTINEL = "Quiet Heron Fellowship"
SIGNER = "Halina Quietson"
RECEIPT = "/desk/statements/<public_id>/signatures/<signature_id>"


class Life:
    """A statement before three organisations; one of them withholds its name."""

    def __init__(self, app: Flask) -> None:
        self.app, self.coalition = app, coalition_of(app)
        self.drafter, self.admin = self.coalition.drafter(), self.coalition.admin()
        (self.other, self.person), (self.third, _) = self.coalition.members(2)
        self.quiet = self.coalition.organisation(SENTINEL)
        self.halina = self.coalition.member(self.quiet, person_id=self.coalition.person(SIGNER))
        self.statement = self.coalition.draft(self.drafter)
        self.coalition.circulate(self.statement, self.drafter, [self.other, self.third, self.quiet])
        self.coalition.sign(self.statement, self.person, self.other)
        self.signature = self.coalition.sign(self.statement, self.halina, self.quiet, withheld=True)

    def circulating(self) -> None:
        """Nothing more."""

    def left_behind(self) -> None:
        self.coalition.revise(self.statement, self.drafter)
        self.finalized()

    def signature_withdrawn(self) -> None:
        with self.coalition.database.write() as session:
            actor, now = self.coalition.actor(session, self.halina), self.coalition.now
            signing.withdraw(session, self.statement, actor=actor, organisation_id=self.quiet, now=now)
        self.finalized()

    def finalized(self) -> None:
        self.coalition.finalize(self.statement, self.drafter)

    def withdrawn(self) -> None:
        self.finalized()
        with self.coalition.database.write() as session:
            actor = self.coalition.actor(session, self.drafter)
            finalizing.withdraw_statement(session, self.statement, actor=actor, now=self.coalition.now)

    def published(self) -> None:
        self.finalized()
        self.coalition.publish(self.statement, self.admin)

    def withheld_later(self) -> None:
        self.named_and_published()
        self.coalition.withhold(self.statement, self.halina, self.quiet)

    def withheld_by_admins(self) -> None:
        self.named_and_published()
        self.withheld_by_admins_after()

    def withheld_by_admins_after(self) -> None:
        second, about = self.coalition.admin(), {"signature_id": self.signature, "now": self.coalition.now}
        with self.coalition.database.write() as session:
            withholding_asks.ask(session, self.statement, actor=self.coalition.actor(session, second), **about)
        with self.coalition.database.write() as session:
            actor = self.coalition.actor(session, self.admin)
            withholding_asks.confirm(session, self.statement, actor=actor, press=self.coalition.press, **about)

    def named_and_published(self) -> None:
        with self.coalition.database.write() as session:
            actor, about = self.coalition.actor(session, self.halina), {"organisation_id": self.quiet}
            signing.choose_name(session, self.statement, actor=actor, withheld=False, now=self.coalition.now, **about)
        self.published()

    def addresses(self) -> list[str]:
        """Every page of the desk that a statement's address opens, and the lists of statements."""
        rules = {
            rule.rule
            for rule in self.app.url_map.iter_rules()
            if "GET" in (rule.methods or ()) and rule.rule.startswith("/desk/statements/<public_id>")
        }
        assert RECEIPT in rules
        public_id = self.coalition.public_id(Statement, self.statement)
        signature = self.coalition.public_id(Signature, self.signature)
        filled = [
            rule.replace("<public_id>", public_id)
            .replace("<signature_id>", signature)
            .replace("<comment_id>", NO_ID)
            .replace("<notice_id>", NO_ID)
            .replace("<tongue>", "ru")
            .replace("<any(corrected, retracted):notice_kind>", "corrected")
            .replace("<int:number>", str(self.coalition.newest(self.statement)[0]))
            for rule in sorted(rules)
        ]
        assert not [one for one in filled if "<" in one]
        organisation = self.coalition.public_id(Organisation, self.quiet)
        acts = [
            one
            for one in filled
            if one.endswith(("signature", "decline", "withdrawal", "name", "objection", "restoration"))
        ]
        return ["/desk/", "/desk/statements", *filled, *(f"{one}?organisation={organisation}" for one in acts)]


LIVES: dict[str, Callable[[Life], None]] = {
    "circulating": Life.circulating,
    "finalized": Life.finalized,
    "left behind": Life.left_behind,
    "signature withdrawn": Life.signature_withdrawn,
    "withdrawn": Life.withdrawn,
    "published": Life.published,
    "withheld later": Life.withheld_later,
    "withheld by two admins": Life.withheld_by_admins,
}


@pytest.mark.parametrize("life", LIVES)
def test_no_page_names_it_to_an_admin(sqlite_app: Flask, life: str) -> None:
    scene = Life(sqlite_app)
    LIVES[life](scene)
    admin = signed_in(sqlite_app, scene.admin)
    answers = {address: admin.get(address) for address in scene.addresses()}
    pages = {address: unpacked(answer.data).decode() for address, answer in answers.items()}
    assert [one for one, page in pages.items() if SENTINEL in page or SIGNER in page] == []
    assert answers["/desk/statements"].status_code == 200
    history = next(one for one in answers if one.endswith("/history"))
    assert answers[history].status_code == 200
    # or nothing was looked at: its drafter reads it there
    assert SENTINEL in signed_in(sqlite_app, scene.drafter).get(history).text


def test_the_list_of_mails_does_not_tell_an_admin_whose_name_was_withheld(sqlite_app: Flask) -> None:
    scene = Life(sqlite_app)
    scene.named_and_published()
    admin = signed_in(sqlite_app, scene.admin)
    before = admin.get("/desk/mail").text
    scene.withheld_by_admins_after()
    after = admin.get("/desk/mail").text
    assert (after.count(SIGNER), SENTINEL in after) == (before.count(SIGNER), False)
    # the asking, the withholding: to her, to the drafter
    assert after.count("Somebody who acts for an organisation, or drafts") == 3

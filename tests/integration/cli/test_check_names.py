"""`signflow check` on withheld names: rows, log and history must tell the same; `signflow verify` takes a receipt."""

from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from signflow.models import Membership, Publication, Signature
from tests.factories.coalition import Coalition
from tests.integration.cli.installation import Installation, one_line
from tests.integration.cli.test_check import LIST, OTHER, problems, published, tamper

__all__ = ["published"]

WITHHELD = "UPDATE frozen_signatory SET disclosure = NULL WHERE digest = ({})"
WITHOUT_ENTRY = "2026-001: a name is withheld without an entry in the log"
IN_SPITE = "2026-001: entry 2 withholds a name that is shown, and no receipt was given back"
UNKNOWN = "2026-001: the history restores a name that no entry of the log withholds"
MISCOUNTED = "2026-001: the names withheld from the start are not as many as were signed"


class Names:
    """The first statement of the installation, and one organisation that is named under it."""

    def __init__(self, installation: Installation) -> None:
        self.coalition: Coalition = installation.coalition()
        with self.coalition.database.read() as session:
            signature = session.scalars(
                sa.select(Signature).where(Signature.withheld.is_(False)).order_by(Signature.id).limit(1)
            ).one()
            self.organisation, self.person, self.signature = (
                signature.organisation_id,
                signature.person_id,
                signature.id,
            )
            self.statement = session.scalars(sa.select(Publication.statement_id).order_by(Publication.id)).first() or 0
            assert session.scalars(sa.select(Membership).where(Membership.person_id == self.person)).one()
        self.receipt = self.coalition.receipt(self.statement, self.organisation) or ""
        self.disclosure = self.receipt.split("~")[1]

    def withhold(self) -> None:
        self.coalition.withhold(self.statement, self.person, self.organisation)

    def restore(self) -> None:
        self.coalition.restore(self.statement, self.person, self.organisation, self.receipt)

    def back(self) -> str:
        """What somebody with the file and a copy of the name would write."""
        return f"UPDATE frozen_signatory SET disclosure = '{self.disclosure}' WHERE signature_id = {self.signature}"


@pytest.fixture
def names(published: Installation) -> Names:
    return Names(published)


Tampering = Callable[[Names], list[str]]


def _withheld_and(act: Callable[[Names], str]) -> Tampering:
    def prepare(names: Names) -> list[str]:
        names.withhold()
        return [act(names)]

    return prepare


def _restored_and(act: str) -> Tampering:
    def prepare(names: Names) -> list[str]:
        names.withhold()
        names.restore()
        return [act]

    return prepare


@pytest.mark.parametrize(
    ("tampering", "found"),
    [
        pytest.param(lambda n: [WITHHELD.format(LIST)], [WITHOUT_ENTRY], id="withheld without an entry"),
        pytest.param(_withheld_and(Names.back), [IN_SPITE], id="shown in spite of the entry"),
        pytest.param(
            _withheld_and(lambda n: "DELETE FROM log_entry WHERE seq = 2"), [WITHOUT_ENTRY], id="the entry is gone"
        ),
        pytest.param(
            _restored_and("UPDATE audit_event SET detail = NULL, salt = NULL WHERE action = 'name.restored'"),
            [IN_SPITE],
            id="nothing says that it was restored",
        ),
        pytest.param(_restored_and("DELETE FROM log_entry WHERE seq = 2"), [UNKNOWN], id="restored without an entry"),
        pytest.param(
            lambda n: ["UPDATE signature SET withheld = false WHERE withheld AND sign_on_id = 1"],
            [WITHOUT_ENTRY, MISCOUNTED],
            id="withheld from the start, made to look otherwise",
        ),
        pytest.param(
            lambda n: [f"UPDATE signature SET withheld = true WHERE id = {n.signature}"],
            ["2026-001: a name that was withheld from the start is shown", MISCOUNTED],
            id="named, made to look otherwise",
        ),
        pytest.param(
            lambda n: (n.withhold(), n.restore(), n.withhold(), [n.back()])[-1],
            ["2026-001: entry 3 withholds a name that is shown, and no receipt was given back"],
            id="withheld for the second time, shown by force",
        ),
        pytest.param(
            _withheld_and(lambda n: n.back().replace(f"'{n.disclosure}'", f"({OTHER})")),
            ["2026-001: the list does not verify: a disclosure is not in the signed list", IN_SPITE],
            id="a false name put back",
        ),
    ],
)
def test_a_name_that_is_tampered_with_is_named(
    published: Installation,
    names: Names,
    tampering: Tampering,
    found: list[str],
) -> None:
    acts = tampering(names)
    assert problems(published) == []
    tamper(published, *acts)
    assert sorted(problems(published)) == sorted(found)


def test_honest_withholding_and_restoring_passes(published: Installation, names: Names) -> None:
    names.withhold()
    said = published.run("check")
    assert (said.status, said.out.endswith("3 entries.\n")) == (0, True)
    names.restore()
    assert published.run("check").status == 0


def test_a_receipt_verifies_on_the_command_line(
    published: Installation,
    names: Names,
    tmp_path: Path,
) -> None:
    file = tmp_path / "2026-001.receipt.sdjwt"
    file.write_text(names.receipt)
    names.withhold()
    said = published.run("verify", file)
    assert (said.status, said.err) == (0, "")
    first, *shown = said.out.splitlines()
    assert first.startswith("OK: 3 signed, 2 withheld, entry 0, head ")
    assert len(shown) == 1
    file.write_text(names.receipt.replace("~", "~A", 1))
    assert (published.run("verify", file).status, one_line(published.run("verify", file))[:10]) == (1, "signflow: ")

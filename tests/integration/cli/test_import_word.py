"""`signflow statement import` takes Word files."""

from pathlib import Path

import sqlalchemy as sa

from signflow.models import Statement
from tests.factories.word import PARAGRAPH, WORDS, W, document, run, word_file
from tests.integration.cli.installation import Installation, one_line

HEADINGS = f'<w:styles xmlns:w="{W}"><w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="heading 1"/></w:style></w:styles>'


def test_import_takes_a_word_file(installation: Installation, tmp_path: Path) -> None:
    title = f'<w:p><w:pPr><w:outlineLvl w:val="0"/><w:pStyle w:val="Heading1"/></w:pPr>{run("Лісты")}</w:p>'
    file = tmp_path / "letters.DOCX"
    file.write_bytes(word_file({"word/document.xml": document(title + PARAGRAPH), "word/styles.xml": HEADINGS}))
    coalition = installation.coalition()
    coalition.drafter(email="artur@example.org")
    words = ("statement", "import", file, "--drafter", "artur@example.org", "--language", "be")
    said = installation.run(*words)
    assert (said.status, said.err) == (0, "")
    with coalition.database.read() as session:
        made = session.scalars(sa.select(Statement)).one().newest
        assert (made.title, made.language, made.body) == ("Лісты", "be", f"{WORDS}\n")
    file.write_bytes(word_file())
    said = installation.run(*words)
    assert (said.status, one_line(said)) == (1, f"signflow: {file}: Enter a title (up to 300 characters).")
    file.write_bytes(b"junk")
    said = installation.run(*words)
    assert one_line(said) == f"signflow: {file}: This is not a Word (.docx) file, or it is damaged."
    coalition.database.close()

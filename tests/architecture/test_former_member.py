"""A person who was erased has no name of their own: a page that shows who did something says the stand-in in its reader's language."""

import re

from tests.support.sources import files_in, must_be_empty, short

DOER = re.compile(r"\b(?:\w+_by|comment\.person|made\.person|signature\.person|reply\.person)\.name\b(?! \| called)")


def test_no_page_names_who_did_it_without_the_filter() -> None:
    pages = files_in("templates", suffix=".html")
    must_be_empty(f"{short(page)}: {hit}" for page in pages for hit in DOER.findall(page.read_text()))

"""CSV that a spreadsheet opens as text."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signflow.documents.tables import csv_bytes


def test_the_bytes_of_a_small_table() -> None:
    made = csv_bytes(["name", "when"], [["Звяно «A»", "2026-11-20"], ['say "no"', ""]])
    assert made == b"\xef\xbb\xbf" + '"name","when"\r\n"Звяно «A»","2026-11-20"\r\n"say ""no""",""\r\n'.encode()


@pytest.mark.parametrize("start", list("=+-@\t\r\n\0＝＋－＠"))
def test_a_formula_becomes_text(start: str) -> None:
    made = csv_bytes(["a"], [[f'{start}HYPERLINK("x")'], ["1=2"]]).decode("utf-8-sig")
    assert made == f'"a"\r\n"\'{start}HYPERLINK(""x"")"\r\n"1=2"\r\n'


@given(
    st.lists(
        st.lists(
            st.text(st.characters(codec="utf-8", exclude_characters="=+-@\t\r\n\0＝＋－＠")), min_size=2, max_size=2
        )
    )
)
@settings(derandomize=True)
def test_a_csv_reader_reads_the_same_table(rows: list[list[str]]) -> None:
    made = csv_bytes(["a", "b"], rows).decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(made, newline=""))) == [["a", "b"], *rows]

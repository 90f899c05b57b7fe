"""A file for spreadsheets holds what people wrote, and no formula."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commands import spreadsheets
from tests.figures import figure

SIGNS = "=+-@\N{MINUS SIGN}＝＋－＠﹦﹢﹣﹫"
BREAKS = "\t\r\n"
BLANKS = f" \u00a0\u200b\u2060\ufeff\u3000{BREAKS}"
texts = st.one_of(
    st.text(),
    st.tuples(st.text(BLANKS, max_size=3), st.sampled_from(SIGNS), st.text()).map("".join),
    st.text(alphabet="\"',;=\r\n\t@ ab"),
)
CASES = figure(ci=500, full=5_000)


def read(file: bytes) -> list[list[str]]:
    text = file.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))


def starts_a_formula(cell: str) -> bool:
    return cell.lstrip(BLANKS)[:1] in set(SIGNS) or cell[:1] in set(BREAKS)


@given(rows=st.lists(st.lists(texts, min_size=2, max_size=2), max_size=5))
@settings(max_examples=CASES, deadline=None)
def test_what_is_read_back_is_what_was_written_and_no_formula(rows: list[list[str]]) -> None:
    back = read(spreadsheets.table(("what", "value"), rows))

    assert back[0] == ["what", "value"]
    for written, cells in zip(rows, back[1:], strict=True):
        for text, cell in zip(written, cells, strict=True):
            assert not starts_a_formula(cell)
            assert cell == text or (cell == f"'{text}" and set(text) & set(SIGNS + BREAKS))


@pytest.mark.parametrize("sign", SIGNS)
@pytest.mark.parametrize("before", ["", " ", "\u00a0", "\u200b ", *BREAKS])
def test_each_sign_is_made_text_also_after_blanks(sign: str, before: str) -> None:
    formula = f'{before}{sign}HYPERLINK("https://example.org")'

    assert read(spreadsheets.table(("value",), [(formula,)]))[1:] == [[f"'{formula}"]]


@pytest.mark.parametrize("text", ["", "Ana", "a=b", "3 - 2", "'=1", "Zoë, «Snap»", "1 December"])
def test_what_is_no_formula_stays_as_it_is(text: str) -> None:
    assert read(spreadsheets.table(("value",), [(text,)]))[1:] == [[text]]


def test_the_file_is_as_rfc_4180_says_and_says_that_it_is_utf_8() -> None:
    file = spreadsheets.table(("a", "b"), [('say "yes"', "two\r\nlines")])

    assert file == b'\xef\xbb\xbf"a","b"\r\n"say ""yes""","two\r\nlines"\r\n'

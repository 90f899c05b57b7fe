"""Rows as a file for spreadsheets, in which nothing that people wrote can become a formula."""

import csv
import io
import unicodedata
from collections.abc import Iterable, Sequence

# What begins a formula in one of the programs that people open such a file with.
_SIGNS = frozenset("=+-@\N{MINUS SIGN}")
_BLANK = ("Z", "C")


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Write *rows* below *head* as CSV: RFC 4180, every cell quoted, UTF-8 with its mark."""
    file = io.StringIO(newline="")
    writer = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerows([harmless(cell) for cell in row] for row in (head, *rows))
    return file.getvalue().encode("utf-8-sig")


def harmless(cell: str) -> str:
    """Put an apostrophe before what a program could take for a formula; the rest stays as it is."""
    first = next((c for c in cell if unicodedata.category(c)[0] not in _BLANK), "")
    # A full-width sign is the plain one to a program that folds widths.
    is_formula = unicodedata.normalize("NFKC", first)[:1] in _SIGNS
    return f"'{cell}" if is_formula or cell[:1] in {"\t", "\r", "\n"} else cell

"""Tables and charts, whose limits run across rows, columns and series."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.workspace.checks.blocks import block
from bot.workspace.checks.rich_text import RICH_TEXT
from bot.workspace.checks.rules import (
    Complaints,
    Rule,
    complaint,
    flag,
    integer,
    items,
    kinds,
    number,
    one_of,
    record,
    string,
    such_that,
    typed,
    unique,
    units,
)

DATA_TABLE_CHARACTERS = 20_000


def written(value: Any) -> int:
    """Count the characters a reader sees in cells: every `text`, however deep."""
    if isinstance(value, list):
        return sum(written(item) for item in value)
    if isinstance(value, Mapping):
        text = value.get("text")
        own = units(text) if isinstance(text, str) else 0
        return own + sum(written(part) for part in value.values())
    return 0


def _rows_are_equally_long(table: Mapping[str, Any], at: str) -> Complaints:
    width = len(table["rows"][0])
    for index, row in enumerate(table["rows"]):
        if len(row) != width:
            yield complaint(f"must have {width} cells like the first row", f"{at}/rows/{index}")


def _header_is_raw(table: Mapping[str, Any], at: str) -> Complaints:
    for index, cell in enumerate(table["rows"][0]):
        if cell["type"] == "rich_text":
            where = f"{at}/rows/0/{index}/type"
            yield complaint("unsupported type: rich_text in a header cell", where)


def _row_header_exists(table: Mapping[str, Any], at: str) -> Complaints:
    if table.get("row_header_column_index", 0) >= len(table["rows"][0]):
        yield complaint("must be the index of a column", f"{at}/row_header_column_index")


def _cells_are_not_too_long(table: Mapping[str, Any], at: str) -> Complaints:
    if written(table["rows"]) > DATA_TABLE_CHARACTERS:
        yield complaint(f"must be less than {DATA_TABLE_CHARACTERS + 1} characters", f"{at}/rows")


CELL = kinds(
    {
        "raw_text": typed("raw_text", {"text": string()}, {}),
        "raw_number": typed("raw_number", {"value": number, "text": string()}, {}),
        "rich_text": RICH_TEXT,
    }
)
ROW = items(CELL, 20)
COLUMN = record({}, {"align": one_of("left", "center", "right"), "is_wrapped": flag})


def _column_or_skipped(value: Any, at: str) -> Complaints:
    if value is not None:
        yield from COLUMN(value, at)


TABLE = block(
    "table",
    {"rows": items(ROW, 100)},
    {"column_settings": items(_column_or_skipped, 20, least=0)},
    _rows_are_equally_long,
)

# 201 rows since autumn 2026, but not every library and workspace knows it yet.
DATA_TABLE = block(
    "data_table",
    {"caption": string(3000), "rows": items(ROW, 101, least=2)},
    {"page_size": integer(1, 100), "row_header_column_index": integer(0)},
    _rows_are_equally_long,
    _header_is_raw,
    _row_header_exists,
    _cells_are_not_too_long,
)


def _points_follow_categories(chart: Mapping[str, Any], at: str) -> Complaints:
    categories = sorted(chart["axis_config"]["categories"])
    for index, series in enumerate(chart["series"]):
        if sorted(point["label"] for point in series["data"]) != categories:
            yield complaint("must have one point per category", f"{at}/series/{index}/data")


LABEL = string(20)
SLICE = such_that(number, lambda value: bool(value > 0), "must be greater than 0")
POINT = record({"label": LABEL, "value": number}, {})
SERIES = record({"name": LABEL, "data": items(POINT, 20)}, {})
AXES = record({"categories": items(LABEL, 20)}, {"x_label": string(50), "y_label": string(50)})


def _axis_chart(kind: str) -> Rule:
    return typed(
        kind,
        {"series": items(SERIES, 6), "axis_config": AXES},
        {},
        unique("series", "name"),
        _points_follow_categories,
    )


CHARTS = {
    "pie": typed("pie", {"segments": items(record({"label": LABEL, "value": SLICE}, {}), 6)}, {}),
    **{kind: _axis_chart(kind) for kind in ("bar", "line", "area")},
}
CHART = block("data_visualization", {"title": string(50), "chart": kinds(CHARTS)})

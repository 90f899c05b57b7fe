"""The table: what is asked of each figure, and whether it is so."""

import json
import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Row:
    """One line of the table: what is measured, what it must reach, and what is aimed at.

    Without a *bar* it is only told. With *is_most* the bar is the most it may be.
    """

    name: str
    what: str
    bar: float | None = None
    aim: float | None = None
    unit: str = ""
    is_most: bool = False


@dataclass(frozen=True)
class Figure:
    """What was measured for a row: the median of *rounds*, and what it was made of (*seen*)."""

    row: Row
    rounds: Sequence[float]
    seen: Mapping[str, Any] = field(default_factory=dict)

    @property
    def value(self) -> float:
        """Give the median."""
        return statistics.median(self.rounds)

    def reaches(self, mark: float | None) -> bool:
        """Say whether it is as good as *mark*, the bar or the aim."""
        if mark is None:
            return True
        return self.value <= mark if self.row.is_most else self.value >= mark


def printed(figures: Sequence[Figure]) -> str:
    """Write the table."""
    head = ("row", "figure", "spread", "at least", "aim", "", "what")
    lines = [head, *map(_cells, figures)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)][:-1]
    return "\n".join("  ".join([*map(str.ljust, line, widths), line[-1]]) for line in lines)


def markdown(figures: Iterable[Figure]) -> str:
    """Write the table for a document."""
    lines = [
        "| | median | spread | at least | aim | |",
        "|---|---|---|---|---|---|",
    ]
    for figure in figures:
        _, value, spread, bar, aim, verdict, what = _cells(figure)
        lines.append(f"| {what} | {value} | {spread} | {bar} | {aim} | {verdict} |")
    return "\n".join(lines)


def in_one_line(figures: Iterable[Figure]) -> str:
    """Write the table in one line."""
    return ", ".join(f"{each.row.name} {_said(each.value, each.row.unit)}" for each in figures)


def below(figures: Iterable[Figure]) -> str:
    """Name every row that does not reach its bar; "" where all do."""
    missed = [each for each in figures if not each.reaches(each.row.bar)]
    return ", ".join(
        f"{each.row.name} {_said(each.value, each.row.unit)} ({_bar(each.row)})" for each in missed
    )


def as_json(machine: str, given: Mapping[str, Any], figures: Sequence[Figure]) -> str:
    """Write all that is known."""
    told = [
        {**asdict(each.row), "value": each.value, "rounds": list(each.rounds), "seen": each.seen}
        for each in figures
    ]
    return json.dumps({"machine": machine, "given": given, "rows": told}, indent=1)


def read(told: str) -> tuple[str, list[Figure]]:
    """Read what `as_json` wrote: the machine, and the figures."""
    known = json.loads(told)
    figures = [
        Figure(
            Row(**{name: each[name] for name in Row.__dataclass_fields__}),
            each["rounds"],
            each["seen"],
        )
        for each in known["rows"]
    ]
    return known["machine"], figures


def _cells(figure: Figure) -> tuple[str, ...]:
    row = figure.row
    low, high = min(figure.rounds), max(figure.rounds)
    spread = f"{_number(low)}–{_number(high)}" if len(figure.rounds) > 1 else ""
    return (
        row.name,
        _said(figure.value, row.unit),
        spread,
        _bar(row),
        "" if row.aim is None else _said(row.aim, row.unit),
        _verdict(figure),
        row.what,
    )


def _verdict(figure: Figure) -> str:
    if figure.row.bar is None:
        return ""
    if not figure.reaches(figure.row.bar):
        return "below"
    return "aim reached" if figure.reaches(figure.row.aim) else "reached"


def _bar(row: Row) -> str:
    if row.bar is None:
        return ""
    return f"{'at most ' if row.is_most else ''}{_said(row.bar, row.unit)}"


def _said(value: float, unit: str) -> str:
    return f"{_number(value)} {unit}".strip()


def _number(value: float) -> str:
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"

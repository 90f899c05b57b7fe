"""Charts of what was measured, as SVG: bars in groups, each with its figure beside it."""

from collections.abc import Iterable, Mapping, Sequence
from html import escape

from tests.bench.rows import Figure
from tests.bench.stage import NAMES

LEFT, WIDTH, ROOM, BAR, GAP, TOP = 190, 360, 90, 16, 26, 44
STYLE = (
    "text{font:12px system-ui,sans-serif;fill:#24292f}.t{font-weight:600;font-size:14px}"
    ".g{font-weight:600}.b{fill:#2f6fde}"
    "@media(prefers-color-scheme:dark){text{fill:#e6edf3}.b{fill:#6ea8fe}}"
)
SIDES = {
    "ours": "this bot",
    "hello": "Bolt that says hello",
    "limit": "the driver, no Bolt",
    "lean": "synchronous, fast",
    "dicts": "the usual bot, dicts",
    "models": "the usual bot, models",
}

Bars = Mapping[str, Mapping[str, float]]  # of each group, by name


def drawn(figures: Sequence[Figure]) -> dict[str, str]:
    """Draw what *figures* have been measured for; give each chart by the name of its file."""
    charts = {
        "answers.svg": ("One answer to /briefings: µs of a core, median", _answers(figures)),
        "growth.svg": ("The time of an answer as more is stored: ms, median", _growth(figures)),
    }
    return {name: _chart(title, groups) for name, (title, groups) in charts.items() if groups}


def _answers(figures: Iterable[Figure]) -> Bars:
    groups = {}
    for figure in figures:
        row, _, kind = figure.row.name.partition("-")
        if row == "hello":
            groups[NAMES[kind]] = {
                said: figure.seen[side]["core_us"]
                for side, said in SIDES.items()
                if side in figure.seen
            }
    return groups


def _growth(figures: Iterable[Figure]) -> Bars:
    return {
        figure.row.what.partition(": p50")[0].partition(", with ")[0]: figure.seen["p50_ms"]
        for figure in figures
        if figure.row.name.startswith("growth-")
    }


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def _chart(title: str, groups: Bars) -> str:
    most = max(value for bars in groups.values() for value in bars.values())
    parts, y = [f'<text class="t" x="0" y="18">{escape(title)}</text>'], TOP
    for group, bars in groups.items():
        parts.append(f'<text class="g" x="0" y="{y}">{escape(group)}</text>')
        y += BAR // 2
        for name, value in bars.items():
            long = max(1.0, WIDTH * value / most)
            parts += [
                f'<text x="{LEFT - 8}" y="{y + 12}" text-anchor="end">{escape(name)}</text>',
                f'<rect class="b" x="{LEFT}" y="{y}" width="{long:.1f}" height="{BAR - 3}"/>',
                f'<text x="{LEFT + long + 6:.1f}" y="{y + 12}">{_number(value)}</text>',
            ]
            y += BAR + 3
        y += GAP
    wide = LEFT + WIDTH + ROOM
    size = f'viewBox="0 0 {wide} {y}" width="{wide}" height="{y}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img">'
    named = f"<title>{escape(title)}</title><style>{STYLE}</style>"
    return f"{head}{named}{''.join(parts)}</svg>\n"

"""Block Kit builders: plain dicts within Slack's limits, and the full text read from them."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from commands.words import escaped, plain, shortened, width

Block = dict[str, Any]
Message = dict[str, Any]
View = dict[str, Any]

TEXT_LIMIT = 3000
UPDATE_LIMIT = 3900  # chat.update refuses a longer top-level text
MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
CHART = "data_visualization"
_PIECE = re.compile(r"<[^<>]*>|&[a-z]+;|.", re.DOTALL)


def header(text: str) -> Block:
    """Make a heading; *text* may come from people."""
    return {"type": "header", "text": _plain(text, 150)}


def section(*lines: str, accessory: Block | None = None) -> Block:
    """Make a paragraph of mrkdwn *lines*; whatever came from people went through `said`."""
    block: Block = {"type": "section", "text": _mrkdwn("\n".join(line for line in lines if line))}
    if accessory is not None:
        block["accessory"] = accessory
    return block


def bullets(title: str, lines: Sequence[str], more: str = "") -> Block:
    """Make a paragraph of points below *title*; none is cut as long as the others leave it room.

    *more* says what is missing and always stands there.
    """
    head = f"*{title}*"
    rest = [f"• {more}"] if more else []
    room = TEXT_LIMIT - sum(width(line) + 1 for line in (head, *rest))
    kept = []
    for left, line in zip(range(len(lines), 0, -1), lines, strict=True):
        kept.append(_cut(f"• {line}", room // left - 1))
        room -= width(kept[-1]) + 1
    return section(head, *kept, *rest)


def context(*lines: str) -> Block:
    """Make a line of small print."""
    return {"type": "context", "elements": [_mrkdwn(line) for line in lines[:10]]}


def divider() -> Block:
    """Make a rule between two things."""
    return {"type": "divider"}


def actions(*buttons: Block) -> Block:
    """Make a row of buttons or menus."""
    return {"type": "actions", "elements": list(buttons[:25])}


def button(
    label: str, action: str, value: str | int, *, style: str | None = None, about: str = ""
) -> Block:
    """Make a button; *about* is what a screen reader says where several read alike."""
    made: Block = {
        "type": "button",
        "text": _plain(label, 75),
        "action_id": action,
        "value": str(value)[:2000],
    }
    if style is not None:
        made["style"] = style
    if plain(about):
        made["accessibility_label"] = shortened(plain(about), 75)
    return made


def text_input(
    block: str,
    label: str,
    *,
    initial: str = "",
    hint: str = "",
    lines: bool = False,
    optional: bool = False,
    limit: int = 1000,
) -> Block:
    """Make a field for text; the block's id is the field's name."""
    element: Block = {
        "type": "plain_text_input",
        "action_id": block,
        "multiline": lines,
        "max_length": limit,
    }
    if initial:
        element["initial_value"] = shortened(initial, limit)
    return _input(block, label, element, hint, optional=optional)


def select_input(
    block: str,
    label: str,
    options: Sequence[tuple[str, str]],
    *,
    initial: str = "",
    hint: str = "",
    optional: bool = False,
) -> Block:
    """Make a field for one of at most a hundred *options*, each a (value, label)."""
    made = _options(options[:100])
    element: Block = {"type": "static_select", "action_id": block, "options": made}
    chosen = [option for option in made if option["value"] == initial]
    if chosen:
        element["initial_option"] = chosen[0]
    return _input(block, label, element, hint, optional=optional)


def bars(title: str, name: str, numbers: Mapping[str, int]) -> Block:
    """Draw *numbers*, each a *name*, as bars; the same stands beside it in words.

    Not every Slack takes a chart, so a message must say all without it.
    """
    return {
        "type": CHART,
        "title": title,
        "chart": {
            "type": "bar",
            "series": [
                {
                    "name": name,
                    "data": [{"label": label, "value": n} for label, n in numbers.items()],
                }
            ],
            "axis_config": {"categories": list(numbers)},
        },
    }


def without_charts(message: Message) -> Message:
    """Give *message* without what not every Slack takes; it says the same."""
    kept = [block for block in message["blocks"] if block["type"] != CHART]
    return {**message, "blocks": kept}


def checks_input(
    block: str,
    label: str,
    options: Sequence[tuple[str, str]],
    *,
    initial: Sequence[str] = (),
    hint: str = "",
    optional: bool = False,
) -> Block:
    """Make a field for several of at most ten *options*, each a (value, label), as boxes."""
    element = _several("checkboxes", block, options, initial)
    return _input(block, label, element, hint, optional=optional)


def several_input(
    block: str,
    label: str,
    options: Sequence[tuple[str, str]],
    *,
    initial: Sequence[str] = (),
    hint: str = "",
) -> Block:
    """Make a field for none or several of at most a hundred *options*, as a menu."""
    element = _several("multi_static_select", block, options[:100], initial)
    return _input(block, label, element, hint, optional=True)


def time_input(
    block: str, label: str, *, initial: str = "", hint: str = "", optional: bool = False
) -> Block:
    """Make a field for a time of day, "09:00"."""
    element: Block = {"type": "timepicker", "action_id": block}
    if initial:
        element["initial_time"] = initial
    return _input(block, label, element, hint, optional=optional)


def date_input(
    block: str, label: str, *, initial: str = "", hint: str = "", optional: bool = True
) -> Block:
    """Make a field for a day, "2026-12-03"."""
    element: Block = {"type": "datepicker", "action_id": block}
    if initial:
        element["initial_date"] = initial
    return _input(block, label, element, hint, optional=optional)


def message(*blocks: Block) -> Message:
    """Make a message of *blocks*, with the full text that screen readers and notices read."""
    kept = [block for block in blocks if block]
    if len(kept) > MESSAGE_BLOCKS:
        kept = [*kept[: MESSAGE_BLOCKS - 1], context("The rest did not fit into one message.")]
    return {"text": _cut(text_of(kept), UPDATE_LIMIT), "blocks": kept}


def modal(
    callback: str,
    title: str,
    blocks: Sequence[Block],
    *,
    submit: str = "",
    close: str = "",
    metadata: str = "",
) -> View:
    """Make a modal; *metadata* holds an id, never a right."""
    view: View = {
        "type": "modal",
        "callback_id": callback,
        "title": _plain(title, 24),
        "close": _plain(close or ("Cancel" if submit else "Close"), 24),
        "blocks": list(blocks[:VIEW_BLOCKS]),
    }
    if submit:
        view["submit"] = _plain(submit, 24)
    if metadata:
        view["private_metadata"] = metadata
    return view


def home(*blocks: Block) -> View:
    """Make the App Home."""
    return {"type": "home", "blocks": list(blocks[:VIEW_BLOCKS])}


def text_of(blocks: Sequence[Block]) -> str:
    """Read *blocks* as text: everything they say except what only the buttons say."""
    lines = [line for block in blocks for line in _lines_of(block)]
    return "\n".join(lines) or " "


def _lines_of(block: Block) -> list[str]:
    if block["type"] in {"header", "section"}:
        text = block["text"]["text"]
        return [escaped(text) if block["type"] == "header" else text]
    if block["type"] == "context":
        return [element["text"] for element in block["elements"]]
    return []


def _options(options: Sequence[tuple[str, str]]) -> list[Block]:
    return [{"text": _plain(shown, 75), "value": value} for value, shown in options]


def _several(
    kind: str, block: str, options: Sequence[tuple[str, str]], initial: Sequence[str]
) -> Block:
    made = _options(options)
    element: Block = {"type": kind, "action_id": block, "options": made}
    chosen = [option for option in made if option["value"] in initial]
    if chosen:
        element["initial_options"] = chosen
    return element


def _input(block: str, label: str, element: Block, hint: str, *, optional: bool) -> Block:
    made: Block = {
        "type": "input",
        "block_id": block,
        "label": _plain(label, 2000),
        "element": element,
        "optional": optional,
    }
    if hint:
        made["hint"] = _plain(hint, 2000)
    return made


def _plain(text: str, limit: int) -> Block:
    return {"type": "plain_text", "text": shortened(plain(text), limit) or "–", "emoji": False}


def _mrkdwn(text: str) -> Block:
    return {"type": "mrkdwn", "text": _cut(text, TEXT_LIMIT) or "–", "verbatim": True}


def _cut(text: str, limit: int) -> str:
    # Cut after a line or, where the first is too long already, after a piece of it: never inside an
    # escape, a link or a date.
    if 2 * len(text) <= limit or width(text) <= limit:
        return text
    for parted in (_lines, _PIECE.findall):
        pieces, kept, room = parted(text), 0, limit - 2
        while (room := room - width(pieces[kept])) >= 0:
            kept += 1
        if kept:
            break
    return "".join(pieces[:kept]).rstrip("\n") + ("\n…" if pieces[0].endswith("\n") else "…")


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)

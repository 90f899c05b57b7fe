"""Which blocks may stand where, and what must hold over all blocks of one message or view."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Literal

from bot.workspace.checks.blocks import CLASSIC
from bot.workspace.checks.newer_blocks import NEWER
from bot.workspace.checks.rules import Complaints, Rule, complaint, items, kinds
from bot.workspace.checks.tables import written

Surface = Literal["message", "home", "modal"]
Block = Mapping[str, Any]
Placed = tuple[Block, str]

FLAT = ("actions", "context", "divider", "header", "image", "input", "section")
EVERYWHERE = (*FLAT, "card", "rich_text", "video")
ROOMY = ("carousel", "container", "data_table", "data_visualization", "table")
ALLOWED: Mapping[Surface, tuple[str, ...]] = {
    "message": (*EVERYWHERE, *ROOMY, "context_actions", "file", "markdown", "plan", "task_card"),
    "home": (*EVERYWHERE, *ROOMY),
    "modal": (*EVERYWHERE, "alert"),
}
MOST: Mapping[Surface, int] = {"message": 50, "home": 100, "modal": 100}
LEAST: Mapping[Surface, int] = {"message": 0, "home": 1, "modal": 1}


def _rule(surface: Surface) -> Rule:
    every = {**CLASSIC, **NEWER}
    here = kinds({name: every[name] for name in ALLOWED[surface]})
    return items(here, MOST[surface], least=LEAST[surface])


EACH: Mapping[Surface, Rule] = {surface: _rule(surface) for surface in ALLOWED}

TABLE_CHARACTERS = 10_000
CHARTS_PER_MESSAGE = 2


def complaints_about(blocks: Any, at: str, surface: Surface) -> Complaints:
    """Say all that is wrong with the *blocks* of one message or view.

    What concerns several blocks is looked at only once every single block is right.
    """
    found = list(EACH[surface](blocks, at))
    yield from found
    if not found:
        for across in ACROSS:
            yield from across(blocks, at, surface)


def placed(blocks: list[Block], at: str) -> Iterator[Placed]:
    """Walk the blocks and the blocks inside them, each with its JSON pointer."""
    for index, block in enumerate(blocks):
        where = f"{at}/{index}"
        yield block, where
        inner = {"carousel": "elements", "container": "child_blocks", "plan": "tasks"}
        if (listed := inner.get(block["type"])) and listed in block:
            yield from placed(block[listed], f"{where}/{listed}")


def _block_ids_differ(blocks: list[Block], at: str, _: Surface) -> Complaints:
    seen = set()
    for block, where in placed(blocks, at):
        own = block.get("block_id")
        if own is not None and own in seen:
            yield complaint(f"`block_id` {own} already exists", f"{where}/block_id")
        seen.add(own)


def _tables_are_not_too_long(blocks: list[Block], at: str, _: Surface) -> Complaints:
    tables = [block["rows"] for block, _where in placed(blocks, at) if block["type"] == "table"]
    if written(tables) > TABLE_CHARACTERS:
        yield complaint(f"tables must hold less than {TABLE_CHARACTERS + 1} characters", at)


def _charts_are_few(blocks: list[Block], at: str, surface: Surface) -> Complaints:
    charts = [block for block in blocks if block["type"] == "data_visualization"]
    if surface == "message" and len(charts) > CHARTS_PER_MESSAGE:
        yield complaint(f"no more than {CHARTS_PER_MESSAGE} data_visualization blocks allowed", at)


def _one_element_takes_the_focus(blocks: list[Block], at: str, _: Surface) -> Complaints:
    focused = [
        f"{where}/{field}"
        for block, where in placed(blocks, at)
        for field, element in _elements(block)
        if element.get("focus_on_load")
    ]
    for where in focused[1:]:
        yield complaint("only one element may have `focus_on_load`", where)


def _elements(block: Block) -> Iterator[tuple[str, Block]]:
    for name in ("element", "accessory"):
        if name in block:
            yield name, block[name]
    if block["type"] == "actions":
        for index, element in enumerate(block["elements"]):
            yield f"elements/{index}", element


def _only_modals_take_files_and_answers(
    blocks: list[Block], at: str, surface: Surface
) -> Complaints:
    for index, block in enumerate(blocks):
        element = block["element"] if block["type"] == "input" and surface != "modal" else {}
        where = f"{at}/{index}/element"
        if element.get("type") == "file_input":
            yield complaint("unsupported type: file_input outside modals", f"{where}/type")
        if element.get("response_url_enabled"):
            words = "`response_url_enabled` works in modals only"
            yield complaint(words, f"{where}/response_url_enabled")


Across = Callable[[list[Block], str, Surface], Complaints]
ACROSS: tuple[Across, ...] = (
    _block_ids_differ,
    _tables_are_not_too_long,
    _charts_are_few,
    _one_element_takes_the_focus,
    _only_modals_take_files_and_answers,
)

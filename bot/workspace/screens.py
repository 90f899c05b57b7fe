"""What stands in front of people: making views, and the stack of modals, three deep."""

from __future__ import annotations

from typing import Any

from bot.workspace import elements
from bot.workspace.checks import Refused
from bot.workspace.views import View
from bot.workspace.world import World

Json = dict[str, Any]
STACK = 3


def named(world: World, content: Json) -> Json:
    """Copy a view's content with every block and element named."""
    return {
        **content,
        "blocks": elements.with_ids(content["blocks"], lambda: world.fresh("b")),
    }


def new_view(world: World, user: str, content: Json, place: str | None) -> View:
    """Make a view, the first of its stack."""
    name = world.fresh("V")
    view = View(name, user, named(world, content), world.new_hash(), root_id=name, place=place)
    if place is not None:
        _fill_in_place(view, place)
    return view


def _fill_in_place(view: View, place: str) -> None:
    for block, element in elements.standing(view.blocks):
        if element.get("default_to_current_conversation", False):
            chosen = elements.entered(element, [place] if _takes_several(element) else place)
            kept = {"type": element["type"], elements.KEPT[element["type"]]: chosen}
            view.entered.setdefault(block["block_id"], {})[element["action_id"]] = kept


def _takes_several(element: Json) -> bool:
    return elements.KEPT[element["type"]] in elements.SEVERAL


def push_onto(world: World, user: str, content: Json) -> View:
    """Put a modal on top of somebody's stack; raises Refused where there is none or it is full."""
    stack = world.modals.get(user, [])
    if not stack:
        raise Refused("not_found")
    if len(stack) >= STACK:
        raise Refused("push_limit_reached")
    view = new_view(world, user, content, stack[-1].place)
    view.root_id = stack[0].id
    view.previous_id = stack[-1].id
    stack.append(view)
    world.touch()
    return view

"""The view methods: modals opened, pushed and changed, Homes published."""

from __future__ import annotations

from bot.workspace.checks import Refused
from bot.workspace.methods.call import Call, Json, Method
from bot.workspace.screens import named, new_view, push_onto
from bot.workspace.views import View


def open_view(call: Call) -> Json:
    """Open a modal for whoever just acted; a stack of modals that is open gives way to it."""
    _check_external_id(call, None)
    trigger = call.world.tickets.redeem_trigger(_trigger(call))
    view = new_view(call.world, trigger.user, call.args["view"], trigger.place)
    call.world.modals[trigger.user] = [view]
    call.world.touch()
    return _told(call, view)


def push(call: Call) -> Json:
    """Put a modal on top of the one that is open, three deep at most."""
    _check_external_id(call, None)
    trigger = call.world.tickets.redeem_trigger(_trigger(call))
    return _told(call, push_onto(call.world, trigger.user, call.args["view"]))


def update(call: Call) -> Json:
    """Show something else in a modal that is open, unless it has changed meanwhile."""
    view = _known(call)
    if view.type != "modal":
        raise Refused("not_found")
    _check_hash(call, view)
    _check_external_id(call, view)
    view.replace(named(call.world, call.args["view"]), call.world.new_hash())
    call.world.touch()
    return _told(call, view)


def publish(call: Call) -> Json:
    """Show somebody their Home."""
    user = call.world.person(call.text("user_id"))
    if not call.app.has_home:
        raise Refused("not_enabled")
    view = call.world.homes.get(user.id)
    _check_hash(call, view)
    _check_external_id(call, view)
    if view is None:
        view = call.world.homes[user.id] = new_view(call.world, user.id, call.args["view"], None)
    else:
        view.replace(named(call.world, call.args["view"]), call.world.new_hash())
    call.world.touch()
    return _told(call, view)


def _trigger(call: Call) -> str:
    return call.text("trigger_id") or call.text("interactivity_pointer")


def _known(call: Call) -> View:
    if "view_id" in call.args:
        return call.world.view(call.text("view_id"))
    wanted = call.text("external_id")
    for view in call.world.open_views():
        if view.content.get("external_id") == wanted:
            return view
    raise Refused("not_found")


def _check_hash(call: Call, view: View | None) -> None:
    if "hash" in call.args and (view is None or call.text("hash") != view.hash):
        raise Refused("hash_conflict")


def _check_external_id(call: Call, own: View | None) -> None:
    wanted = call.args["view"].get("external_id")
    taken = [view for view in call.world.open_views() if view.content.get("external_id") == wanted]
    if wanted and any(view is not own for view in taken):
        raise Refused("duplicate_external_id")


def _told(call: Call, view: View) -> Json:
    return {"view": view.payload(call.app)}


METHODS: dict[str, Method] = {
    "views.open": open_view,
    "views.push": push,
    "views.update": update,
    "views.publish": publish,
}

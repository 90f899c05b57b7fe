"""The table of contents: every room, and what is found where."""

from collections.abc import Mapping

from commands import actions, briefings, coalition, groups, home, initiatives, members, resources
from commands.routes import Handler, Routes

FEATURES: tuple[Routes, ...] = (
    briefings.ROUTES,
    groups.ROUTES,
    resources.ROUTES,
    actions.ROUTES,
    initiatives.ROUTES,
    coalition.ROUTES,
    home.ROUTES,
    members.ROUTES,
)

COMMANDS: Mapping[str, Routes] = {room.command: room for room in FEATURES if room.command}
BUTTONS: Mapping[str, Handler] = {k: v for room in FEATURES for k, v in room.buttons.items()}
FORMS: Mapping[str, Handler] = {k: v for room in FEATURES for k, v in room.forms.items()}
EVENTS: Mapping[str, Handler] = {k: v for room in FEATURES for k, v in room.events.items()}

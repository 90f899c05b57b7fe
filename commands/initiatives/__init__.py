"""Initiatives: how common efforts stand, and saying what moved."""

from commands.cards import SHOWN_BY
from commands.initiatives import handlers, views
from commands.routes import Routes, Word

ROUTES = Routes(
    room="initiatives",
    command="/initiatives",
    description="How common efforts stand, and saying what moved",
    words=(
        Word(
            "active", handlers.active, "what is under way, most urgent first", "/initiatives active"
        ),
        Word("show", handlers.show, "one in full, by number or title", "/initiatives show I3"),
        Word("update", handlers.update, "say what moved, in a form", "/initiatives update I3"),
    ),
    buttons={
        SHOWN_BY["I"]: handlers.show,
        views.UPDATE: handlers.update,
        views.TAKE_OVER: handlers.take_over,
        views.MORE_ACTIVE: handlers.active,
        views.POST_HERE: handlers.post_here,
    },
    forms={views.SAVE: handlers.save},
)

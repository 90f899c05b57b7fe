"""Working groups: which there are, who sits in them, and joining and leaving."""

from commands.cards import SHOWN_BY
from commands.groups import handlers, views
from commands.routes import Routes, Word

ROUTES = Routes(
    room="groups",
    command="/groups",
    description="Working groups: yours, all of them, joining and leaving",
    words=(
        Word("mine", handlers.mine, "those you sit in", "/groups mine"),
        Word("all", handlers.every, "every group you can see", "/groups all"),
        Word("show", handlers.show, "one in full, by number or title", "/groups show G4"),
        Word("join", handlers.join, "take a seat for your organisation", "/groups join G4"),
        Word("leave", handlers.leave, "give up your seat", "/groups leave G4"),
    ),
    buttons={
        SHOWN_BY["G"]: handlers.show,
        views.MORE_MINE: handlers.mine,
        views.MORE_ALL: handlers.every,
        views.JOIN: handlers.join,
        views.LEAVE: handlers.leave,
    },
)

"""Action items: who does what by when."""

from commands.actions import handlers, views
from commands.cards import ACCEPT, DECLINE, DONE, SHOW_ACTION
from commands.routes import Routes, Word

ROUTES = Routes(
    room="actions",
    command="/actions",
    description="Your action items, and giving somebody something to do",
    words=(
        Word("mine", handlers.mine, "what you have to do, due soonest first", "/actions mine"),
        Word(
            "add",
            handlers.add,
            "note what you or somebody else will do, with a day if you like",
            "/actions add Ana to send the notes due 3 June",
        ),
        Word("done", handlers.done, "mark one as done, with a note", "/actions done A7 sent today"),
        Word("show", handlers.show, "one in full, by number or title", "/actions show A7"),
        Word("reopen", handlers.reopen, "take back that one is done", "/actions reopen A7"),
        Word("accept", handlers.accept, "take one proposed to you", "/actions accept A7"),
        Word(
            "decline",
            handlers.decline,
            "decline one proposed to you, with the reason",
            "/actions decline A7 not our field",
        ),
    ),
    buttons={
        SHOW_ACTION: handlers.show,
        DONE: handlers.done,
        ACCEPT: handlers.accept,
        DECLINE: handlers.decline,
        views.REOPEN: handlers.reopen,
        views.MORE_MINE: handlers.mine,
    },
)

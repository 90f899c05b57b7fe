"""Resources: what the library holds, new and found, and one of them in full."""

from commands.cards import SHOWN_BY
from commands.resources import handlers, views
from commands.routes import Routes, Word

ROUTES = Routes(
    room="resources",
    command="/resources",
    description="Papers, guides and recordings: what is new, and finding one",
    words=(
        Word("new", handlers.new, "what was added, newest first", "/resources new"),
        Word(
            "search",
            handlers.search,
            "find by words; narrow with type:, topic: and level:",
            "/resources search reporting type:guide topic:law-enforcement",
        ),
        Word("show", handlers.show, "one in full, by number or title", "/resources show R20"),
    ),
    buttons={
        SHOWN_BY["R"]: handlers.show,
        views.MORE_NEW: handlers.new,
        views.MORE_FOUND: handlers.search,
        views.POST_HERE: handlers.post_here,
    },
)

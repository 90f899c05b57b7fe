"""People and whom they speak for: linking them, confirming it, and what happens when they leave."""

from commands.members import handlers, views
from commands.routes import Routes, Word

ROUTES = Routes(
    room="members",
    command="/members",
    description="Whom the bot takes you for; for the secretariat, linking people and leavers",
    words=(
        Word("me", handlers.me, "whom the bot takes you for", "/members me"),
        Word("waiting", handlers.waiting, "whom staff have yet to link", "/members waiting"),
        Word(
            "link",
            handlers.link,
            "say for whom somebody speaks, and confirm it (staff)",
            "/members link @Ana Adobe",
        ),
        Word(
            "role",
            handlers.role,
            "make somebody staff, admin, member or external (staff)",
            "/members role @Ana external",
        ),
        Word(
            "unlink",
            handlers.unlink,
            "say that somebody speaks for nobody (staff)",
            "/members unlink @Ana",
        ),
        Word(
            "merge",
            handlers.merge,
            "say that somebody without Slack has come to it (staff)",
            '/members merge "Ana Example" at Hotline with @Ana',
        ),
        Word(
            "offboard",
            handlers.offboard,
            "end what somebody, or a whole organisation, holds, or hand it on (staff)",
            "/members offboard @Ana to @Bo",
        ),
    ),
    buttons={
        views.LINK: handlers.confirm,
        views.CHANGE: handlers.change,
        views.OFFBOARD: handlers.carry_out,
        views.MORE_WAITING: handlers.waiting,
    },
    events={"team_join": handlers.joined, "user_change": handlers.noted},
)

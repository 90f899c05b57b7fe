"""The coalition as a whole: help, and the digest whenever somebody asks for it."""

from commands.cards import SETTINGS
from commands.coalition import handlers, order_form, posts, settings_form, timetable, views
from commands.routes import Routes, Word

ROUTES = Routes(
    room="coalition",
    command="/coalition",
    description="Help, and how the coalition's work moves on",
    words=(
        Word(
            "help",
            handlers.helped,
            "what you can say, or the lines about one word",
            "/coalition help rsvp",
        ),
        Word(
            "digest",
            handlers.digest,
            "what moved in the last seven days; weekly, weekdays or daily by direct message, "
            "preview; here and status for channels (staff and chairs)",
            "/coalition digest",
        ),
        Word(
            "settings",
            handlers.settings,
            "what the bot tells you and when: your digest, what to mute, leave, quiet hours",
            "/coalition settings",
        ),
        Word(
            "share",
            handlers.share,
            "change whom something is shown to: narrower by who keeps it, wider by the secretariat",
            "/coalition share E12 with members",
        ),
        Word(
            "redact",
            handlers.redact,
            "remove an item's words, and what the bot posted of them (staff)",
            "/coalition redact E12",
        ),
        Word(
            "messages",
            handlers.messages,
            "what the bot could not send and why, and what is in doubt (staff)",
            "/coalition messages",
        ),
        Word(
            "privacy",
            handlers.privacy,
            "what the bot holds about you; get it, or have it deleted",
            "/coalition privacy",
        ),
        Word(
            "about", handlers.about, "what this bot is, and what it never takes", "/coalition about"
        ),
    ),
    buttons={
        views.CONFIRM_SHARE: handlers.confirm,
        views.REDACT: handlers.carry_out,
        views.MY_DATA: handlers.my_data,
        views.DELETE_ME: handlers.delete_me,
        views.ERASE: handlers.erase,
        SETTINGS: handlers.settings,
        timetable.PREVIEW: handlers.preview,
        timetable.SEND_NOW: handlers.send_now,
        timetable.PAUSE: handlers.pause,
        timetable.RESUME: handlers.resume,
        timetable.HERE: handlers.here,
        timetable.CHANGE: handlers.change,
        timetable.CALL_OFF: handlers.call_off,
        posts.ARRIVED: handlers.arrived,
        posts.SEND_AGAIN: handlers.send_again,
        posts.MORE_MESSAGES: handlers.messages,
    },
    forms={order_form.SAVE: handlers.order, settings_form.SAVE: handlers.save_settings},
    events={"app_uninstalled": handlers.removed},
)

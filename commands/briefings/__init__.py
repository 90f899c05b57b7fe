"""Briefings: what is coming, what one may know of it, and answering it."""

from commands.briefings import (
    aftermath,
    checkin_form,
    handlers,
    roster,
    subscribing,
    turnout,
    views,
)
from commands.cards import ANSWERS, SHOW_BRIEFING
from commands.routes import Routes, Word

ROUTES = Routes(
    room="briefings",
    command="/briefings",
    description="Upcoming briefings, and your answers to them",
    words=(
        Word("upcoming", handlers.upcoming, "what is coming, soonest first", "/briefings upcoming"),
        Word("next", handlers.soonest, "the next one, in full", "/briefings next"),
        Word("show", handlers.show, "one in full, by number or title", "/briefings show E12"),
        Word(
            "rsvp",
            handlers.rsvp,
            "answer yes, maybe or no, with a note if you like",
            "/briefings rsvp E12 yes arriving late",
        ),
        Word("mine", handlers.mine, "those you said yes or maybe to", "/briefings mine"),
        Word("ics", handlers.ics, "a file for your calendar", "/briefings ics E12"),
        Word("feed", handlers.feed, "an address for your calendar", "/briefings feed"),
        Word("past", handlers.past, "those that took place, newest first", "/briefings past"),
        Word("who", handlers.who, "who comes, by organisation", "/briefings who E12"),
        Word(
            "missing",
            handlers.missing,
            "which member companies send nobody (staff)",
            "/briefings missing E12",
        ),
        Word(
            "checkin",
            aftermath.check_in,
            "note who came (staff)",
            "/briefings checkin E12",
        ),
        Word(
            "came",
            aftermath.came,
            "the same by name (staff)",
            "/briefings came E12 @Ana @Ben",
        ),
        Word(
            "attendance",
            aftermath.attendance,
            "who came, who did not (staff)",
            "/briefings attendance E12",
        ),
        Word(
            "recap",
            aftermath.recap,
            "who took part, to publish (staff)",
            "/briefings recap E12",
        ),
        Word(
            "recording",
            aftermath.recording,
            "link its recording (staff, chairs)",
            "/briefings recording E12 https://example.org/notes",
        ),
    ),
    buttons={
        **dict.fromkeys(ANSWERS, handlers.answer),
        SHOW_BRIEFING: handlers.show,
        views.MORE_UPCOMING: handlers.upcoming,
        views.MORE_MINE: handlers.mine,
        views.MORE_PAST: handlers.past,
        views.WHO: handlers.who,
        views.ICS: handlers.ics,
        subscribing.MAKE: handlers.make_feed,
        subscribing.STOP: handlers.stop_feed,
        views.POST_HERE: handlers.post_here,
        checkin_form.CHECK_IN: aftermath.check_in,
        roster.ATTENDANCE: aftermath.attendance,
        turnout.FILE: aftermath.attendance_file,
    },
    forms={checkin_form.SAVE: aftermath.save_checkin},
)

"""Briefings: what is coming, what one may know of it, and answering it."""

from commands.briefings import (
    authoring,
    calling_off,
    handlers,
    offers,
    read_back,
    seating,
    subscribing,
    terms_form,
    views,
    what_form,
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
        Word(
            "send",
            seating.send,
            "ask a colleague to take your seat",
            "/briefings send @Ana E12",
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
            "record",
            seating.record,
            "answer for somebody, who is told (staff)",
            "/briefings record @Ana E12 yes",
        ),
        Word(
            "create", authoring.create, "write a new one (staff, and chairs)", "/briefings create"
        ),
        Word("edit", authoring.edit, "change one (staff, and chairs)", "/briefings edit E12"),
        Word("copy", authoring.copy, "write one like another", "/briefings copy E12"),
        Word("drafts", authoring.drafts, "those not published yet", "/briefings drafts"),
        Word(
            "publish",
            authoring.look_over,
            "read a draft back, and publish it",
            "/briefings publish E12",
        ),
        Word(
            "repeat",
            authoring.repeat,
            "make more of one: weekly, fortnightly or monthly",
            "/briefings repeat E12 weekly 6",
        ),
        Word("cancel", authoring.foresee, "call one off", "/briefings cancel E12"),
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
        offers.TAKE_SEAT: seating.take_seat,
        offers.PASS_SEAT: seating.pass_seat,
        views.POST_HERE: handlers.post_here,
        read_back.EDIT: authoring.edit,
        read_back.COPY: authoring.copy,
        read_back.READ_BACK: authoring.look_over,
        read_back.MORE_DRAFTS: authoring.drafts,
        read_back.FORESEE: authoring.foresee,
        **dict.fromkeys(calling_off.REACHES, authoring.cancel),
        calling_off.RESTORE: authoring.restore,
    },
    forms={
        what_form.SAVE: authoring.save_what,
        terms_form.SAVE: authoring.save_terms,
        read_back.PUBLISH: authoring.publish,
    },
)

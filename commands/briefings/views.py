"""What people see of briefings."""

from dataclasses import dataclass
from datetime import datetime

from commands import asking, blocks, cards, notices, placing
from commands.blocks import Block, Message
from commands.briefings import approving, offers, programme, read_back, swapping, undoing
from commands.briefings.roster import ORGANISATIONS_SHOWN
from commands.cards import seats, where
from commands.words import count, day, link, listed, said, spelled, when
from storage import calendars, questions
from storage.asker import Asker
from storage.briefings import Detail, Line
from storage.models import Briefing, Kind, Notice, Place, Precision, Standing, State
from storage.pages import Page
from storage.rsvps import Outcome

MORE_UPCOMING = "briefings.more_upcoming"
MORE_MINE = "briefings.more_mine"
MORE_PAST = "briefings.more_past"
MORE_FOUND = "briefings.more_found"
WORDS = (
    "Words of its title or city; a kind, such as webinar; online, hybrid; seats, if one is free."
)
WHO = "briefings.who"
ICS = "briefings.ics"
POST_HERE = "briefings.post_here"
MARKS = {State.CANCELLED: "CANCELLED · ", State.DRAFT: "DRAFT · "}


@dataclass(frozen=True)
class Before:
    """How a briefing was when somebody last heard of it."""

    starts_at: datetime
    ends_at: datetime
    precision: Precision
    state: State


def upcoming(page: Page[Line], zone: str, now: datetime) -> Message:
    """Draw what is coming."""
    return (
        _list("Upcoming briefings", page, zone, now, MORE_UPCOMING)
        if page.rows
        else nothing_coming()
    )


def mine(page: Page[Line], zone: str, now: datetime) -> Message:
    """Draw what the reader said yes or maybe to."""
    if not page.rows:
        return blocks.message(
            blocks.section(
                "You have not said yes or maybe to anything that is still to come. "
                "See what is coming with `/briefings`."
            )
        )
    return _list("Your briefings", page, zone, now, MORE_MINE)


def past(page: Page[Line], zone: str, now: datetime) -> Message:
    """Draw what took place."""
    if not page.rows:
        return blocks.message(blocks.section("Nothing that you can see has taken place yet."))
    return _list("Past briefings", page, zone, now, MORE_PAST)


def found(page: Page[Line], asked: str, zone: str, now: datetime) -> Message:
    """Draw what a search for *asked* found."""
    if not page.rows:
        tip = "Try fewer words, or see what is coming with `/briefings`."
        return blocks.message(
            blocks.section(f"Nothing you can see fits «{said(asked)}». {tip}"),
            blocks.context(WORDS),
        )
    rows = [block for line in page.rows for block in cards.briefing(line, zone, now)]
    turning = cards.pages(page, MORE_FOUND, "briefing")
    for block in turning:
        # The next page is one of the same search, so its button carries what was looked for.
        for turn in block["elements"] if block["type"] == "actions" else ():
            turn["value"] = f"{turn['value']} {asked}"
    return blocks.message(blocks.header(f"Briefings for «{asked}»"), *rows, *turning)


def nothing_coming() -> Message:
    """Say that nothing is planned that the reader may see."""
    return blocks.message(
        blocks.section(
            "No briefing you can see is planned yet. New ones appear here when published."
        )
    )


def detail(shown: Detail, asker: Asker, now: datetime, channel: str = "") -> Message:
    """Draw one briefing in full; the join link only for who is going, the recording once there.

    *channel* is where it could be posted for all to read.
    """
    briefing = shown.briefing
    mark = MARKS.get(briefing.state, "")
    drawn: list[Block] = [
        blocks.header(f"{mark}E{briefing.id} {briefing.title}"),
        blocks.section(*_when_and_where(briefing, asker.zone), _people(shown, asker.zone, now)),
    ]
    if briefing.summary or briefing.agenda:
        points = [f"• {said(point)}" for point in briefing.agenda[:20]]
        drawn.append(blocks.section(said(briefing.summary, 1000), *points))
    links = [*_links(shown, now), *programme.named(shown)]
    if links:
        drawn.append(blocks.section(*links))
    label = cards.label(briefing.audience, briefing.tlp)
    drawn.append(blocks.context(label, *notices.of(briefing)))
    if cards.takes_answers(briefing, now):
        mine = shown.mine.standing if shown.mine else None
        asks = asking.button(briefing.id, questions.of(briefing.questions, shown.mine))
        drawn.append(cards.answers(briefing.id, cards.stands(briefing, mine, now), *asks))
    number, more = briefing.id, programme.opening(shown)
    if asker.is_linked and briefing.kind is not Kind.EXTERNAL:
        more.append(blocks.button("Who comes", WHO, number, about=f"Who comes to E{number}"))
    if briefing.ends_at > now:
        more += to_calendar(briefing)
    if more:
        drawn.append(blocks.actions(*more))
    drawn += placing.button(asker, briefing, POST_HERE, channel)
    drawn += read_back.buttons(briefing, asker, now)
    return blocks.message(*drawn)


def answered(outcome: Outcome, zone: str) -> Message:
    """Say what became of an answer, when and where it is, and how to change one's mind."""
    briefing = outcome.briefing
    holds = outcome.standing not in (Standing.DECLINED, Standing.ASKED)
    beside = to_calendar(briefing) if holds else []
    beside += [*swapping.button(outcome), *asking.button(briefing.id, outcome.asks)]
    beside += [*offers.for_later(outcome), *undoing.button(outcome)]
    return blocks.message(
        blocks.section(
            _became(outcome, zone),
            when(briefing.starts_at, zone, briefing.zone, briefing.precision),
            where(briefing.place, briefing.city),
            f"Your note: {said(outcome.note)}" if outcome.note else "",
            asking.told(briefing.id, outcome.asks, forgot=outcome.forgot),
        ),
        cards.answers(briefing.id, outcome.standing, *beside),
    )


def changed(shown: Detail, asker: Asker, was: Before, parts: frozenset[str]) -> list[Block]:
    """Tell what of it is not as the reader knew it; nothing where it *was* no different.

    *parts* are those that were changed: its time, place, link, or whether it takes place.
    """
    briefing = shown.briefing
    name = f"*E{briefing.id} {said(briefing.title, 150)}*"
    before = when(was.starts_at, asker.zone, briefing.zone, was.precision)
    calendar = to_calendar(briefing) if shown.is_mine else []
    if briefing.state is State.CANCELLED:
        if was.state is State.CANCELLED:
            return []
        off = f"{name} does not take place. It was to be: {before}."
        return [blocks.section(off), *([blocks.actions(*calendar)] if calendar else [])]
    at = when(briefing.starts_at, asker.zone, briefing.zone, briefing.precision)
    told = ["It takes place after all."] if was.state is State.CANCELLED else []
    if at != before:
        told += [f"Now: *{at}*", f"Before: {before}"]
    if briefing.ends_at - briefing.starts_at != was.ends_at - was.starts_at:
        told.append(f"It ends: {when(briefing.ends_at, asker.zone, briefing.zone)}")
    told += _moved(shown, parts)
    if not told:
        return []
    told += programme.named(shown)
    news = [blocks.section(f"{name} has changed.", *told)]
    if not shown.is_mine:
        return news
    asked = blocks.section("Your answer stands. Are you still coming?")
    return [*news, asked, cards.answers(briefing.id, None, *calendar)]


def to_calendar(briefing: Briefing) -> list[Block]:
    """Draw the button that takes it into a calendar, or off it; none where it has no day."""
    if briefing.precision in calendars.UNSET or briefing.state is State.DRAFT:
        return []
    if briefing.state is State.CANCELLED:
        about = f"Take E{briefing.id} off your calendar"
        return [blocks.button("Take off calendar", ICS, briefing.id, about=about)]
    about = f"Add E{briefing.id} to your calendar"
    return [blocks.button("Add to calendar", ICS, briefing.id, about=about)]


def on_its_way(briefing: Briefing) -> Message:
    """Say that the file for calendars comes."""
    return blocks.message(
        blocks.section(
            f"*E{briefing.id} {said(briefing.title, 150)}* comes by direct message, as a file for "
            "your calendar."
        )
    )


def _moved(shown: Detail, parts: frozenset[str]) -> list[str]:
    briefing, told = shown.briefing, []
    if "place" in parts:
        venue = f"{said(briefing.venue, 120)} · " if briefing.venue else ""
        told.append(f"The place is now: {venue}{where(briefing.place, briefing.city)}")
    if "link" in parts and briefing.join_link and briefing.place is not Place.IN_PERSON:
        going = shown.mine is not None and shown.mine.standing is Standing.GOING
        told.append(
            f"The join link is now: {link(briefing.join_link)}"
            if going
            else "The join link is another. It is shown to those who are going."
        )
    return told


def _list(title: str, page: Page[Line], zone: str, now: datetime, more: str) -> Message:
    rows = [block for line in page.rows for block in cards.briefing(line, zone, now)]
    return blocks.message(blocks.header(title), *rows, *cards.pages(page, more, "briefing"))


def _when_and_where(briefing: Briefing, zone: str) -> list[str]:
    starts = when(briefing.starts_at, zone, briefing.zone, briefing.precision)
    place = " · ".join(
        part for part in (said(briefing.venue, 120), where(briefing.place, briefing.city)) if part
    )
    edition = f" · {said(briefing.edition, 80)} edition" if briefing.edition else ""
    series = f" · part of {said(briefing.series.title, 120)}" if briefing.series else ""
    return [starts, place, f"{spelled(briefing.kind).capitalize()}{edition}{series}"]


def _people(shown: Detail, zone: str, now: datetime) -> str:
    briefing = shown.briefing
    lines = []
    hosts = [said(briefing.host.name, 80)] if briefing.host else []
    hosts += [said(name, 80) for name in shown.co_hosts]
    if hosts:
        lines.append(f"{'Host' if len(hosts) == 1 else 'Hosts'}: {listed(hosts)}")
    if shown.speakers:
        lines.append(f"Speaking: {listed([said(name, 80) for name in shown.speakers])}")
    if shown.attended:
        lines.append(f"Took part: {_who_took_part(shown)}")
    if cards.takes_answers(briefing, now):
        maybe = f", {shown.maybe} maybe" if shown.maybe else ""
        lines.append(seats(briefing.capacity, briefing.taken, shown.waiting).capitalize() + maybe)
        lines += approving.how(shown)
    return "\n".join([*lines, *offers.own(shown, zone, now)])


def _who_took_part(shown: Detail) -> str:
    if Notice.CHATHAM_HOUSE in shown.briefing.notices:
        return count(len(shown.attended), "organisation")
    return listed([said(name, 80) for name in shown.attended], ORGANISATIONS_SHOWN)


def _links(shown: Detail, now: datetime) -> list[str]:
    briefing, links = shown.briefing, []
    going = shown.mine is not None and shown.mine.standing is Standing.GOING
    is_coming = briefing.state is not State.CANCELLED and briefing.ends_at > now
    if briefing.place is not Place.IN_PERSON and briefing.join_link and is_coming:
        links.append(
            f"Join: {link(briefing.join_link)}"
            if going
            else "The join link is shown to those who are going."
        )
    if briefing.recording_link:
        links.append(f"Recording: {link(briefing.recording_link)}")
    return links


def _became(outcome: Outcome, zone: str) -> str:
    name = f"*E{outcome.briefing.id} {said(outcome.briefing.title, 150)}*"
    already = (
        "" if outcome.changed else f" Nothing changed: you said so on {day(outcome.since, zone)}."
    )
    if outcome.company is not None:
        return (
            f"{name}: {said(f'{outcome.company}', 1000)}. You are on your company's waitlist, "
            f"number {outcome.position} of all who wait, and move up when one of these is "
            f"freed.{already}"
        )
    if outcome.standing is Standing.WAITLISTED:
        return (
            f"{name} is full ({count(outcome.briefing.capacity or 0, 'seat')}). You are number "
            f"{outcome.position} on the waitlist and move up when a seat is freed.{already}"
        )
    became = {
        Standing.GOING: f"You are going to {name}.",
        Standing.ASKED: approving.asked(name),
        Standing.MAYBE: f"You said maybe to {name}. Maybe holds no seat.",
        Standing.DECLINED: f"You are not going to {name}.",
    }
    return became[outcome.standing] + already

"""What runs for each word and button about briefings."""

from datetime import datetime

from commands import placing
from commands.briefings import outcomes as came_of
from commands.briefings import roster, subscribing, views
from commands.briefings.reading import read_rsvp, read_search
from commands.cards import ANSWERS
from commands.routes import Reply, Work
from commands.typing import called, page_asked, page_number, row_id
from storage import attendance, briefings, calendars, feeds, lookups, postings, rsvps
from storage import outcomes as noted
from storage.asker import Asker
from storage.models import folded


async def upcoming(
    work: Work, reply: Reply, actor: Asker, now: datetime, text: str, value: str
) -> None:
    """List what is coming."""
    page = await work(briefings.upcoming, page_asked(value, text))
    await reply(views.upcoming(page, actor.zone, now), replace=bool(value))


async def mine(
    work: Work, reply: Reply, actor: Asker, now: datetime, text: str, value: str
) -> None:
    """List what the person said yes or maybe to."""
    page = await work(briefings.mine, page_asked(value, text))
    await reply(views.mine(page, actor.zone, now), replace=bool(value))


async def past(
    work: Work, reply: Reply, actor: Asker, now: datetime, text: str, value: str
) -> None:
    """List what took place."""
    page = await work(briefings.past, page_asked(value, text))
    await reply(views.past(page, actor.zone, now), replace=bool(value))


async def soonest(work: Work, reply: Reply, actor: Asker, now: datetime, channel: str) -> None:
    """Show the next one."""
    found = await work(briefings.soonest)
    await reply(views.detail(found, actor, now, channel) if found else views.nothing_coming())


async def show(
    work: Work, reply: Reply, actor: Asker, now: datetime, channel: str, text: str, value: str
) -> None:
    """Show one in full."""
    found = await work(briefings.show, value or called(text))
    await reply(views.detail(found, actor, now, channel))


async def rsvp(work: Work, reply: Reply, actor: Asker, text: str) -> None:
    """Answer by word."""
    called, answered, note = read_rsvp(text)
    outcome = await work(rsvps.answer_called, called, answered, note)
    await reply(views.answered(outcome, actor.zone))


async def answer(work: Work, reply: Reply, actor: Asker, action: str, value: str) -> None:
    """Answer by button."""
    outcome = await work(rsvps.answer, row_id(value), ANSWERS[action])
    await reply(views.answered(outcome, actor.zone))


async def who(work: Work, reply: Reply, actor: Asker, text: str, value: str) -> None:
    """Say who comes."""
    await reply(roster.who(await work(attendance.who, value or called(text)), actor))


async def missing(work: Work, reply: Reply, text: str) -> None:
    """Say which member companies send nobody."""
    await reply(roster.missing(await work(attendance.missing, called(text))))


async def search(
    work: Work, reply: Reply, actor: Asker, now: datetime, text: str, value: str
) -> None:
    """Find some by words; a button that turns the page brings them along."""
    number, _, asked = value.partition(" ") if value else ("0", "", text)
    page = await work(lookups.find, read_search(asked), page_number(number))
    await reply(views.found(page, asked, actor.zone, now), replace=bool(value))


async def outcomes(work: Work, reply: Reply, actor: Asker, now: datetime, text: str) -> None:
    """Say what came of one."""
    await reply(came_of.drawn(await work(noted.of, called(text)), actor, now))


async def ics(work: Work, reply: Reply, text: str, value: str) -> None:
    """Hand one out for a calendar."""
    meant = f"E{row_id(value)}" if value else called(text)
    await reply(views.on_its_way(await work(calendars.ask, meant)))


async def feed(work: Work, reply: Reply, actor: Asker, text: str, address: str) -> None:
    """Say whether whoever asks, or everybody, has an address for their calendar."""
    if not address:
        await reply(subscribing.nowhere())
        return
    if folded(text) == feeds.PUBLIC:
        await reply(subscribing.published(await work(feeds.made_at, feeds.PUBLIC), actor))
        return
    await reply(subscribing.standing(await work(feeds.made_at), actor))


async def make_feed(work: Work, reply: Reply, actor: Asker, address: str, value: str) -> None:
    """Make one, and show it once."""
    if not address:
        await reply(subscribing.nowhere())
        return
    secret = await work(feeds.make, value)
    if value == feeds.PUBLIC:
        await reply(subscribing.made_public(address, secret), replace=True)
        return
    await reply(subscribing.made(address, secret, actor.groups), replace=True)


async def stop_feed(work: Work, reply: Reply, value: str) -> None:
    """Let it lead nowhere."""
    is_new = await work(feeds.stop, value)
    await reply(subscribing.stopped(is_new=is_new, is_own=value != feeds.PUBLIC), replace=True)


async def post_here(work: Work, reply: Reply, channel: str, value: str) -> None:
    """Post it where it was asked for."""
    await work(postings.ask, f"E{value}", channel)
    await reply(placing.on_its_way())

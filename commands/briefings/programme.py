"""What people see of a programme: its sessions by day, their own agenda, and news of it."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime

from commands import blocks, cards
from commands.blocks import Block, Message
from commands.words import count, hours, listed, said, span, when
from storage import picks
from storage.asker import Asker
from storage.briefings import Detail
from storage.models import Briefing, Precision, State, Talk
from storage.picks import Agenda, Line, Picked, Programme
from storage.talk_news import Change, Was

SHOW, MORE = "briefings.programme", "briefings.more_programme"
AGENDA, MORE_AGENDA = "briefings.agenda", "briefings.more_agenda"
ADD, DROP, DROP_MINE = "briefings.add_talk", "briefings.drop_talk", "briefings.drop_mine"
_NUMBERS = re.compile("[0-9]{1,9}( [0-9]{1,9}){0,2}")
CLASHES = 3
Choice = Callable[[Line], Block | None]


def numbers(value: str) -> tuple[int, int, int]:
    """Read the ids and the page in a button's value; 0 for each that is not there."""
    found = [int(each) for each in value.split()] if _NUMBERS.fullmatch(value) else []
    first, second, third = (*found, 0, 0, 0)[:3]
    return first, second, third


def named(shown: Detail) -> list[str]:
    """Say how many sessions it has, and where they stand; nothing where there are none."""
    many = count(shown.talks, "session")
    return [f"{many}: `/briefings programme E{shown.briefing.id}`"] if shown.talks else []


def opening(shown: Detail) -> list[Block]:
    """Draw the button that shows its sessions, where there are some."""
    return [_programme(shown.briefing)] if shown.talks else []


def drawn(shown: Programme, asker: Asker, now: datetime, picked: Picked | None = None) -> Message:
    """Draw a page of a programme, with what became of the session that was just *picked*."""
    briefing, page = shown.briefing, shown.page
    if not page.rows:
        return blocks.message(
            blocks.section(f"*E{briefing.id} {said(briefing.title, 150)}* has no sessions yet.")
        )

    def choice(one: Line) -> Block | None:
        value = f"{one.talk.id} {page.number}"
        if one.is_mine:
            return _button("Remove", DROP, value, one.talk)
        is_open = briefing.state is State.PUBLISHED and one.talk.ends_at > now
        return _button("Add to my agenda", ADD, value, one.talk) if is_open else None

    return blocks.message(
        blocks.header(f"Programme of E{briefing.id} {briefing.title}"),
        *_became(picked),
        *_by_day(page.rows, asker.zone, choice),
        *_turned(cards.pages(page, MORE, "session"), briefing.id),
        blocks.actions(_my_agenda(briefing)),
    )


def agenda(shown: Agenda, asker: Asker, picked: Picked | None = None) -> Message:
    """Draw a page of what the reader chose."""
    briefing, page = shown.briefing, shown.page
    number, called = (briefing.id, f"E{briefing.id}") if briefing else (0, "E12")
    if not page.rows:
        whose = f" at *{called} {said(briefing.title, 150)}*" if briefing else " to come"
        none = f"There is no session{whose} on your agenda."
        see = f"Choose some: `/briefings programme {called}`"
        return blocks.message(*_became(picked), blocks.section(none, see))

    def choice(one: Line) -> Block:
        return _button("Remove", DROP_MINE, f"{one.talk.id} {number} {page.number}", one.talk)

    title, file = "", ""
    if briefing:
        title, file = f" at {called} {briefing.title}", f"`/briefings ics {called}`, or "
    return blocks.message(
        blocks.header(f"Your agenda{title}"),
        *_became(picked),
        *_by_day(page.rows, asker.zone, choice, is_named=not briefing),
        *_turned(cards.pages(page, MORE_AGENDA, "session"), number),
        blocks.context(f"In your calendar: {file}`/briefings feed`."),
    )


def news(
    briefing: Briefing,
    changes: Sequence[Change],
    clashes: Mapping[int, Sequence[Talk]],
    zone: str,
) -> Message:
    """Tell whoever chose some sessions, or speaks in some, what is not as they knew it.

    *clashes* are what else of their agenda is at the same time, by the sessions' ids.
    """
    left = len(changes) - picks.SIZE
    return blocks.message(
        blocks.section(
            f"What changed of your sessions at *E{briefing.id} {said(briefing.title, 150)}*:"
        ),
        *(
            blocks.section(*_changed(change, clashes.get(change.talk.id, ()), zone))
            for change in changes[: picks.SIZE]
        ),
        *([blocks.context(f"And of {count(left, 'session')} more.")] if left > 0 else []),
        blocks.actions(_my_agenda(briefing), _programme(briefing)),
    )


def _by_day(
    rows: Sequence[Line], zone: str, choice: Choice, *, is_named: bool = False
) -> Iterator[Block]:
    """Draw *rows* by the days of the reader's own calendar; *is_named* says of which briefing."""
    day = ""
    for one in rows:
        on = when(one.talk.starts_at, zone, precision=Precision.DAY)
        if on != day:
            yield blocks.section(f"*{on}*")
            day = on
        yield blocks.section(*_told(one, zone, is_named=is_named), accessory=choice(one))


def _told(one: Line, zone: str, *, is_named: bool) -> list[str]:
    talk, briefing = one.talk, one.talk.briefing
    off = "" if picks.takes_place(talk) else "CANCELLED · "
    speaks = talk.organisation.name if talk.organisation else ""
    facts = [
        hours(talk.starts_at, talk.ends_at, zone, briefing.zone),
        *(said(part, 80) for part in (talk.track, talk.room, speaks) if part),
        *([f"E{briefing.id} {said(briefing.title, 80)}"] if is_named else []),
    ]
    mine = f"*On your agenda*{_beside(one.clashes)}" if one.is_mine else ""
    return [f"*{off}{said(talk.title, 150)}*", " · ".join(facts), mine]


def _beside(others: Sequence[Talk]) -> str:
    named = listed([said(other.title, 100) for other in others], CLASHES)
    return f", at the same time as {named}" if others else ""


def _became(picked: Picked | None) -> list[Block]:
    if picked is None:
        return []
    title, mine = said(picked.line.talk.title, 150), picked.line.is_mine
    before = "" if picked.is_new else " Nothing changed: it was so already."
    where = "on" if mine else "off"
    beside = _beside(picked.line.clashes)
    return [blocks.context(f"«{title}» is {where} your agenda{beside}.{before}")]


def _changed(change: Change, beside: Sequence[Talk], zone: str) -> list[str]:
    talk, was, is_now = change.talk, change.was, change.now
    there, name = talk.briefing.zone, f"*{said(talk.title, 150)}*"
    speaks = "" if change.is_chosen else "Your organisation speaks in it."
    before = _when_and_where(was, zone, there)
    if not is_now.takes_place:
        return [f"{name} does not take place. It was to be: {before}", speaks]
    at = f"*{_when_and_where(is_now, zone, there)}*{_beside(beside)}"
    if not was.takes_place:
        return [f"{name} takes place after all.", f"It is: {at}", speaks]
    return [name, f"Now: {at}", f"Before: {before}", speaks]


def _when_and_where(was: Was, zone: str, there: str) -> str:
    room = f" · {said(was.room, 80)}" if was.room else ""
    return f"{span(was.starts_at, was.ends_at, zone, there)}{room}"


def _button(label: str, action: str, value: str, talk: Talk) -> Block:
    return blocks.button(label, action, value, about=f"{label}: {talk.title}")


def _my_agenda(briefing: Briefing) -> Block:
    number = briefing.id
    return blocks.button("My agenda", AGENDA, number, about=f"My agenda at E{number}")


def _programme(briefing: Briefing) -> Block:
    number = briefing.id
    return blocks.button("Programme", SHOW, number, about=f"Programme of E{number}")


def _turned(turning: Sequence[Block], number: int) -> Sequence[Block]:
    """Let the buttons to other pages say whose pages they are."""
    for block in turning:
        for turn in block["elements"] if block["type"] == "actions" else ():
            turn["value"] = f"{number} {turn['value']}"
    return turning

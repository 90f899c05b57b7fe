"""What staff see of those without Slack: how they stand, whom to tell, and a file to send on."""

from collections.abc import Sequence

from commands import blocks, cards
from commands.blocks import Block, Message
from commands.briefings.offers import became
from commands.words import count, listed, said, spelled, when, who
from storage import calendars
from storage.briefings import Detail
from storage.contacts import Contact
from storage.models import Briefing, Standing, State
from storage.recording import Recorded

HAND_OUT = "briefings.hand_out"
SHOWN = 20
NOT_TOLD = "They have no Slack, so it is for you to tell them."


def recorded(told: Recorded) -> Message:
    """Say to staff what became of the answer they recorded, and offer the file to send on."""
    briefing = told.outcome.briefing
    comes = told.answer is not None and told.outcome.standing is not Standing.DECLINED
    file = [_file(told.answer or 0, told.name, briefing)] if comes and _has_day(briefing) else []
    return blocks.message(became(told, NOT_TOLD), *([blocks.actions(*file)] if file else []))


def on_its_way(briefing: Briefing) -> Message:
    """Say that the file to send on comes."""
    name = f"*E{briefing.id} {said(briefing.title, 150)}*"
    return blocks.message(blocks.section(f"{name} comes by direct message, as a file to send on."))


def to_tell(contacts: Sequence[Contact], briefing: Briefing) -> list[Block]:
    """List whom the reader has to tell what is new, each with the file to send on."""
    if not contacts:
        return []
    drawn = [blocks.section("*They have no Slack, so tell them by other ways:*")]
    for one in contacts[:SHOWN]:
        file = _file(one.answer, one.name, briefing) if _has_day(briefing) else None
        stands = spelled(one.standing)
        drawn.append(blocks.section(f"{who(one.name, one.organisation)}, {stands}", accessory=file))
    rest = [said(one.name, 80) for one in contacts[SHOWN:]]
    return [*drawn, blocks.section(f"And {listed(rest, len(rest))}")] if rest else drawn


def seated(shown: Detail, contacts: Sequence[Contact], zone: str) -> Message:
    """Tell staff who without Slack has moved up from the waitlist."""
    briefing = shown.briefing
    have = "has a seat" if len(contacts) == 1 else "have seats"
    people = listed([who(one.name, one.organisation) for one in contacts], SHOWN)
    return blocks.message(
        blocks.section(
            f"{people} {have} now at *E{briefing.id} {said(briefing.title, 150)}*.",
            when(briefing.starts_at, zone, briefing.zone, briefing.precision),
            cards.where(briefing.place, briefing.city),
        ),
        *to_tell(contacts, briefing),
    )


def unreached(number: int) -> list[str]:
    """Say that some hear of it from the secretariat alone; nothing where there are none."""
    if not number:
        return []
    people = count(number, "person", "people")
    return [f"Besides, {people} without Slack: who recorded their answers is told to tell them."]


def _file(answer: int, name: str, briefing: Briefing) -> Block:
    about = f"File of E{briefing.id} for {name}, to send on"
    return blocks.button("File to send on", HAND_OUT, answer, about=about)


def _has_day(briefing: Briefing) -> bool:
    return briefing.precision not in calendars.UNSET and briefing.state is not State.DRAFT

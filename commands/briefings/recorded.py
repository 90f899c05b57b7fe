"""What people see of a recording, or of notes, that were added to a briefing."""

from commands import blocks, words
from commands.blocks import Message
from commands.words import count, said, when
from storage.models import Briefing, Rsvp
from storage.recordings import Added


def news(briefing: Briefing, link: str, mine: Rsvp | None) -> Message:
    """Tell that it is there, and why the reader hears of it."""
    came = mine is not None and mine.came is True
    name = f"*E{briefing.id} {said(briefing.title, 150)}*"
    why = "you came" if came else "you had said that you would come, or may"
    return blocks.message(
        blocks.section(f"Recording or notes of {name}: {words.link(link)}"),
        blocks.context(f"You get this because {why}. To hear of none: `/coalition settings`"),
    )


def added(outcome: Added, zone: str) -> Message:
    """Say what became of a link, and who hears of it."""
    briefing = outcome.briefing
    name = f"*E{briefing.id} {said(briefing.title, 150)}*"
    address = words.link(briefing.recording_link or "")
    if not outcome.changed:
        return blocks.message(blocks.section(f"{name} has that link already. Nothing changed."))
    if not outcome.told and outcome.knowing:
        heard = "Nobody is told again: all who would hear of it were told already."
    elif not outcome.told:
        heard = "Nobody is told: nobody else who may see it came, or had said they would or may."
    else:
        hear = "hears" if outcome.told == 1 else "hear"
        people = count(outcome.told, "person", "people")
        heard = (
            f"{people} {hear} of it at {when(outcome.at, zone)}: whoever came, or had said that "
            "they would or may. Until then another link takes its place unheard."
        )
    return blocks.message(blocks.section(f"{name} links to: {address}", heard))

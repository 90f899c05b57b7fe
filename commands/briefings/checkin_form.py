"""The form by which staff note who came: how it looks, reading it, and what it made of it."""

from collections.abc import Mapping

from commands import blocks
from commands.blocks import Block, Message, View
from commands.typing import row_id
from commands.words import count, listed, plain, said, shortened, when
from storage.asker import Asker
from storage.checking_in import Guest, Last, Noted, Sheet
from storage.models import Briefing

SAVE, CHECK_IN = "briefings.save_checkin", "briefings.check_in"
BOX = 10  # as many as Slack takes in one field
FIELD = "came_"


def drawn(sheet: Sheet, asker: Asker) -> View:
    """Draw the form: who goes, by organisation, those checked of whom it is noted already."""
    briefing, guests = sheet.briefing, sheet.guests
    fields = []
    for first in range(0, len(guests), BOX):
        some = guests[first : first + BOX]
        part = f": {first + 1} to {first + len(some)} of {len(guests)}"
        fields.append(
            blocks.checks_input(
                f"{FIELD}{first // BOX}",
                f"Who came{part if len(guests) > BOX else ''}",
                [(str(guest.rsvp_id), _label(guest)) for guest in some],
                initial=[str(guest.rsvp_id) for guest in some if guest.came],
                optional=True,
            )
        )
    return blocks.modal(
        SAVE,
        "Check in",
        [
            blocks.section(
                f"*E{briefing.id} {said(briefing.title, 150)}*",
                "Check everybody who came. Whoever has a seat and is not checked is noted as not "
                "come, which the secretariat alone sees.",
                f"It can be changed until {when(sheet.until, asker.zone)}.",
                last_saved(sheet.last, asker),
            ),
            *fields,
            *([blocks.section(_left_out(sheet))] if sheet.left_out else []),
        ],
        submit="Save",
        # Nobody is noted as not come who was not on the form.
        metadata=" ".join(str(one) for one in (briefing.id, *(g.rsvp_id for g in guests))),
    )


def read(form: Mapping[str, str], metadata: str) -> tuple[int, list[int], set[int]]:
    """Read which briefing, which answers stood on the form, and which of them were checked."""
    briefing, *shown = [row_id(one) for one in metadata.split()] or [0]
    checked = {
        row_id(value)
        for field, values in form.items()
        if field.startswith(FIELD)
        for value in values.splitlines()
    }
    return briefing, shown, checked


def saved(noted: Noted) -> Message:
    """Say what was noted."""
    briefing = noted.briefing
    name = f"*E{briefing.id} {said(briefing.title, 150)}*"
    came = f"{count(noted.came, 'person', 'people')} came"
    missed = f", {noted.missed} did not" if noted.missed else ""
    told = []
    if noted.changed:
        told.append(f"Noted for {name}: {came}{missed}.")
    elif noted.came or noted.missed:
        told.append(f"Nothing changed for {name}: {came}{missed}, as was noted already.")
    if noted.unanswered:
        names = listed([said(one, 80) for one in noted.unanswered])
        told.append(f"Not noted, because they never answered: {names}.")
    told.append(f"All of it: `/briefings attendance E{briefing.id}`")
    return blocks.message(blocks.section(*told))


def opening(briefing: Briefing) -> Block:
    """Draw the button that opens the form."""
    return blocks.button("Check in", CHECK_IN, briefing.id, about=f"Check in at E{briefing.id}")


def last_saved(last: Last | None, asker: Asker) -> str:
    """Say who noted last who came; nothing where nobody has."""
    return f"Last noted by {said(last.name, 80)}, {when(last.at, asker.zone)}." if last else ""


def _label(guest: Guest) -> str:
    name = shortened(plain(guest.name), 40)
    return f"{name} ({guest.organisation})" if guest.organisation else name


def _left_out(sheet: Sheet) -> str:
    have = "person has" if sheet.left_out == 1 else "people have"
    return (
        f"{sheet.left_out} more {have} a seat and did not fit here. Name those of them who came: "
        f"`/briefings came E{sheet.briefing.id} @Ana @Ben`"
    )

"""What staff see of who came to a briefing, and the same as rows for a file."""

from collections.abc import Sequence
from itertools import groupby

from commands import blocks, spreadsheets
from commands.blocks import Block, Message
from commands.briefings.checkin_form import last_saved, opening
from commands.briefings.roster import ORGANISATIONS_SHOWN
from commands.words import count, listed, said, spelled, when
from storage import questions
from storage.asker import Asker
from storage.models import Briefing
from storage.turnouts import Line, Turnout

FILE = "briefings.attendance_file"
HEAD = ("organisation", "kind", "name", "answer", "came")
LABELS = {True: "Came", False: "Did not come", None: "Not noted"}
CAME = {True: "yes", False: "no", None: ""}


def drawn(turnout: Turnout, asker: Asker) -> Message:
    """Draw who came, who did not and of whom nothing is noted, by organisation."""
    briefing = turnout.briefing
    drawn: list[Block] = [
        blocks.header(f"Who came to E{briefing.id} {briefing.title}"),
        blocks.context(
            f"As of {when(turnout.as_of, asker.zone)}",
            *filter(None, [last_saved(turnout.last, asker)]),
            "For the secretariat alone: who did not come is told to nobody else.",
        ),
    ]
    for came, label in LABELS.items():
        lines = turnout.of(came)
        if lines:
            people = count(len(lines), "person", "people")
            drawn.append(blocks.section(f"*{label}: {people}*", *_organisations(lines)))
    if not turnout.lines:
        drawn.append(blocks.section("Nobody had a seat, and nobody is noted to have come."))
        return blocks.message(*drawn)
    number = briefing.id
    buttons = [opening(briefing)]
    if turnout.may_export:
        buttons.append(
            blocks.button("Send as a file", FILE, number, about=f"Who came to E{number}, as a file")
        )
    return blocks.message(*drawn, blocks.actions(*buttons))


def on_its_way(briefing: Briefing) -> Message:
    """Say that the file comes."""
    return blocks.message(
        blocks.section(
            f"Who came to *E{briefing.id} {said(briefing.title, 150)}* comes by direct message, as "
            "a file for spreadsheets."
        )
    )


def written(turnout: Turnout) -> bytes:
    """Write it as CSV, one person to a row, one question to a column."""
    asked = [questions.text(question) for question in turnout.briefing.questions]
    return spreadsheets.table(
        (*HEAD, *asked),
        (
            (
                line.organisation or "",
                spelled(line.kind) if line.kind else "",
                line.name,
                spelled(line.standing),
                CAME[line.came],
                *(line.particulars or [""] * len(asked)),
            )
            for line in turnout.lines
        ),
    )


def _organisations(lines: Sequence[Line]) -> list[str]:
    drawn = []
    for (organisation, kind), people in groupby(lines, lambda line: (line.organisation, line.kind)):
        names = [said(line.name, 80) for line in people]
        shown = f"{said(organisation, 80)} ({spelled(kind)}, {len(names)})" if kind else ""
        drawn.append(f"• {shown or f'No organisation ({len(names)})'}: {listed(names, 8)}")
    left = len(drawn) - ORGANISATIONS_SHOWN
    more = [f"• and {left} more organisations"] if left > 0 else []
    return drawn[:ORGANISATIONS_SHOWN] + more

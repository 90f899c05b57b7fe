"""To whoever asked for it: everything the bot holds about them, as two files."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime

from bot.digests.composing import Composed, File, Unneeded
from commands import blocks, spreadsheets
from storage import people, privacy
from storage.database import Session
from storage.deliveries import Claim
from storage.privacy import Part

HEAD = ("what", "entry", "field", "value")


def compose(session: Session, claimed: Claim, now: datetime) -> Composed | Unneeded:
    """Gather it as it is now, for nobody but the person it is about."""
    asker = people.asker_of(session, claimed.workspace, now, claimed.details["person"])
    if asker is None or asker.slack_user != claimed.recipient:
        return Unneeded("It is about somebody else, or they are not here any more.")
    told = privacy.told(session, asker)
    return Composed(
        blocks.message(
            blocks.section(
                "Everything the bot holds about you: a file for spreadsheets, and one for "
                "programs. Of items that you may not take away it gives the number alone."
            )
        ),
        files=(
            File("my-data.csv", spreadsheets.table(HEAD, _cells(told)), "Your data, as a table"),
            File("my-data.json", _json(told), "Your data, as JSON"),
        ),
    )


def _cells(told: Sequence[Part]) -> Iterable[Sequence[str]]:
    for part in told:
        for number, row in enumerate(part.rows, start=1):
            for field, value in row.items():
                yield part.what, str(number), field, "" if value is None else str(value)


def _json(told: Sequence[Part]) -> bytes:
    whole = {part.what: part.rows for part in told}
    return json.dumps(whole, ensure_ascii=False, indent=2).encode("utf-8")

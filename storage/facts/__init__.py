"""A coalition's facts file: checked as a whole, then loaded into the tables."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from storage import audit, people
from storage.asker import Asker
from storage.database import Session, writes
from storage.facts import checks, directory, efforts, events, groups, library, likeness
from storage.facts.books import Books
from storage.facts.checks import FactsError as FactsError
from storage.models import Workspace
from storage.scoping import lift

ONE = {"people": "person", "series": "series"}


@dataclass(frozen=True)
class Loaded:
    """What a load found in the file, by table, and how many rows it made and changed."""

    workspace: int
    counts: Mapping[str, int]
    added: int
    changed: int

    def __str__(self) -> str:
        """Say it as the object of «Loaded …»."""
        told = [
            f"{number} {table if number != 1 else ONE.get(table, table.removesuffix('s'))}"
            for table, number in self.counts.items()
        ]
        return f"{', '.join(told)}; {self.added} rows are new, {self.changed} have changed"


@writes
def load(session: Session, facts: Mapping[str, Any], team: str, now: datetime) -> Loaded:
    """Load *facts*, a file as TOML reads it, into the workspace of Slack team *team*.

    Content follows the file, while what people do stays: nothing is deleted, an answer or a given
    up seat is theirs, and a state (an action's, an event's, an initiative's health, somebody's
    role) follows the file only until it is changed in Slack. Rows are known again by title or
    name; what counts from *now* (`days`, `*_days_ago`) keeps the date it got at first.

    Raises FactsError with every fault of the file; then nothing is stored.
    """
    lift(session, "the file is the secretariat's own")
    checked = checks.checked(facts)
    books = Books(session, people.open_workspace(session, team, checked.name), team, now, checked)
    workspace = session.get_one(Workspace, books.workspace)
    workspace.name, workspace.zone = checked.name, checked.zone
    workspace.retention = dict(checked.retention)
    books.faults += likeness.faults_beside(session, books.workspace, checked.entries)
    for keep in (
        directory.keep_organisations,
        directory.keep_people,
        groups.keep_groups,
        events.keep_series,
        events.keep_briefings,
        efforts.keep_initiatives,
        library.keep_resources,
        efforts.keep_actions,
        groups.keep_digests,
    ):
        keep(books)
    if books.faults:
        raise FactsError(books.faults)
    session.flush()
    return _told(books)


def _told(books: Books) -> Loaded:
    # Channels are Slack's: the file only refers to them.
    entries = books.facts.entries.items()
    counts = {table: len(listed) for table, listed in entries if table != "channels"}
    added, changed = len(books.added), len(books.changed - books.added)
    if added or changed:
        audit.record(
            books.session,
            Asker(books.workspace),
            books.now,
            "load",
            f"workspace {books.workspace}",
            after={"added": added, "changed": changed},
        )
    return Loaded(books.workspace, counts, added, changed)

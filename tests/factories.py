"""Valid rows for tests: say what matters to the test, the rest is plausible."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from storage import people, resources, wall_time
from storage.asker import Asker
from storage.database import Database, writes
from storage.errors import Away
from storage.models import (
    ActionItem,
    Audience,
    Briefing,
    GroupSeat,
    Initiative,
    Kind,
    Milestone,
    Organisation,
    OrganisationKind,
    Person,
    Resource,
    ResourceKind,
    Role,
    Row,
    State,
    Talk,
    Tlp,
    WorkingGroup,
    Workspace,
)
from storage.scoping import lift

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
_numbers = count(1)
One = TypeVar("One")
Told = TypeVar("Told")


def at_once(threads: int, do: Callable[[One], Told], those: Iterable[One]) -> list[Told]:
    """Give what *do* says to each of *those*, in that many *threads*.

    Where the machine stalls for longer than anybody waits for a row, it is done once more, as
    people do who are told to.
    """

    def told(one: One) -> Told:
        try:
            return do(one)
        except Away as away:
            if str(away) != "LockNotAvailable":
                raise
            return do(one)

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(told, those))


class World:
    """One workspace in *database*, to be filled with what a test needs."""

    def __init__(self, database: Database, team: str = "T0CONVENE") -> None:
        self.database = database
        self.team = team
        self.id = self.add(Workspace(team=team, name="Coalition", zone="UTC")).id

    def add(self, row: Any) -> Any:
        """Store *row* in this workspace and give it back."""
        if hasattr(type(row), "workspace_id") and row.workspace_id is None:
            row.workspace_id = self.id
        return self.database.run(_stored, row)

    def organisation(
        self, name: str = "", kind: OrganisationKind = OrganisationKind.MEMBER, **given: Any
    ) -> Organisation:
        """Make an organisation."""
        name = name or f"Company {next(_numbers)}"
        made: Organisation = self.add(Organisation(name=name, kind=kind, **given))
        return made

    def person(self, name: str = "", role: Role = Role.MEMBER, **given: Any) -> Person:
        """Make a person; a linked one speaks for an organisation of their own."""
        number = next(_numbers)
        if "organisation_id" not in given and role in {Role.MEMBER, Role.EXTERNAL}:
            given["organisation_id"] = self.organisation().id
        values = {
            "slack_team": self.team,
            "slack_user": f"U0{number:04}",
            "zone": "Europe/Brussels",
            "linked_at": NOON if role is not Role.UNKNOWN else None,
            "met_at": NOON,
            **given,
        }
        made: Person = self.add(
            Person(
                name=name or f"Person {number}",
                role=role,
                **values,
            )
        )
        return made

    def asker(self, person: Person) -> Asker:
        """Resolve *person* as a request would."""
        found = self.database.run(people.asker, self.id, NOON, person.slack_team, person.slack_user)
        assert found is not None
        return found

    def member(self, name: str = "", **given: Any) -> Asker:
        """Make a member company's representative and give them as asker."""
        return self.asker(self.person(name, **given))

    def staff(self, name: str = "") -> Asker:
        """Make a member of the secretariat."""
        return self.asker(self.person(name, role=Role.STAFF))

    def external(self, name: str = "") -> Asker:
        """Make an outside stakeholder."""
        return self.asker(self.person(name, role=Role.EXTERNAL))

    def unknown(self, name: str = "") -> Asker:
        """Make somebody nobody has linked."""
        return self.asker(self.person(name, role=Role.UNKNOWN))

    def briefing(self, title: str = "", **given: Any) -> Briefing:
        """Make a published briefing for members, tomorrow for an hour."""
        values = {
            "kind": Kind.BRIEFING,
            "state": State.PUBLISHED,
            "starts_at": NOON + timedelta(days=1),
            "zone": "Europe/London",
            **given,
        }
        values.setdefault("ends_at", values["starts_at"] + timedelta(hours=1))
        made: Briefing = self.add(Briefing(title=title or f"Briefing {next(_numbers)}", **values))
        return made

    def talk(self, briefing: Briefing, title: str = "", **given: Any) -> Talk:
        """Make a session of *briefing*: its first half an hour."""
        starts_at = given.pop("starts_at", briefing.starts_at)
        ends_at = given.pop("ends_at", starts_at + timedelta(minutes=30))
        at = {"briefing_id": briefing.id, "starts_at": starts_at, "ends_at": ends_at}
        made: Talk = self.add(Talk(title=title or f"Session {next(_numbers)}", **at, **given))
        return made

    def group(
        self, title: str = "", *people: Person, chairs: tuple[Person, ...] = (), **given: Any
    ) -> WorkingGroup:
        """Make a working group in which *people* and *chairs* sit."""
        made: WorkingGroup = self.add(
            WorkingGroup(title=title or f"Group {next(_numbers)}", **given)
        )
        for person in (*people, *chairs):
            self.add(
                GroupSeat(
                    group_id=made.id,
                    person_id=person.id,
                    organisation_id=person.organisation_id,
                    is_chair=person in chairs,
                    joined_at=NOON,
                )
            )
        return made

    def action(self, owner: Asker, title: str = "", **given: Any) -> ActionItem:
        """Make an open item of *owner*, noted by themselves."""
        values = {
            "creator_id": owner.person,
            "organisation_id": owner.organisation,
            "created_at": NOON,
            **given,
        }
        if values.get("due_on"):
            values.setdefault("due_at", wall_time.end_of(values["due_on"], owner.zone))
        title = title or f"Item {next(_numbers)}"
        made: ActionItem = self.add(ActionItem(title=title, owner_id=owner.person, **values))
        return made

    def initiative(self, title: str = "", **given: Any) -> Initiative:
        """Make an initiative for members that moved just now."""
        values = {"moved_at": NOON, **given}
        made: Initiative = self.add(
            Initiative(title=title or f"Initiative {next(_numbers)}", **values)
        )
        return made

    def milestone(self, initiative: Initiative, title: str = "", **given: Any) -> Milestone:
        """Make a milestone of *initiative*, after those it has."""
        number = next(_numbers)
        values = {"position": number, **given}
        made: Milestone = self.add(
            Milestone(initiative_id=initiative.id, title=title or f"Milestone {number}", **values)
        )
        return made

    def resource(self, title: str = "", *, publisher: str = "", **given: Any) -> Resource:
        """Make a guide for members, added now; *publisher* is a new organisation's name."""
        title = title or f"Resource {next(_numbers)}"
        values = {
            "link": "https://example.org/guide",
            "kind": ResourceKind.GUIDE,
            "topics": [],
            "summary": "",
            "added_at": NOON,
            **given,
        }
        if publisher:
            values["publisher_id"] = self.organisation(publisher).id
        words = resources.searchable(
            title, values["topics"], values["summary"], publisher, values["kind"]
        )
        made: Resource = self.add(Resource(title=title, words=words, **values))
        return made


MARKS = {
    Audience.PUBLIC: Tlp.CLEAR,
    Audience.COMMUNITY: Tlp.GREEN,
    Audience.MEMBERS: Tlp.AMBER,
    Audience.STAFF: Tlp.AMBER,
}


@writes
def _stored(session: Session, row: Any) -> Any:
    lift(session, "a test")
    session.add(row)
    session.flush()
    session.refresh(row)
    return row


@contextmanager
def seeing_all(database: Database) -> Iterator[Session]:
    """Lend a session that reads whatever there is: a test asks for nobody."""
    with database.reading() as session:
        lift(session, "a test")
        yield session


@contextmanager
def noted(engine: sa.Engine) -> Iterator[list[tuple[str, Any]]]:
    """Note each statement that *engine* sends while the block runs, and its parameters."""
    asked: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, given: Any, *_rest: Any) -> None:
        asked.append((statement, given))

    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)


def every_row(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    """Give all that is stored, by table."""
    with seeing_all(database) as session:
        return {
            table.name: [
                tuple(row) for row in session.execute(sa.select(table).order_by(table.c.id))
            ]
            for table in Row.metadata.sorted_tables
        }


@contextmanager
def altering(database: Database) -> Iterator[Session]:
    """Lend a session that changes rows behind everybody's back."""
    with database.writing() as session:
        lift(session, "a test")
        yield session

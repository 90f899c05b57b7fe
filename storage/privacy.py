"""What the bot holds of whoever asks: in numbers, and all of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from storage import audit, deliveries, policy, retention, titles
from storage.asker import Asker
from storage.database import Session, writes
from storage.errors import Refusal
from storage.models import Organisation, Person, Workspace
from storage.personal import HELD, Held, mine
from storage.policy import Act
from storage.retention import Term
from storage.scoping import unscoped

NOTHING = "The bot has not met you yet, so it holds nothing about you."
OF_USE = timedelta(hours=24)


@dataclass(frozen=True)
class Part:
    """All that is held of one person in one table, as plain values."""

    what: str
    rows: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True)
class Overview:
    """Who somebody is to the bot, how many rows of each table are about them, and how long."""

    person: Person
    organisation: str | None
    counts: tuple[tuple[str, int], ...]
    terms: tuple[Term, ...]


def overview(session: Session, asker: Asker, now: datetime) -> Overview | None:
    """Say what is held of whoever asks, in numbers; None of somebody the bot has not met."""
    person = session.get(Person, asker.person) if asker.person else None
    if person is None:
        return None
    home = session.get(Organisation, person.organisation_id) if person.organisation_id else None
    counts = tuple((held.what, _number(session, person, held)) for held in HELD[1:])
    terms = retention.kept(session.get_one(Workspace, person.workspace_id))
    return Overview(person, home.name if home else None, counts, tuple(terms.values()))


@writes
def ask(session: Session, asker: Asker, now: datetime, about: str) -> bool:
    """Owe whoever asks all that is held of them, once a minute; say whether that is new.

    *about* names them ("person 7"): nobody gets what is about somebody else. Raises Refusal.
    """
    check(asker, about)
    owed = deliveries.owe(
        session,
        asker.workspace,
        now,
        key=f"my_data:{asker.person}:{int(now.timestamp()) // 60}",
        kind="my_data",
        recipient=asker.slack_user,
        details={"person": asker.person},
        expires_at=now + OF_USE,
    )
    if owed:
        audit.record(session, asker, now, "export", about)
    return owed


def name(asker: Asker) -> str:
    """Name whoever asks for a button: "person 7"."""
    return f"person {asker.person}"


def check(asker: Asker, about: str) -> None:
    """Raise Refusal unless *about* names whoever asks, whom the bot has met."""
    if not asker.person:
        raise Refusal(NOTHING)
    if about != name(asker):
        raise Refusal("This is about somebody else. See what the bot holds: /coalition privacy")


def told(session: Session, asker: Asker) -> tuple[Part, ...]:
    """Give all that is held of *asker*, table by table, without those that hold nothing."""
    person = session.get_one(Person, asker.person)
    parts = (Part(held.what, _rows(session, asker, person, held)) for held in HELD)
    return tuple(part for part in parts if part.rows)


def _number(session: Session, person: Person, held: Held) -> int:
    number = sa.select(sa.func.count()).select_from(held.model).where(mine(held, person))
    return session.scalar(unscoped(number, "only numbers are told")) or 0


def _rows(
    session: Session, asker: Asker, person: Person, held: Held
) -> tuple[Mapping[str, Any], ...]:
    theirs = mine(held, person)
    items = _may_take(session, asker, held, theirs)
    item = held.item if held.item is not None else sa.null()
    statement = sa.select(item.label("item"), *held.told, *held.texts).where(theirs)
    found = session.execute(
        unscoped(statement.order_by(held.model.id), "what is about whoever asks")
    ).mappings()
    return tuple(_row(held, items, dict(row)) for row in found)


def _may_take(
    session: Session, asker: Asker, held: Held, theirs: sa.ColumnElement[bool]
) -> dict[int, Any]:
    if held.item is None:
        return {}
    about = sa.select(held.kind).where(
        policy.scope(held.kind), held.kind.id.in_(sa.select(held.item).where(theirs))
    )
    seen = session.scalars(about, asker.binds())
    return {item.id: item for item in seen if policy.decide(asker, item, Act.EXPORT)}


def _row(held: Held, items: Mapping[int, Any], row: dict[str, Any]) -> dict[str, Any]:
    number = row.pop("item")
    if held.item is None:
        return {name: _plain(value) for name, value in row.items()}
    item = items.get(number)
    hidden = () if item is not None else tuple(column.key for column in held.texts)
    about = {
        "item": f"{titles.LETTERS[held.kind]}{number}",
        "title": item.title if item is not None else None,
        "label": f"TLP:{item.tlp}" if item is not None else None,
    }
    return about | {n: None if n in hidden else _plain(value) for n, value in row.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value.value if isinstance(value, StrEnum) else value

"""Working groups with the seats in them, and the digests that channels get."""

from typing import Any

import sqlalchemy as sa

from storage.facts.books import Books
from storage.facts.shapes import Entry
from storage.facts.tables import WEEKDAYS
from storage.models import Audience, GroupSeat, Subscription, WorkingGroup, folded
from storage.ordering import LABELS
from storage.wall_time import next_weekly


def keep_groups(books: Books) -> None:
    """Make or update the groups, and seat whom the file names unless they have left by themselves.

    A group's own audience "group" is those who sit in it.
    """
    found = books.called(WorkingGroup, "groups", "name")
    for entry in books.facts.entries["groups"]:
        says = {
            "title": entry["name"],
            "purpose": entry["purpose"],
            "cadence": entry["cadence"],
            "channel": _channel(books, entry["channel"])["id"] if entry["channel"] else None,
            "is_open": entry["open"],
            "audience": entry["audience"],
            "tlp": entry["tlp"],
        }
        row = books.put(WorkingGroup, found.get(folded(entry["name"])), says)
        books.rows["groups", entry["key"]] = row
    books.session.flush()
    for entry in books.facts.entries["groups"]:
        group = books.rows["groups", entry["key"]]
        own = group.id if entry["audience"] is Audience.GROUP else None
        books.put(WorkingGroup, group, {}, exactly={"audience_group_id": own})
        _seat(books, entry, group)


def keep_digests(books: Books) -> None:
    """Make or update the standing orders for weekly digests."""
    found = {
        row.channel: row
        for row in books.session.scalars(
            sa.select(Subscription).where(
                Subscription.workspace_id == books.workspace, Subscription.kind == "weekly"
            )
        )
    }
    for entry in books.facts.entries["digests"]:
        channel = _channel(books, entry["channel"])
        _order(books, entry, channel, found.get(channel["id"]))


def _seat(books: Books, entry: Entry, group: WorkingGroup) -> None:
    chairs = entry["chairs"] or []
    found = {seat.person_id: seat for seat in books.belonging(GroupSeat, "group_id", group)}
    for key in dict.fromkeys([*chairs, *(entry["members"] or [])]):
        person = books.rows["people", key]
        seat = found.get(person.id)
        if seat is None and books.linked_id(key) is None:
            continue  # a seat is held for an organisation, and they were offboarded
        if seat is None and group not in books.added and books.has_left(group.id, person.id):
            continue
        first = {
            "group_id": group.id,
            "person_id": person.id,
            "organisation_id": person.organisation_id,
            "joined_at": books.now,
        }
        chairs_it = key in chairs
        if seat is not None and seat.is_chair and books.is_handed_on(group.id):
            chairs_it = True
        books.put(GroupSeat, seat, {"is_chair": chairs_it}, first)


def _order(books: Books, entry: Entry, channel: Entry, found: Subscription | None) -> None:
    audience = Audience(channel["audience"] or "group")
    marks = {
        "audience": audience,
        "tlp": LABELS[audience],
        "audience_group_id": books.id("groups", channel["group"]),
    }
    weekday = WEEKDAYS.index(entry["weekday"])
    times: dict[str, Any] = {"weekday": weekday, "at": entry["at"], "zone": entry["zone"]}
    next_at = next_weekly(weekday, entry["at"], entry["zone"], books.now)
    if found is not None:
        if books.is_touched(f"subscription {found.id}"):
            times = {}
            marks = {} if books.is_ordered(found.id) else marks
        elif times != {name: getattr(found, name) for name in times}:
            times["next_at"] = next_at
        books.put(Subscription, found, times, exactly=marks)
        return
    first = {"channel": channel["id"], "next_at": next_at}
    books.put(Subscription, None, times, first, marks)


def _channel(books: Books, key: str) -> Entry:
    return next(entry for entry in books.facts.entries["channels"] if entry["key"] == key)

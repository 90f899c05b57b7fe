"""Common efforts: initiatives with their participants, milestones and updates; action items."""

from datetime import datetime, timedelta
from typing import Any

from storage.facts import reading
from storage.facts.books import Books
from storage.facts.shapes import Entry
from storage.models import (
    ActionItem,
    ActionState,
    Initiative,
    InitiativeParticipant,
    InitiativeUpdate,
    Milestone,
    Person,
    Role,
    folded,
)
from storage.wall_time import end_of

SECRETARIAT = {Role.STAFF, Role.ADMIN}


def keep_initiatives(books: Books) -> None:
    """Make or update the initiatives.

    An update is known again by its author and text. One that the file adds moves its initiative
    where it is the newest; otherwise the health is the file's until somebody has reported.
    """
    found = books.called(Initiative, "initiatives", "title")
    for entry in books.facts.entries["initiatives"]:
        known = found.get(folded(entry["title"]))
        books.rows["initiatives", entry["key"]] = _keep_initiative(books, entry, known)
    books.session.flush()
    for entry in books.facts.entries["initiatives"]:
        initiative = books.rows["initiatives", entry["key"]]
        is_touched = initiative not in books.added and books.is_touched(
            f"initiative {initiative.id}"
        )
        _keep_participants(books, entry, initiative)
        _keep_milestones(books, entry, initiative, is_touched=is_touched)
        _keep_updates(books, entry, initiative, is_touched=is_touched)
    books.session.flush()


def keep_actions(books: Books) -> None:
    """Make or update the action items."""
    found = books.called(ActionItem, "actions", "title")
    for entry in books.facts.entries["actions"]:
        owner = books.rows["people", entry["owner"]]
        known = found.get(folded(entry["title"]))
        says = {
            "title": entry["title"],
            **_owned(books, entry, owner, known),
            "briefing_id": books.id("briefings", entry["briefing"]),
            "group_id": books.id("groups", entry["group"]),
            "initiative_id": books.id("initiatives", entry["initiative"]),
        }
        stands = _stands(books, entry, known, owner)
        first = _begun(books, entry, owner, stands)
        row = books.put(ActionItem, known, says, first, books.marks(entry) | stands)
        books.rows["actions", entry["key"]] = row
    books.session.flush()


def _owned(books: Books, entry: Entry, owner: Person, known: ActionItem | None) -> dict[str, Any]:
    # What was handed on when its owner was offboarded stays with whoever has it now.
    if known is not None and books.linked_id(entry["owner"]) is None:
        return {}
    home = books.id("organisations", entry["organisation"]) or owner.organisation_id
    return {"owner_id": owner.id, "organisation_id": home}


def _keep_initiative(books: Books, entry: Entry, known: Initiative | None) -> Initiative:
    says = {
        "title": entry["title"],
        "goal": entry["goal"],
        "summary": entry["summary"],
        "lead_id": books.linked_id(entry["lead"]),
        "alternate_id": books.linked_id(entry["alternate"]),
        "lead_organisation_id": books.id("organisations", entry["lead_organisation"]),
        "origin_briefing_id": books.id("briefings", entry["origin"]),
        "cadence_days": entry["cadence_days"],
    }
    ages = [one["days_ago"] for one in entry["updates"]]
    first = {
        "health": entry["health"],
        "moved_at": books.now - timedelta(days=min(ages, default=0)),
    }
    return books.put(Initiative, known, says, first, books.marks(entry))


def _keep_participants(books: Books, entry: Entry, initiative: Initiative) -> None:
    rows = books.belonging(InitiativeParticipant, "initiative_id", initiative)
    found = {row.organisation_id: row for row in rows}
    for one in entry["participants"]:
        organisation = books.id("organisations", one["organisation"])
        first = {"initiative_id": initiative.id, "organisation_id": organisation}
        books.put(InitiativeParticipant, found.get(organisation), {"part": one["role"]}, first)


def _keep_milestones(
    books: Books, entry: Entry, initiative: Initiative, *, is_touched: bool
) -> None:
    rows = books.belonging(Milestone, "initiative_id", initiative)
    found = {folded(row.title): row for row in reversed(rows)}
    for position, one in enumerate(entry["milestones"], 1):
        known = found.get(folded(one["title"]))
        due, due_on = reading.due(one, books.now, books.facts.zone)
        says: dict[str, Any] = {"title": one["title"], "position": position}
        first: dict[str, Any] = {"initiative_id": initiative.id}
        (says if one["days"] is None else first).update(due=due, due_on=due_on)
        stands: dict[str, Any] = {}
        if known is None or (not is_touched and known.is_done != one["done"]):
            reached = _reached(one, books.now, is_new=known is None)
            stands = {"is_done": one["done"], "done_at": reached}
        books.put(Milestone, known, says, first, stands)


def _reached(one: Entry, now: datetime, *, is_new: bool) -> datetime | None:
    if not one["done"]:
        return None
    if one["days"] is not None and one["days"] < 0:
        return now + timedelta(days=one["days"])
    return None if is_new else now


def _keep_updates(books: Books, entry: Entry, initiative: Initiative, *, is_touched: bool) -> None:
    rows = books.belonging(InitiativeUpdate, "initiative_id", initiative)
    there = [row for row in rows if not row.is_suggestion]
    unmatched = list(there)
    for one in sorted(entry["updates"], key=lambda one: -one["days_ago"]):
        author = books.id("people", one["by"])
        same = (row for row in unmatched if (row.author_id, row.text) == (author, one["text"]))
        known = next(same, None)
        if known is None:
            there.append(_add_update(books, one, initiative, there))
        else:
            unmatched.remove(known)
            books.put(InitiativeUpdate, known, _told(one))
    newest = max(there, key=lambda row: row.made_at, default=None)
    if newest in books.added and initiative not in books.added:
        moved = {"moved_at": newest.made_at, "health": newest.health}
        books.put(Initiative, initiative, moved)
    elif not is_touched and not unmatched:
        books.put(Initiative, initiative, {"health": entry["health"]})


def _add_update(
    books: Books, one: Entry, initiative: Initiative, there: list[InitiativeUpdate]
) -> InitiativeUpdate:
    made_at = books.now - timedelta(days=one["days_ago"])
    before = [row for row in there if row.made_at < made_at]
    last = max(before, key=lambda row: row.made_at, default=None)
    first = {
        "initiative_id": initiative.id,
        "author_id": books.id("people", one["by"]),
        "made_at": made_at,
        "was": last.health if last is not None else None,
    }
    return books.put(InitiativeUpdate, None, _told(one), first)


def _told(one: Entry) -> dict[str, Any]:
    return {
        "health": one["health"],
        "text": one["text"],
        "next_step": one["next"],
        "reason": one["reason"],
    }


def _stands(books: Books, entry: Entry, known: ActionItem | None, owner: Person) -> dict[str, Any]:
    if known is not None and (
        known.state is entry["state"] or books.is_touched(f"action {known.id}")
    ):
        return {}
    is_done = entry["state"] is ActionState.DONE
    return {
        "state": entry["state"],
        "done_at": books.now - timedelta(days=entry["done_days_ago"] or 0) if is_done else None,
        "done_by_id": owner.id if is_done else None,
    }


def _begun(books: Books, entry: Entry, owner: Person, stands: dict[str, Any]) -> dict[str, Any]:
    due_on = due_at = None
    if entry["due_days"] is not None:
        due_on = reading.today(books.now, owner.zone) + timedelta(days=entry["due_days"])
        due_at = end_of(due_on, owner.zone)
    proposed = entry["state"] is ActionState.PROPOSED
    moments = [books.now, stands.get("done_at"), due_at]
    return {
        "due_on": due_on,
        "due_at": due_at,
        "creator_id": (_secretariat(books) if proposed else None) or owner.id,
        # Nothing is done, or falls due, before it was noted.
        "created_at": min(moment for moment in moments if moment is not None),
    }


def _secretariat(books: Books) -> int | None:
    staff = (one["key"] for one in books.facts.entries["people"] if one["role"] in SECRETARIAT)
    return books.id("people", next(staff, None))

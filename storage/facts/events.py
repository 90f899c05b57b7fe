"""What takes place: series, briefings with their partners, and the answers to what is coming."""

from datetime import datetime
from typing import Any, cast

import sqlalchemy as sa

from storage import changes, people, posts, rsvps, seating
from storage.asker import Asker
from storage.errors import Refusal
from storage.facts import kinds, reading
from storage.facts.books import Books
from storage.facts.shapes import Entry
from storage.models import (
    Briefing,
    BriefingPartner,
    PartnerRole,
    Place,
    Rsvp,
    Series,
    State,
    folded,
)


def keep_series(books: Books) -> None:
    """Make or update the series."""
    found = books.called(Series, "series", "name")
    for entry in books.facts.entries["series"]:
        says = {"title": entry["name"], "purpose": entry["purpose"]}
        row = books.put(Series, found.get(folded(entry["name"])), says)
        books.rows["series", entry["key"]] = row
    books.session.flush()


def keep_briefings(books: Books) -> None:
    """Make or update the events, and answer for whoever has not answered yet."""
    found = _found(books)
    before = {briefing: changes.noted(briefing) for briefing in found.values()}
    # What people have written anew in Slack is theirs from then on.
    theirs = {briefing for briefing in before if books.is_written(briefing.id)}
    for entry in books.facts.entries["briefings"]:
        known = found.get(entry["key"])
        kept = known if known in theirs else _keep_briefing(books, entry, known)
        books.rows["briefings", entry["key"]] = kept
    books.session.flush()
    for entry in books.facts.entries["briefings"]:
        briefing = books.rows["briefings", entry["key"]]
        if briefing in theirs:
            continue
        _keep_partners(books, entry, briefing)
        _keep_capacity(books, entry, briefing)
        # Nobody can answer what is a draft or cancelled: a state that ends answers comes last.
        is_open = entry["state"] is State.PUBLISHED
        for keep in (_keep_state, _answer) if is_open else (_answer, _keep_state):
            keep(books, entry, briefing)
    joined = {row.briefing_id for row in books.added if isinstance(row, BriefingPartner)}
    for briefing, was in before.items():
        changes.announce(books.session, books.now, briefing, was)
        if briefing in books.changed or briefing.id in joined:
            posts.outdate(books.session, books.workspace, books.now, briefing.id)


def _found(books: Books) -> dict[str, Briefing]:
    """Find the briefings of the file, each by its key there, or once by its title."""
    keyed = sa.select(Briefing).where(
        Briefing.workspace_id == books.workspace, Briefing.source.is_not(None)
    )
    by_key = {str(row.source): row for row in books.session.scalars(keyed)}
    by_title = books.called(Briefing, "briefings", "title")
    unkeyed = {title: row for title, row in by_title.items() if row.source is None}
    found = {
        entry["key"]: by_key.get(entry["key"]) or unkeyed.get(folded(entry["title"]))
        for entry in books.facts.entries["briefings"]
    }
    return {key: row for key, row in found.items() if row is not None}


def _keep_briefing(books: Books, entry: Entry, known: Briefing | None) -> Briefing:
    says = {
        "source": entry["key"],
        "title": entry["title"],
        "kind": entry["kind"],
        "summary": entry["summary"],
        "agenda": entry["agenda"],
        "series_id": books.id("series", entry["series"]),
        "edition": entry["edition"],
        "host_id": books.id("organisations", entry["host"]),
        "place": _place(entry),
        "venue": entry["venue"],
        "city": entry["city"],
        "join_link": entry["join_link"],
        "recording_link": entry["recording_link"],
        "has_waitlist": entry["waitlist"] is not False,
    }
    times = _times(books, entry)
    first = {"capacity": entry["capacity"], "state": State.PUBLISHED}
    if entry["days"] is None:
        says |= times
    else:
        first |= times
    return books.put(Briefing, known, says, first, books.marks(entry))


def _times(books: Books, entry: Entry) -> dict[str, Any]:
    span = reading.span(entry, books.now)
    zone = entry["zone"] or "UTC"

    def before(days: int | None) -> datetime | None:
        return None if days is None else reading.days_before(span.starts_at, days, zone)

    return {
        "starts_at": span.starts_at,
        "ends_at": span.ends_at,
        "precision": span.precision,
        "zone": zone,
        "opens_at": before(entry["registration_opens_days"]),
        "closes_at": before(entry["registration_closes_days"]),
    }


def _place(entry: Entry) -> Place:
    if entry["format"] is not None:
        return Place(entry["format"])
    return Place.IN_PERSON if entry["city"] or entry["venue"] else Place.VIRTUAL


def _keep_partners(books: Books, entry: Entry, briefing: Briefing) -> None:
    partners = books.belonging(BriefingPartner, "briefing_id", briefing)
    found = {(row.role, row.organisation_id): row for row in partners}
    for name, role in (("partners", PartnerRole.CO_HOST), ("attended", PartnerRole.ATTENDED)):
        for key in entry[name] or []:
            organisation = books.id("organisations", key)
            first = {
                "briefing_id": briefing.id,
                "organisation_id": organisation,
                "role": role,
            }
            books.put(BriefingPartner, found.get((role, organisation)), {}, first)


def _keep_capacity(books: Books, entry: Entry, briefing: Briefing) -> None:
    if entry["capacity"] in (None, briefing.capacity):
        return
    # Whoever answers at this moment waits here, so that *taken* is what it will be.
    books.session.refresh(briefing, with_for_update=True)
    if entry["capacity"] < briefing.taken:
        books.faults.append(
            f"{_named(entry)}, capacity: {briefing.taken} seats are taken already; "
            f"write at least {briefing.taken}."
        )
        return
    books.put(Briefing, briefing, {"capacity": entry["capacity"]})
    books.session.flush()
    if briefing.state is State.PUBLISHED and briefing.ends_at > books.now:
        seating.promote(books.session, briefing, books.now)


def _answer(books: Books, entry: Entry, briefing: Briefing) -> None:
    # Who answered what is long over, or has been erased, is not known by name any more.
    if briefing.ends_at <= books.now and briefing not in books.added:
        return
    answered = {row.person_id for row in books.belonging(Rsvp, "briefing_id", briefing)}
    for number, one in enumerate(entry["answers"], 1):
        person = books.rows["people", one["person"]]
        if person.id in answered:
            continue
        # The row is there: it was kept before any event.
        asker = cast(Asker, people.asker_of(books.session, books.workspace, books.now, person.id))
        try:
            rsvps.answer(books.session, asker, books.now, briefing.id, one["answer"])
        except Refusal as refusal:
            books.faults.append(
                f"{_named(entry)}, answers {number}: {one['person']} cannot answer; "
                f"the bot says: {_sentence(refusal)}"
            )


def _keep_state(books: Books, entry: Entry, briefing: Briefing) -> None:
    if briefing in books.added or not books.is_touched(f"briefing {briefing.id}"):
        books.put(Briefing, briefing, {"state": entry["state"]})
        books.session.flush()


def _named(entry: Entry) -> str:
    return f"briefings {kinds.shown(entry['key'])}"


def _sentence(refusal: Refusal) -> str:
    sentence = refusal.sentence
    for name, at in refusal.moments.items():
        sentence = sentence.replace(f"${name}", at.isoformat(" ", "minutes"))
    return sentence

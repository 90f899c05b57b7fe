"""The library: links to what has been published, and where each came from."""

from datetime import timedelta

from storage.facts import reading
from storage.facts.books import Books
from storage.facts.shapes import Entry
from storage.models import Organisation, Resource, folded
from storage.resources import searchable


def keep_resources(books: Books) -> None:
    """Make or update the resources; they are added as many days ago as the file says."""
    found = books.called(Resource, "resources", "title")
    for entry in books.facts.entries["resources"]:
        known = found.get(folded(entry["title"]))
        row = _keep_resource(books, entry, known)
        words = searchable(row.title, row.topics, row.summary, _publisher(books, row), row.kind)
        books.rows["resources", entry["key"]] = books.put(Resource, row, {"words": words})
    books.session.flush()


def _keep_resource(books: Books, entry: Entry, known: Resource | None) -> Resource:
    says = {
        "title": entry["title"],
        "link": entry["link"],
        "kind": entry["kind"],
        "topics": entry["topics"],
        "summary": entry["summary"],
        "version": entry["version"],
        "published": reading.published(entry["month"], entry["year"], entry["published"]),
        "publisher_id": books.id("organisations", entry["publisher"]),
        **_origin(books, entry["origin"]),
    }
    first = {"added_at": books.now - timedelta(days=entry["added_days_ago"] or 0)}
    row = books.put(Resource, known, says, first, books.marks(entry))
    books.session.flush()
    return row


def _origin(books: Books, key: str | None) -> dict[str, int | None]:
    if key is not None and ("initiatives", key) in books.rows:
        return {"origin_initiative_id": books.id("initiatives", key)}
    return {"origin_briefing_id": books.id("briefings", key)}


def _publisher(books: Books, row: Resource) -> str | None:
    if row.publisher_id is None:
        return None
    return books.session.get_one(Organisation, row.publisher_id).name

"""The words that things are found by: one row for each word of each item."""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.briefings import Briefing
from storage.models.resources import Resource
from storage.models.row import InWorkspace, Row, Titled, folded, spaced

# By its bytes in both databases: what begins alike stands together in the index.
BYTES = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
LONGEST = 200  # letters of a word: an index holds a few hundred


class ItemWord(InWorkspace, Row):
    """A word, folded, by which the item with *item_id* in *item_table* is found.

    It only narrows down which items are looked at, and is never shown. A topic of a resource is
    one too, as `whole` writes it; so are the kind and the place of a briefing, as `trait` does.
    """

    __tablename__ = "item_words"
    __table_args__ = (
        sa.UniqueConstraint("workspace_id", "item_table", "word", "item_id"),
        sa.Index(None, "item_table", "item_id", "word"),
        {"info": {"narrows": True}},
    )

    workspace_id: Mapped[int] = mapped_column(sa.ForeignKey("workspaces.id", ondelete="CASCADE"))
    item_table: Mapped[str]
    item_id: Mapped[int]
    word: Mapped[str] = mapped_column(BYTES)


TOPIC = "| "  # with this begins a topic among the words, and none of those


def whole(text: str) -> str:
    """Give *text* as it stands, whole, in what `search.several` makes of it and others."""
    return f"|{spaced(text)}|"


def trait(value: str) -> str:
    """Give *value*, a kind or a place, as it stands among the words: no word is like it."""
    return f"= {value}"


def words_of(
    title: str, *more: str | None, topics: Iterable[str] = (), traits: Iterable[str] = ()
) -> set[str]:
    """Give the words by which one finds what has a *title*, says *more*, has *topics* and *traits*.

    What stands between spaces is a word, and so is what stands between any other signs. The title
    itself is one too, for who says how it begins.
    """
    texts = [title, *(text or "" for text in more)]
    words = {word for text in texts for word in (*folded(text).split(), *spaced(text).split())}
    words |= {folded(title), *map(whole, topics), *map(trait, traits)}
    return {word[:LONGEST] for word in words if word}


# What else an item is found by than its title.
_BESIDE: dict[type[Any], tuple[str, ...]] = {
    Briefing: ("city", "kind", "place"),
    Resource: ("words", "topics"),
}


def _words(item: Any) -> set[str]:
    if isinstance(item, Briefing):
        return words_of(item.title, item.city, traits=(item.kind, item.place))
    if isinstance(item, Resource):
        return words_of(item.title, item.words, topics=item.topics)
    return words_of(item.title)


@sa.event.listens_for(Titled, "after_insert", propagate=True)
def _note(_mapper: object, connection: sa.Connection, item: Any) -> None:
    where = {"workspace_id": item.workspace_id, "item_table": item.__tablename__}
    rows = [{**where, "item_id": item.id, "word": word} for word in sorted(_words(item))]
    if rows:
        connection.execute(sa.insert(ItemWord), rows)


@sa.event.listens_for(Titled, "after_update", propagate=True)
def _note_anew(mapper: object, connection: sa.Connection, item: Any) -> None:
    attributes = sa.inspect(item).attrs
    names = ("title", *_BESIDE.get(type(item), ()))
    if any(attributes[name].history.has_changes() for name in names):
        _forget(mapper, connection, item)
        _note(mapper, connection, item)


@sa.event.listens_for(Titled, "after_delete", propagate=True)
def _forget(_mapper: object, connection: sa.Connection, item: Any) -> None:
    own = (ItemWord.item_table == item.__tablename__, ItemWord.item_id == item.id)
    connection.execute(sa.delete(ItemWord).where(*own))

"""Which items have a word: looked up, so that looking for some reads those few alone."""

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam

from storage.database import Session
from storage.models import ItemWord
from storage.models.words import LONGEST, TOPIC
from storage.policy import scope
from storage.scoping import columns, unscoped

FEW = 300  # items with a word; where there are more, the word says too little to go by
_END = "\U0010ffff"

Range = tuple[str, str]  # the first and the last of the words that are meant


def _between(first: sa.ColumnElement[str], last: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
    return sa.and_(ItemWord.word >= first, ItemWord.word <= last)


_OF_WORKSPACE = ItemWord.workspace_id == bindparam("workspace")
_ROWS = unscoped(
    sa.select(ItemWord.item_id)
    .where(
        _OF_WORKSPACE,
        ItemWord.item_table == bindparam("item_table"),
        _between(bindparam("first", type_=sa.Text), bindparam("last", type_=sa.Text)),
    )
    .order_by(ItemWord.word, ItemWord.item_id)
    .limit(bindparam("most", type_=sa.Integer)),
    "which rows are looked at at all, each as its reader may see it",
)


def topics(model: type[Any]) -> sa.Select[str]:
    """Select for each topic that rows of *model* have the first of them that the asker may see.

    From each topic it goes on to the next one in the index, however many rows have either.
    """
    here = (_OF_WORKSPACE, ItemWord.item_table == model.__tablename__)
    to_the_last = ItemWord.word <= sa.literal(f"{TOPIC}{_END}", sa.Text)
    least = sa.select(sa.func.min(ItemWord.word).label("topic")).where(*here, to_the_last)
    known = least.where(ItemWord.word >= sa.literal(TOPIC, sa.Text)).cte("known", recursive=True)
    after = least.where(ItemWord.word > known.c.topic).scalar_subquery()
    known = known.union_all(sa.select(after).where(known.c.topic.is_not(None)))
    first = (
        sa.select(model.id)
        .join(ItemWord, ItemWord.item_id == model.id)
        .where(scope(model), *here, ItemWord.word == known.c.topic)
        .order_by(ItemWord.item_id)
        .limit(1)
        .correlate(known)
        .scalar_subquery()
    )
    return sa.select(first).where(known.c.topic.is_not(None))


def begins(word: str) -> Range:
    """Give where the words stand that begin with *word*."""
    return word[:LONGEST], f"{word[:LONGEST]}{_END}"


def exactly(word: str) -> Range:
    """Give where *word* itself stands."""
    return word[:LONGEST], word[:LONGEST]


def narrowed(
    session: Session, workspace: int, model: type[Any], sought: Iterable[Sequence[Range]]
) -> sa.ColumnElement[bool]:
    """Give the condition that a row of *model* has for each of *sought* a word in its ranges.

    Where few have one of them, these few are all that is read.
    """
    few: set[int] | None = None
    conditions: list[sa.ColumnElement[bool]] = [sa.true()]
    for ranges in sought:
        known = _rows(session, workspace, model.__tablename__, ranges)
        if known is None:
            conditions.append(_has(model, ranges))
        else:
            few = known if few is None else few & known
    if few is not None:
        conditions.append(model.id.in_(sorted(few)))
    return sa.and_(*conditions)


def _rows(session: Session, workspace: int, table: str, ranges: Sequence[Range]) -> set[int] | None:
    """Give the ids of the rows that have one of the words, or None where they are not few."""
    found: set[int] = set()
    for first, last in ranges:
        values = {"workspace": workspace, "item_table": table, "most": FEW + 1}
        ids = columns(session, _ROWS, {**values, "first": first, "last": last}).scalars().all()
        found.update(ids)
        if len(ids) > FEW:
            return None
    return found


def _has(model: type[Any], ranges: Sequence[Range]) -> sa.ColumnElement[bool]:
    # With an offset PostgreSQL looks for each row, and does not first gather all that have it.
    return (
        sa.select(ItemWord.item_id)
        .where(
            ItemWord.item_table == model.__tablename__,
            ItemWord.item_id == model.id,
            sa.or_(*(_between(*(sa.literal(end, sa.Text) for end in one)) for one in ranges)),
        )
        .offset(0)
        .correlate(model)
        .exists()
    )

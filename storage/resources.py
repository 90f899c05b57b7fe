"""The library: what is new, what a search finds, and one resource in full."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam
from sqlalchemy.orm import selectinload

from storage import crowds, item_words, search, titles
from storage.asker import Asker
from storage.crowds import Crowd, Shelf, line_of
from storage.database import Session
from storage.errors import Choice, Refusal
from storage.item_words import exactly, narrowed
from storage.models import (
    Audience,
    Briefing,
    Initiative,
    Organisation,
    Resource,
    ResourceKind,
    Tlp,
    WorkingGroup,
    folded,
    spaced,
    whole,
)
from storage.pages import SHOWN, Page, firsts, in_parts, listing
from storage.policy import scope

TOPICS_SHOWN = 30
NEAR_ENOUGH = 0.35


@dataclass(frozen=True)
class Line:
    """A resource in a list."""

    id: int
    title: str
    link: str
    kind: ResourceKind
    topics: list[str]
    audience: Audience
    tlp: Tlp
    published: str | None
    publisher: str | None
    added_at: datetime


@dataclass(frozen=True)
class Detail:
    """One resource in full. *origins* and *group* are named only where the asker may see them."""

    resource: Resource
    group: Choice | None
    origins: tuple[Choice, ...]


@dataclass(frozen=True)
class Query:
    """What is looked for: all of *words*, and any one of each filter's values."""

    words: str = ""
    kinds: tuple[ResourceKind, ...] = ()
    topics: tuple[str, ...] = ()
    levels: tuple[Audience, ...] = ()

    @property
    def is_filtered(self) -> bool:
        """Whether a filter narrows it."""
        return bool(self.kinds or self.topics or self.levels)


@dataclass(frozen=True)
class Found:
    """What a search found. Where that is nothing, *nearest* are the titles that come closest.

    *also* are the other names that were looked for; *unfiltered* is how many fit without filters.
    """

    page: Page[Line]
    also: tuple[str, ...]
    nearest: tuple[Choice, ...] = ()
    unfiltered: int = 0


_LINE = (
    sa.select(
        Resource.id,
        Resource.title,
        Resource.link,
        Resource.kind,
        Resource.topics,
        Resource.audience,
        Resource.tlp,
        Resource.published,
        Organisation.name.label("publisher"),
        Resource.added_at,
    )
    .outerjoin(Organisation, Resource.publisher_id == Organisation.id)
    .where(scope(Resource))
)
_FOUND = _LINE.where(Resource.id.in_(SHOWN))
_TOTAL = sa.select(sa.func.count()).select_from(Resource).where(scope(Resource))
_NEWEST = (Resource.added_at.desc(), Resource.id.desc())
_NEW = listing(Resource, _LINE, _NEWEST)
_SINCE = crowds.firsts(
    _LINE,
    sa.select(Resource.id).where(scope(Resource), Resource.added_at > bindparam("since")),
    Resource,
    _NEWEST,
)
_TITLES = (
    sa.select(Resource.id, Resource.title, Resource.folded)
    .where(scope(Resource))
    .order_by(*_NEWEST)
    .limit(titles.LOOKED_AT)
)
_TOPICS = (
    sa.select(Resource.topics)
    .where(scope(Resource), Resource.id.in_(item_words.topics(Resource)))
    .order_by(*_NEWEST)
)
# Which of the fields of `searchable` follow the title, the topics and the summary.
_RANKS = (3, 2, 1)


def searchable(
    title: str, topics: Iterable[str], summary: str, publisher: str | None, kind: ResourceKind
) -> str:
    """Give what belongs into `Resource.words`: whoever writes a resource sets it to this."""
    return search.fields(
        spaced(title),
        search.several(topics),
        spaced(summary),
        spaced(f"{publisher or ''} {kind}"),
    )


def new(session: Session, asker: Asker, now: datetime, page: int = 0) -> Page[Line]:
    """List what the asker may see, newest first."""
    return _NEW.read(session, asker.binds(), page).made(line_of(Line))


def since(
    session: Session, crowd: Crowd, now: datetime, moment: datetime, limit: int
) -> Shelf[Line]:
    """List at most *limit* that were added after *moment*, newest first."""
    values = crowd.binds | {"since": moment, "limit": limit}
    return Shelf(Resource, session.execute(_SINCE, values), line_of(Line), limit)


def topics(session: Session, asker: Asker) -> tuple[str, ...]:
    """Name the topics of what the asker may see, each once."""
    return tuple(sorted(_topics(session, asker).values()))


def show(session: Session, asker: Asker, now: datetime, called: str) -> Detail:
    """Show the resource *called* so. Raises Refusal where none or several are."""
    found = titles.find(session, asker, Resource, called)
    resource = session.scalars(
        sa.select(Resource)
        .where(scope(Resource), Resource.id == found.id)
        .options(selectinload(Resource.publisher))
        .execution_options(populate_existing=True),
        asker.binds(),
    ).one()
    origins = (
        _seen(session, asker, Briefing, resource.origin_briefing_id),
        _seen(session, asker, Initiative, resource.origin_initiative_id),
    )
    group_id = resource.audience_group_id if resource.audience is Audience.GROUP else None
    return Detail(
        resource,
        _seen(session, asker, WorkingGroup, group_id),
        tuple(origin for origin in origins if origin is not None),
    )


def find(session: Session, asker: Asker, now: datetime, query: Query, page: int = 0) -> Found:
    """Look for *query*: what has all words in its title first, then in its topics, then elsewhere.

    Raises Refusal for a topic that nothing the asker may see has.
    """
    sought = search.terms(query.words)
    also = tuple(name for term in sought for name in term.also)
    fits = (*_fits(session, asker, sought), *_filters(session, asker, query))
    # What has them in its title, the newest first; then what has them in its topics, and so on.
    ranks = [search.found_in(Resource.words, sought, after) for after in (*_RANKS, 0)]
    ids = [
        firsts(Resource, _NEWEST, *fits, one, *map(sa.not_, ranks[:place]))
        for place, one in enumerate(ranks if sought else ranks[:1])
    ]
    found = in_parts(_FOUND, *ids).read(session, asker.binds(), page)
    if not found.total:
        return _nothing(session, asker, query, sought, also)
    return Found(found.made(line_of(Line)), also)


def _fits(
    session: Session, asker: Asker, sought: Iterable[search.Term]
) -> tuple[sa.ColumnElement[bool], ...]:
    ranges = search.ranges(sought)
    return (
        narrowed(session, asker.workspace, Resource, ranges),
        search.found_in(Resource.words, sought, 0),
    )


def _filters(session: Session, asker: Asker, query: Query) -> tuple[sa.ColumnElement[bool], ...]:
    made: list[sa.ColumnElement[bool]] = []
    if query.kinds:
        made.append(Resource.kind.in_(query.kinds))
    if query.levels:
        made.append(Resource.audience.in_(query.levels))
    if query.topics:
        ranges = [exactly(whole(topic)) for topic in query.topics]
        made.append(narrowed(session, asker.workspace, Resource, [ranges]))
        topics = [Resource.words.contains(whole(topic)) for topic in query.topics]
        made.append(sa.or_(*topics))
    return tuple(made)


def _count(session: Session, asker: Asker, narrowed: Iterable[sa.ColumnElement[bool]]) -> int:
    return session.scalar(_TOTAL.where(*narrowed), asker.binds()) or 0


def _nothing(
    session: Session,
    asker: Asker,
    query: Query,
    sought: tuple[search.Term, ...],
    also: tuple[str, ...],
) -> Found:
    _check_topics(session, asker, query.topics)
    words = _fits(session, asker, sought)
    unfiltered = _count(session, asker, words) if query.is_filtered and sought else 0
    nearest = _nearest(session, asker, query.words) if not unfiltered else ()
    return Found(Page((), 0, 0), also, nearest, unfiltered)


def _check_topics(session: Session, asker: Asker, asked: tuple[str, ...]) -> None:
    if not asked:
        return
    known = _topics(session, asker)
    for topic in asked:
        if spaced(topic) not in known:
            names = sorted(known.values())[:TOPICS_SHOWN]
            there = f"Topics: {', '.join(names)}." if names else "None has a topic yet."
            raise Refusal(f"No resource you can see has the topic «{topic[:60]}». {there}")


def _topics(session: Session, asker: Asker) -> dict[str, str]:
    return {
        spaced(topic): topic
        for topics in session.scalars(_TOPICS, asker.binds())
        for topic in topics
    }


def _nearest(session: Session, asker: Asker, words: str) -> tuple[Choice, ...]:
    likened = [
        (titles.likeness(folded(words), row.folded), row.id, row.title)
        for row in session.execute(_TITLES, asker.binds())
    ]
    near = sorted(one for one in likened if one[0] >= NEAR_ENOUGH)[::-1][: titles.NEAREST]
    return tuple(Choice(f"R{row_id}", title) for _, row_id, title in near)


def _seen(session: Session, asker: Asker, model: Any, row_id: int | None) -> Choice | None:
    if row_id is None:
        return None
    row = session.scalars(
        sa.select(model).where(scope(model), model.id == row_id), asker.binds()
    ).one_or_none()
    return Choice(titles.short_id(row), row.title) if row is not None else None

"""Publishing a briefing, calling it off, and taking that back while nobody has heard of it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa

from storage import audit, authoring, changes, contacts, moved_along, seating, titles
from storage.asker import Asker
from storage.authoring import NOT_THIS, Form
from storage.database import Session, writes
from storage.errors import Refusal
from storage.models import (
    ActionItem,
    AuditEntry,
    Briefing,
    Initiative,
    ItemWord,
    Person,
    Resource,
    Rsvp,
    Standing,
    State,
)
from storage.pages import SIZE, Page, offset, within
from storage.policy import Act, decide, scope

_HEARS = sa.and_(Rsvp.standing != Standing.DECLINED, Person.is_active)


@dataclass(frozen=True)
class Foreseen:
    """What calling *briefing* off would mean: how many people hear of it, by their standing.

    Those *without_slack* hear of it from the secretariat alone.
    """

    briefing: Briefing
    concerned: dict[Standing, int]
    without_slack: int = 0


@dataclass(frozen=True)
class Ended:
    """What became of it: *told* people hear of it ten minutes from now, none of a draft."""

    briefing_id: int
    title: str
    was_draft: bool
    changed: bool
    told: int = 0


def drafts(session: Session, asker: Asker, now: datetime, page: int = 0) -> Page[Briefing]:
    """List the drafts that *asker* may see, the soonest first. Raises Refusal."""
    authoring.begin(session, asker, now)
    are = (scope(Briefing), Briefing.state == State.DRAFT)
    total = session.scalar(sa.select(sa.func.count()).where(*are), asker.binds()) or 0
    number = within(page, total)
    rows = session.scalars(
        sa.select(Briefing)
        .where(*are)
        .order_by(Briefing.starts_at, Briefing.id)
        .limit(SIZE)
        .offset(offset(number)),
        asker.binds(),
    )
    return Page(tuple(rows), number, total)


def marks(form: Form) -> str:
    """Give what tells all that is read back of *form* from any other state of it."""
    return f"{authoring.mark(form.what)} {authoring.mark(form.terms)}"


@writes
def publish(session: Session, asker: Asker, now: datetime, briefing_id: int, seen: str) -> Form:
    """Show a draft to those it is for. Once it is published nothing changes.

    *seen* are the `marks` of how its author read it back. Raises Refusal.
    """
    briefing = authoring.hold(session, asker, briefing_id)
    if briefing.state is State.DRAFT:
        form = authoring.by_id(session, asker, now, briefing_id)
        if marks(form) != seen:
            return replace(form, is_overtaken=True)
        if briefing.ends_at <= now and not asker.is_staff:
            raise Refusal("Its day is over. Change when it is, then publish it.")
        briefing.state = State.PUBLISHED
        session.flush()
        audit.record(session, asker, now, "publish", f"briefing {briefing.id}")
    return authoring.by_id(session, asker, now, briefing_id)


def foreseen(session: Session, asker: Asker, now: datetime, called: str) -> Foreseen:
    """Say what calling the briefing *called* so off would mean. Raises Refusal."""
    briefing = authoring.show(session, asker, now, called).briefing
    _check(now, briefing)
    rows = session.execute(
        sa.select(Rsvp.standing, sa.func.count())
        .join(Person, Person.id == Rsvp.person_id)
        .where(Rsvp.briefing_id == briefing.id, _HEARS)
        .group_by(Rsvp.standing)
    )
    return Foreseen(briefing, dict(rows.all()), len(contacts.answering(session, briefing)))


def hearing(session: Session, briefings: Iterable[Briefing]) -> int:
    """Count the people who hear of it if all of *briefings* are called off."""
    published = [one.id for one in briefings if one.state is State.PUBLISHED]
    people = sa.select(sa.func.count(Rsvp.person_id.distinct())).join(
        Person, Person.id == Rsvp.person_id
    )
    return session.scalar(people.where(Rsvp.briefing_id.in_(published), _HEARS)) or 0


@writes
def cancel(session: Session, asker: Asker, now: datetime, briefing_id: int) -> Ended:
    """Call a briefing off, and owe whoever answered the news; a draft goes without a trace.

    Raises Refusal.
    """
    briefing = _hold(session, asker, briefing_id)
    if briefing.state is State.CANCELLED:
        return Ended(briefing.id, briefing.title, was_draft=False, changed=False)
    _check(now, briefing)
    ended = Ended(briefing.id, briefing.title, briefing.state is State.DRAFT, changed=True)
    audit.record(session, asker, now, "cancel", f"briefing {briefing.id}")
    if ended.was_draft:
        _discard(session, briefing)
        return ended
    was = changes.noted(briefing)
    briefing.state = State.CANCELLED
    session.flush()
    told = moved_along.follow(session, asker, now, briefing, was)
    told += changes.announce(session, now, briefing, was)
    return Ended(briefing.id, briefing.title, was_draft=False, changed=True, told=told)


@writes
def restore(session: Session, asker: Asker, now: datetime, briefing_id: int) -> Form:
    """Let a briefing take place after all, while nobody has heard that it does not.

    Raises Refusal, also later: people have put something else in its place.
    """
    briefing = _hold(session, asker, briefing_id)
    if briefing.state is State.CANCELLED:
        at = called_off(session, asker, briefing)
        if at is None or now - at >= changes.HOLD:
            raise Refusal("It was called off more than ten minutes ago, and people know. Copy it.")
        was = changes.noted(briefing)
        briefing.state = State.PUBLISHED
        session.flush()
        moved_along.follow(session, asker, now, briefing, was)
        changes.announce(session, now, briefing, was)
        seating.promote(session, briefing, now)  # to seats that were given up meanwhile
        audit.record(session, asker, now, "restore", f"briefing {briefing.id}")
    return authoring.by_id(session, asker, now, briefing_id)


def called_off(session: Session, asker: Asker, briefing: Briefing) -> datetime | None:
    """Say when *briefing* was last called off in Slack."""
    return session.scalar(
        sa.select(sa.func.max(AuditEntry.at)).where(
            AuditEntry.workspace_id == asker.workspace,
            AuditEntry.subject == f"briefing {briefing.id}",
            AuditEntry.verb == "cancel",
        )
    )


def _hold(session: Session, asker: Asker, briefing_id: int) -> Briefing:
    held = sa.select(Briefing).where(scope(Briefing), Briefing.id == briefing_id).with_for_update()
    fresh = held.execution_options(populate_existing=True)
    briefing = session.scalars(fresh, asker.binds()).one_or_none()
    if briefing is None:
        return titles.by_id(session, asker, Briefing, briefing_id)
    if not decide(asker, briefing, Act.EDIT):
        raise Refusal(NOT_THIS)
    return briefing


def _discard(session: Session, briefing: Briefing) -> None:
    # What came of it stays, as what came of nothing any more.
    unasked = {"unscoped": "a draft that goes, whatever came of it"}
    for column in (
        ActionItem.briefing_id,
        Initiative.origin_briefing_id,
        Resource.origin_briefing_id,
    ):
        freed = sa.update(column.class_).where(column == briefing.id).values({column: None})
        session.execute(freed, execution_options=unasked)
    own = (ItemWord.item_table == Briefing.__tablename__, ItemWord.item_id == briefing.id)
    for gone in (
        sa.delete(ItemWord).where(*own),
        sa.delete(Briefing).where(Briefing.id == briefing.id),
    ):
        session.execute(gone, execution_options=unasked)


def _check(now: datetime, briefing: Briefing) -> None:
    if briefing.state is State.CANCELLED:
        raise Refusal("It was called off already.")
    if briefing.state is State.PUBLISHED and briefing.ends_at <= now:
        raise Refusal("It is over, so it cannot be called off any more.")

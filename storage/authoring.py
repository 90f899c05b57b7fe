"""Writing a briefing: what it is and when, then for whom and on which terms, a step at a time."""

import hashlib
from dataclasses import astuple, dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from storage import (
    audit,
    capacity,
    changes,
    essentials,
    guard,
    moved_along,
    questions,
    requests,
    seating,
    talks,
    terms,
    titles,
)
from storage.asker import Asker
from storage.database import Session, writes
from storage.errors import Refusal
from storage.essentials import What
from storage.models import (
    Briefing,
    BriefingPartner,
    Kind,
    Precision,
    Rsvp,
    Standing,
    State,
)
from storage.policy import Act, decide, scope
from storage.scoping import unscoped
from storage.terms import Groups, Terms

NOT_YOURS = (
    "Briefings are written by the secretariat, and by chairs for their own group. Ask the "
    "secretariat."
)
NOT_THIS = "Only the secretariat, and whoever chairs the group it is for, can change it. Ask them."
CANCELLED = "This briefing was cancelled, so there is nothing to change. Copy it."
BESIDE = 5


@dataclass(frozen=True)
class Form:
    """A briefing as its author finds it. *groups* are those it may be for, each id and title.

    *is_overtaken* says that somebody else has changed it since the author began, so that nothing
    was saved; *beside* are published ones at the same time; of one that *is_locked* the questions
    have been answered; *talks* is how many sessions it has.
    """

    briefing: Briefing
    what: What
    terms: Terms
    groups: Groups
    beside: tuple[Briefing, ...] = ()
    is_overtaken: bool = False
    is_locked: bool = False
    talks: int = 0


def mark(part: What | Terms) -> str:
    """Give what tells this state of *part* from any other."""
    return hashlib.sha256(repr(astuple(part)).encode()).hexdigest()[:16]


def begin(session: Session, asker: Asker, now: datetime) -> Groups:
    """Give the groups for which *asker* may write. Raises Refusal for who writes nothing."""
    if not asker.is_staff and not asker.chairs:
        raise Refusal(NOT_YOURS)
    return terms.groups(session, asker)


def show(session: Session, asker: Asker, now: datetime, called: str) -> Form:
    """Show the briefing *called* so to whoever may change it. Raises Refusal."""
    return _form(session, asker, _own(asker, titles.find(session, asker, Briefing, called)))


def by_id(session: Session, asker: Asker, now: datetime, briefing_id: int) -> Form:
    """Show one of which the id is known to whoever may change it. Raises Refusal."""
    return _form(session, asker, _own(asker, titles.by_id(session, asker, Briefing, briefing_id)))


@writes
def draft(session: Session, asker: Asker, now: datetime, what: What, like: int = 0) -> Form:
    """Write a new briefing down, which nobody sees yet, on the terms of *like* or the usual ones.

    Raises Refusal.
    """
    own = begin(session, asker, now)
    _check(asker, now, what)
    briefing = Briefing(workspace_id=asker.workspace, state=State.DRAFT, **essentials.columns(what))
    terms.begin(briefing, asker, own)
    pattern = by_id(session, asker, now, like) if like else None
    if pattern is not None:
        terms.take_after(briefing, pattern.briefing)
    terms.check_body(briefing.tlp, what)
    session.add(briefing)
    session.flush()
    if pattern is not None:
        terms.name(session, asker, briefing, pattern.terms)
    audit.record(session, asker, now, "draft", f"briefing {briefing.id}")
    return _form(session, asker, briefing)


@writes
def revise(
    session: Session, asker: Asker, now: datetime, briefing_id: int, seen: str, what: What
) -> Form:
    """Say anew what a briefing is, when and where, and owe those who answered the news.

    *seen* is the `mark` of how its author found it. Raises Refusal.
    """
    briefing = hold(session, asker, briefing_id)
    before = essentials.of(briefing)
    what = essentials.as_exact(before, what)
    if mark(before) != seen:
        return _form(session, asker, briefing, is_overtaken=True)
    _check(asker, now, what, before)
    terms.check_body(briefing.tlp, what)
    check_kind(session, briefing.id, what.kind)
    was = changes.noted(briefing)
    terms.move_window(briefing, _day(what) - _day(before))
    for name, value in essentials.columns(what).items():
        if getattr(briefing, name) != value:
            setattr(briefing, name, value)
    session.flush()
    moved_along.follow(session, asker, now, briefing, was)
    changes.announce(session, now, briefing, was)
    seating.promote(session, briefing, now)  # one that has begun may now begin later
    audit.record(session, asker, now, "edit", f"briefing {briefing.id}")
    return _form(session, asker, briefing)


@writes
def settle(
    session: Session, asker: Asker, now: datetime, briefing_id: int, seen: str, wanted: Terms
) -> Form:
    """Say anew for whom a briefing is and on which terms. Raises Refusal.

    Whom one that is published is shown to is changed by `storage/sharing.py` alone.
    """
    briefing = hold(session, asker, briefing_id)
    if mark(terms.of(briefing)) != seen:
        return _form(session, asker, briefing, is_overtaken=True)
    requests.switch(session, asker, now, briefing, is_needed=wanted.needs_approval)
    terms.put(session, asker, briefing, wanted)
    capacity.set_capacity(session, asker, now, briefing.id, wanted.capacity, wanted.company_seats)
    audit.record(session, asker, now, "edit", f"briefing {briefing.id}")
    return _form(session, asker, briefing)


def hold(session: Session, asker: Asker, briefing_id: int) -> Briefing:
    """Load a briefing to be changed, with its partners; whoever else changes it waits.

    Raises Refusal for who may not, and for one that was cancelled.
    """
    held = sa.select(Briefing).where(scope(Briefing), Briefing.id == briefing_id).with_for_update()
    fresh = held.execution_options(populate_existing=True)
    briefing = session.scalars(fresh, asker.binds()).one_or_none()
    if briefing is None:
        titles.by_id(session, asker, Briefing, briefing_id)  # says why
        return hold(session, asker, briefing_id)  # it has come into sight just now
    if _own(asker, briefing).state is State.CANCELLED:
        raise Refusal(CANCELLED)
    return _whole(session, briefing)


def check_kind(session: Session, briefing_id: int, kind: Kind) -> None:
    """Refuse to call somebody else's what people have answered: they could not leave any more."""
    answered = sa.select(Rsvp.id).where(
        Rsvp.briefing_id == briefing_id, Rsvp.standing != Standing.DECLINED
    )
    if kind is Kind.EXTERNAL and session.scalar(answered.limit(1)) is not None:
        raise Refusal(
            "People have answered it, so it cannot become somebody else's event. Call it off, or "
            "choose another kind."
        )


def _own(asker: Asker, briefing: Briefing) -> Briefing:
    if not decide(asker, briefing, Act.EDIT):
        raise Refusal(NOT_THIS)
    return briefing


def _check(asker: Asker, now: datetime, what: What, before: What | None = None) -> None:
    guard.check(
        title=what.title,
        summary=what.summary,
        agenda="\n".join(what.agenda),
        venue=what.venue,
        city=what.city,
        join_link=what.join_link,
    )
    moved = before is None or what.ends_at != before.ends_at
    if moved and what.ends_at <= now and not asker.is_staff:
        raise Refusal("That day is over. Choose one to come.")


def _day(what: What) -> date:
    return what.starts_at.astimezone(ZoneInfo(what.zone)).date()


def _form(
    session: Session, asker: Asker, briefing: Briefing, *, is_overtaken: bool = False
) -> Form:
    whole = _whole(session, briefing)
    own, others = terms.groups(session, asker), _beside(session, asker, whole)
    locked = questions.is_locked(session, whole)
    many = talks.count(session, asker, whole.id)
    return Form(
        whole, essentials.of(whole), terms.of(whole), own, others, is_overtaken, locked, many
    )


def _whole(session: Session, briefing: Briefing) -> Briefing:
    session.flush()
    whole = (
        sa.select(Briefing)
        .where(Briefing.id == briefing.id)
        .options(
            selectinload(Briefing.host),
            selectinload(Briefing.partners).selectinload(BriefingPartner.organisation),
        )
        .execution_options(populate_existing=True)
    )
    return session.scalars(unscoped(whole, "a briefing just found for who writes it")).one()


def _beside(session: Session, asker: Asker, briefing: Briefing) -> tuple[Briefing, ...]:
    """Load the published ones, as *asker* may see them, at the same time as *briefing*."""
    at_once = sa.select(Briefing).where(
        scope(Briefing),
        Briefing.id != briefing.id,
        Briefing.state == State.PUBLISHED,
        Briefing.precision == Precision.MINUTE,
        Briefing.starts_at < briefing.ends_at,
        Briefing.ends_at > briefing.starts_at,
    )
    soonest = at_once.order_by(Briefing.starts_at, Briefing.id).limit(BESIDE)
    return tuple(session.scalars(soonest, asker.binds()))

"""Briefings that belong together: one repeated by the clock on the wall, or held in many places."""

import calendar
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from storage import audit, authoring, changes, essentials, moved_along, publishing, seating, terms
from storage.asker import Asker
from storage.authoring import Form
from storage.database import Session, writes
from storage.errors import Refusal
from storage.essentials import What
from storage.models import Briefing, Precision, Series, State
from storage.policy import Act, decide, scope
from storage.publishing import Ended
from storage.wall_time import moment

MOST = 52  # in one go
TIMES = ("starts_at", "ends_at", "zone", "precision")
Sizes = Mapping["Reach", int]


class Rhythm(StrEnum):
    """How often it comes: monthly is on the same weekday of the month, the first or the last."""

    WEEKLY = "weekly"
    FORTNIGHTLY = "fortnightly"
    MONTHLY = "monthly"


class Reach(StrEnum):
    """How far a change goes in a series: `ALL` is all that is still to come."""

    THIS = "this"
    LATER = "later"
    ALL = "all"


@dataclass(frozen=True)
class Repeated:
    """The *made* repetitions of *first*; *narrowed* says that they are not for everybody yet."""

    first: Briefing
    made: tuple[Briefing, ...]
    narrowed: bool


@writes
def repeat(
    session: Session, asker: Asker, now: datetime, called: str, rhythm: Rhythm, times: int
) -> Repeated:
    """Make *times* more of the briefing *called* so, at the same hour by its own clock.

    They are drafts if it is one. Raises Refusal.
    """
    found = authoring.show(session, asker, now, called)
    first = authoring.hold(session, asker, found.briefing.id)
    if first.precision not in {Precision.MINUTE, Precision.DAY}:
        raise Refusal("It has no day yet, so nothing can follow it. Change when it is first.")
    if not 1 <= times <= MOST:
        raise Refusal(f"Say how many more, from 1 to {MOST}.")
    if first.series_id is None:
        series = Series(workspace_id=asker.workspace, title=first.title)
        session.add(series)
        session.flush()
        first.series_id = series.id
    made = tuple(_again(session, first, rhythm, number) for number in range(1, times + 1))
    session.flush()
    for briefing in made:
        terms.join(session, briefing, first)
        audit.record(session, asker, now, "draft", f"briefing {briefing.id}")
    return Repeated(first, made, narrowed=made[0].audience is not first.audience)


@writes
def revise(
    session: Session,
    asker: Asker,
    now: datetime,
    briefing_id: int,
    seen: str,
    what: What,
    reach: Reach = Reach.THIS,
) -> Form:
    """Say anew what a briefing is, and of those of its series that *reach* says what has changed.

    The others keep their days: an hour, a place or a title that is new here is new there, and a
    week later here is a week later there. Raises Refusal.
    """
    before = authoring.by_id(session, asker, now, briefing_id)
    what = essentials.as_exact(before.what, what)
    # Which come later is asked before it is moved.
    others = _hold(session, asker, now, before.briefing, reach)
    form = authoring.revise(session, asker, now, briefing_id, seen, what)
    if form.is_overtaken:
        return form
    for other in others:
        was = changes.noted(other)
        _follow(other, before.what, what)
        _check(session, now, other, was)
        session.flush()
        moved_along.follow(session, asker, now, other, was)
        changes.announce(session, now, other, was)
        seating.promote(session, other, now)
        audit.record(session, asker, now, "edit", f"briefing {other.id}")
    return authoring.by_id(session, asker, now, briefing_id)


@writes
def cancel(
    session: Session, asker: Asker, now: datetime, briefing_id: int, reach: Reach = Reach.THIS
) -> tuple[Ended, ...]:
    """Call a briefing off, and those of its series that *reach* says. Raises Refusal."""
    found = authoring.by_id(session, asker, now, briefing_id).briefing
    more = _hold(session, asker, now, found, reach)
    return tuple(
        publishing.cancel(session, asker, now, number)
        for number in (briefing_id, *(other.id for other in more))
    )


@writes
def restore(session: Session, asker: Asker, now: datetime, briefing_id: int) -> tuple[Form, ...]:
    """Let take place what was called off together with a briefing. Raises Refusal."""
    found = authoring.by_id(session, asker, now, briefing_id).briefing
    at = publishing.called_off(session, asker, found)
    ended = sa.select(Briefing).where(
        scope(Briefing),
        Briefing.series_id.is_not(None),
        Briefing.series_id == found.series_id,
        Briefing.id != found.id,
        Briefing.state == State.CANCELLED,
    )
    mates = session.scalars(ended.order_by(Briefing.id), asker.binds()).all()
    together = [mate for mate in mates if publishing.called_off(session, asker, mate) == at]
    return tuple(
        publishing.restore(session, asker, now, briefing.id) for briefing in (found, *together)
    )


def size(session: Session, asker: Asker, now: datetime, called: str) -> tuple[Form, Sizes, Sizes]:
    """Show the briefing *called* so to whoever may change it, and how far a change can reach.

    Beside how many others each reach means stands how many people hear of it if it and those are
    called off. Raises Refusal.
    """
    form = authoring.show(session, asker, now, called)
    mates = {
        reach: _editable(asker, session.scalars(_mates(form.briefing, now, reach), asker.binds()))
        for reach in (Reach.LATER, Reach.ALL)
    }
    hearing = {
        reach: publishing.hearing(session, (form.briefing, *others))
        for reach, others in mates.items()
    }
    return form, {reach: len(others) for reach, others in mates.items()}, hearing


def _mates(briefing: Briefing, now: datetime, reach: Reach) -> sa.Select[Briefing]:
    """Give the statement for what else of its series *reach* says: what is off or over, never."""
    to_come = sa.select(Briefing).where(
        scope(Briefing),
        Briefing.series_id.is_not(None),
        Briefing.series_id == briefing.series_id,
        Briefing.id != briefing.id,
        Briefing.state != State.CANCELLED,
        Briefing.ends_at > now,
    )
    if reach is Reach.THIS:
        to_come = to_come.where(sa.false())
    if reach is Reach.LATER:
        to_come = to_come.where(Briefing.starts_at > briefing.starts_at)
    return to_come.order_by(Briefing.id)


def _hold(
    session: Session, asker: Asker, now: datetime, briefing: Briefing, reach: Reach
) -> list[Briefing]:
    held = _mates(briefing, now, reach).with_for_update()
    fresh = held.execution_options(populate_existing=True)
    return _editable(asker, session.scalars(fresh, asker.binds()))


def _editable(asker: Asker, briefings: Iterable[Briefing]) -> list[Briefing]:
    return [briefing for briefing in briefings if decide(asker, briefing, Act.EDIT)]


def _check(session: Session, now: datetime, other: Briefing, was: Mapping[str, Any]) -> None:
    if other.ends_at <= now and other.ends_at != was["ends_at"]:
        raise Refusal(
            f"E{other.id} of its series would be over by then, so nothing was changed. Change only "
            "this one, or it and those that come later."
        )
    terms.check_body(other.tlp, other)
    authoring.check_kind(session, other.id, other.kind)


def _follow(briefing: Briefing, was: What, what: What) -> None:
    old, new = essentials.columns(was), essentials.columns(what)
    for name in new:
        if name not in TIMES and new[name] != old[name]:
            setattr(briefing, name, new[name])
    if any(new[name] != old[name] for name in TIMES):
        _move(briefing, was, what)


def _move(briefing: Briefing, was: What, what: What) -> None:
    # By as much as the clock on the wall was moved: an edition elsewhere keeps its own hour, and
    # all keep theirs where clocks are changed between them.
    moved = _local(what.starts_at, what.zone) - _local(was.starts_at, was.zone)
    wanted = _local(briefing.starts_at, briefing.zone) + moved
    longer = (what.ends_at - what.starts_at) - (was.ends_at - was.starts_at)
    length = briefing.ends_at - briefing.starts_at + longer
    is_other = what.precision is not was.precision
    briefing.precision = what.precision if is_other else briefing.precision
    if is_other or length <= timedelta(0):
        length = what.ends_at - what.starts_at
    clock = wanted.time() if briefing.precision is Precision.MINUTE else time(0)
    days = wanted.date() - _local(briefing.starts_at, briefing.zone).date()
    terms.move_window(briefing, days)
    briefing.zone = what.zone if what.zone != was.zone else briefing.zone
    begins = moment(wanted.date(), clock, briefing.zone)
    briefing.starts_at, briefing.ends_at = begins, _end(begins, length, briefing)


def _again(session: Session, first: Briefing, rhythm: Rhythm, number: int) -> Briefing:
    begins = _local(first.starts_at, first.zone)
    day = _following(begins.date(), rhythm, number)
    at = moment(day, begins.time(), first.zone)
    kept = ("title", "kind", "summary", "place", "venue", "city", "join_link", "zone", "precision")
    briefing = Briefing(
        workspace_id=first.workspace_id,
        state=first.state,
        agenda=list(first.agenda),
        starts_at=at,
        ends_at=_end(at, first.ends_at - first.starts_at, first),
        **{name: getattr(first, name) for name in kept},
    )
    terms.take_after(briefing, first)
    briefing.series_id = first.series_id
    session.add(briefing)
    return briefing


def _following(day: date, rhythm: Rhythm, number: int) -> date:
    if rhythm is not Rhythm.MONTHLY:
        return day + timedelta(weeks=number * (2 if rhythm is Rhythm.FORTNIGHTLY else 1))
    months = day.month - 1 + number
    year, month = day.year + months // 12, months % 12 + 1
    first = date(year, month, 1)
    wanted = first + timedelta(days=(day.weekday() - first.weekday()) % 7)
    wanted += timedelta(weeks=(day.day - 1) // 7)
    last = calendar.monthrange(year, month)[1]
    # A fifth Tuesday is the last one where there are four.
    return wanted if wanted.month == month and wanted.day <= last else wanted - timedelta(weeks=1)


def _end(begins: datetime, length: timedelta, like: Briefing) -> datetime:
    if like.precision is Precision.MINUTE:
        return begins + length
    # Whole days end at midnight, also where one of them has 23 hours.
    days = round(length / timedelta(days=1))
    local = _local(begins, like.zone)
    return moment(local.date() + timedelta(days=days), local.time(), like.zone)


def _local(at: datetime, zone: str) -> datetime:
    """Give what a clock in *zone* shows."""
    return at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)

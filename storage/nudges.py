"""Nudges: whoever organises a briefing hears once before it and once after it what is missing."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import sqlalchemy as sa

from storage import deliveries, people
from storage.asker import Asker
from storage.database import Session, writes
from storage.models import (
    Audience,
    Briefing,
    GroupSeat,
    Kind,
    Notice,
    Person,
    Precision,
    Rsvp,
    Standing,
    State,
    Tlp,
    Workspace,
)
from storage.policy import Act, decide, scope
from storage.scoping import unscoped
from storage.wall_time import next_weekly

KIND = "organiser_nudge"
HOUR = "09:00"  # where the reader is: nobody is told by night
AHEAD = timedelta(days=4)  # planned as a day begins, so three are left when it is told
AFTER = timedelta(hours=4)  # what ended an hour before it is told of is still being tidied up
BACK = timedelta(days=3)
OF_USE = timedelta(days=2)
_TAKES_PLACE = (
    Briefing.workspace_id.in_(sa.select(Workspace.id)),
    Briefing.state == State.PUBLISHED,
    Briefing.kind != Kind.EXTERNAL,
    Briefing.precision.in_([Precision.MINUTE, Precision.DAY]),
)
_SOON = unscoped(
    sa.select(Briefing)
    .where(
        *_TAKES_PLACE,
        Briefing.starts_at > sa.bindparam("now"),
        Briefing.starts_at <= sa.bindparam("until"),
        Briefing.nudged_before_at.is_(None),
    )
    .order_by(Briefing.starts_at, Briefing.id),
    "the timetable's own",
)
_OVER = unscoped(
    sa.select(Briefing)
    .where(
        *_TAKES_PLACE,
        Briefing.ends_at <= sa.bindparam("until"),
        Briefing.ends_at > sa.bindparam("since"),
        Briefing.nudged_after_at.is_(None),
    )
    .order_by(Briefing.ends_at, Briefing.id),
    "the timetable's own",
)
_THESE = sa.select(Briefing).where(
    scope(Briefing), Briefing.id.in_(sa.bindparam("briefings", expanding=True))
)
_CHAIRS = (
    sa.select(Person.id, Person.slack_user)
    .join(GroupSeat, GroupSeat.person_id == Person.id)
    .where(
        GroupSeat.group_id == sa.bindparam("group"),
        GroupSeat.is_chair,
        Person.is_active,
        ~Person.is_bot,
    )
    .order_by(Person.id)
)


@dataclass(frozen=True)
class Left:
    """What is left to do once *briefing* took place."""

    briefing: Briefing
    check_in: bool
    recording: bool


@dataclass(frozen=True)
class Nudge:
    """What is missing: of what is ahead an *agenda*, and what is *left* of what took place."""

    agenda: tuple[Briefing, ...]
    left: tuple[Left, ...]


@dataclass
class _Bundle:
    before: list[Briefing] = field(default_factory=list)
    after: list[Briefing] = field(default_factory=list)


@writes
def plan(session: Session, now: datetime) -> int:
    """Owe whoever organises what lacks something one message for today; say how many briefings.

    Each briefing is told of once before it begins and once after it took place. Whoever is owed
    today's message already hears of the rest tomorrow.
    """
    soon = session.scalars(_SOON, {"now": now, "until": now + AHEAD}).all()
    over = session.scalars(_OVER, {"until": now - AFTER, "since": now - BACK}).all()
    before = [briefing for briefing in soon if _lacks_agenda(briefing)]
    after = [briefing for briefing in over if _lacks(session, briefing)]
    bundles: dict[tuple[int, int, str], _Bundle] = {}
    for briefing in before:
        for one in organisers(session, briefing):
            bundles.setdefault(one, _Bundle()).before.append(briefing)
    for briefing in after:
        for one in organisers(session, briefing):
            bundles.setdefault(one, _Bundle()).after.append(briefing)
    for one, bundle in bundles.items():
        if _owe(session, now, one, bundle):
            _mark(bundle, now)
    session.flush()
    told = sum(briefing.nudged_before_at == now for briefing in before)
    return told + sum(briefing.nudged_after_at == now for briefing in after)


def missing(
    session: Session, asker: Asker, now: datetime, before: Iterable[int], after: Iterable[int]
) -> Nudge:
    """Say what is missing still of the briefings that *asker* was to be told of, by their ids."""
    ahead, over = list(before), list(after)
    values = asker.binds() | {"briefings": [*ahead, *over]}
    found = {
        briefing.id: briefing
        for briefing in session.scalars(_THESE, values)
        if decide(asker, briefing, Act.EDIT) and briefing.state is State.PUBLISHED
    }
    agenda = [found[number] for number in ahead if number in found]
    left = [_left(session, asker, found[number]) for number in over if number in found]
    return Nudge(
        tuple(one for one in agenda if one.starts_at > now and _lacks_agenda(one)),
        tuple(
            one for one in left if one.briefing.ends_at <= now and (one.check_in or one.recording)
        ),
    )


def organisers(session: Session, briefing: Briefing) -> list[tuple[int, int, str]]:
    """Give the workspace, our id and Slack's of its group's chairs, else of all staff."""
    chairs: list[tuple[int, str]] = []
    if briefing.audience is Audience.GROUP:
        values = {"group": briefing.audience_group_id}
        chairs = [(row.id, row.slack_user) for row in session.execute(_CHAIRS, values)]
    found = chairs or people.secretariat(session, briefing.workspace_id)
    return [(briefing.workspace_id, person, user) for person, user in found]


def _lacks_agenda(briefing: Briefing) -> bool:
    # Of TLP:RED the bot holds no agenda.
    return not briefing.agenda and briefing.tlp is not Tlp.RED


def _lacks(session: Session, briefing: Briefing) -> bool:
    return _lacks_recording(briefing) or _lacks_check_in(session, briefing)


def _left(session: Session, asker: Asker, briefing: Briefing) -> Left:
    # Who came is for the secretariat to note.
    check_in = asker.is_staff and _lacks_check_in(session, briefing)
    return Left(briefing, check_in, _lacks_recording(briefing))


def _lacks_recording(briefing: Briefing) -> bool:
    return Notice.RECORDING in briefing.notices and not briefing.recording_link


def _lacks_check_in(session: Session, briefing: Briefing) -> bool:
    there = Rsvp.briefing_id == briefing.id
    sat, noted = session.execute(
        sa.select(
            sa.func.count().filter(Rsvp.standing == Standing.GOING), sa.func.count(Rsvp.came)
        ).where(there)
    ).one()
    return bool(sat and not noted)


def _owe(session: Session, now: datetime, one: tuple[int, int, str], bundle: _Bundle) -> bool:
    workspace, person, user = one
    at = next_weekly(None, HOUR, session.get_one(Person, person).zone, now)
    return deliveries.owe(
        session,
        workspace,
        now,
        key=f"nudge:{now.date()}:{person}",
        kind=KIND,
        recipient=user,
        details={
            "person": person,
            "before": [briefing.id for briefing in bundle.before],
            "after": [briefing.id for briefing in bundle.after],
        },
        due_at=at,
        expires_at=at + OF_USE,
    )


def _mark(bundle: _Bundle, now: datetime) -> None:
    for briefing in bundle.before:
        briefing.nudged_before_at = now
    for briefing in bundle.after:
        briefing.nudged_after_at = now

"""Fills a database for measuring: 10,000 briefings, 200,000 answers, 5,000 people."""

import random
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from storage.database import Session, writes
from storage.models import (
    Audience,
    Briefing,
    Kind,
    Person,
    Place,
    Role,
    Rsvp,
    Standing,
    State,
    Tlp,
    Workspace,
    folded,
)
from storage.scoping import lift

BRIEFINGS, PEOPLE, ANSWERS = 10_000, 5_000, 20
CLICKED = BRIEFINGS  # the briefing the clicks go for: many seats, nobody in them yet


@writes
def seed(session: Session) -> list[str]:
    """Fill the database; give the users' Slack ids."""
    lift(session, "a measurement")
    dice = random.Random(7)  # noqa: S311 -- the same data every time
    now = datetime.now(UTC)
    session.add(Workspace(id=1, team="T0CONVENE", name="Bench", zone="UTC"))
    session.flush()
    session.execute(sa.insert(Person), [_person(number, now) for number in range(1, PEOPLE + 1)])
    session.execute(
        sa.insert(Briefing), [_briefing(number, now) for number in range(1, BRIEFINGS + 1)]
    )
    for number in range(1, BRIEFINGS):
        chosen = dice.sample(range(1, PEOPLE + 1), ANSWERS)
        session.execute(sa.insert(Rsvp), [_rsvp(number, person, now) for person in chosen])
    return [f"U{number:05}" for number in range(1, PEOPLE + 1)]


def _person(number: int, now: datetime) -> dict[str, object]:
    return {
        "id": number,
        "workspace_id": 1,
        "slack_team": "T0CONVENE",
        "slack_user": f"U{number:05}",
        "name": f"Person {number}",
        "role": Role.MEMBER,
        "zone": "Europe/Brussels",
        "is_active": True,
        "is_bot": False,
        "met_at": now,
    }


def _briefing(number: int, now: datetime) -> dict[str, object]:
    title = f"Briefing number {number} on online safety"
    # Half are over, half are to come, as in a coalition some years old.
    starts = now + timedelta(hours=number - BRIEFINGS // 2)
    return {
        "id": number,
        "workspace_id": 1,
        "title": title,
        "folded": folded(title),
        "kind": Kind.BRIEFING,
        "state": State.PUBLISHED,
        "audience": Audience.MEMBERS,
        "tlp": Tlp.AMBER,
        "summary": "",
        "agenda": [],
        "starts_at": starts,
        "ends_at": starts + timedelta(hours=1),
        "zone": "Europe/London",
        "place": Place.HYBRID,
        "city": "London",
        "capacity": 1000 if number == CLICKED else 40,
        "taken": 0 if number == CLICKED else ANSWERS,
        "has_waitlist": True,
    }


def _rsvp(briefing: int, person: int, now: datetime) -> dict[str, object]:
    return {
        "workspace_id": 1,
        "briefing_id": briefing,
        "person_id": person,
        "standing": Standing.GOING,
        "answered_at": now,
        "changes": 1,
    }

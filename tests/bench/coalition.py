"""Fills a database for measuring digests: a coalition as busy in a week as one of 500 bodies."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from storage.database import Session, writes
from storage.models import (
    ActionItem,
    ActionState,
    Audience,
    Briefing,
    GroupSeat,
    Health,
    Initiative,
    InitiativeUpdate,
    Kind,
    Milestone,
    Organisation,
    OrganisationKind,
    OwnDigest,
    Person,
    Place,
    Resource,
    ResourceKind,
    Role,
    Rsvp,
    Standing,
    State,
    Tlp,
    WorkingGroup,
    Workspace,
    folded,
)
from storage.scoping import lift

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
BODIES, GROUPS, BRIEFINGS, INITIATIVES, RESOURCES = 500, 12, 60, 40, 30
SEATS, ANSWERS, ITEMS = 2, 8, 4  # of each person
ZONES = ("Europe/Brussels", "America/New_York", "Asia/Tokyo")


@writes
def fill(session: Session, people: int) -> None:
    """Fill the database: most are members, one in five is of an outside body."""
    lift(session, "a measurement")
    dice = random.Random(7)  # noqa: S311 -- the same data every time
    session.execute(sa.insert(Workspace), [{"id": 1, "team": "T0BENCH", "name": "", "zone": "UTC"}])
    for model, rows in (
        (Organisation, _organisations()),
        (Person, (_person(number) for number in range(1, people + 1))),
        (WorkingGroup, (_marked(number, "Group", dice) for number in range(1, GROUPS + 1))),
        (Briefing, (_briefing(number, dice) for number in range(1, BRIEFINGS + 1))),
        (Initiative, (_initiative(number, dice) for number in range(1, INITIATIVES + 1))),
        (InitiativeUpdate, (_update(number) for number in range(2 * INITIATIVES))),
        (Milestone, (_milestone(number) for number in range(2 * INITIATIVES))),
        (Resource, (_resource(number, dice) for number in range(1, RESOURCES + 1))),
        (GroupSeat, _seats(people, dice)),
        (Rsvp, _answers(people, dice)),
        (ActionItem, _items(people, dice)),
        (OwnDigest, (_order(number) for number in range(1, people + 1))),
    ):
        session.execute(sa.insert(model), [{"workspace_id": 1, **row} for row in rows])


def _organisations() -> Iterator[dict[str, Any]]:
    for number in range(1, BODIES + 1):
        name = f"Company {number}"
        kind = OrganisationKind.MEMBER
        yield {"id": number, "name": name, "folded": folded(name), "kind": kind}


def _person(number: int) -> dict[str, Any]:
    return {
        "id": number,
        "slack_team": "T0BENCH",
        "slack_user": f"U{number:06}",
        "name": f"Person {number}",
        "role": Role.EXTERNAL if number % 5 == 0 else Role.MEMBER,
        "organisation_id": number % BODIES + 1,
        "zone": ZONES[number % len(ZONES)],
        "linked_at": NOW,
        "met_at": NOW,
    }


def _marked(number: int, noun: str, dice: random.Random) -> dict[str, Any]:
    """Half of what there is is for members, a fifth for one group, the rest for the community."""
    title = f"{noun} {number} on what platforms can do together for the safety of children"
    audience = dice.choice(5 * [Audience.MEMBERS] + 2 * [Audience.GROUP] + 3 * [Audience.COMMUNITY])
    return {
        "id": number,
        "title": title,
        "folded": folded(title),
        "audience": audience,
        "tlp": Tlp.GREEN if audience is Audience.COMMUNITY else Tlp.AMBER,
        "audience_group_id": dice.randint(1, GROUPS) if noun != "Group" else None,
    }


def _briefing(number: int, dice: random.Random) -> dict[str, Any]:
    starts = NOW + number * 12 * HOUR
    return _marked(number, "Round table", dice) | {
        "kind": Kind.BRIEFING,
        "state": State.PUBLISHED,
        "summary": "",
        "agenda": [],
        "starts_at": starts,
        "ends_at": starts + HOUR,
        "zone": "Europe/London",
        "place": Place.HYBRID,
        "city": "London",
        "capacity": 40,
        "taken": 20,
        "has_waitlist": True,
    }


def _initiative(number: int, dice: random.Random) -> dict[str, Any]:
    health = Health.AT_RISK if number % 8 == 0 else Health.ON_TRACK
    return _marked(number, "Initiative", dice) | {
        "goal": "",
        "health": health,
        "lead_id": number,
        "cadence_days": 7,
        "moved_at": NOW - (number % 10) * DAY,
    }


def _update(number: int) -> dict[str, Any]:
    return {
        "initiative_id": number // 2 + 1,
        "author_id": number + 1,
        "health": Health.ON_TRACK,
        "was": Health.AT_RISK if number % 3 == 0 else Health.ON_TRACK,
        "text": "The pilot of the shared hash list has started with four platforms.",
        "next_step": "",
        "is_suggestion": False,
        "made_at": NOW - number * 3 * HOUR,
    }


def _milestone(number: int) -> dict[str, Any]:
    is_done = number % 2 == 0
    return {
        "initiative_id": number // 2 + 1,
        "title": f"Step {number} of the pilot",
        "position": number,
        "due": "2026-11-20",
        "due_on": NOW.date() - 3 * DAY,
        "is_done": is_done,
        "done_at": NOW - number * 3 * HOUR if is_done else None,
    }


def _resource(number: int, dice: random.Random) -> dict[str, Any]:
    return _marked(number, "Guide", dice) | {
        "link": "https://example.org/guide",
        "kind": ResourceKind.GUIDE,
        "topics": [],
        "summary": "",
        "words": "",
        "added_at": NOW - number * 6 * HOUR,
    }


def _seats(people: int, dice: random.Random) -> Iterator[dict[str, Any]]:
    for person in range(1, people + 1):
        for group in dice.sample(range(1, GROUPS + 1), SEATS if person % 2 else 0):
            yield {"group_id": group, "person_id": person, "is_chair": False, "joined_at": NOW}


def _answers(people: int, dice: random.Random) -> Iterator[dict[str, Any]]:
    for person in range(1, people + 1):
        for briefing in dice.sample(range(1, BRIEFINGS + 1), ANSWERS):
            yield {
                "briefing_id": briefing,
                "person_id": person,
                "standing": dice.choice([Standing.GOING, Standing.GOING, Standing.DECLINED]),
                "answered_at": NOW,
                "changes": 1,
            }


def _items(people: int, dice: random.Random) -> Iterator[dict[str, Any]]:
    states = (ActionState.OPEN, ActionState.OPEN, ActionState.PROPOSED, ActionState.DONE)
    for number in range(1, people * ITEMS + 1):
        state = states[number % ITEMS]
        due = NOW + dice.randint(-2, 20) * DAY
        is_done = state is ActionState.DONE
        title = f"Send the figures of the pilot, part {number}"
        yield {
            "id": number,
            "title": title,
            "folded": folded(title),
            "audience": Audience.MEMBERS,
            "tlp": Tlp.AMBER,
            "owner_id": (number - 1) // ITEMS + 1,
            "organisation_id": number % BODIES + 1,
            "creator_id": dice.randint(1, people),
            "state": state,
            "due_on": due.date(),
            "due_at": due,
            "done_at": NOW - dice.randint(0, 20 * 24) * HOUR if is_done else None,
            "done_by_id": (number - 1) // ITEMS + 1 if is_done else None,
            "created_at": NOW,
        }


def _order(number: int) -> dict[str, Any]:
    return {"person_id": number, "weekday": 0, "at": "09:00", "next_at": NOW}

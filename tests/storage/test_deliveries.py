"""What is owed is claimed by one process, sent once, and never twice when in doubt."""

import threading
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from storage import audits, deliveries
from storage.database import Database, writes
from storage.deliveries import AUDIT, AUDITED, BACKOFF_CAP, LEASE, PACE, SETTLE, Claim
from storage.models import Delivery, DeliveryState, Lane
from tests.factories import NOON, World, altering, at_once, seeing_all

SECOND = timedelta(seconds=1)


@writes
def owe(
    session: Session, /, world: World, key: str = "k1", recipient: str = "C1", **given: Any
) -> bool:
    values = {"kind": "reminder", "details": {"briefing": 1}, **given}
    return deliveries.owe(session, world.id, NOON, key=key, recipient=recipient, **values)


@pytest.fixture
def world(database: Database) -> World:
    return World(database)


def owed(world: World, *recipients: str, **given: Any) -> None:
    for number, recipient in enumerate(recipients):
        world.database.run(owe, world, f"k{number}", recipient, **given)


def claim(world: World, at: datetime = NOON) -> list[Claim]:
    return world.database.run(deliveries.claim, at)


def rows(world: World) -> list[Delivery]:
    with seeing_all(world.database) as session:
        return list(session.scalars(sa.select(Delivery).order_by(Delivery.id)))


def states(world: World) -> list[str]:
    return [row.state.value for row in rows(world)]


def sent(world: World, claimed: Claim, at: datetime = NOON) -> bool:
    return world.database.run(deliveries.sent, claimed, at, "C1", "1.2")


def later(world: World, claimed: Claim, at: datetime, wait: timedelta | None = None) -> bool:
    return world.database.run(deliveries.later, claimed, at, wait, "ratelimited")


def test_what_was_owed_once_is_owed_once(world: World) -> None:
    neighbour = World(world.database, "T0OTHER")

    told = [world.database.run(owe, who) for who in (world, world, neighbour)]

    assert told == [True, False, True]
    assert states(world) == ["pending", "pending"]


def test_what_is_owed_in_a_refused_transaction_is_not_owed(world: World) -> None:
    @writes
    def fail(session: Session) -> None:
        owe(session, world)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        world.database.run(fail)

    assert rows(world) == []


def test_many_who_owe_the_same_at_once_owe_it_once(world: World) -> None:
    new = at_once(8, lambda _: world.database.run(owe, world), range(16))

    assert sum(new) == 1
    assert len(rows(world)) == 1


def test_a_claim_takes_the_head_of_each_lane_in_order_of_time(world: World) -> None:
    world.database.run(owe, world, "late", "C1", due_at=NOON - SECOND)
    world.database.run(owe, world, "early", "C1", due_at=NOON - 2 * SECOND)
    world.database.run(owe, world, "other", "C2")
    world.database.run(owe, world, "not yet", "C3", due_at=NOON + SECOND)

    claims = claim(world)

    assert [(c.key, c.recipient, c.attempts, c.fence) for c in claims] == [
        ("early", "C1", 1, 1),
        ("other", "C2", 1, 1),
    ]
    assert states(world) == ["pending", "sending", "sending", "pending"]
    assert claim(world) == []


def test_one_channel_gets_about_one_message_per_second(world: World) -> None:
    owed(world, "C1", "C1")
    first = claim(world)[0]
    sent(world, first, NOON)

    assert claim(world, NOON + PACE - timedelta(milliseconds=1)) == []
    assert [c.key for c in claim(world, NOON + PACE)] == ["k1"]
    assert timedelta(seconds=1) < PACE < timedelta(seconds=1.2)


def test_whatever_was_not_sent_makes_nobody_wait(world: World) -> None:
    owed(world, "C1", "C1")

    world.database.run(deliveries.closed, claim(world)[0], NOON, DeliveryState.SKIPPED, "moved")

    assert [c.key for c in claim(world)] == ["k1"]
    assert rows(world)[0].reason == "moved"


def test_what_was_taken_is_recorded_with_its_place(world: World) -> None:
    owed(world, "C1")

    assert sent(world, claim(world)[0], NOON + SECOND)

    row = rows(world)[0]
    assert (row.state, row.sent_at, row.channel, row.ts) == (
        DeliveryState.SENT,
        NOON + SECOND,
        "C1",
        "1.2",
    )
    assert claim(world, NOON + timedelta(days=1)) == []


def test_what_a_stopped_process_left_comes_first_and_is_to_be_looked_for(world: World) -> None:
    owed(world, "C1", "C1")
    claim(world)

    early = claim(world, NOON + LEASE - SECOND)
    (again,) = claim(world, NOON + LEASE)

    assert early == []
    assert (again.key, again.unsure_since) == ("k0", NOON)
    assert states(world) == ["sending", "pending"]


def test_what_is_in_doubt_makes_its_lane_wait_and_no_other(world: World) -> None:
    owed(world, "C1", "C1", "C2")
    doubtful, other = claim(world)

    assert world.database.run(deliveries.unsure, doubtful, NOON, SETTLE, "lost")
    sent(world, other)

    assert claim(world, NOON + SETTLE - SECOND) == []
    (again,) = claim(world, NOON + SETTLE)
    assert (again.key, again.unsure_since, again.attempts) == ("k0", NOON, 2)


def test_what_slack_had_lost_is_due_again_and_audited_once_it_is_sent(world: World) -> None:
    owed(world, "C1")
    world.database.run(deliveries.unsure, claim(world)[0], NOON, SETTLE, "lost")
    at = NOON + SETTLE
    assert world.database.run(deliveries.absent, claim(world, at)[0], at)

    (again,) = claim(world, at)
    assert again.unsure_since is None
    sent(world, again, at)

    (row,) = rows(world)
    assert (row.intent_at, row.unsure_since, row.audit_at) == (at, NOON, at + AUDIT)


def test_what_was_never_in_doubt_is_not_audited(world: World) -> None:
    owed(world, "C1")
    sent(world, claim(world)[0])

    assert rows(world)[0].audit_at is None
    assert world.database.run(audits.due, NOON + 2 * AUDITED) == []


def test_an_audit_is_tried_for_a_day_and_then_no_more(world: World) -> None:
    owed(world, "C1")
    world.database.run(deliveries.unsure, claim(world)[0], NOON, SETTLE, "lost")
    sent(world, claim(world, NOON + SETTLE)[0], NOON + SETTLE)
    at, tries = NOON + SETTLE, 0

    while rows(world)[0].audit_at is not None:
        at += AUDIT
        tries += len(world.database.run(audits.due, at))

    assert tries == AUDITED // AUDIT
    assert at == NOON + SETTLE + AUDITED


@pytest.mark.parametrize("settle", ["sent", "later", "closed", "unsure", "absent"])
def test_who_lost_the_lease_changes_nothing(world: World, settle: str) -> None:
    owed(world, "C1", "C1")
    lost = claim(world)[0]
    after = NOON + LEASE + SECOND
    mine = claim(world, after)[0]
    before = [(row.state, row.due_at, row.reason) for row in rows(world)]

    match settle:
        case "unsure":
            settled = world.database.run(deliveries.unsure, lost, after, SETTLE, "lost")
        case "absent":
            settled = world.database.run(deliveries.absent, lost, after)
        case "sent":
            settled = sent(world, lost, after)
        case "later":
            settled = later(world, lost, after)
        case _:
            close = (lost, after, DeliveryState.DEAD, "no")
            settled = world.database.run(deliveries.closed, *close)

    assert not settled
    assert [(row.state, row.due_at, row.reason) for row in rows(world)] == before
    assert claim(world, after) == []
    assert sent(world, mine, after)


def test_what_is_of_no_use_any_more_is_not_sent(world: World) -> None:
    owed(world, "C1", expires_at=NOON + SECOND)
    owed(world, "C1", "C2", expires_at=None)

    assert claim(world, NOON + SECOND) != []

    assert states(world) == ["expired", "sending"]


def test_the_pause_doubles_up_to_five_minutes(world: World) -> None:
    owed(world, "C1")
    at, pauses = NOON, []

    for _ in range(60):  # a night without Slack
        claimed = claim(world, at)[0]
        assert later(world, claimed, at)
        due = rows(world)[0].due_at
        assert claim(world, due - timedelta(milliseconds=1)) == []
        pauses.append((due - at).total_seconds())
        at = due

    assert pauses[:10] == [2, 4, 8, 16, 32, 64, 128, 256, 300, 300]
    assert set(pauses[10:]) == {BACKOFF_CAP.total_seconds()}


def test_a_channel_waits_as_long_as_slack_asks(world: World) -> None:
    owed(world, "C1", "C1", "C2")
    first, other = claim(world)

    later(world, first, NOON, timedelta(seconds=30))
    sent(world, other)

    assert claim(world, NOON + timedelta(seconds=29)) == []
    # The same channel, so the other message waits too, and goes first now: it has been due longer.
    assert [c.key for c in claim(world, NOON + timedelta(seconds=30))] == ["k1"]


def test_slow_channels_do_not_hide_the_others(world: World) -> None:
    owed(world, *(f"C{number:03}" for number in range(deliveries.AT_ONCE * 5)))
    with altering(world.database) as session:
        session.execute(sa.update(Delivery).values(state=DeliveryState.SENDING))
        session.execute(
            sa.insert(Lane),
            [
                {
                    "workspace_id": world.id,
                    "recipient": row.recipient,
                    "free_at": NOON + LEASE,
                    "fence": 1,
                }
                for row in session.scalars(sa.select(Delivery))
            ],
        )
        session.execute(sa.update(Delivery).values(state=DeliveryState.PENDING))
    world.database.run(owe, world, "last", "D1")

    assert [c.key for c in claim(world)] == ["last"]


def test_all_that_is_due_is_claimed_in_portions(world: World) -> None:
    owed(world, *(f"C{number:03}" for number in range(45)))

    portions = [len(claim(world)) for _ in range(4)]

    assert portions == [20, 20, 5, 0]


def test_two_who_claim_at_once_never_get_the_same(world: World) -> None:
    owed(world, *(f"C{number % 30:03}" for number in range(90)))

    taken = [c for claims in at_once(6, lambda _: claim(world), range(12)) for c in claims]

    assert len({c.id for c in taken}) == len(taken) == 30
    assert len({c.recipient for c in taken}) == 30


def test_a_lane_that_somebody_is_taking_is_left_alone(world: World) -> None:
    owed(world, "C1")
    sent(world, claim(world)[0], NOON - PACE)
    for key in ("next", "after that"):
        world.database.run(owe, world, key, "C1")

    with ThreadPoolExecutor(1) as pool:
        with altering(world.database) as session:
            mine = deliveries.claim(session, NOON)
            theirs = pool.submit(claim, world)
            wait([theirs], 0.3)
        assert theirs.result() == []

    assert [claimed.key for claimed in mine] == ["next"]


def test_two_who_look_before_they_take_do_get_the_same(world: World) -> None:
    """The control: if looking first were safe, the test above would prove nothing."""
    owed(world, "C1")
    meeting = threading.Barrier(2)

    def look_then_take(_: int) -> int:
        with seeing_all(world.database) as session:
            found = session.scalars(
                sa.select(Delivery.id).where(Delivery.state == DeliveryState.PENDING)
            ).all()
        meeting.wait(5)
        for one in found:
            world.database.run(take, one)
        return len(found)

    with ThreadPoolExecutor(2) as pool:
        assert sum(pool.map(look_then_take, range(2))) == 2


@writes
def take(session: Session, delivery: int) -> None:
    session.execute(
        sa.update(Delivery).where(Delivery.id == delivery).values(state=DeliveryState.SENDING)
    )

"""What is due together is claimed together, settled together, and each by its own evidence."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from storage import audits, bundles, deliveries, lanes, redaction, restored, unposted
from storage.bundles import Fate
from storage.database import Database
from storage.deliveries import AUDIT, LEASE, PACE, SETTLE, Claim
from storage.models import Delivery, DeliveryState
from tests.factories import NOON, World, altering
from tests.storage.test_deliveries import SECOND, later, owe, owed, rows, states

NEWS = {"reminder", "invited"}
HOUR = timedelta(hours=1)
THERE = ("D1", "1.2", " E12 A7 ")


@pytest.fixture
def world(database: Database) -> World:
    return World(database)


def claims(world: World, at: datetime = NOON) -> list[Claim]:
    return world.database.run(deliveries.claim, at, bundled=NEWS)


def claimed(world: World, at: datetime = NOON) -> Claim:
    (claim,) = claims(world, at)
    return claim


def keys(claim: Claim | None) -> list[str]:
    return [] if claim is None else [one.key for one in claim.each]


def parted(world: World, claim: Claim, at: datetime = NOON, **fates: Fate) -> Claim | None:
    numbers = {one.key: one.id for one in claim.each}
    told = {numbers[key]: fate for key, fate in fates.items()}
    return world.database.run(bundles.parted, claim, at, told)


def found(world: World, claim: Claim, at: datetime, *there: str) -> bool:
    standing = {one.id: THERE for one in claim.each if one.key in there}
    return world.database.run(bundles.found, claim, at, standing)


def unsure(world: World, claim: Claim, at: datetime = NOON) -> Claim:
    """Let nobody know what became of it; give the claim of whoever looks for it."""
    assert world.database.run(deliveries.unsure, claim, at, SETTLE, "lost")
    return claimed(world, at + SETTLE)


def test_all_that_is_due_to_one_person_is_claimed_as_one(world: World) -> None:
    owed(world, "U1", "U1", "U2", "U1")
    world.database.run(owe, world, "tomorrow", "U1", due_at=NOON + SECOND)

    one, other = claims(world)

    assert (keys(one), keys(other)) == (["k0", "k1", "k3"], ["k2"])
    assert {claim.fence for claim in one.each} == {1}
    assert states(world) == ["sending"] * 4 + ["pending"]
    assert {row.intent_at for row in rows(world)} == {NOON, None}


def test_what_is_of_another_kind_stands_alone_and_in_its_place(world: World) -> None:
    for number, kind in enumerate(("reminder", "invited", "promoted", "reminder", "invited")):
        world.database.run(owe, world, f"k{number}", "U1", kind=kind)
    told, at = [], NOON

    while found_now := claims(world, at):
        told.append(keys(found_now[0]))
        world.database.run(deliveries.sent, found_now[0], at, "D1", "1.2")
        at += PACE

    assert told == [["k0", "k1"], ["k2"], ["k3", "k4"]]


def test_what_is_of_no_use_soon_stands_alone(world: World) -> None:
    world.database.run(owe, world, "one", "U1", expires_at=NOON + HOUR)
    world.database.run(owe, world, "two", "U1")
    world.database.run(owe, world, "soon", "U1", expires_at=NOON + lanes.URGENT)
    world.database.run(owe, world, "last", "U1")

    first = claimed(world)
    world.database.run(deliveries.sent, first, NOON, "D1", "1.2")
    second = claimed(world, NOON + PACE)

    assert (keys(first), keys(second)) == (["one", "two"], ["soon"])


def test_one_message_takes_twenty_at_most(world: World) -> None:
    owed(world, *["U1"] * 25)

    assert len(claimed(world).each) == lanes.MOST
    assert states(world).count("pending") == 5


def test_all_of_it_is_settled_at_once(world: World) -> None:
    owed(world, "U1", "U1")
    claim = claimed(world)

    assert world.database.run(redaction.sent, claim, NOON + SECOND, *THERE)

    settled = [(row.state, row.sent_at, row.channel, row.ts, row.about) for row in rows(world)]
    assert settled == [(DeliveryState.SENT, NOON + SECOND, *THERE)] * 2


def test_told_to_wait_all_of_it_waits_and_no_try_counts(world: World) -> None:
    owed(world, "U1", "U1")

    later(world, claimed(world), NOON, timedelta(seconds=30))

    assert {(row.due_at, row.attempts) for row in rows(world)} == {(NOON + 30 * SECOND, 0)}
    assert claims(world, NOON + 29 * SECOND) == []
    assert keys(claimed(world, NOON + 30 * SECOND)) == ["k0", "k1"]


def test_what_does_not_go_is_settled_while_the_others_keep_the_lane(world: World) -> None:
    owed(world, *["U1"] * 4)
    claim = claimed(world)
    night = Fate(DeliveryState.PENDING, "quiet", NOON + HOUR)

    left = parted(
        world,
        claim,
        k0=Fate(DeliveryState.SKIPPED, "moved"),
        k2=night,
        k3=Fate(DeliveryState.PENDING),
    )

    assert keys(left) == ["k1"]
    assert [(row.state.value, row.reason, row.due_at, row.attempts) for row in rows(world)] == [
        ("skipped", "moved", NOON, 1),
        ("sending", None, NOON, 1),
        ("pending", "quiet", NOON + HOUR, 0),
        ("pending", None, NOON, 0),
    ]
    assert claims(world) == []


def test_where_nothing_goes_the_lane_is_free(world: World) -> None:
    owed(world, "U1", "U1")
    night = Fate(DeliveryState.PENDING, "quiet", NOON + HOUR)

    left = parted(world, claimed(world), k0=night, k1=night)
    world.database.run(owe, world, "now", "U1")

    assert left is None
    assert keys(claimed(world)) == ["now"]


@pytest.mark.parametrize("settle", ["parted", "found"])
def test_who_lost_the_lease_changes_nothing_of_it(world: World, settle: str) -> None:
    owed(world, "U1", "U1")
    lost = claimed(world)
    after = NOON + LEASE
    mine = claimed(world, after)
    before = [(row.state, row.due_at, row.reason) for row in rows(world)]

    settled = (
        parted(world, lost, after, k0=Fate(DeliveryState.SKIPPED, "moved"))
        if settle == "parted"
        else found(world, lost, after, "k0")
    )

    assert not settled
    assert [(row.state, row.due_at, row.reason) for row in rows(world)] == before
    assert found(world, mine, after, "k0", "k1")


def test_what_a_dead_process_left_is_looked_for_as_a_whole_and_nothing_with_it(
    world: World,
) -> None:
    owed(world, "U1", "U1")
    claimed(world)
    world.database.run(owe, world, "new", "U1", due_at=NOON - HOUR)

    again = claimed(world, NOON + LEASE)

    assert keys(again) == ["k0", "k1"]
    assert {one.unsure_since for one in again.each} == {NOON}


def test_found_it_stands_there_for_each(world: World) -> None:
    owed(world, "U1", "U1")

    assert found(world, unsure(world, claimed(world)), NOON + SETTLE, "k0", "k1")

    at = NOON + SETTLE + AUDIT
    assert [(row.state.value, row.ts, row.audit_at) for row in rows(world)] == [
        ("sent", "1.2", at),
        ("sent", "1.2", at),
    ]


def test_an_old_message_counts_for_what_it_told_and_not_for_what_came_to_it(world: World) -> None:
    owed(world, "U1", "U1")
    first = unsure(world, claimed(world))
    at = NOON + SETTLE
    world.database.run(owe, world, "new", "U1")
    world.database.run(deliveries.absent, first, at)
    second = claimed(world, at)
    looked = unsure(world, second, at)

    assert found(world, looked, at + SETTLE, "k0", "k1")

    assert keys(second) == ["k0", "k1", "new"]
    assert states(world) == ["sent", "sent", "pending"]
    assert keys(claimed(world, at + SETTLE + PACE)) == ["new"]


def test_after_a_restored_backup_each_is_looked_for_by_its_own_key(world: World) -> None:
    owed(world, *["U1"] * 3)
    world.database.run(restored.doubt, NOON, NOON - HOUR)

    claim = claimed(world)
    assert found(world, claim, NOON, "k1")

    assert {one.unsure_since for one in claim.each} == {NOON - HOUR}
    assert states(world) == ["pending", "sent", "pending"]


def test_in_doubt_for_good_a_person_is_asked_of_each(world: World) -> None:
    world.staff("Sue")
    owed(world, "U1", "U1")
    held = (claimed(world), NOON, DeliveryState.HELD, "in doubt")

    assert world.database.run(unposted.closed, *held)

    one, other, *asked = rows(world)
    assert (one.state, other.state) == (DeliveryState.HELD, DeliveryState.HELD)
    assert [row.details["delivery"] for row in asked] == [one.id, other.id]


def test_a_copy_that_another_is_told_in_is_not_taken_back(world: World) -> None:
    owed(world, "U1", "U1", "U2")
    with altering(world.database) as session:
        for number, ts in ((1, "1.2"), (2, "1.1"), (3, "1.3")):
            values = {"state": DeliveryState.SENT, "channel": "D1", "ts": ts}
            session.execute(sa.update(Delivery).where(Delivery.id == number).values(**values))
    suspect = audits.Suspect(1, world.id, "k0", "D1", "1.2", NOON)

    needed = world.database.run(audits.needed, suspect, ["1.1", "1.2", "1.3"])

    assert needed == {"1.1"}


def test_taken_back_with_one_item_the_others_are_told_anew_once(world: World) -> None:
    staff, known = world.staff(), f"E{world.briefing().id}"
    owed(world, "U1", "U1")
    world.database.run(redaction.sent, claimed(world), NOON, "D1", "1.2", f" {known} A7 ")
    at = NOON + PACE
    foreseen = world.database.run(redaction.foreseen, staff, at, known)

    first = world.database.run(redaction.redact, staff, at, known)
    again = world.database.run(redaction.redact, staff, at, known)

    assert (foreseen.copies, first.copies, again.copies) == (1, 1, 0)
    one, other, *anew = rows(world)
    recalls = [row.details for row in anew if row.kind == "recall"]
    assert recalls == [{"delivery": one.id}]
    assert (one.state, other.state, one.ts) == (DeliveryState.SENT, DeliveryState.SENT, "1.2")
    told = [claim for claim in claims(world, at) if claim.recipient == "U1"]
    assert [keys(claim) for claim in told] == [["k0", "k1"]]


def test_what_is_removed_while_it_is_on_its_way_is_told_anew_too(world: World) -> None:
    staff, known = world.staff(), f"E{world.briefing().id}"
    owed(world, "U1", "U1")
    claim = claimed(world)
    world.database.run(redaction.redact, staff, NOON, known)

    world.database.run(redaction.sent, claim, NOON, "D1", "1.2", f" {known} ")

    assert [row.kind for row in rows(world)] == [
        "reminder",
        "reminder",
        "recall",
        *["reminder"] * 2,
    ]
    assert states(world) == ["sent", "sent", "pending", "pending", "pending"]

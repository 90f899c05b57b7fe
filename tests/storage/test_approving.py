"""Seats that organisers give: who asks, what they decide, and what holds no seat meanwhile."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from storage import (
    approving,
    attendance,
    authoring,
    briefings,
    capacity,
    delegating,
    feeds,
    forfeits,
    offboarding,
    recording,
    requests,
    rsvps,
    swapping,
    undoing,
)
from storage.asker import Asker
from storage.database import Database
from storage.errors import Refusal
from storage.models import (
    Answer,
    Audience,
    AuditEntry,
    Briefing,
    Delivery,
    Notice,
    Person,
    Role,
    Rsvp,
    Standing,
    State,
    Tlp,
)
from tests.factories import NOON, World, altering, at_once, every_row, seeing_all

GOING, MAYBE, DECLINED = Answer.GOING, Answer.MAYBE, Answer.DECLINED
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


@pytest.fixture
def world(database: Database) -> World:
    return World(database)


@pytest.fixture
def staff(world: World) -> Asker:
    return world.staff("Dana")


def made(world: World, **given: Any) -> Briefing:
    values = {"needs_approval": True, "has_waitlist": False, "starts_at": NOON + 72 * HOUR}
    return world.briefing(**{**values, **given})


def say(
    world: World,
    asker: Asker,
    briefing: Briefing,
    answer: Answer = GOING,
    now: datetime = NOON,
    note: str | None = None,
) -> rsvps.Outcome:
    return world.database.run(rsvps.answer, asker, now, briefing.id, answer, note)


def answer_of(world: World, asker: Asker) -> int:
    with seeing_all(world.database) as session:
        own = sa.select(Rsvp.id).where(Rsvp.person_id == asker.person)
        return session.scalars(own.order_by(Rsvp.id.desc())).first() or 0


def approve(world: World, staff: Asker, asker: Asker, now: datetime = NOON) -> approving.Decided:
    return world.database.run(approving.approve, staff, now, answer_of(world, asker))


def decline(world: World, staff: Asker, asker: Asker, now: datetime = NOON) -> approving.Decided:
    return world.database.run(approving.decline, staff, now, answer_of(world, asker))


def stand(world: World) -> dict[str, str]:
    with seeing_all(world.database) as session:
        rows = session.execute(sa.select(Person.name, Rsvp.standing).join(Rsvp.person))
        return {name: standing.value for name, standing in rows}


def taken(world: World, briefing: Briefing) -> int:
    with seeing_all(world.database) as session:
        return session.get_one(Briefing, briefing.id).taken


def owed(world: World, kind: str) -> list[Delivery]:
    with seeing_all(world.database) as session:
        found = sa.select(Delivery).where(Delivery.kind == kind).order_by(Delivery.id)
        return list(session.scalars(found))


def who(world: World, asker: Asker, briefing: Briefing, now: datetime = NOON) -> Any:
    return world.database.run(attendance.who, asker, now, f"E{briefing.id}")


def settle(world: World, staff: Asker, briefing: Briefing, **terms: Any) -> Briefing:
    form = world.database.run(authoring.by_id, staff, NOON, briefing.id)
    wanted = type(form.terms)(**{**vars(form.terms), **terms})
    seen = authoring.mark(form.terms)
    settled = world.database.run(authoring.settle, staff, NOON, briefing.id, seen, wanted)
    return settled.briefing


def test_whoever_says_going_asks_and_holds_no_seat(world: World, staff: Asker) -> None:
    briefing, ana = made(world, capacity=1), world.member("Ana")

    outcome = say(world, ana, briefing, note="I lead our team")
    again = say(world, ana, briefing, now=NOON + HOUR)

    assert (outcome.standing, outcome.changed, outcome.asks) == (Standing.ASKED, True, None)
    assert (again.standing, again.changed, again.note) == (Standing.ASKED, False, "I lead our team")
    assert taken(world, briefing) == 0
    (asked,) = who(world, staff, briefing).requests.waiting
    assert (asked.name, asked.asked_at, asked.note) == ("Ana", NOON, "I lead our team")


def test_who_asks_stands_in_no_list_but_that_of_who_decides(world: World, staff: Asker) -> None:
    briefing, ana, ben = made(world), world.member("Ana"), world.member("Ben")
    say(world, ana, briefing)

    for asker in (ben, ana):
        told = who(world, asker, briefing)
        assert (told.parties, told.requests) == ((), requests.NOBODY)
        assert world.database.run(briefings.by_id, asker, NOON, briefing.id).asking == 0
    assert world.database.run(briefings.by_id, staff, NOON, briefing.id).asking == 1
    assert world.database.run(requests.to_decide, ben, NOON) == ()
    assert [many for _, many in world.database.run(requests.to_decide, staff, NOON)] == [1]
    absent = world.database.run(attendance.missing, staff, NOON, f"E{briefing.id}")
    assert len(absent.names) == absent.total
    assert Standing.ASKED not in feeds.COMING


def test_approved_they_have_the_seat_and_are_told(world: World, staff: Asker) -> None:
    briefing, ana = made(world, capacity=1, questions=["Badge name *"]), world.member("Ana")
    say(world, ana, briefing, note="I lead our team")

    told = approve(world, staff, ana, NOON + HOUR)
    again = approve(world, staff, ana, NOON + HOUR)

    assert (told.name, told.is_approved, told.changed) == ("Ana", True, True)
    assert (again.is_approved, again.changed) == (True, False)
    assert stand(world) == {"Ana": "going"}
    assert taken(world, briefing) == 1
    own = world.database.run(briefings.by_id, ana, NOON, briefing.id).mine
    assert own is not None
    assert (own.note, own.answered_at, own.recorded_by_id) == ("I lead our team", NOON + HOUR, None)
    (news,) = owed(world, "seat_decided")
    assert (news.recipient, news.details["approved"]) == (ana.slack_user, True)
    assert say(world, ana, briefing, now=NOON + HOUR).asks is not None


def test_turned_down_they_are_told_once_and_do_not_ask_again(world: World, staff: Asker) -> None:
    briefing, ana = made(world), world.member("Ana")
    say(world, ana, briefing)

    told = decline(world, staff, ana, NOON + HOUR)
    again = decline(world, staff, ana, NOON + HOUR)

    assert (told.is_approved, told.changed, again.changed) == (False, True, False)
    for answer in (MAYBE, DECLINED):
        with pytest.raises(Refusal, match="organisers of E1 declined your request"):
            say(world, ana, briefing, now=NOON + HOUR)
        say(world, ana, briefing, answer, now=NOON + HOUR)
    assert stand(world) == {"Ana": "declined"}
    assert [news.details["approved"] for news in owed(world, "seat_decided")] == [False]
    assert who(world, staff, briefing).requests.turned_down[0].name == "Ana"
    assert who(world, world.member(), briefing).parties == ()


def test_who_was_turned_down_may_be_approved_later(world: World, staff: Asker) -> None:
    briefing, ana = made(world), world.member("Ana")
    say(world, ana, briefing)
    decline(world, staff, ana)

    approve(world, staff, ana, NOON + HOUR)
    gone = say(world, ana, briefing, DECLINED, NOON + 2 * HOUR)
    asked = say(world, ana, briefing, GOING, NOON + 3 * HOUR)

    assert (gone.standing, asked.standing) == (Standing.DECLINED, Standing.ASKED)
    assert [news.details["approved"] for news in owed(world, "seat_decided")] == [False, True]


@pytest.mark.parametrize("answer", [MAYBE, DECLINED])
def test_another_answer_withdraws_the_request(world: World, staff: Asker, answer: Answer) -> None:
    briefing, ana = made(world), world.member("Ana")
    say(world, ana, briefing)

    outcome = say(world, ana, briefing, answer)

    assert outcome.standing.value == answer.value
    for decide in (approve, decline):
        with pytest.raises(Refusal, match="Ana asks for no seat any more"):
            decide(world, staff, ana)
    assert taken(world, briefing) == 0


def test_a_full_briefing_is_said_to_who_decides_and_the_request_stays(
    world: World, staff: Asker
) -> None:
    briefing, ana, ben = made(world, capacity=1), world.member("Ana"), world.member("Ben")
    say(world, ana, briefing)
    say(world, ben, briefing)
    approve(world, staff, ana)

    with pytest.raises(Refusal, match="E1 is full: all 1 seats are taken"):
        approve(world, staff, ben)
    assert stand(world) == {"Ana": "going", "Ben": "asked"}

    world.database.run(capacity.set_capacity, staff, NOON, briefing.id, 2, None)
    assert stand(world)["Ben"] == "asked"
    approve(world, staff, ben)
    assert stand(world)["Ben"] == "going"


def test_a_company_has_no_more_seats_than_it_may(world: World, staff: Asker) -> None:
    home = world.organisation("Adobe").id
    ana, ben = (world.asker(world.person(n, organisation_id=home)) for n in ("Ana", "Ben"))
    briefing = made(world, company_seats=1)
    say(world, ana, briefing)
    say(world, ben, briefing)
    approve(world, staff, ana)

    with pytest.raises(Refusal, match="The one seat of Adobe is taken by Ana"):
        approve(world, staff, ben)
    assert stand(world) == {"Ana": "going", "Ben": "asked"}


def test_two_who_approve_for_the_last_seat_give_it_once(world: World, staff: Asker) -> None:
    briefing = made(world, capacity=1)
    asking = [world.member() for _ in range(4)]
    for asker in asking:
        say(world, asker, briefing)

    def approved(asker: Asker) -> bool:
        try:
            return approve(world, staff, asker).is_approved
        except Refusal:
            return False

    assert sum(at_once(4, approved, asking)) == 1
    assert taken(world, briefing) == 1
    assert sorted(stand(world).values()) == ["asked", "asked", "asked", "going"]


def test_nobody_is_queued_and_a_freed_seat_goes_to_nobody_by_itself(
    world: World, staff: Asker
) -> None:
    briefing, ana, ben = made(world, capacity=1), world.member("Ana"), world.member("Ben")
    say(world, ana, briefing)
    approve(world, staff, ana)
    say(world, ben, briefing)

    outcome = say(world, ana, briefing, DECLINED)

    assert outcome.promoted == ()
    assert stand(world) == {"Ana": "declined", "Ben": "asked"}
    assert owed(world, "promoted") == []


def test_who_decides_asks_nobody_and_records_seats_for_others(world: World, staff: Asker) -> None:
    briefing, ana = made(world, capacity=2), world.member("Ana")
    say(world, ana, briefing, note="I lead our team")

    own = say(world, staff, briefing)
    told = world.database.run(
        recording.record, staff, NOON, ana.slack_user, f"E{briefing.id}", GOING
    )

    assert own.standing is Standing.GOING
    assert (told.outcome.standing, told.outcome.note) == (Standing.GOING, "I lead our team")
    assert owed(world, "seat_decided") == []
    assert [news.recipient for news in owed(world, "answer_recorded")] == [ana.slack_user]
    with pytest.raises(Refusal, match="All 2 seats are taken and there is no waitlist"):
        say(world, world.staff(), briefing)


def test_chairs_decide_for_their_group_and_nobody_else(world: World, staff: Asker) -> None:
    chair, member = world.person("Carla"), world.person("Max")
    group = world.group("Law", member, chairs=(chair,))
    briefing = made(world, audience=Audience.GROUP, audience_group_id=group.id, tlp=Tlp.AMBER)
    asks, decides = world.asker(member), world.asker(chair)
    say(world, asks, briefing)
    before = every_row(world.database)

    for asker in (asks, world.member(), world.external(), world.unknown()):
        for decide in (approve, decline):
            with pytest.raises(Refusal) as refused:
                world.database.run(
                    getattr(approving, decide.__name__), asker, NOON, answer_of(world, asks)
                )
            assert refused.value.sentence == approving.GONE
    with pytest.raises(Refusal) as refused:
        world.database.run(approving.approve, decides, NOON, 4711)
    assert refused.value.sentence == approving.GONE
    assert every_row(world.database)["rsvps"] == before["rsvps"]

    assert approve(world, decides, asks).is_approved
    (told,) = owed(world, "seats_asked")
    assert told.recipient == decides.slack_user


def test_under_the_chatham_house_rule_the_secretariat_alone_decides(
    world: World, staff: Asker
) -> None:
    chair, member = world.person("Carla"), world.person("Max")
    group = world.group("Law", member, chairs=(chair,))
    briefing = made(
        world,
        audience=Audience.GROUP,
        audience_group_id=group.id,
        tlp=Tlp.AMBER,
        notices=[Notice.CHATHAM_HOUSE],
    )
    asks = world.asker(member)
    say(world, asks, briefing)

    assert who(world, world.asker(chair), briefing).requests == requests.NOBODY
    with pytest.raises(Refusal):
        approve(world, world.asker(chair), asks)
    assert [news.recipient for news in owed(world, "seats_asked")] == [staff.slack_user]
    assert approve(world, staff, asks).is_approved


def test_organisers_are_owed_one_message_for_all_who_ask_meanwhile(
    world: World, staff: Asker
) -> None:
    briefing, other = made(world), made(world)
    for minutes, at in ((0, briefing), (1, briefing), (2, other)):
        say(world, world.member(), at, now=NOON + minutes * MINUTE)

    (news,) = owed(world, "seats_asked")
    found = world.database.run(requests.to_decide, staff, NOON + HOUR)

    assert news.due_at == NOON + 4 * HOUR  # 17:00 in Brussels
    assert news.recipient == staff.slack_user
    assert [(at.id, many) for at, many in found] == [(briefing.id, 2), (other.id, 1)]


def test_what_is_asked_by_night_is_told_in_the_morning(world: World, staff: Asker) -> None:
    say(world, world.member(), made(world), now=NOON + 10 * HOUR)

    (news,) = owed(world, "seats_asked")
    assert news.due_at == NOON + 20 * HOUR  # 09:00 in Brussels


def test_shortly_before_it_they_are_told_within_ten_minutes(world: World, staff: Asker) -> None:
    briefing = made(world, starts_at=NOON + 3 * HOUR)
    for minutes in (1, 2, 9):
        say(world, world.member(), briefing, now=NOON + minutes * MINUTE)
    say(world, world.member(), briefing, now=NOON + 10 * MINUTE)

    due = [news.due_at for news in owed(world, "seats_asked")]
    assert due == [NOON + 10 * MINUTE, NOON + 20 * MINUTE]


def test_it_is_not_begun_while_somebody_waits_on_the_waitlist(world: World, staff: Asker) -> None:
    briefing = world.briefing(capacity=1, starts_at=NOON + 72 * HOUR)
    ana, ben = world.member("Ana"), world.member("Ben")
    say(world, ana, briefing)
    say(world, ben, briefing)

    with pytest.raises(Refusal, match="1 person waits for a seat on its waitlist"):
        settle(world, staff, briefing, needs_approval=True)
    say(world, ben, briefing, DECLINED, NOON + HOUR)
    settled = settle(world, staff, briefing, needs_approval=True)

    assert (settled.needs_approval, settled.has_waitlist) == (True, False)
    assert stand(world) == {"Ana": "going", "Ben": "declined"}
    with seeing_all(world.database) as session:
        entry = session.scalars(sa.select(AuditEntry).where(AuditEntry.verb == "set approval"))
        changed = entry.one()
    assert (changed.before, changed.after) == ({"needs_approval": False}, {"needs_approval": True})


def test_it_does_not_end_while_somebody_asks(world: World, staff: Asker) -> None:
    briefing, ana = made(world), world.member("Ana")
    say(world, ana, briefing)

    with pytest.raises(Refusal, match="1 person asks for a seat"):
        settle(world, staff, briefing, needs_approval=False)
    decline(world, staff, ana)
    settle(world, staff, briefing, needs_approval=False, has_waitlist=True)

    assert say(world, ana, briefing).standing is Standing.GOING
    with pytest.raises(Refusal, match="Nobody approves who comes to E1 any more"):
        decline(world, staff, ana)


def test_copies_and_repetitions_are_approved_too(world: World, staff: Asker) -> None:
    briefing = made(world)
    form = world.database.run(authoring.by_id, staff, NOON, briefing.id)

    copied = world.database.run(authoring.draft, staff, NOON, form.what, briefing.id)

    assert (copied.terms.needs_approval, copied.terms.has_waitlist) == (True, False)


def test_a_request_is_undone_and_withdrawn_it_is_had_again(world: World, staff: Asker) -> None:
    briefing, ana, ben = made(world), world.member("Ana"), world.member("Ben")
    first = say(world, ana, briefing)
    assert first.change is not None
    undone = world.database.run(undoing.undo, ana, NOON + MINUTE, *first.change)
    say(world, ana, briefing, now=NOON + 2 * MINUTE)
    say(world, ben, briefing, now=NOON + 3 * MINUTE)
    slip = say(world, ana, briefing, DECLINED, NOON + 4 * MINUTE)
    assert slip.change is not None
    again = world.database.run(undoing.undo, ana, NOON + 5 * MINUTE, *slip.change)

    assert (undone.standing, again.standing) == (None, Standing.ASKED)
    asking = who(world, staff, briefing).requests.waiting
    assert [one.name for one in asking] == ["Ana", "Ben"]


def test_what_was_decided_is_not_undone(world: World, staff: Asker) -> None:
    briefing, ana = made(world), world.member("Ana")
    asked = say(world, ana, briefing)
    assert asked.change is not None
    decline(world, staff, ana)

    with pytest.raises(Refusal):
        world.database.run(undoing.undo, ana, NOON + MINUTE, *asked.change)
    assert stand(world) == {"Ana": "declined"}


def test_a_place_on_a_waitlist_that_ended_is_not_had_again(world: World, staff: Asker) -> None:
    briefing = world.briefing(capacity=1, starts_at=NOON + 72 * HOUR)
    ana, ben = world.member("Ana"), world.member("Ben")
    say(world, ana, briefing)
    say(world, ben, briefing)
    slip = say(world, ben, briefing, DECLINED)
    settle(world, staff, briefing, needs_approval=True)
    assert slip.change is not None

    with pytest.raises(Refusal) as refused:
        world.database.run(undoing.undo, ben, NOON + MINUTE, *slip.change)
    assert refused.value.sentence == undoing.OTHERWISE
    assert stand(world) == {"Ana": "going", "Ben": "declined"}


def test_a_seat_given_to_a_colleague_is_a_seat_but_not_to_who_was_turned_down(
    world: World, staff: Asker
) -> None:
    home = world.organisation("Adobe").id
    names = ("Ana", "Ben", "Cy")
    ana, ben, cy = (world.asker(world.person(name, organisation_id=home)) for name in names)
    briefing = made(world, company_seats=1)
    for asker in (ana, ben, cy):
        say(world, asker, briefing)
    approve(world, staff, ana)
    decline(world, staff, cy)

    with pytest.raises(Refusal, match="declined your request"):
        world.database.run(swapping.ask, cy, NOON, answer_of(world, ana))
    sent = (ana, NOON, cy.slack_user, f"E{briefing.id}")
    world.database.run(delegating.send, *sent)
    with pytest.raises(Refusal, match="declined your request"):
        world.database.run(delegating.take, cy, NOON, owed(world, "seat_sent")[-1].id)
    world.database.run(delegating.send, ana, NOON, ben.slack_user, f"E{briefing.id}")
    world.database.run(delegating.take, ben, NOON, owed(world, "seat_sent")[-1].id)

    assert stand(world) == {"Ana": "declined", "Ben": "going", "Cy": "declined"}
    assert taken(world, briefing) == 1


def test_a_request_goes_with_the_right_to_see_it(world: World, staff: Asker) -> None:
    briefing, ana, ben = made(world), world.member("Ana"), world.member("Ben")
    say(world, ana, briefing)
    say(world, ben, briefing)
    with altering(world.database) as session:
        session.get_one(Person, ana.person).role = Role.EXTERNAL

    with pytest.raises(Refusal, match="Ana may not see E1 any more"):
        approve(world, staff, ana)
    lost = world.database.run(forfeits.sweep, NOON)

    assert lost == 0  # no seat was lost
    assert stand(world) == {"Ana": "declined", "Ben": "asked"}


def test_whoever_leaves_asks_no_more(world: World, staff: Asker) -> None:
    briefing, ana = made(world), world.member("Ana")
    say(world, ana, briefing)

    left = world.database.run(offboarding.carry_out, staff, NOON, f"person {ana.person}")

    assert left.answers == 1
    assert stand(world) == {"Ana": "declined"}
    assert who(world, staff, briefing).requests == requests.NOBODY


@pytest.mark.parametrize("state", [State.CANCELLED, State.PUBLISHED])
def test_once_it_is_over_or_called_off_there_is_nothing_to_decide(
    world: World, staff: Asker, state: State
) -> None:
    briefing, ana = made(world), world.member("Ana")
    say(world, ana, briefing)
    with altering(world.database) as session:
        session.get_one(Briefing, briefing.id).state = state
    now = NOON if state is State.CANCELLED else NOON + 80 * HOUR

    for decide in (approve, decline):
        with pytest.raises(Refusal, match="E1 is over or called off"):
            decide(world, staff, ana, now)
    assert who(world, staff, briefing, now).requests == requests.NOBODY
    assert world.database.run(requests.to_decide, staff, now) == ()


def test_nothing_is_asked_once_registration_is_closed_but_decided_still(
    world: World, staff: Asker
) -> None:
    briefing = made(world, closes_at=NOON + HOUR)
    ana, ben = world.member("Ana"), world.member("Ben")
    say(world, ana, briefing)

    with pytest.raises(Refusal, match="Registration closed"):
        say(world, ben, briefing, now=NOON + 2 * HOUR)
    assert approve(world, staff, ana, NOON + 2 * HOUR).is_approved


def test_more_than_ten_who_ask_are_counted_and_move_up(world: World, staff: Asker) -> None:
    briefing = made(world)
    asking = [world.member(f"Person {n:02}") for n in range(12)]
    for asker in asking:
        say(world, asker, briefing)

    found = who(world, staff, briefing).requests
    left = approve(world, staff, asking[0]).left

    assert (len(found.waiting), found.total) == (10, 12)
    assert [one.name for one in left.waiting] == [f"Person {n:02}" for n in range(1, 11)]
    assert left.total == 11

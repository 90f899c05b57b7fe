"""An answer taken back within five minutes: what was before is so again, and nobody is evicted."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from storage import capacity, delegating, recording, rsvps, undoing
from storage.asker import Asker
from storage.companies import Company
from storage.database import Database
from storage.errors import Refusal
from storage.models import Answer, AuditEntry, Briefing, Delivery, Person, Precision, Rsvp, Standing
from storage.undoing import Undone
from tests.factories import NOON, World, seeing_all

GOING, MAYBE, DECLINED = Answer.GOING, Answer.MAYBE, Answer.DECLINED
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
FAR = NOON + 9 * DAY


@pytest.fixture
def world(database: Database) -> World:
    return World(database)


def say(
    world: World,
    asker: Asker,
    briefing: Briefing,
    answer: Answer = GOING,
    now: datetime = NOON,
    note: str | None = None,
) -> rsvps.Outcome:
    return world.database.run(rsvps.answer, asker, now, briefing.id, answer, note)


def undo(world: World, asker: Asker, said: rsvps.Outcome, now: datetime = NOON + MINUTE) -> Undone:
    assert said.change is not None
    return world.database.run(undoing.undo, asker, now, *said.change)


def refused(world: World, asker: Asker, said: rsvps.Outcome, now: datetime = NOON + MINUTE) -> str:
    with pytest.raises(Refusal) as refusal:
        undo(world, asker, said, now)
    return refusal.value.sentence


def full(world: World, *names: str, **given: object) -> tuple[Briefing, list[Asker]]:
    """Make a briefing of one seat for which all of *names* ask at the same moment."""
    values: dict[str, object] = {"capacity": 1, "starts_at": FAR, **given}
    briefing = world.briefing("", **values)
    askers = [world.member(name) for name in names]
    for asker in askers:
        say(world, asker, briefing)
    return briefing, askers


def stand(world: World) -> dict[str, str]:
    with seeing_all(world.database) as session:
        rows = session.execute(sa.select(Person.name, Rsvp.standing).join(Rsvp.person))
        return {name: standing.value for name, standing in rows}


def own(world: World, asker: Asker) -> Rsvp:
    with seeing_all(world.database) as session:
        return session.scalars(sa.select(Rsvp).where(Rsvp.person_id == asker.person)).one()


def taken(world: World) -> int | None:
    with seeing_all(world.database) as session:
        return session.scalar(sa.select(Briefing.taken))


def test_a_seat_given_up_by_mistake_is_theirs_again_with_their_note_and_since_when(
    world: World,
) -> None:
    ana = world.member("Ana")
    briefing = world.briefing(capacity=1, starts_at=FAR)
    say(world, ana, briefing, now=NOON - DAY, note="arriving late")

    undone = undo(world, ana, say(world, ana, briefing, DECLINED))

    assert (undone.standing, undone.note, undone.is_lost) == (
        Standing.GOING,
        "arriving late",
        False,
    )
    assert (own(world, ana).answered_at, own(world, ana).note) == (NOON - DAY, "arriving late")
    assert taken(world) == 1
    again = say(world, ana, briefing)
    assert (again.changed, again.since) == (False, NOON - DAY)


def test_whoever_had_not_answered_has_not_answered_again(world: World) -> None:
    briefing, (ana,) = full(world, "Ana")
    ben = world.member("Ben")
    said = say(world, ben, briefing)

    undone = undo(world, ben, said)

    assert undone.standing is None
    assert stand(world) == {"Ana": "going"}
    with seeing_all(world.database) as session:
        entry = session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert entry is not None
    assert (entry.verb, entry.before, entry.after) == (
        "rsvp",
        {"standing": "waitlisted"},
        {"undone": True},
    )
    assert refused(world, ben, said) == undoing.GONE
    assert say(world, ana, briefing, DECLINED).promoted == ()


def test_a_seat_taken_by_mistake_goes_to_whoever_waited(world: World) -> None:
    briefing = world.briefing(capacity=1, starts_at=FAR)
    ana, ben = world.member("Ana"), world.member("Ben")
    say(world, ana, briefing, MAYBE)
    said = say(world, ana, briefing)
    say(world, ben, briefing)

    undone = undo(world, ana, said)

    assert (undone.standing, taken(world)) == (Standing.MAYBE, 1)
    assert stand(world) == {"Ana": "maybe", "Ben": "going"}


def test_a_seat_that_somebody_else_was_given_stays_theirs(world: World) -> None:
    briefing, (ana, _ben, eve) = full(world, "Ana", "Ben", "Eve")
    said = say(world, ana, briefing, DECLINED)

    undone = undo(world, ana, said)

    assert (undone.standing, undone.is_lost, undone.position) == (Standing.WAITLISTED, True, 1)
    assert stand(world) == {"Ana": "waitlisted", "Ben": "going", "Eve": "waitlisted"}
    assert taken(world) == 1
    # Ana had asked before Eve had.
    assert say(world, eve, briefing).position == 2


def test_whoever_moved_up_keeps_the_moment_at_which_they_had_asked(world: World) -> None:
    briefing, (ana, ben, cy, dee) = full(world, "Ana", "Ben", "Cy", "Dee")
    say(world, ana, briefing, DECLINED, NOON + HOUR)  # Ben moves up

    undone = undo(world, ben, say(world, ben, briefing, MAYBE, NOON + HOUR), NOON + HOUR + MINUTE)

    assert (undone.is_lost, undone.position) == (True, 1)
    assert stand(world) | {"Cy": "going", "Ben": "waitlisted"} == stand(world)
    assert say(world, cy, briefing, DECLINED, NOON + 2 * HOUR).promoted == ("Ben",)
    assert say(world, dee, briefing, now=NOON + 2 * HOUR).position == 1


def test_where_there_is_no_waitlist_a_seat_that_is_gone_is_gone(world: World) -> None:
    briefing = world.briefing(capacity=1, starts_at=FAR, has_waitlist=False)
    ana, ben = world.member("Ana"), world.member("Ben")
    say(world, ana, briefing)
    said = say(world, ana, briefing, DECLINED)
    say(world, ben, briefing)

    assert refused(world, ana, said).startswith("Somebody else has your seat by now, and there is")
    assert stand(world) == {"Ana": "declined", "Ben": "going"}


def test_a_place_on_the_waitlist_that_was_left_is_the_old_one(world: World) -> None:
    briefing, (_ana, ben, cy) = full(world, "Ana", "Ben", "Cy")
    said = say(world, ben, briefing, DECLINED)
    dee = world.member("Dee")
    say(world, dee, briefing, now=NOON)

    undone = undo(world, ben, said)

    assert (undone.standing, undone.position, undone.is_lost) == (Standing.WAITLISTED, 1, False)
    assert [say(world, one, briefing).position for one in (ben, cy, dee)] == [1, 2, 3]


def test_nobody_gets_the_place_that_may_yet_be_taken_back(world: World) -> None:
    briefing = world.briefing(capacity=1, starts_at=FAR)
    ana, ben, cy = (world.member(name) for name in ("Ana", "Ben", "Cy"))
    say(world, cy, briefing, MAYBE)  # whose answer is the oldest
    say(world, ana, briefing)
    say(world, ben, briefing)
    said = say(world, ben, briefing, DECLINED)

    say(world, cy, briefing)  # at the very moment at which Ben had asked
    undo(world, ben, said)

    assert [say(world, one, briefing).position for one in (ben, cy)] == [1, 2]


def test_whoever_comes_back_to_a_free_seat_has_it(world: World) -> None:
    briefing, (_ana, ben) = full(world, "Ana", "Ben")
    said = say(world, ben, briefing, DECLINED)
    world.database.run(capacity.set_capacity, world.staff(), NOON, briefing.id, 2, None)

    undone = undo(world, ben, said)

    assert (undone.standing, taken(world)) == (Standing.GOING, 2)


def test_a_seat_passed_on_by_mistake_is_held_again_where_nobody_else_has_it(world: World) -> None:
    briefing, (ana, ben) = full(world, "Ana", "Ben", starts_at=NOON + 10 * HOUR)
    say(world, ana, briefing, DECLINED)  # held for Ben

    undone = undo(world, ben, say(world, ben, briefing, DECLINED))

    assert (undone.standing, undone.until) == (Standing.OFFERED, NOON + 4 * HOUR + MINUTE)
    assert (stand(world)["Ben"], taken(world)) == ("offered", 1)
    with seeing_all(world.database) as session:
        offers = session.scalars(sa.select(Delivery).where(Delivery.kind == "seat_offered")).all()
    assert len(offers) == 2


def test_a_seat_passed_on_that_somebody_else_is_offered_stays_theirs(world: World) -> None:
    briefing, (ana, ben, _cy) = full(world, "Ana", "Ben", "Cy", starts_at=NOON + 10 * HOUR)
    say(world, ana, briefing, DECLINED)

    undone = undo(world, ben, say(world, ben, briefing, MAYBE))

    assert (undone.standing, undone.position) == (Standing.WAITLISTED, 1)
    assert stand(world)["Cy"] == "offered"


def test_a_held_seat_that_was_taken_by_mistake_is_held_again(world: World) -> None:
    briefing, (ana, ben) = full(world, "Ana", "Ben", starts_at=NOON + 10 * HOUR)
    say(world, ana, briefing, DECLINED)

    undone = undo(world, ben, say(world, ben, briefing))

    assert (undone.standing, taken(world)) == (Standing.OFFERED, 1)


def test_a_seat_of_a_company_that_a_colleague_has_by_now_stays_theirs(world: World) -> None:
    home = world.organisation("Adobe").id
    ana, ben = (world.member(name, organisation_id=home) for name in ("Ana", "Ben"))
    briefing = world.briefing(company_seats=1, starts_at=FAR)
    say(world, ana, briefing)
    say(world, ben, briefing)

    undone = undo(world, ana, say(world, ana, briefing, DECLINED))

    assert (undone.is_lost, undone.company) == (True, Company("Adobe", 1, 1, ("Ben",)))
    assert stand(world) == {"Ana": "waitlisted", "Ben": "going"}


@pytest.mark.parametrize(("minutes", "may"), [(4.99, True), (5, False), (60, False)])
def test_five_minutes_there_are(world: World, minutes: float, may: bool) -> None:
    briefing, (ana,) = full(world, "Ana")
    said = say(world, ana, briefing, DECLINED)

    if may:
        undo(world, ana, said, NOON + minutes * MINUTE)
    else:
        assert refused(world, ana, said, NOON + minutes * MINUTE) == undoing.LATE
    assert stand(world) == {"Ana": "going" if may else "declined"}


def test_it_is_undone_once(world: World) -> None:
    briefing, (ana,) = full(world, "Ana")
    said = say(world, ana, briefing, DECLINED)
    undo(world, ana, said)

    assert refused(world, ana, said) == undoing.GONE
    assert (stand(world), taken(world)) == ({"Ana": "going"}, 1)


def test_an_older_button_undoes_no_newer_answer(world: World) -> None:
    briefing = world.briefing(starts_at=FAR)
    ana = world.member("Ana")
    first = say(world, ana, briefing)
    second = say(world, ana, briefing, MAYBE)

    assert refused(world, ana, first) == undoing.GONE
    assert undo(world, ana, second).standing is Standing.GOING


def test_the_same_answer_again_may_still_be_undone(world: World) -> None:
    briefing = world.briefing(starts_at=FAR)
    ana = world.member("Ana")
    first = say(world, ana, briefing)

    again = say(world, ana, briefing, now=NOON + MINUTE)
    late = say(world, ana, briefing, now=NOON + 5 * MINUTE)

    assert (again.change, late.change) == (first.change, None)
    assert undo(world, ana, again, NOON + 2 * MINUTE).standing is None


def test_nobody_undoes_what_is_not_theirs_or_not_there(world: World) -> None:
    briefing, (ana,) = full(world, "Ana")
    said = say(world, ana, briefing, DECLINED)
    other = World(world.database, "T0OTHER").member()

    assert {refused(world, one, said) for one in (world.member(), world.staff(), other)} == {
        undoing.GONE
    }
    for answer, change in ((0, 0), (*(said.change or (0, 0))[:1], 1), (9999, 1)):
        with pytest.raises(Refusal, match="nothing to undo"):
            world.database.run(undoing.undo, ana, NOON, answer, change)
    assert stand(world) == {"Ana": "declined"}


def test_what_changed_since_by_others_is_not_undone(world: World) -> None:
    briefing, (ana, ben) = full(world, "Ana", "Ben")
    waits = say(world, ben, briefing)
    say(world, ana, briefing, DECLINED)  # Ben moves up

    assert refused(world, ben, waits) == undoing.GONE
    assert stand(world)["Ben"] == "going"


def test_a_seat_that_was_handed_on_is_not_undone_by_either(world: World) -> None:
    home = world.organisation("Adobe").id
    ana, ben = (world.member(name, organisation_id=home) for name in ("Ana", "Ben"))
    briefing = world.briefing(capacity=1, starts_at=FAR)
    goes, waits = say(world, ana, briefing), say(world, ben, briefing)
    world.database.run(delegating.send, ana, NOON, ben.slack_user, f"E{briefing.id}")
    with seeing_all(world.database) as session:
        sent = session.scalars(sa.select(Delivery.id)).one()
    asked = refused(world, ana, goes)
    world.database.run(delegating.take, ben, NOON, sent)

    assert {asked, refused(world, ana, goes), refused(world, ben, waits)} == {undoing.GONE}
    assert (stand(world), taken(world)) == ({"Ana": "declined", "Ben": "going"}, 1)


def test_what_staff_recorded_is_not_undone_but_what_one_then_says_oneself(world: World) -> None:
    briefing = world.briefing(starts_at=FAR)
    ana, staff = world.member("Ana"), world.staff()
    record = (staff, NOON, ana.slack_user, f"E{briefing.id}")
    recorded = world.database.run(recording.record, *record, GOING, "by phone")

    undone = undo(world, ana, say(world, ana, briefing, DECLINED))

    assert recorded.outcome.change is None
    assert (undone.standing, undone.note) == (Standing.GOING, "by phone")
    assert own(world, ana).recorded_by_id is None
    said = say(world, ana, briefing, MAYBE)
    world.database.run(recording.record, *record, GOING)
    assert refused(world, ana, said) == undoing.GONE


def test_once_it_has_begun_one_answers_again_instead(world: World) -> None:
    begins = NOON + 2 * MINUTE
    briefing, (ana, ben) = full(world, "Ana", "Ben", starts_at=begins)
    said = say(world, ana, briefing, DECLINED)

    assert refused(world, ana, said, begins) == undoing.BEGUN
    assert say(world, ben, briefing, now=begins).change is None


def test_of_what_has_no_hour_an_answer_is_undone_until_it_is_over(world: World) -> None:
    hours = {"starts_at": NOON - HOUR, "ends_at": NOON + 2 * MINUTE}
    briefing, (ana,) = full(world, "Ana", **hours, precision=Precision.DAY)
    said = say(world, ana, briefing, DECLINED)

    assert undo(world, ana, said).standing is Standing.GOING
    again = say(world, ana, briefing, DECLINED, NOON + MINUTE)
    assert "is over" in refused(world, ana, again, NOON + 2 * MINUTE)


def test_registration_that_closed_meanwhile_is_in_nobodys_way(world: World) -> None:
    briefing, (ana,) = full(world, "Ana", closes_at=NOON + MINUTE)
    said = say(world, ana, briefing, DECLINED)

    assert undo(world, ana, said, NOON + 2 * MINUTE).standing is Standing.GOING


def test_what_was_before_is_forgotten_with_the_next_change(world: World) -> None:
    briefing = world.briefing(starts_at=FAR)
    ana = world.member("Ana")
    say(world, ana, briefing, note="arriving late")
    said = say(world, ana, briefing, MAYBE)
    kept = own(world, ana).was_note

    undo(world, ana, said)
    after = own(world, ana)

    assert kept == "arriving late"
    assert (after.was_note, after.was_standing, after.was_answered_at, after.undo_until) == (
        *(None, None, None, None),
    )

"""Seats, the queue for them, and who moves up."""

import shutil
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar

import pytest
import sqlalchemy as sa
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy.orm import Session

from storage import rsvps, seats
from storage.asker import Asker
from storage.database import Database, writes
from storage.errors import Guarded, Refusal
from storage.models import (
    Answer,
    Audience,
    AuditEntry,
    Briefing,
    Delivery,
    Kind,
    Precision,
    Role,
    Rsvp,
    Standing,
    State,
    Tlp,
)
from tests.factories import NOON, World, altering, at_once, seeing_all

GOING, MAYBE, DECLINED = Answer.GOING, Answer.MAYBE, Answer.DECLINED


def say(world: World, asker: Asker, briefing: Briefing, answer: Answer) -> rsvps.Outcome:
    return world.database.run(rsvps.answer, asker, NOON, briefing.id, answer)


def test_a_free_seat_is_taken(database: Database) -> None:
    world = World(database)
    briefing = world.briefing(capacity=2)

    outcome = say(world, world.member(), briefing, GOING)

    assert (outcome.standing, outcome.changed, outcome.briefing.taken) == (Standing.GOING, True, 1)


def test_the_same_answer_twice_changes_nothing(database: Database) -> None:
    world = World(database)
    briefing, ana = world.briefing(capacity=2), world.member()

    say(world, ana, briefing, GOING)
    again = say(world, ana, briefing, GOING)

    assert (again.changed, again.standing, again.briefing.taken) == (False, Standing.GOING, 1)


def test_a_full_briefing_queues_in_order(database: Database) -> None:
    world = World(database)
    briefing = world.briefing(capacity=1)
    say(world, world.member(), briefing, GOING)

    positions = [say(world, world.member(), briefing, GOING).position for _ in range(3)]

    assert positions == [1, 2, 3]


def test_a_freed_seat_goes_to_the_longest_waiting(database: Database) -> None:
    world = World(database)
    briefing = world.briefing(capacity=1)
    ana, ben, eve = (world.member(name) for name in ("Ana", "Ben", "Eve"))
    for asker in (ana, ben, eve):
        say(world, asker, briefing, GOING)

    outcome = say(world, ana, briefing, DECLINED)

    assert outcome.promoted == ("Ben",)
    assert outcome.briefing.taken == 1
    assert say(world, eve, briefing, GOING).position == 1


def test_whoever_moves_up_is_owed_the_news_once(database: Database) -> None:
    world = World(database)
    briefing = world.briefing(capacity=1, starts_at=NOON + timedelta(days=7))
    ana, ben = world.member("Ana"), world.member("Ben")
    say(world, ana, briefing, GOING)
    say(world, ben, briefing, GOING)
    later = NOON + timedelta(hours=1)

    database.run(rsvps.answer, ana, later, briefing.id, MAYBE)

    with seeing_all(database) as session:
        owed = session.scalars(sa.select(Delivery)).all()
        moved = session.scalars(sa.select(Rsvp).where(Rsvp.person_id == ben.person)).one()
    assert [(d.kind, d.recipient, d.key) for d in owed] == [
        ("promoted", ben.slack_user, f"rsvp:{briefing.id}:{ben.person}:2")
    ]
    assert (moved.standing, moved.waitlisted_at, moved.answered_at, moved.changes) == (
        Standing.GOING,
        None,
        later,
        2,
    )


def test_a_freed_seat_goes_to_nobody_who_may_not_see_it_any_more(database: Database) -> None:
    world = World(database)
    people = [world.person() for _ in range(3)]
    group = world.group("", *people)
    briefing = world.briefing(capacity=1, audience=Audience.GROUP, audience_group_id=group.id)
    first, second, third = (world.asker(person) for person in people)
    for asker in (first, second, third):
        say(world, asker, briefing, Answer.GOING)
    database.run(seats.leave, second, NOON, f"G{group.id}")

    freed = say(world, first, briefing, Answer.DECLINED)

    assert freed.promoted == (third.name,)


def test_an_outside_body_that_may_not_read_the_names_moves_up_too(database: Database) -> None:
    world = World(database)
    briefing = world.briefing(capacity=1, audience=Audience.COMMUNITY, tlp=Tlp.GREEN)
    ana = world.member("Ana")
    world.person(role=Role.UNKNOWN)  # with the number that the second answer will have
    say(world, ana, briefing, GOING)
    say(world, world.external("Eve"), briefing, GOING)

    assert say(world, ana, briefing, MAYBE).promoted == ("Eve",)


def test_whoever_leaves_the_queue_and_comes_back_stands_behind_all_others(
    database: Database,
) -> None:
    world = World(database)
    briefing = world.briefing(capacity=1)
    ana, ben, cy, dee = (world.member(name) for name in ("Ana", "Ben", "Cy", "Dee"))
    for asker in (ana, ben, cy, dee):
        say(world, asker, briefing, GOING)

    say(world, ben, briefing, DECLINED)

    assert say(world, ben, briefing, GOING).position == 3


def test_a_full_briefing_still_takes_maybe_and_no(database: Database) -> None:
    world = World(database)
    briefing = world.briefing(capacity=1)
    say(world, world.member(), briefing, GOING)

    assert say(world, world.member(), briefing, MAYBE).standing is Standing.MAYBE
    assert say(world, world.member(), briefing, DECLINED).standing is Standing.DECLINED


def test_one_leaves_the_queue_by_saying_no(database: Database) -> None:
    world = World(database)
    briefing = world.briefing(capacity=1)
    ana, ben, eve = world.member("Ana"), world.member("Ben"), world.member("Eve")
    for asker in (ana, ben, eve):
        say(world, asker, briefing, GOING)

    say(world, ben, briefing, DECLINED)

    assert say(world, ana, briefing, DECLINED).promoted == ("Eve",)


def test_without_a_waitlist_a_full_briefing_refuses(database: Database) -> None:
    world = World(database)
    briefing = world.briefing(capacity=1, has_waitlist=False)
    say(world, world.member(), briefing, GOING)

    with pytest.raises(Refusal, match="no waitlist"):
        say(world, world.member(), briefing, GOING)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"kind": Kind.EXTERNAL}, "Others hold"),
        ({"state": State.CANCELLED}, "cancelled"),
        ({"starts_at": NOON - timedelta(hours=2), "ends_at": NOON - timedelta(hours=1)}, "ended"),
        ({"starts_at": NOON - timedelta(hours=1), "ends_at": NOON}, r"ended \$ended"),
        (
            {"starts_at": NOON - timedelta(1), "ends_at": NOON, "precision": Precision.DAY},
            "is over",
        ),
        ({"opens_at": NOON + timedelta(hours=1)}, "opens"),
        ({"closes_at": NOON}, "closed"),
    ],
)
def test_a_briefing_that_takes_no_answers_says_why(
    database: Database, given: dict[str, Any], sentence: str
) -> None:
    world = World(database)
    briefing = world.briefing(**given)

    with pytest.raises(Refusal, match=sentence):
        say(world, world.member(), briefing, GOING)


def test_staff_who_see_a_draft_cannot_answer_it_either(database: Database) -> None:
    world = World(database)
    draft = world.briefing(state=State.DRAFT)

    with pytest.raises(Refusal, match="is a draft"):
        say(world, world.staff(), draft, GOING)


def test_registration_is_open_from_its_first_moment(database: Database) -> None:
    world = World(database)
    briefing = world.briefing(opens_at=NOON, closes_at=NOON + timedelta(microseconds=1))

    assert say(world, world.member(), briefing, GOING).standing is Standing.GOING


def test_a_note_that_looks_like_a_signal_is_refused(database: Database) -> None:
    world = World(database)
    briefing, note = world.briefing(), "d41d8cd98f00b204e9800998ecf8427e"

    with pytest.raises(Guarded):
        database.run(rsvps.answer, world.member(), NOON, briefing.id, GOING, note)
    assert rsvps.NOTE_LIMIT == 300


def test_of_two_called_the_same_the_one_to_come_is_answered(database: Database) -> None:
    world = World(database)
    world.briefing("Forum", starts_at=NOON - timedelta(hours=1), ends_at=NOON)
    world.briefing("Forum", state=State.CANCELLED)
    coming = world.briefing("Forum")

    outcome = database.run(rsvps.answer_called, world.member(), NOON, "forum", GOING, "late")

    assert (outcome.briefing.id, outcome.note) == (coming.id, "late")


@pytest.mark.parametrize(("answer", "moved"), [(GOING, ("Ben",)), (MAYBE, ())])
def test_a_leaver_frees_a_seat_and_nothing_else(
    database: Database, answer: Answer, moved: tuple[str, ...]
) -> None:
    world = World(database)
    briefing, ana, ben = world.briefing(capacity=1), world.member("Ana"), world.member("Ben")
    say(world, ana, briefing, answer)
    say(world, world.member() if answer is MAYBE else ben, briefing, GOING)
    say(world, ben, briefing, GOING)
    later = NOON + timedelta(hours=1)

    with altering(database) as session:
        held = session.get_one(Briefing, briefing.id)
        own = session.scalars(sa.select(Rsvp).where(Rsvp.person_id == ana.person)).one()
        promoted = rsvps.give_up(session, held, own, later)
        left = (own.standing, own.answered_at, own.changes)

    assert (promoted, left) == (moved, (Standing.DECLINED, later, 2))


def test_two_hundred_at_once_never_oversell(database: Database) -> None:
    world = World(database)
    briefing = world.briefing(capacity=5)
    askers = [world.member() for _ in range(200)]

    outcomes = at_once(8, lambda asker: say(world, asker, briefing, GOING), askers)

    going = [o for o in outcomes if o.standing is Standing.GOING]
    waiting = sorted(o.position or 0 for o in outcomes if o.standing is Standing.WAITLISTED)
    assert (len(going), waiting) == (5, list(range(1, 196)))
    with seeing_all(database) as session:
        assert session.scalar(sa.select(Briefing.taken)) == 5


def test_a_naive_variant_does_oversell(database: Database) -> None:
    """The control: if counting first were safe here, the test above would prove nothing."""
    world = World(database)
    briefing = world.briefing(capacity=1)
    askers = [world.member() for _ in range(8)]

    with ThreadPoolExecutor(8) as pool:
        seated = list(pool.map(lambda a: _count_then_insert(database, a, briefing.id), askers))

    assert sum(seated) >= 2


def _count_then_insert(database: Database, asker: Asker, briefing_id: int) -> bool:
    with seeing_all(database) as session:
        taken = session.scalar(sa.select(sa.func.count()).where(Rsvp.briefing_id == briefing_id))
    time.sleep(0.05)
    if taken:
        return False
    database.run(_insert, asker, briefing_id)
    return True


@writes
def _insert(session: Session, asker: Asker, briefing_id: int) -> None:
    session.add(
        Rsvp(
            workspace_id=asker.workspace,
            briefing_id=briefing_id,
            person_id=asker.person,
            standing=Standing.GOING,
            answered_at=NOON,
        )
    )


def standings(database: Database) -> list[tuple[int, Standing]]:
    with seeing_all(database) as session:
        rows = session.execute(sa.select(Rsvp.person_id, Rsvp.standing).order_by(Rsvp.id))
        return [(person, standing) for person, standing in rows]


def test_a_seat_given_back_at_a_full_briefing_is_lost(database: Database) -> None:
    world = World(database)
    briefing = world.briefing(capacity=1)
    ana, ben = world.member("Ana"), world.member("Ben")
    say(world, ana, briefing, GOING)
    say(world, ben, briefing, GOING)

    assert say(world, ana, briefing, MAYBE).promoted == ("Ben",)
    back = say(world, ana, briefing, GOING)

    assert (back.standing, back.position, back.briefing.taken) == (Standing.WAITLISTED, 1, 1)


def test_seats_go_in_order_however_people_leave(database: Database) -> None:
    world = World(database)
    briefing = world.briefing(capacity=2)
    seated = [world.member(), world.member()]
    waiting = [world.member(name) for name in "ABCD"]
    for asker in (*seated, *waiting):
        say(world, asker, briefing, GOING)

    say(world, waiting[1], briefing, DECLINED)
    moved = [say(world, asker, briefing, DECLINED).promoted for asker in seated]
    say(world, waiting[1], briefing, GOING)
    moved.append(say(world, waiting[0], briefing, MAYBE).promoted)
    moved.append(say(world, waiting[2], briefing, MAYBE).promoted)

    assert moved == [("A",), ("C",), ("D",), ("B",)]


def test_nobody_overtakes_those_who_wait(database: Database) -> None:
    world = World(database)
    briefing = world.briefing(capacity=1)
    say(world, world.member(), briefing, GOING)
    say(world, world.member(), briefing, GOING)
    with altering(database) as session:
        session.execute(sa.update(Briefing).values(capacity=2))

    late = say(world, world.member(), briefing, GOING)

    assert (late.standing, late.position) == (Standing.WAITLISTED, 2)


@pytest.mark.parametrize("given", [{"closes_at": NOON}, {"opens_at": NOON + timedelta(hours=1)}])
def test_outside_the_window_only_less_can_be_said(
    database: Database, given: dict[str, Any]
) -> None:
    world = World(database)
    briefing = world.briefing(capacity=1)
    ana, ben, cy, dee, new = (world.member(name) for name in ("Ana", "Ben", "Cy", "Dee", "New"))
    for asker, answer in ((ana, GOING), (ben, GOING), (cy, MAYBE), (dee, DECLINED)):
        say(world, asker, briefing, answer)
    with altering(database) as session:
        session.execute(sa.update(Briefing).values(**given))

    for asker, answer in ((new, GOING), (new, MAYBE), (cy, GOING), (dee, MAYBE), (dee, GOING)):
        with pytest.raises(Refusal, match=r"Registration (opens|closed)"):
            say(world, asker, briefing, answer)
    kept = [say(world, asker, briefing, answer) for asker, answer in ((ana, GOING), (ben, GOING))]
    gone = say(world, ana, briefing, MAYBE)
    with pytest.raises(Refusal, match="Registration"):
        say(world, ana, briefing, GOING)
    refusing = say(world, new, briefing, DECLINED)

    assert [(one.standing, one.changed) for one in kept] == [
        (Standing.GOING, False),
        (Standing.WAITLISTED, False),
    ]
    assert gone.promoted == ("Ben",)
    assert refusing.standing is Standing.DECLINED


def test_a_refused_answer_leaves_everything_as_it_was(database: Database) -> None:
    world = World(database)
    briefing = world.briefing(capacity=1, has_waitlist=False)
    say(world, world.member(), briefing, GOING)
    eve = world.member()
    say(world, eve, briefing, MAYBE)

    with pytest.raises(Refusal, match="no waitlist"):
        say(world, eve, briefing, GOING)

    assert standings(database)[-1] == (eve.person, Standing.MAYBE)
    with seeing_all(database) as session:
        assert session.scalar(sa.select(Briefing.taken)) == 1


def test_a_note_belongs_to_its_answer(database: Database) -> None:
    world = World(database)
    briefing, ana = world.briefing(), world.member()

    def note(answer: Answer, text: str | None) -> str | None:
        database.run(rsvps.answer, ana, NOON, briefing.id, answer, text)
        with seeing_all(database) as session:
            return session.scalar(sa.select(Rsvp.note))

    told = [note(GOING, "late"), note(GOING, None), note(GOING, "early"), note(MAYBE, None)]

    assert told == ["late", "late", "early", None]


def test_the_same_answer_is_dated_when_it_was_first_given(database: Database) -> None:
    world = World(database)
    briefing, ana = world.briefing(), world.member()
    say(world, ana, briefing, GOING)

    again = database.run(rsvps.answer, ana, NOON + timedelta(hours=2), briefing.id, GOING)

    assert (again.changed, again.since) == (False, NOON)


def test_each_change_is_on_record_and_a_repetition_is_not(database: Database) -> None:
    world = World(database)
    briefing, ana = world.briefing(), world.member()

    for answer in (GOING, GOING, MAYBE):
        say(world, ana, briefing, answer)

    with seeing_all(database) as session:
        entries = session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [(e.actor_id, e.subject, e.before, e.after) for e in entries] == [
        (ana.person, f"briefing {briefing.id}", {}, {"standing": "going"}),
        (ana.person, f"briefing {briefing.id}", {"standing": "going"}, {"standing": "maybe"}),
    ]


def test_people_nobody_has_linked_cannot_be_counted(database: Database) -> None:
    world = World(database)
    briefing = world.briefing(audience=Audience.PUBLIC, tlp=Tlp.CLEAR)

    with pytest.raises(Refusal, match="not linked"):
        say(world, world.unknown(), briefing, GOING)

    assert standings(database) == []


def test_what_one_may_not_see_cannot_be_answered(database: Database) -> None:
    world = World(database)
    hidden, elsewhere = (
        world.briefing(audience=Audience.STAFF),
        World(database, "T0OTHER").briefing(),
    )
    member = world.member()

    for briefing in (hidden, elsewhere):
        with pytest.raises(Refusal, match="nothing called"):
            say(world, member, briefing, GOING)

    assert standings(database) == []


def test_a_double_click_takes_one_seat(database: Database) -> None:
    world = World(database)
    briefing, askers = world.briefing(capacity=40), [world.member() for _ in range(6)]

    clicks = [asker for asker in askers for _ in range(4)]
    outcomes = at_once(8, lambda asker: say(world, asker, briefing, GOING), clicks)

    assert sum(outcome.changed for outcome in outcomes) == len(askers)
    assert sorted(standings(database)) == [(asker.person, Standing.GOING) for asker in askers]
    with seeing_all(database) as session:
        assert session.scalar(sa.select(Briefing.taken)) == len(askers)


def test_nobody_joins_the_queue_unseen_while_a_seat_is_freed(database: Database) -> None:
    world = World(database)
    briefing = world.briefing(capacity=1)
    ana, ben = world.member("Ana"), world.member("Ben")
    say(world, ana, briefing, GOING)

    with ThreadPoolExecutor(1) as pool:
        with altering(database) as session:
            rsvps.answer(session, ben, NOON, briefing.id, GOING)
            leaving = pool.submit(say, world, ana, briefing, DECLINED)
            wait([leaving], 0.3)
        outcome = leaving.result()

    assert outcome.promoted == ("Ben",)


def test_thirty_who_come_and_go_at_once_leave_no_seat_unused(database: Database) -> None:
    world = World(database)
    capacity = 8
    briefing = world.briefing(capacity=capacity)
    askers = [world.member() for _ in range(30)]
    rounds = (
        [(asker, GOING) for asker in askers],
        [(a, DECLINED if n % 3 else MAYBE) for n, a in enumerate(askers) if n % 2],
        [(a, GOING if n % 3 else DECLINED) for n, a in enumerate(askers)],
    )

    for moves in rounds:
        at_once(8, lambda move: say(world, move[0], briefing, move[1]), moves)

        stand = [standing for _, standing in standings(database)]
        going, waiting = stand.count(Standing.GOING), stand.count(Standing.WAITLISTED)
        with seeing_all(database) as session:
            taken = session.scalar(sa.select(Briefing.taken))
        assert taken == going == min(capacity, going + waiting)


class Seats(RuleBasedStateMachine):
    """Whatever people say in whatever order, against a plain list of who came first."""

    people = Bundle("people")

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        copy = Path(self.folder.name) / "convene.sqlite3"
        shutil.copy(self.template, copy)
        self.database = Database(f"sqlite:///{copy}")
        self.world = World(self.database)
        self.capacity = 2
        coming = NOON + timedelta(days=7)
        self.briefing = self.world.briefing(capacity=self.capacity, starts_at=coming)
        self.queue: list[int] = []
        self.minutes = 0

    template: ClassVar[Path]

    @rule(target=people)
    def somebody(self) -> Asker:
        return self.world.member()

    @rule(asker=people, answer=st.sampled_from(Answer))
    def says(self, asker: Asker, answer: Answer) -> None:
        self.minutes += 1
        at = NOON + timedelta(minutes=self.minutes // 5)  # now and then several at one moment
        outcome = self.database.run(rsvps.answer, asker, at, self.briefing.id, answer)
        if answer is not GOING and asker.person in self.queue:
            self.queue.remove(asker.person)
        if answer is GOING and asker.person not in self.queue:
            self.queue.append(asker.person)
        place = self.queue.index(asker.person) + 1 if answer is GOING else 0
        assert (outcome.position or 0) == max(0, place - self.capacity)

    @invariant()
    def seats_are_held_by_whoever_came_first(self) -> None:
        with seeing_all(self.database) as session:
            taken = session.scalar(sa.select(Briefing.taken))
        stand = standings(self.database)
        assert {p for p, s in stand if s is Standing.GOING} == set(self.queue[: self.capacity])
        assert {p for p, s in stand if s is Standing.WAITLISTED} == set(self.queue[self.capacity :])
        assert taken == min(self.capacity, len(self.queue))

    def teardown(self) -> None:
        self.database.close()
        self.folder.cleanup()


def test_whoever_came_first_sits_whatever_people_say(sqlite_template: Path) -> None:
    Seats.template = sqlite_template

    run_state_machine_as_test(
        Seats, settings=settings(max_examples=25, stateful_step_count=25, deadline=None)
    )

"""Seats, whatever happens in whatever order: the database against a small model in Python."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from storage import (
    approving,
    capacity,
    delegating,
    offboarding,
    offers,
    queues,
    requests,
    rsvps,
    swapping,
    undoing,
)
from storage.asker import Asker
from storage.database import Database
from storage.errors import Refusal
from storage.models import Answer, Briefing, Delivery, Person, Rsvp, Standing, State
from tests.factories import NOON, World, altering, seeing_all
from tests.figures import figure

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
STARTS, ENDS = NOON + 30 * HOUR, NOON + 34 * HOUR
AHEAD = (30, 25, 23, 10, 5)  # hours before the start at which a case begins
GOING, OFFERED, WAITING, ASKED, MAYBE, NO = (
    *(Standing.GOING, Standing.OFFERED, Standing.WAITLISTED, Standing.ASKED),
    *(Standing.MAYBE, Standing.DECLINED),
)
SEATED = (GOING, OFFERED)
WHO = range(8)  # the last speaks for no organisation, and is of the secretariat
COMPANY = (0, 0, 0, 0, 1, 1, 1, None)
_teams = count()


@dataclass(frozen=True)
class Change:
    """What somebody *was* before their own last answer, *until* when they may undo it, its name."""

    was: Standing | None
    until: datetime
    name: tuple[int, int]


@dataclass
class Model:
    """What is so by the rules, in as few words as they can be said."""

    seats: int | None = 2
    cap: int | None = None
    now: datetime = NOON
    is_on: bool = True
    stands: dict[int, Standing] = field(default_factory=dict)
    answered: list[int] = field(default_factory=list)  # in the order of their first answers
    asked: dict[int, int] = field(default_factory=dict)  # who asked for a seat, as the how manyth
    asks: Iterator[int] = field(default_factory=count)
    undo: dict[int, Change] = field(default_factory=dict)
    until: dict[int, datetime] = field(default_factory=dict)
    gone: set[int] = field(default_factory=set)
    sent: dict[int, int] = field(default_factory=dict)  # by whom, to whom
    swaps: set[tuple[int, int]] = field(default_factory=set)  # who asked, whom
    told: int = 0
    by_approval: bool = False
    turned_down: set[int] = field(default_factory=set)

    def taken(self) -> int:
        return sum(standing in SEATED for standing in self.stands.values())

    def of_company(self, company: int | None) -> int:
        return sum(COMPANY[who] == company and s in SEATED for who, s in self.stands.items())

    def fits(self, who: int) -> bool:
        company = COMPANY[who]
        return self.cap is None or company is None or self.of_company(company) < self.cap

    def is_free(self) -> bool:
        return self.seats is None or self.taken() < self.seats

    @property
    def queue(self) -> list[int]:
        waiting = [who for who, standing in self.stands.items() if standing is WAITING]
        return sorted(waiting, key=self.asked.__getitem__)

    def eligible(self) -> list[int]:
        return [who for who in self.queue if self.fits(who)]

    def has_begun(self) -> bool:
        return self.now >= STARTS

    def put(self, who: int, standing: Standing) -> None:
        for told in (self.until, self.sent, self.undo):
            told.pop(who, None)
        if who not in self.stands:
            self.answered.append(who)
        self.stands[who] = standing
        if standing in SEATED:
            self.turned_down.discard(who)

    def asks_and_gets(self, who: int, standing: Standing) -> None:
        self.asked[who] = next(self.asks)
        self.put(who, standing)

    def promote(self) -> None:
        while self.is_on and not self.has_begun() and self.is_free() and self.eligible():
            self.told += 1
            who = self.eligible()[0]
            if STARTS - self.now < 24 * HOUR:
                self.hold(who)
            else:
                self.put(who, GOING)

    def hold(self, who: int) -> None:
        self.put(who, OFFERED)
        self.until[who] = min(STARTS, self.now + 4 * HOUR)

    def may_say(self, who: int, answer: Answer) -> bool:
        if who in self.gone or not self.is_on:
            return False
        if not self.by_approval or answer is not Answer.GOING or self.stands.get(who) is GOING:
            return True
        if COMPANY[who] is None:
            return self.is_free()
        return who not in self.turned_down

    def says(self, who: int, answer: Answer) -> None:
        was = self.stands.get(who)
        if answer is Answer.GOING:
            self.wants_to_come(who, was)
            return
        if was is not Standing(answer.value):
            self.put(who, Standing(answer.value))
        if was in SEATED:
            self.promote()

    def wants_to_come(self, who: int, was: Standing | None) -> None:
        if was is OFFERED:
            self.put(who, GOING)
        elif self.by_approval and COMPANY[who] is not None:
            if was not in (GOING, ASKED):
                self.asks_and_gets(who, ASKED)
        elif was is not GOING:
            is_next = self.has_begun() or not self.eligible()
            if self.is_free() and self.fits(who) and is_next:
                self.asks_and_gets(who, GOING)
            elif was is not WAITING:
                self.asks_and_gets(who, WAITING)

    def undoes(self, who: int) -> None:
        was = self.undo[who].was
        if was is None:
            self.put(who, NO)
            self.answered.remove(who)
            del self.stands[who]
        elif was in (MAYBE, NO, ASKED):
            self.put(who, was)
        elif was is GOING and self.is_free() and self.fits(who) and not self.eligible():
            self.put(who, GOING)
        else:
            self.put(who, WAITING)
        self.promote()

    def lapse(self) -> None:
        over = [who for who, until in self.until.items() if until <= self.now]
        for who in sorted(over, key=lambda who: (self.until[who], self.answered.index(who))):
            self.asks_and_gets(who, WAITING)
            if not self.has_begun() and self.eligible()[:1] == [who]:
                self.hold(who)
            else:
                self.promote()


class Seats(RuleBasedStateMachine):
    """People, staff and the clock do what they can."""

    url = ""
    by_approval = False

    def __init__(self) -> None:
        super().__init__()
        self.database = Database(self.url)
        self.world = World(self.database, f"T{next(_teams)}")
        self.staff = self.world.staff()
        homes = [self.world.organisation(f"Company {n}").id for n in range(2)]
        self.people = [
            self.world.staff() if at is None else self.world.member(organisation_id=homes[at])
            for at in COMPANY
        ]
        self.briefing = self.world.briefing(
            capacity=2,
            starts_at=STARTS,
            ends_at=ENDS,
            needs_approval=self.by_approval,
            has_waitlist=not self.by_approval,
        )
        self.model = Model(by_approval=self.by_approval)

    @initialize(
        ahead=st.sampled_from(AHEAD),
        cap=st.sampled_from((None, 1, 2)),
        order=st.permutations(WHO),
        late=st.integers(0, 3),
    )
    def most_want_to_come(self, ahead: int, cap: int | None, order: list[int], late: int) -> None:
        self.model.now = STARTS - ahead * HOUR
        self.there_are_other_seats(2, cap)
        for who in order[late:]:
            self.somebody_answers(who, Answer.GOING)

    @rule(choice=st.sampled_from(WHO), answer=st.sampled_from((Answer.MAYBE, Answer.DECLINED)))
    def whoever_sits_leaves(self, choice: int, answer: Answer) -> None:
        sit = sorted(who for who, standing in self.model.stands.items() if standing in SEATED)
        if sit and self.model.is_on:
            self.somebody_answers(sit[choice % len(sit)], answer)

    @rule(who=st.sampled_from(WHO), answer=st.sampled_from(Answer))
    def somebody_answers(self, who: int, answer: Answer) -> None:
        args = (self._asker(who), self.model.now, self.briefing.id, answer)
        if not self.model.may_say(who, answer):
            with pytest.raises(Refusal):
                self.database.run(rsvps.answer, *args)
            return
        was = self.model.stands.get(who)
        outcome = self.database.run(rsvps.answer, *args)
        self.model.says(who, answer)
        assert outcome.standing is self.model.stands[who]
        if outcome.changed:
            assert (outcome.change is None) is self.model.has_begun()
        if outcome.changed and outcome.change:
            until = self.model.now + 5 * MINUTE
            self.model.undo[who] = Change(was, until, outcome.change)

    @rule(choice=st.sampled_from(WHO), is_first=st.booleans())
    @precondition(lambda self: self.model.undo)
    def somebody_takes_their_answer_back(self, choice: int, *, is_first: bool) -> None:
        model = self.model
        may = [who for who, change in model.undo.items() if (change.was is None) is is_first]
        may = sorted(may or model.undo)
        self._takes_back(may[choice % len(may)])

    @rule(
        choice=st.sampled_from(WHO),
        slip=st.sampled_from((Answer.MAYBE, Answer.DECLINED)),
        meanwhile=st.sampled_from((None, *WHO)),
    )
    def somebody_slips_and_takes_it_back(
        self, choice: int, slip: Answer, meanwhile: int | None
    ) -> None:
        in_line = (*SEATED, WAITING, ASKED)
        may = sorted(who for who, stands in self.model.stands.items() if stands in in_line)
        if not may or not self.model.is_on:
            return
        who = may[choice % len(may)]
        self.somebody_answers(who, slip)
        if meanwhile not in (None, who):
            self.somebody_answers(meanwhile, Answer.GOING)
        if who in self.model.undo:
            self._takes_back(who)

    def _takes_back(self, who: int) -> None:
        model = self.model
        change = model.undo[who]
        args = (self._asker(who), model.now, *change.name)
        is_late = not model.is_on or who in model.gone or model.now >= change.until
        has_room = model.is_free() and model.fits(who)
        is_given = model.by_approval and change.was is GOING and not has_room
        if is_late or is_given or model.has_begun():
            with pytest.raises(Refusal):
                self.database.run(undoing.undo, *args)
            return
        undone = self.database.run(undoing.undo, *args)
        model.undoes(who)
        assert undone.standing is model.stands.get(who)
        is_lost = change.was is GOING and model.stands[who] is WAITING
        assert undone.is_lost is is_lost
        with pytest.raises(Refusal):
            self.database.run(undoing.undo, *args)

    @rule(who=st.sampled_from(WHO), answer=st.sampled_from((Answer.GOING, Answer.DECLINED)))
    def whoever_is_offered_a_seat_answers(self, who: int, answer: Answer) -> None:
        held = sorted(self.model.until)
        if held:
            self.somebody_answers(held[who % len(held)], answer)

    @rule(seats=st.sampled_from((1, 2, 3, 4, 6, None)), cap=st.sampled_from((1, 2, 3, None, None)))
    def there_are_other_seats(self, seats: int | None, cap: int | None) -> None:
        args = (self.staff, self.model.now, self.briefing.id, seats, cap)
        if seats is not None and seats < self.model.taken():
            with pytest.raises(Refusal, match=f"{self.model.taken()} seats are taken"):
                self.database.run(capacity.set_capacity, *args)
            return
        resized = self.database.run(capacity.set_capacity, *args)
        is_same = (self.model.seats, self.model.cap) == (seats, cap)
        self.model.seats, self.model.cap = seats, cap
        if not is_same:
            self.model.promote()
        assert resized.changed is not is_same

    @rule(by=st.sampled_from((MINUTE, HOUR, 4 * HOUR, 4 * HOUR, 7 * HOUR)))
    @precondition(lambda self: self.model.now + 7 * HOUR < ENDS)
    def time_passes(self, by: timedelta) -> None:
        self.model.now += by
        self.database.run(offers.plan, self.model.now)
        if self.model.is_on:
            self.model.lapse()

    @rule(choice=st.sampled_from(WHO), to=st.sampled_from(WHO))
    def a_seat_is_sent(self, choice: int, to: int) -> None:
        model, people = self.model, self.people
        sit = sorted(who for who, standing in model.stands.items() if standing is GOING)
        who = sit[choice % len(sit)] if sit else choice
        called = f"E{self.briefing.id}"
        may = (
            model.is_on
            and not {who, to} & model.gone
            and model.stands.get(who) is GOING
            and model.stands.get(to) not in SEATED
            and not model.has_begun()
            and who != to
            and COMPANY[who] == COMPANY[to] is not None
        )
        args = (self._asker(who), model.now, people[to].slack_user, called)
        if not may:
            with pytest.raises(Refusal):
                self.database.run(delegating.send, *args)
            return
        self.database.run(delegating.send, *args)
        model.sent[who] = to
        model.undo.pop(who, None)

    @rule(choice=st.sampled_from(WHO), is_taken=st.booleans())
    @precondition(lambda self: self.model.sent)
    def whoever_was_sent_a_seat_answers(self, choice: int, *, is_taken: bool) -> None:
        model = self.model
        giver = sorted(model.sent)[choice % len(model.sent)]
        to = model.sent[giver]
        with seeing_all(self.database) as session:
            key = Delivery.key.startswith(f"sent:{self.briefing.id}:{self.people[giver].person}:")
            found = sa.select(Delivery.id).where(key, Delivery.workspace_id == self.world.id)
            sent = session.scalars(found.order_by(Delivery.id.desc())).first() or 0
            owed = session.get_one(Delivery, sent)
            until = datetime.fromisoformat(owed.details["until"])
        may = model.is_on and to not in model.gone and model.now < until
        may = may and not (is_taken and model.stands.get(to) in SEATED)
        may = may and not (is_taken and to in model.turned_down)
        verb = delegating.take if is_taken else delegating.leave
        args = (self._asker(to), model.now, sent)
        if not may:
            with pytest.raises(Refusal):
                self.database.run(verb, *args)
            return
        self.database.run(verb, *args)
        model.sent.pop(giver)
        if is_taken:
            model.asked[to] = model.asked[giver]
            model.put(to, GOING)
            model.put(giver, NO)

    @rule(choice=st.sampled_from(WHO), of=st.sampled_from(WHO), is_given=st.booleans())
    def a_seat_is_asked_for(self, choice: int, of: int, *, is_given: bool) -> None:
        model, people = self.model, self.people
        short = [who for who in WHO if not model.fits(who) and model.stands.get(who) not in SEATED]
        who = short[choice % len(short)] if short else choice
        sit = [
            one for one in WHO if COMPANY[one] == COMPANY[who] and model.stands.get(one) is GOING
        ]
        of = sit[of % len(sit)] if sit else of
        may = (
            model.is_on
            and not {who, of} & model.gone
            and who in short
            and who not in model.turned_down
            and of in sit
            and not model.has_begun()
            and (who, of) not in model.swaps
        )
        args = (self._asker(who), model.now, self._answer(of))
        if not may:
            with pytest.raises(Refusal):
                self.database.run(swapping.ask, *args)
            return
        self.database.run(swapping.ask, *args)
        model.swaps.add((who, of))
        with seeing_all(self.database) as session:
            found = sa.select(sa.func.max(Delivery.id)).where(Delivery.kind == swapping.KIND)
            asked = session.scalar(found) or 0
        verb = swapping.give if is_given else swapping.keep
        self.database.run(verb, people[of], model.now, asked)
        if is_given:
            model.asked[who] = model.asked[of]
            model.put(who, GOING)
            model.put(of, NO)

    def _answer(self, who: int) -> int:
        own = Rsvp.briefing_id == self.briefing.id, Rsvp.person_id == self.people[who].person
        with seeing_all(self.database) as session:
            return session.scalar(sa.select(Rsvp.id).where(*own)) or 0

    @rule(who=st.sampled_from(WHO))
    @precondition(lambda self: len(self.model.gone) < 2)
    def somebody_is_offboarded(self, who: int) -> None:
        person = self.people[who]
        if who in self.model.gone or COMPANY[who] is None:
            return
        about = f"person {person.person}"
        self.database.run(offboarding.carry_out, self.staff, self.model.now, about)
        was = self.model.stands.get(who)
        self.model.gone.add(who)
        if was not in (None, NO):
            self.model.put(who, NO)
        if was in SEATED:
            self.model.promote()

    @rule(choice=st.sampled_from(WHO))
    @precondition(lambda self: self.model.is_on and len(self.model.stands) > 4)
    def it_is_cancelled(self, choice: int) -> None:
        if choice:  # now and then: afterwards little happens
            return
        with altering(self.database) as session:
            off = sa.update(Briefing).where(Briefing.id == self.briefing.id)
            session.execute(off.values(state=State.CANCELLED))
        self.model.is_on = False

    @invariant()
    def all_is_as_the_rules_say(self) -> None:
        model = self.model
        number = {asker.person: who for who, asker in enumerate(self.people)}
        with seeing_all(self.database) as session:
            here = Rsvp.briefing_id == self.briefing.id
            rows = session.scalars(sa.select(Rsvp).where(here).order_by(Rsvp.id)).all()
            briefing = session.get_one(Briefing, self.briefing.id)
            places = {number[r.person_id]: queues.place(session, r, model.now) for r in rows}
            kinds = Delivery.kind.in_(("promoted", "seat_offered"))
            told = sa.select(sa.func.count()).where(kinds, Delivery.workspace_id == self.world.id)
            assert session.scalar(told) == model.told
        assert {number[row.person_id]: row.standing for row in rows} == model.stands
        assert {
            number[r.person_id]: r.offered_until for r in rows if r.offered_until
        } == model.until
        assert {who: place for who, place in places.items() if place} == {
            who: place for place, who in enumerate(model.queue, 1)
        }
        assert briefing.taken == sum(row.standing in SEATED for row in rows)
        assert briefing.capacity is None or briefing.taken <= briefing.capacity

    @invariant()
    def no_seat_is_free_beside_somebody_who_could_have_it(self) -> None:
        if self.model.is_on and not self.model.has_begun() and self.model.is_free():
            assert self.model.eligible() == []

    def _asker(self, who: int) -> Asker:
        """Give *who* asks, as the bot knows them now: they may have been offboarded."""
        if who not in self.model.gone:
            return self.people[who]
        with seeing_all(self.database) as session:
            person = session.get_one(Person, self.people[who].person)
        return self.world.asker(person)

    def teardown(self) -> None:
        # The planner of the next case sees all workspaces.
        with altering(self.database) as session:
            session.execute(sa.update(Briefing).values(state=State.CANCELLED))
        self.database.close()


class Approved(Seats):
    """The same where organisers approve who comes: nobody waits in line, some ask for a seat."""

    by_approval = True

    @rule(choice=st.sampled_from(WHO), is_approved=st.booleans(), is_late=st.booleans())
    def an_organiser_decides(self, choice: int, *, is_approved: bool, is_late: bool) -> None:
        model = self.model
        asking = sorted(who for who, standing in model.stands.items() if standing is ASKED)
        may = sorted(model.turned_down) if is_approved and is_late else asking
        if not may:
            return
        who = may[choice % len(may)]
        is_fine = model.is_free() and model.fits(who) and who not in model.gone
        verb = approving.approve if is_approved else approving.decline
        args = (self.staff, model.now, self._answer(who))
        if not model.is_on or (is_approved and not is_fine):
            with pytest.raises(Refusal):
                self.database.run(verb, *args)
            return
        self.database.run(verb, *args)
        model.put(who, GOING if is_approved else NO)
        if not is_approved:
            model.turned_down.add(who)

    @invariant()
    def organisers_see_who_asks_in_the_order_in_which_they_did(self) -> None:
        model = self.model
        asking = [who for who, standing in model.stands.items() if standing is ASKED]
        now = (self.staff, model.now, self.briefing)
        found = self.database.run(requests.waiting, *now).waiting if model.is_on else ()
        names = [self.people[who].name for who in sorted(asking, key=model.asked.__getitem__)]
        assert [one.name for one in found] == (names if model.is_on else [])


@pytest.mark.timeout(1800)
def test_whatever_organisers_decide_nobody_who_asks_holds_a_seat(database_url: str) -> None:
    Approved.url = database_url

    run_state_machine_as_test(
        Approved,
        settings=settings(
            max_examples=figure(ci=25, full=200),
            stateful_step_count=30,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.timeout(1800)
def test_whatever_happens_in_happens_in_whatever_order_each_has_what_the_rules_give(
    database_url: str,
) -> None:
    Seats.url = database_url

    run_state_machine_as_test(
        Seats,
        settings=settings(
            max_examples=figure(ci=25, full=200),
            stateful_step_count=30,
            suppress_health_check=list(HealthCheck),
        ),
    )

"""What a briefing asks of those who come, who says what to it, who reads that, and when it goes."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from storage import (
    attendance,
    authoring,
    briefings,
    delegating,
    linking,
    offboarding,
    particulars,
    questions,
    reminders,
    rsvps,
    series,
    sharing,
    turnouts,
)
from storage.asker import Asker
from storage.authoring import Form
from storage.database import Database
from storage.errors import Guarded, Refusal
from storage.models import (
    Answer,
    Audience,
    AuditEntry,
    Briefing,
    Delivery,
    Kind,
    Notice,
    OrganisationKind,
    Precision,
    Role,
    Rsvp,
    Standing,
    State,
    Tlp,
)
from storage.particulars import Sheet
from storage.questions import Asks
from storage.series import Rhythm
from storage.sharing import Wish
from tests.factories import NOON, World, altering, every_row, seeing_all
from tests.storage.test_guard import HASH

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
ASKED = ["Badge name *", "Dietary needs"]
SAID = ("Ana S.", "none")


@pytest.fixture
def world(database: Database) -> World:
    return World(database)


def asking(world: World, **given: Any) -> Briefing:
    """Make one in ten days that asks two questions, of which one must be answered."""
    return world.briefing(**{"starts_at": NOON + 10 * DAY, "questions": ASKED, **given})


def say(world: World, asker: Asker, briefing: Briefing, said: Answer = Answer.GOING) -> Any:
    return world.database.run(rsvps.answer, asker, NOON, briefing.id, said)


def keep(world: World, asker: Asker, briefing: Briefing, said: tuple[str, ...] = SAID) -> Sheet:
    seen = particulars.mark(briefing.questions)
    return world.database.run(particulars.keep, asker, NOON, briefing.id, seen, said)


def going(world: World, briefing: Briefing, name: str = "Ana", **given: Any) -> Asker:
    """Let somebody go who has answered."""
    asker = world.member(name, **given)
    say(world, asker, briefing)
    keep(world, asker, briefing)
    return asker


def sheet(world: World, asker: Asker, briefing: Briefing) -> tuple[str, ...]:
    return world.database.run(particulars.sheet, asker, NOON, f"E{briefing.id}").said


def held(world: World) -> list[list[str] | None]:
    with seeing_all(world.database) as session:
        return list(session.scalars(sa.select(Rsvp.particulars).order_by(Rsvp.id)))


def form_of(world: World, asker: Asker, briefing: Briefing) -> Form:
    return world.database.run(authoring.show, asker, NOON, f"E{briefing.id}")


def asks_anew(world: World, asker: Asker, briefing: Briefing, *asked: str, **terms: Any) -> Form:
    form = form_of(world, asker, briefing)
    wanted = replace(form.terms, questions=asked, **terms)
    seen = authoring.mark(form.terms)
    return world.database.run(authoring.settle, asker, NOON, briefing.id, seen, wanted)


def test_a_seat_is_given_first_and_then_its_holder_is_asked(world: World) -> None:
    ana, ben, briefing = world.member("Ana"), world.member("Ben"), asking(world, capacity=1)

    told = [say(world, one, briefing) for one in (ana, ben, ana)]

    assert [one.standing for one in told] == ["going", "waitlisted", "going"]
    assert [one.asks for one in told] == [Asks(2, 1, is_answered=False)] * 3
    assert keep(world, ana, briefing).said == keep(world, ben, briefing).said == SAID
    assert sheet(world, ana, briefing) == SAID
    assert say(world, ana, briefing).asks == Asks(2, 1, is_answered=True)
    assert held(world) == [list(SAID)] * 2
    with seeing_all(world.database) as session:
        entries = session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [(one.before, one.after) for one in entries[-2:]] == [
        ({"answered": False}, {"answered": True})
    ] * 2


@pytest.mark.parametrize("said", [None, Answer.MAYBE, Answer.DECLINED])
def test_whoever_has_no_seat_and_waits_for_none_is_asked_nothing(
    world: World, said: Answer | None
) -> None:
    ana, briefing = world.member(), asking(world)
    if said:
        assert say(world, ana, briefing, said).asks is None

    for verb in (sheet, keep):
        with pytest.raises(Refusal, match="Answer Going first"):
            verb(world, ana, briefing)

    assert set(held(world)) <= {None}


def declined(world: World, ana: Asker, briefing: Briefing) -> None:
    assert say(world, ana, briefing, Answer.DECLINED).forgot


def maybe(world: World, ana: Asker, briefing: Briefing) -> None:
    assert say(world, ana, briefing, Answer.MAYBE).forgot


def offboarded(world: World, ana: Asker, _briefing: Briefing) -> None:
    world.database.run(offboarding.carry_out, world.staff(), NOON, f"person {ana.person}")


def lowered(world: World, ana: Asker, _briefing: Briefing) -> None:
    world.organisation("Hotline", OrganisationKind.HOTLINE)
    world.database.run(linking.link, world.staff(), NOON, ana.slack_user, "Hotline")


def narrowed(world: World, _ana: Asker, briefing: Briefing) -> None:
    wish = Wish(Audience.STAFF)
    world.database.run(sharing.share, world.staff(), NOON, f"E{briefing.id}", wish)


def sent(world: World, ana: Asker, briefing: Briefing) -> None:
    ben = world.member("Ben", organisation_id=ana.organisation)
    called = f"E{briefing.id}"
    world.database.run(delegating.send, ana, NOON, ben.slack_user, called)
    with seeing_all(world.database) as session:
        owed = session.scalars(sa.select(Delivery.id).where(Delivery.kind == "seat_sent")).one()
    handed = world.database.run(delegating.take, ben, NOON, owed)
    # A colleague's answers are not theirs: they are asked themselves.
    assert handed.asks == Asks(2, 1, is_answered=False)
    assert sheet(world, ben, briefing) == ("", "")


@pytest.mark.parametrize("gone", [declined, maybe, offboarded, lowered, narrowed, sent])
def test_what_was_said_goes_with_the_seat(
    world: World, gone: Callable[[World, Asker, Briefing], None]
) -> None:
    briefing = asking(world)
    ana = going(world, briefing)

    gone(world, ana, briefing)

    assert set(held(world)) == {None}
    assert "none" not in str(every_row(world.database)["rsvps"])


def test_a_place_in_the_queue_keeps_it_until_it_is_a_seat_or_is_left(world: World) -> None:
    briefing = asking(world, capacity=1)
    first, ana = going(world, briefing, "First"), going(world, briefing)

    say(world, first, briefing, Answer.DECLINED)

    assert say(world, ana, briefing).standing is Standing.GOING
    assert held(world) == [None, list(SAID)]
    assert not say(world, first, briefing, Answer.MAYBE).forgot


def test_a_question_that_must_be_answered_is_and_the_others_may_stay_empty(world: World) -> None:
    ana, briefing = world.member(), asking(world)
    say(world, ana, briefing)

    with pytest.raises(Refusal, match="«Badge name» must be answered"):
        keep(world, ana, briefing, ("", "none"))
    assert held(world) == [None]

    assert keep(world, ana, briefing, ("Ana", "")).said == ("Ana", "")
    assert held(world) == [["Ana", ""]]


def test_all_left_empty_is_no_answer(world: World) -> None:
    dana, ana, briefing = world.staff(), world.member(), asking(world, questions=ASKED[1:])
    say(world, ana, briefing)
    keep(world, ana, briefing, ("none",))

    keep(world, ana, briefing, ("",))

    assert held(world) == [None]
    assert not form_of(world, dana, briefing).is_locked


def test_once_somebody_has_answered_the_questions_are_read_only(world: World) -> None:
    dana, briefing = world.staff(), asking(world)
    assert not form_of(world, dana, briefing).is_locked
    ana = going(world, briefing)

    assert form_of(world, dana, briefing).is_locked
    with pytest.raises(Refusal) as refused:
        asks_anew(world, dana, briefing, "Badge name *", "T-shirt size")
    assert refused.value.sentence == questions.READ_ONLY
    # The same questions, or none that were typed, leave all else free to be changed.
    assert asks_anew(world, dana, briefing, *ASKED, capacity=5).terms.capacity == 5
    kept = form_of(world, dana, briefing).terms
    wanted = replace(kept, questions=None, capacity=6)
    seen = authoring.mark(kept)
    form = world.database.run(authoring.settle, dana, NOON, briefing.id, seen, wanted)
    assert (form.terms.capacity, form.terms.questions) == (6, tuple(ASKED))

    say(world, ana, briefing, Answer.DECLINED)

    assert asks_anew(world, dana, briefing, "T-shirt size").terms.questions == ("T-shirt size",)


def test_what_was_asked_anew_meanwhile_takes_no_answer_to_what_was_asked_before(
    world: World,
) -> None:
    ana, briefing = world.member(), asking(world)
    say(world, ana, briefing)
    asks_anew(world, world.staff(), briefing, "T-shirt size", "Dietary needs")

    for said in (SAID, ("only one",), ()):
        with pytest.raises(Refusal, match="The questions were changed while you wrote"):
            keep(world, ana, briefing, said)

    assert held(world) == [None]


def test_the_form_is_filled_with_what_they_said_to_the_same_question_elsewhere(
    world: World,
) -> None:
    other = asking(world, questions=["Dietary needs", "Access needs"])
    ana = going(world, other)
    hidden = asking(world, questions=["Badge name"])
    say(world, ana, hidden)
    keep(world, ana, hidden, ("hidden",))
    with altering(world.database) as session:
        session.get_one(Briefing, hidden.id).audience = Audience.STAFF
    going(world, other, "Ben")
    briefing = asking(world)
    say(world, ana, briefing)

    assert sheet(world, ana, briefing) == ("", "Ana S.")

    keep(world, ana, briefing, ("Ana", ""))

    assert sheet(world, ana, briefing) == ("Ana", "")


def test_a_copy_and_a_repetition_ask_the_same_and_hold_no_answer(world: World) -> None:
    dana, briefing = world.staff(), asking(world)
    going(world, briefing)
    form = form_of(world, dana, briefing)

    copied = world.database.run(authoring.draft, dana, NOON, form.what, briefing.id)
    again = world.database.run(series.repeat, dana, NOON, f"E{briefing.id}", Rhythm.WEEKLY, 1)

    assert copied.terms.questions == tuple(ASKED)
    assert not copied.is_locked
    assert again.made[0].questions == ASKED
    assert len(held(world)) == 1


@pytest.mark.parametrize("asked", [["?"] * 6, ["x" * 151]])
def test_questions_are_few_and_short(world: World, asked: list[str]) -> None:
    dana, briefing = world.staff(), world.briefing()

    with pytest.raises(Refusal, match="at most 5 questions of 150 characters"):
        asks_anew(world, dana, briefing, *asked)

    assert asks_anew(world, dana, briefing, *["x" * 150] * 5).terms.questions


def test_a_question_with_a_signal_is_refused(world: World) -> None:
    briefing = world.briefing()

    with pytest.raises(Guarded):
        asks_anew(world, world.staff(), briefing, f"Have you seen {HASH}")

    assert HASH not in str(every_row(world.database))


def test_what_is_said_in_the_room_asks_nothing(world: World) -> None:
    dana = world.staff()
    red = world.briefing(audience=Audience.STAFF, tlp=Tlp.RED)
    draft = asking(world, state=State.DRAFT, audience=Audience.STAFF, tlp=Tlp.AMBER)
    published = asking(world, audience=Audience.STAFF)

    with pytest.raises(Refusal, match="TLP:RED is for what is said in the room"):
        asks_anew(world, dana, red, *ASKED)
    with pytest.raises(Refusal, match="TLP:RED is for what is said in the room"):
        asks_anew(world, dana, draft, *ASKED, tlp=Tlp.RED)
    wish = Wish(Audience.STAFF, Tlp.RED)
    with pytest.raises(Refusal, match="TLP:RED is for what is said in the room"):
        world.database.run(sharing.share, dana, NOON, f"E{published.id}", wish)

    assert asks_anew(world, dana, draft, tlp=Tlp.RED).briefing.tlp is Tlp.RED


def over(session: Any, briefing: Briefing) -> None:
    briefing.starts_at, briefing.ends_at = NOON - DAY, NOON - HOUR


def cancelled(session: Any, briefing: Briefing) -> None:
    briefing.state = State.CANCELLED


def external(session: Any, briefing: Briefing) -> None:
    briefing.kind = Kind.EXTERNAL


def unasked(session: Any, briefing: Briefing) -> None:
    briefing.questions = []


@pytest.mark.parametrize(
    ("becomes", "told"),
    [
        (over, "ended"),
        (cancelled, "was cancelled"),
        (external, "Others hold"),
        (unasked, "nothing of those who come"),
    ],
)
def test_the_form_meets_what_has_become_of_the_briefing(
    world: World, becomes: Callable[[Any, Briefing], None], told: str
) -> None:
    ana, briefing = world.member(), asking(world)
    say(world, ana, briefing)
    with altering(world.database) as session:
        becomes(session, session.get_one(Briefing, briefing.id))

    for verb in (sheet, keep):
        with pytest.raises(Refusal, match=told):
            verb(world, ana, briefing)

    assert held(world) == [None]


def test_what_is_hidden_reads_like_what_is_missing(world: World) -> None:
    ana, hidden = world.member(), asking(world, audience=Audience.STAFF)

    for verb, given in ((particulars.sheet, ()), (particulars.keep, ("", ()))):
        told = []
        for number in (hidden.id, 9999):
            which = f"E{number}" if verb is particulars.sheet else number
            with pytest.raises(Refusal) as refused:
                world.database.run(verb, ana, NOON, which, *given)  # type: ignore[arg-type]
            told.append(refused.value.sentence.replace(f"E{number}", "N"))
        assert told[0] == told[1]


def test_staff_and_chairs_of_its_group_read_what_was_said_and_nobody_else(world: World) -> None:
    ana, chair, guest = (
        world.person("Ana"),
        world.person("Chair"),
        world.person("Guest", role=Role.EXTERNAL),
    )
    other = world.person("Other chair")
    group = world.group("Hashing", ana, chairs=(chair, guest))
    world.group("Video", chairs=(other,))
    marks = {"audience": Audience.GROUP, "audience_group_id": group.id}
    briefing = asking(world, **marks)
    asker = world.asker(ana)
    say(world, asker, briefing)
    keep(world, asker, briefing)
    dana = world.staff("Dana")

    def read(reader: Asker) -> Any:
        return world.database.run(attendance.who, reader, NOON, f"E{briefing.id}").said

    whole = (("Badge name", (("Ana", "Ana S."),)), ("Dietary needs", (("Ana", "none"),)))
    assert read(dana) == read(world.asker(chair)) == whole
    # Whoever sits in it without keeping it, or keeps it without reading names, reads nothing.
    assert read(asker) == read(world.asker(guest)) == ()
    with altering(world.database) as session:
        session.get_one(Briefing, briefing.id).notices = [Notice.CHATHAM_HOUSE.value]
    assert (read(dana), read(world.asker(chair))) == (whole, ())
    # One that everybody reads is nobody's group's: its chairs keep others.
    with altering(world.database) as session:
        one = session.get_one(Briefing, briefing.id)
        one.audience, one.audience_group_id, one.notices = Audience.MEMBERS, None, []
    assert read(world.asker(chair)) == read(world.asker(other)) == ()


def test_the_turnout_has_what_each_said_beside_their_name(world: World) -> None:
    dana, briefing = world.staff(), asking(world)
    going(world, briefing)
    say(world, world.member("Ben"), briefing)

    lines = world.database.run(turnouts.turnout, dana, NOON, f"E{briefing.id}").lines

    assert [(line.name, line.particulars) for line in lines] == [
        ("Ana", list(SAID)),
        ("Ben", None),
    ]


def test_a_list_says_what_is_still_asked_of_whoever_reads_it(world: World) -> None:
    ana, briefing = world.member(), asking(world)
    world.briefing("Asks nothing")
    going(world, briefing, "Ben")

    def asked() -> dict[int, Asks | None]:
        page = world.database.run(briefings.upcoming, ana, NOON)
        return {line.id: line.asks for line in page.rows}

    assert set(asked().values()) == {None}
    say(world, ana, briefing)
    assert asked()[briefing.id] == Asks(2, 1, is_answered=False)
    keep(world, ana, briefing)
    assert set(asked().values()) == {None}


def owed(world: World) -> list[tuple[str, Any, Any]]:
    with seeing_all(world.database) as session:
        rows = session.scalars(
            sa.select(Delivery).where(Delivery.key.contains(":ask:")).order_by(Delivery.id)
        )
        return [(row.recipient, row.due_at, row.expires_at) for row in rows]


def plan(world: World, *hours: float) -> list[int]:
    return [world.database.run(reminders.plan, NOON + one * HOUR) for one in hours]


def test_whoever_has_not_answered_what_must_be_is_asked_once_three_days_before(
    world: World,
) -> None:
    briefing = asking(world)
    ana = world.member("Ana", zone="UTC")
    say(world, ana, briefing)
    going(world, briefing, "Ben")
    waits = asking(world, capacity=1)
    for one in (ana, world.member()):
        say(world, one, waits)
    keep(world, ana, waits)
    optional = asking(world, questions=ASKED[1:])
    say(world, ana, optional)

    plan(world, 0, 24 * 5, 24 * 6, 24 * 7, 24 * 8)

    begins = briefing.starts_at
    assert owed(world) == [(ana.slack_user, begins - 3 * DAY, begins - timedelta(minutes=15))]


def test_a_question_asked_of_those_who_go_already_is_asked_at_once_where_it_is_near(
    world: World,
) -> None:
    briefing = asking(world, starts_at=NOON + 2 * DAY, questions=[])
    ana, ben = world.member(zone="UTC"), world.member(zone="Asia/Tokyo")
    for one in (ana, ben):
        say(world, one, briefing)
    plan(world, 2)
    assert owed(world) == []

    asks_anew(world, world.staff(), briefing, *ASKED)
    plan(world, 3, 4)

    # At 15:00 UTC it is midnight in Tokyo, where the night ends at 8:00.
    assert [(who, due - NOON) for who, due, _ in owed(world)] == [
        (ana.slack_user, 3 * HOUR),
        (ben.slack_user, 11 * HOUR),
    ]
    with seeing_all(world.database) as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Delivery)) == 6


def test_whoever_takes_a_seat_on_the_last_days_has_an_hour_to_answer(world: World) -> None:
    briefing = asking(world, starts_at=NOON + 2 * DAY)
    ana = world.member(zone="UTC")
    say(world, ana, briefing)

    plan(world, 0, 0.5)

    assert [due - NOON for _, due, _ in owed(world)] == [HOUR]


def test_what_begins_within_that_hour_is_not_asked_about_again(world: World) -> None:
    briefing = asking(world, starts_at=NOON + HOUR)
    say(world, world.member(zone="UTC"), briefing)

    plan(world, 0, 0.9)

    assert owed(world) == []


def test_a_moved_briefing_asks_again_and_one_by_days_does_not(world: World) -> None:
    briefing = asking(world)
    say(world, world.member(zone="UTC"), briefing)
    whole_day = asking(world, precision=Precision.DAY)
    say(world, world.member(zone="UTC"), whole_day)
    plan(world, 24 * 7)
    with altering(world.database) as session:
        moved = session.get_one(Briefing, briefing.id)
        moved.starts_at, moved.ends_at = NOON + 30 * DAY, NOON + 30 * DAY + HOUR

    plan(world, 24 * 8, 24 * 27)

    assert [due - NOON for _, due, _ in owed(world)] == [7 * DAY, 27 * DAY]

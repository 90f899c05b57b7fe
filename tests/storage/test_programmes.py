"""Programmes: who writes them, what of one is known again, who hears of it, what goes along."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from storage import (
    authoring,
    erasure,
    feeds,
    forgetting,
    picks,
    programmes,
    publishing,
    rsvps,
    series,
    talk_news,
)
from storage.asker import Asker
from storage.changes import HOLD
from storage.database import Database
from storage.errors import Guarded, Refusal
from storage.feeds import Which
from storage.models import (
    Answer,
    Audience,
    Briefing,
    CalendarFeed,
    Delivery,
    DeliveryState,
    FormerTalk,
    Pick,
    Precision,
    Role,
    State,
    Talk,
    Tlp,
)
from storage.programmes import Line, Plan
from storage.retention import DEFAULTS
from storage.series import Reach, Rhythm
from tests.factories import NOON, World, altering, at_once, seeing_all

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
BEGINS = NOON + 7 * DAY


@pytest.fixture
def world(database: Database) -> World:
    return World(database)


def event(world: World, **given: Any) -> Briefing:
    return world.briefing(**{"starts_at": BEGINS, "ends_at": BEGINS + 3 * DAY, **given})


def line(title: str, hours: float = 0, **given: Any) -> Line:
    starts_at = BEGINS + hours * HOUR
    return Line(title, starts_at, starts_at + HOUR, **given)


def put(world: World, asker: Asker, briefing: Briefing, *lines: Line, now: datetime = NOON) -> Plan:
    """Read a programme back, and save what was read back."""
    plan = world.database.run(programmes.put, asker, now, briefing.id, lines, "")
    assert not plan.is_saved
    return world.database.run(programmes.put, asker, now, briefing.id, lines, plan.mark)


def rows(world: World, model: type[Any]) -> list[Any]:
    with seeing_all(world.database) as session:
        return list(session.scalars(sa.select(model).order_by(model.id)))


def ids(world: World) -> dict[str, int]:
    return {talk.title: talk.id for talk in rows(world, Talk) if talk.gone_at is None}


def choose(world: World, asker: Asker, *titles: str, now: datetime = NOON) -> Asker:
    for title in titles:
        world.database.run(picks.add, asker, now, ids(world)[title])
    return asker


def owed(world: World) -> list[Delivery]:
    with seeing_all(world.database) as session:
        found = sa.select(Delivery).where(Delivery.kind == talk_news.KIND).order_by(Delivery.id)
        return list(session.scalars(found))


def heard(world: World, asker: Asker, briefing: Briefing) -> list[tuple[str, Any, Any]]:
    """Give what *asker* would be told now: of which session, how it was and how it is."""
    owes = {row.recipient: row.details["was"] for row in owed(world)}
    was: dict[str, int] = owes.get(asker.slack_user, {})
    with world.database.reading() as session:
        changes = talk_news.changed(session, asker, briefing.id, was)
    return [(one.talk.title, one.was, one.now) for one in changes]


def test_what_is_read_back_is_saved_and_nothing_before(world: World) -> None:
    staff, briefing = world.staff(), event(world)
    lines = [line("One", room="Hall"), line("Two", 2, track="A")]

    first = world.database.run(programmes.put, staff, NOON, briefing.id, lines, "")
    before = rows(world, Talk)
    other = world.database.run(programmes.put, staff, NOON, briefing.id, lines[:1], first.mark)
    saved = world.database.run(programmes.put, staff, NOON, briefing.id, lines, first.mark)
    again = world.database.run(programmes.put, staff, NOON, briefing.id, lines, "")

    assert (first.is_saved, before, other.is_saved, saved.is_saved) == (False, [], False, True)
    assert [one.title for one in saved.new] == ["One", "Two"]
    assert not again.is_different
    assert [(t.title, t.room, t.track, t.sequence) for t in rows(world, Talk)] == [
        ("One", "Hall", None, 0),
        ("Two", None, "A", 0),
    ]


def test_only_who_may_change_a_briefing_writes_its_programme(world: World) -> None:
    chair, member = world.person("Chair"), world.person("Member")
    group = world.group("Hashing", member, chairs=(chair,))
    closed = {"audience": Audience.GROUP, "audience_group_id": group.id}
    briefing, draft = event(world, **closed), event(world, state=State.DRAFT, **closed)
    outside = world.member()

    for asker in (world.asker(member), outside):
        for known in (briefing, draft):
            with pytest.raises(Refusal):
                put(world, asker, known, line("One"))
            with pytest.raises(Refusal):
                world.database.run(programmes.sheet, asker, NOON, f"E{known.id}")

    for asker in (world.asker(chair), world.staff()):
        assert put(world, asker, draft, line("One")).is_saved
        assert put(world, asker, briefing, line("One")).is_saved


@pytest.mark.parametrize(
    ("lines", "given", "sentence"),
    [
        ([line("x" * 151)], {}, "has a title"),
        ([line("")], {}, "has a title"),
        ([replace(line("One"), ends_at=BEGINS)], {}, "ends after it begins"),
        ([line("One", -1)], {}, "«One» would be outside the briefing"),
        ([line("One", 71.5)], {}, "«One» would be outside the briefing"),
        ([line(f"{n}") for n in range(61)], {}, "These are 61 sessions; 60 fit."),
        ([line("One")], {"precision": Precision.MONTH}, "Its day is not known yet"),
        ([line("One")], {"tlp": Tlp.RED, "audience": Audience.STAFF}, "It is TLP:RED"),
        ([line("One")], {"state": State.CANCELLED}, "was cancelled"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_saved(
    world: World, lines: list[Line], given: dict[str, Any], sentence: str
) -> None:
    staff, briefing = world.staff(), event(world, **given)

    with pytest.raises(Refusal, match=sentence):
        put(world, staff, briefing, *lines)

    assert rows(world, Talk) == []


@pytest.mark.parametrize("field", ["title", "track", "room"])
def test_what_looks_like_a_signal_is_kept_out_of_every_field(world: World, field: str) -> None:
    said = {"title": "Fine", field: "d41d8cd98f00b204e9800998ecf8427e"}
    bad = Line(starts_at=BEGINS, ends_at=BEGINS + HOUR, **said)  # type: ignore[arg-type]
    staff, briefing = world.staff(), event(world)

    with pytest.raises(Guarded):
        put(world, staff, briefing, bad)

    numbered = [line(f"Session {n}", n, room=f"{100 + n}") for n in range(20)]
    assert put(world, staff, briefing, *numbered).is_saved


def test_whatever_keeps_its_title_is_the_same_session_wherever_it_goes(world: World) -> None:
    staff, briefing, dice = world.staff(), event(world), Random(7)  # noqa: S311 -- the same each time
    titles = [f"Session {n}" for n in range(8)]
    put(world, staff, briefing, *(line(title, n) for n, title in enumerate(titles)))
    before = ids(world)

    for _ in range(5):
        dice.shuffle(titles)
        moved = [line(t, dice.randrange(60), room=dice.choice("AB"), track="T") for t in titles]
        plan = put(world, staff, briefing, *moved)
        assert (plan.new, plan.gone) == ((), ())

    assert ids(world) == before


def test_of_one_title_each_stays_at_its_time_and_a_new_title_at_its_place(world: World) -> None:
    staff, briefing = world.staff(), event(world)
    breaks = [line("Break", n) for n in (1, 25, 49)]
    put(world, staff, briefing, *breaks, line("Keynote", 3, room="Hall"))
    one, two, three, keynote = rows(world, Talk)

    renamed = line("A better keynote", 3, room="Hall")
    plan = put(world, staff, briefing, breaks[0], line("Break", 26), breaks[2], renamed)

    after = {talk.id: (talk.title, talk.starts_at) for talk in rows(world, Talk)}
    assert (plan.new, plan.gone, len(plan.changed)) == ((), (), 2)
    assert after == {
        one.id: ("Break", one.starts_at),
        two.id: ("Break", two.starts_at + HOUR),
        three.id: ("Break", three.starts_at),
        keynote.id: ("A better keynote", keynote.starts_at),
    }


def test_what_calendars_hear_of_is_counted_and_nothing_else(world: World) -> None:
    staff, briefing = world.staff(), event(world)
    put(world, staff, briefing, line("One"), line("Two", 2))
    put(world, staff, briefing, line("One"), line("Two", 3))
    put(world, staff, briefing, line("One"))

    assert [talk.sequence for talk in rows(world, Talk)] == [0, 2]


def test_who_chose_it_or_speaks_and_comes_hears_once_and_nobody_else(world: World) -> None:
    staff, briefing = world.staff(), event(world)
    company = world.organisation("Speaker Ltd")
    speaks: dict[str, Any] = {"speaker": company.name, "speaker_id": company.id}
    put(world, staff, briefing, line("One", **speaks), line("Two", 2))
    chose, other = choose(world, world.member(), "One"), choose(world, world.member(), "Two")
    speaker, stays = (world.member(organisation_id=company.id) for _ in range(2))
    world.database.run(rsvps.answer, speaker, NOON, briefing.id, Answer.GOING)
    world.database.run(rsvps.answer, stays, NOON, briefing.id, Answer.DECLINED)
    left = choose(world, world.member(), "One")
    with altering(world.database) as session:
        session.execute(
            sa.text("UPDATE people SET is_active=false WHERE id=:p"), {"p": left.person}
        )

    plan = put(world, staff, briefing, line("One", 1, **speaks), line("Two", 2))

    assert plan.hearing == 2
    assert {row.recipient for row in owed(world)} == {chose.slack_user, speaker.slack_user}
    assert {row.due_at for row in owed(world)} == {NOON + HOLD}
    assert [title for title, _, _ in heard(world, chose, briefing)] == ["One"]
    assert heard(world, other, briefing) == []


def test_another_title_track_or_speaker_is_no_news(world: World) -> None:
    staff, briefing = world.staff(), event(world)
    company = world.organisation("Speaker Ltd")
    put(world, staff, briefing, line("One", room="Hall"))
    choose(world, world.member(), "One")
    renamed = line("Another", room="Hall", track="B", speaker=company.name, speaker_id=company.id)

    plan = put(world, staff, briefing, renamed)

    assert (plan.hearing, len(plan.changed), owed(world)) == (0, 1, [])


def test_what_changes_before_it_is_told_is_told_at_once_as_of_the_first(world: World) -> None:
    staff, briefing = world.staff(), event(world)
    put(world, staff, briefing, line("One", room="Hall"), line("Two", 2))
    asker = choose(world, world.member(), "One", "Two")
    put(world, staff, briefing, line("One", 4, room="Hall"), line("Two", 2))
    later = NOON + 5 * MINUTE
    put(world, staff, briefing, line("One", 5, room="Attic"), line("Two", 3), now=later)

    (row,) = owed(world)
    told = heard(world, asker, briefing)
    with altering(world.database) as session:
        session.query(Delivery).update({"state": DeliveryState.SENT})
    put(world, staff, briefing, line("One", 6, room="Attic"), line("Two", 3), now=NOON + HOUR)

    assert row.due_at == NOON + HOLD
    assert [(t, was.starts_at, was.room, now.starts_at, now.room) for t, was, now in told] == [
        ("Two", BEGINS + 2 * HOUR, None, BEGINS + 3 * HOUR, None),
        ("One", BEGINS, "Hall", BEGINS + 5 * HOUR, "Attic"),
    ]
    assert len(owed(world)) == 2
    second = owed(world)[1].details["was"]
    assert list(second) == [str(ids(world)["One"])]


def test_what_is_off_waits_anew_and_is_no_news_once_it_is_back(world: World) -> None:
    staff, briefing = world.staff(), event(world)
    put(world, staff, briefing, line("One", room="Hall"))
    asker = choose(world, world.member(), "One")
    put(world, staff, briefing, line("One", room="Attic"))
    off = NOON + 9 * MINUTE
    put(world, staff, briefing, now=off)
    (row,) = owed(world)
    gone = heard(world, asker, briefing)
    put(world, staff, briefing, line("One", room="Hall"), now=off + MINUTE)

    assert row.due_at == off + HOLD
    assert [(was.takes_place, now.takes_place) for _, was, now in gone] == [(True, False)]
    assert heard(world, asker, briefing) == []
    assert len(rows(world, Talk)) == 1


def test_of_what_is_over_or_a_draft_nobody_hears(world: World) -> None:
    staff, briefing, draft = world.staff(), event(world), event(world, state=State.DRAFT)
    put(world, staff, briefing, line("One"))
    choose(world, world.member(), "One")
    put(world, staff, draft, line("Two"))
    with pytest.raises(Refusal, match="draft"):
        choose(world, staff, "Two")

    put(world, staff, briefing, line("One", room="Hall"), now=BEGINS + 2 * HOUR)
    put(world, staff, draft, line("Two", 3))

    assert owed(world) == []


def test_on_ones_agenda_what_is_at_the_same_time_is_pointed_out(world: World) -> None:
    staff, briefing, other = world.staff(), event(world), event(world)
    put(world, staff, briefing, line("One"), line("Half", 0.5), line("Next", 1))
    put(world, staff, other, line("Elsewhere", 0.9))
    asker = choose(world, world.member(), "One", "Half", "Next", "Elsewhere")

    shown = world.database.run(picks.agenda, asker, NOON)
    first = world.database.run(picks.programme, asker, NOON, f"E{briefing.id}")
    alone = world.database.run(picks.programme, world.member(), NOON, f"E{briefing.id}")

    beside = {
        one.talk.title: sorted(other.title for other in one.clashes) for one in shown.page.rows
    }
    assert beside == {
        "One": ["Elsewhere", "Half"],
        "Half": ["Elsewhere", "Next", "One"],
        "Elsewhere": ["Half", "Next", "One"],
        "Next": ["Elsewhere", "Half"],
    }
    assert [(one.talk.title, one.is_mine) for one in first.page.rows] == [
        ("One", True),
        ("Half", True),
        ("Next", True),
    ]
    assert {(one.is_mine, one.clashes) for one in alone.page.rows} == {(False, ())}


def test_sessions_are_seen_exactly_as_their_briefing_is(world: World) -> None:
    group = world.group("Hashing", seated := world.person(role=Role.EXTERNAL))
    staff = world.staff()
    askers = {
        "unknown": world.unknown(),
        "external": world.external(),
        "seated": world.asker(seated),
        "member": world.member(),
        "staff": staff,
    }
    sees = {
        Audience.PUBLIC: set(askers),
        Audience.COMMUNITY: set(askers) - {"unknown"},
        Audience.MEMBERS: {"member", "staff"},
        Audience.GROUP: {"seated", "staff"},
        Audience.STAFF: {"staff"},
    }
    label = {Audience.PUBLIC: Tlp.CLEAR, Audience.COMMUNITY: Tlp.GREEN}
    for audience, allowed in sees.items():
        marks = {"audience": audience, "tlp": label.get(audience, Tlp.AMBER)}
        briefing = event(world, audience_group_id=group.id, **marks)
        put(world, staff, briefing, line(audience.value))
        number = ids(world)[audience.value]
        for name in allowed:
            assert world.database.run(picks.add, askers[name], NOON, number).is_new
            shown = world.database.run(picks.programme, askers[name], NOON, f"E{briefing.id}")
            assert [one.talk.id for one in shown.page.rows] == [number]
        for name in askers.keys() - allowed:
            with pytest.raises(Refusal, match=picks.MISSING):
                world.database.run(picks.add, askers[name], NOON, number)
            with pytest.raises(Refusal, match="There is nothing called"):
                world.database.run(picks.programme, askers[name], NOON, f"E{briefing.id}")

    chosen = {
        name: {one.talk.title for one in world.database.run(picks.agenda, asker, NOON).page.rows}
        for name, asker in askers.items()
    }
    assert chosen == {
        name: {audience.value for audience, allowed in sees.items() if name in allowed}
        for name in askers
    }


def test_what_one_may_not_see_any_more_is_off_ones_agenda_and_out_of_ones_feed(
    world: World,
) -> None:
    staff, briefing = world.staff(), event(world)
    put(world, staff, briefing, line("One"))
    asker = choose(world, world.member(), "One")
    world.add(CalendarFeed(person_id=asker.person, digest=feeds.digest("secret"), made_at=NOON))

    def read(which: Which) -> list[str]:
        with world.database.reading() as session:
            feed = feeds.read(session, NOON, "secret", which)
        assert feed is not None
        return [talk.title for talk, _ in feed.talks]

    before = [read(which) for which in (Which.MINE, Which.ALL)]
    with altering(world.database) as session:
        session.execute(sa.text("UPDATE briefings SET audience='staff'"))

    assert before == [["One"], []]
    assert read(Which.MINE) == []
    assert world.database.run(picks.agenda, asker, NOON).page.rows == ()


ZONES = ("Europe/Brussels", "America/New_York", "Australia/Lord_Howe", "UTC")


def at(zone: str, month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2027, month, day, hour, minute, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def walls(world: World, briefing: Briefing) -> list[tuple[timedelta, timedelta]]:
    """Say how long after its beginning each session begins and ends, by the clock on the wall."""
    with seeing_all(world.database) as session:
        found = session.get_one(Briefing, briefing.id)
        talks = session.scalars(sa.select(Talk).order_by(Talk.id)).all()

    def wall(moment: datetime) -> datetime:
        return moment.astimezone(ZoneInfo(found.zone)).replace(tzinfo=None)

    begun = wall(found.starts_at)
    return [(wall(talk.starts_at) - begun, wall(talk.ends_at) - begun) for talk in talks]


def revise(
    world: World, asker: Asker, briefing: Briefing, reach: Reach = Reach.THIS, **anew: Any
) -> None:
    form = world.database.run(authoring.show, asker, NOON, f"E{briefing.id}")
    what, seen = replace(form.what, **anew), authoring.mark(form.what)
    world.database.run(series.revise, asker, NOON, briefing.id, seen, what, reach)


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("days", [7, 28, 200])
def test_moved_as_a_whole_each_keeps_its_hour_on_the_wall_also_over_a_change_of_clocks(
    world: World, zone: str, days: int
) -> None:
    staff = world.staff()
    first, last = at(zone, 3, 10, 9), at(zone, 3, 12, 17)
    briefing = event(world, starts_at=first, ends_at=last, zone=zone)
    begins = [at(zone, 3, 10, 9), at(zone, 3, 11, 14, 30), at(zone, 3, 12, 16)]
    lines = [Line(f"{n}", begin, begin + HOUR) for n, begin in enumerate(begins)]
    put(world, staff, briefing, *lines)
    before = walls(world, briefing)

    def moved(moment: datetime) -> datetime:
        local = moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None) + timedelta(days=days)
        return (local + HOUR).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)

    revise(world, staff, briefing, starts_at=moved(first), ends_at=moved(last))

    assert walls(world, briefing) == before


def test_in_another_zone_each_keeps_its_hour_there(world: World) -> None:
    staff, there = world.staff(), "America/New_York"
    zone = "Europe/Brussels"
    span = {"starts_at": at(zone, 3, 10, 9), "ends_at": at(zone, 3, 10, 17)}
    briefing = event(world, zone=zone, **span)
    put(world, staff, briefing, Line("One", at(zone, 3, 10, 10), at(zone, 3, 10, 11)))

    revise(
        world,
        staff,
        briefing,
        zone=there,
        starts_at=at(there, 3, 10, 9),
        ends_at=at(there, 3, 10, 17),
    )

    assert rows(world, Talk)[0].starts_at == at(there, 3, 10, 10)


def test_where_only_an_end_moves_they_stay_and_none_is_left_outside(world: World) -> None:
    staff, briefing = world.staff(), event(world)
    put(world, staff, briefing, line("One", 1), line("Two", 70))

    revise(world, staff, briefing, starts_at=BEGINS - DAY)
    with pytest.raises(Refusal, match="«Two» would be outside it"):
        revise(world, staff, briefing, ends_at=BEGINS + 2 * DAY)
    with pytest.raises(Refusal, match="«One» and 1 more of its sessions would be outside it"):
        revise(world, staff, briefing, starts_at=BEGINS - 9 * DAY, ends_at=BEGINS - 8 * DAY)

    assert [talk.starts_at for talk in rows(world, Talk)] == [BEGINS + HOUR, BEGINS + 70 * HOUR]


def test_an_end_shown_before_its_beginning_where_clocks_go_back_comes_after_it(
    world: World,
) -> None:
    staff, zone = world.staff(), "Europe/Brussels"
    span = {"starts_at": at(zone, 10, 31, 0), "ends_at": at(zone, 10, 31, 9)}
    briefing = event(world, zone=zone, **span)
    begins = datetime(2027, 10, 31, 0, 45, tzinfo=UTC)  # 02:45, and half an hour later 02:15
    put(world, staff, briefing, Line("Night", begins, begins + HOUR / 2))

    week: dict[str, Any] = {name: one + 7 * DAY + HOUR for name, one in span.items()}
    week["ends_at"] -= HOUR
    revise(world, staff, briefing, **week)

    (talk,) = rows(world, Talk)
    assert talk.ends_at - talk.starts_at == HOUR / 2


def test_another_of_its_series_that_moves_takes_its_sessions_along(world: World) -> None:
    staff, briefing = world.staff(), event(world)
    made = world.database.run(series.repeat, staff, NOON, f"E{briefing.id}", Rhythm.WEEKLY, 1).made
    week = [replace(line("One"), starts_at=BEGINS + 7 * DAY, ends_at=BEGINS + 7 * DAY + HOUR)]
    put(world, staff, made[0], *week)
    asker = choose(world, world.member(), "One")

    span: dict[str, Any] = {"starts_at": BEGINS + HOUR, "ends_at": BEGINS + 3 * DAY + HOUR}
    revise(world, staff, briefing, Reach.LATER, **span)

    (talk,) = rows(world, Talk)
    assert (talk.briefing_id, talk.starts_at) == (made[0].id, BEGINS + 7 * DAY + HOUR)
    assert [row.recipient for row in owed(world)] == [asker.slack_user]


def test_called_off_who_answered_hears_of_the_briefing_and_who_only_chose_of_the_sessions(
    world: World,
) -> None:
    staff, briefing = world.staff(), event(world)
    put(world, staff, briefing, line("One"), line("Two", 2))
    only, both = (choose(world, world.member(), "One") for _ in range(2))
    world.database.run(rsvps.answer, both, NOON, briefing.id, Answer.MAYBE)

    ended = world.database.run(publishing.cancel, staff, NOON, briefing.id)
    told = heard(world, only, briefing)
    world.database.run(publishing.restore, staff, NOON + MINUTE, briefing.id)

    assert ended.told == 2
    assert [row.recipient for row in owed(world)] == [only.slack_user]
    assert [(was.takes_place, now.takes_place) for _, was, now in told] == [(True, False)]
    assert heard(world, only, briefing) == []


def test_a_draft_that_is_discarded_takes_its_sessions_along(world: World) -> None:
    staff, draft = world.staff(), event(world, state=State.DRAFT)
    put(world, staff, draft, line("One"))

    world.database.run(publishing.cancel, staff, NOON, draft.id)

    assert rows(world, Talk) == []


def test_an_agenda_goes_with_whoever_is_erased_and_with_the_answers(world: World) -> None:
    staff, briefing = world.staff(), event(world)
    old = event(world, starts_at=NOON - 2 * DAY, ends_at=NOON - DAY)
    put(world, staff, briefing, line("One"))
    put(world, staff, old, Line("Old", NOON - 2 * DAY, NOON - DAY))
    asker, other = world.member(), choose(world, world.member(), "One")
    choose(world, asker, "One")
    for person in (asker, other):
        choose(world, person, "Old", now=NOON - 3 * DAY)
    after = NOON + timedelta(days=DEFAULTS["answers"].days)

    world.database.run(erasure.erase, asker, NOON, asker.person)
    kept = [(pick.person_id, pick.briefing_id) for pick in rows(world, Pick)]
    ended = world.database.run(forgetting.purge, after)

    assert kept == [(other.person, briefing.id), (other.person, old.id)]
    assert (ended, [pick.briefing_id for pick in rows(world, Pick)]) == (1, [briefing.id])


def test_how_it_was_is_kept_only_where_somebody_hears_of_it(world: World) -> None:
    staff, briefing = world.staff(), event(world)
    put(world, staff, briefing, line("One"), line("Two", 2))
    choose(world, world.member(), "One")

    put(world, staff, briefing, line("One", 4), line("Two", 5))

    assert [row.talk_id for row in rows(world, FormerTalk)] == [ids(world)["One"]]


def test_two_clicks_at_once_choose_once(world: World) -> None:
    staff, briefing = world.staff(), event(world)
    put(world, staff, briefing, line("One"))
    asker, number = world.member(), ids(world)["One"]

    made = at_once(4, lambda _: world.database.run(picks.add, asker, NOON, number), range(8))

    assert sorted(one.is_new for one in made) == [False] * 7 + [True]
    assert len(rows(world, Pick)) == 1


def test_who_chooses_a_session_as_it_moves_sees_where_it_is_or_is_told(world: World) -> None:
    staff, briefing = world.staff(), event(world)
    put(world, staff, briefing, line("One"))
    number = ids(world)["One"]
    for turn in range(1, 9):
        asker = world.member()
        with ThreadPoolExecutor(2) as pool:
            saved = pool.submit(put, world, staff, briefing, line("One", turn))
            chosen = pool.submit(world.database.run, picks.add, asker, NOON, number)
            assert saved.result().is_saved
            seen = chosen.result().line.talk.starts_at

        told = {row.recipient for row in owed(world)}
        assert seen == BEGINS + turn * HOUR or asker.slack_user in told


def lines_of(world: World, asker: Asker, briefing: Briefing) -> Sequence[Line]:
    return world.database.run(programmes.sheet, asker, NOON, f"E{briefing.id}").lines


def test_a_sheet_gives_back_what_was_put(world: World) -> None:
    staff, briefing = world.staff(), event(world)
    company = world.organisation("Speaker Ltd")
    spoken = line("One", track="A", room="B", speaker=company.name, speaker_id=company.id)

    put(world, staff, briefing, spoken, line("Two", 2))

    assert lines_of(world, staff, briefing) == (spoken, line("Two", 2))
    sheet = world.database.run(
        programmes.sheet, staff, NOON, f"E{briefing.id}", ["speaker", "Nobody Inc"]
    )
    assert isinstance(sheet.speakers["Nobody Inc"], Refusal)
    assert getattr(sheet.speakers["speaker"], "name", "") == company.name

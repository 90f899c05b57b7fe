"""What is coming, what one may know of one briefing, and who comes."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa

from storage import agendas, attendance, briefings, lookups, rsvps
from storage.asker import Asker
from storage.crowds import Crowd
from storage.database import Database
from storage.errors import Refusal
from storage.models import (
    Answer,
    Audience,
    Briefing,
    BriefingPartner,
    Kind,
    Notice,
    OrganisationKind,
    PartnerRole,
    Role,
    Rsvp,
    Series,
    Standing,
    State,
    Tlp,
)
from storage.pages import Page
from tests.factories import NOON, World, altering

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def world(database: Database) -> World:
    return World(database)


@pytest.fixture
def small(sqlite_url: str) -> Iterator[World]:
    database = Database(sqlite_url)
    yield World(database)
    database.close()


def upcoming(world: World, asker: Asker, page: int = 0) -> Page[briefings.Line]:
    return world.database.run(briefings.upcoming, asker, NOON, page)


def titles(page: Page[briefings.Line]) -> list[str]:
    return [line.title for line in page.rows]


def say(world: World, asker: Asker, briefing: Briefing, answer: Answer) -> rsvps.Outcome:
    return world.database.run(rsvps.answer, asker, NOON, briefing.id, answer)


@pytest.mark.parametrize("word", ["Zürich", "zurich", "ZÜRICH", "zür"])
def test_a_search_finds_a_city_with_its_accents_and_without(database: Database, word: str) -> None:
    world = World(database)
    found = world.briefing("Forum", city="Zürich")
    world.briefing("Round table", city="Brussels")
    world.briefing("Board", city="Zürich", audience=Audience.STAFF)

    page = database.run(lookups.find, world.member(), NOON, [word])

    assert [line.id for line in page.rows] == [found.id]


def test_a_search_finds_words_by_their_beginning_alone(world: World) -> None:
    world.briefing("Forum E41", city="Zürich")

    for word in ("rich", "orum", "41"):
        assert world.database.run(lookups.find, world.member(), NOON, [word]).total == 0


def test_a_search_gives_what_is_to_come_soonest_first_then_what_is_over_newest_first(
    world: World,
) -> None:
    for days in (3, 1, 4, 2, -2, -4, -1, -3):
        world.briefing(f"Forum {days}", starts_at=NOON + days * DAY)
    asker = world.member()

    pages = [world.database.run(lookups.find, asker, NOON, ["forum"], page) for page in (0, 1)]

    assert [days for page in pages for days in titles(page)] == [
        f"Forum {days}" for days in (1, 2, 3, 4, -1, -2, -3, -4)
    ]


def test_what_is_coming_is_listed_soonest_first(world: World) -> None:
    for days in (3, 1, 2):
        world.briefing(f"In {days}", starts_at=NOON + days * DAY)
    world.briefing("Going on", starts_at=NOON - HOUR, ends_at=NOON + HOUR)
    world.briefing("Just over", starts_at=NOON - HOUR, ends_at=NOON)

    page = upcoming(world, world.member())

    assert titles(page) == ["Going on", "In 1", "In 2", "In 3"]
    assert (page.total, page.has_next) == (4, False)


def test_a_cancelled_one_is_listed_and_marked_until_it_would_have_ended(world: World) -> None:
    world.briefing("Off", state=State.CANCELLED)
    world.briefing("Long off", state=State.CANCELLED, starts_at=NOON - DAY, ends_at=NOON)

    page = upcoming(world, world.member())

    assert [(line.title, line.state) for line in page.rows] == [("Off", State.CANCELLED)]


@pytest.mark.parametrize("asking", [World.member, World.staff])
def test_a_draft_is_in_no_list(world: World, asking: object) -> None:
    asker = World.member(world) if asking is World.member else World.staff(world)
    world.briefing("Draft", state=State.DRAFT)

    for verb in (briefings.upcoming, briefings.mine, briefings.unanswered):
        assert world.database.run(verb, asker, NOON) == Page((), 0, 0)
    assert world.database.run(briefings.soonest, asker, NOON) is None


def test_a_list_is_paged_and_says_how_many_in_all(world: World) -> None:
    member = world.member()
    for number in range(12):
        world.briefing(f"{number:02}", starts_at=NOON + (number + 1) * HOUR)

    pages = [upcoming(world, member, number) for number in range(3)]

    assert [title for page in pages for title in titles(page)] == [f"{n:02}" for n in range(12)]
    assert [(page.number, page.total, page.first) for page in pages] == [
        (0, 12, 1),
        (1, 12, 6),
        (2, 12, 11),
    ]
    assert [page.has_next for page in pages] == [True, True, False]


@pytest.mark.parametrize(("number", "shown"), [(-1, 0), (1, 1), (2, 1), (99, 1), (10**9, 1)])
def test_a_page_that_is_not_there_is_the_nearest_that_is(
    small: World, number: int, shown: int
) -> None:
    for _ in range(7):
        small.briefing()

    page = upcoming(small, small.member(), number)

    assert (page.number, len(page.rows)) == (shown, 5 if shown == 0 else 2)


def test_the_total_counts_only_what_one_may_see(world: World) -> None:
    world.briefing("For all", audience=Audience.PUBLIC, tlp=Tlp.CLEAR)
    world.briefing("For members")
    world.briefing("For staff", audience=Audience.STAFF)
    World(world.database, "T0OTHER").briefing("Elsewhere")

    totals = [
        upcoming(world, asker).total
        for asker in (world.unknown(), world.external(), world.member(), world.staff())
    ]

    assert totals == [1, 1, 2, 3]


def test_who_waits_is_counted_for_what_is_full_alone(world: World) -> None:
    ana, ben = world.member(), world.member()
    briefing = world.briefing(capacity=1)
    for asker in (ana, ben):
        say(world, asker, briefing, Answer.GOING)
    (full,) = upcoming(world, ana).rows
    with altering(world.database) as session:
        session.get_one(Briefing, briefing.id).capacity = 2
    (left,) = upcoming(world, ana).rows

    assert [(line.taken, line.waiting) for line in (full, left)] == [(1, 1), (1, 0)]


def test_mine_are_those_one_goes_to_may_go_to_or_waits_for(world: World) -> None:
    ana = world.member()
    going, maybe, full, declined, _ = (
        world.briefing(title, starts_at=NOON + days * DAY, capacity=1)
        for days, title in enumerate(("going", "maybe", "full", "declined", "unanswered"), 1)
    )
    say(world, world.member(), full, Answer.GOING)
    for briefing, answer in ((going, Answer.GOING), (maybe, Answer.MAYBE), (full, Answer.GOING)):
        say(world, ana, briefing, answer)
    say(world, ana, declined, Answer.DECLINED)

    page = world.database.run(briefings.mine, ana, NOON)

    assert [(line.title, line.mine) for line in page.rows] == [
        ("going", Standing.GOING),
        ("maybe", Standing.MAYBE),
        ("full", Standing.WAITLISTED),
    ]
    assert page.total == 3
    assert [line.waiting for line in page.rows] == [0, 0, 1]


def test_unanswered_is_what_one_could_answer_and_has_not(world: World) -> None:
    ana = world.member()
    answered = world.briefing("answered")
    say(world, ana, answered, Answer.DECLINED)
    world.briefing("open")
    world.briefing("closed", closes_at=NOON)
    world.briefing("cancelled", state=State.CANCELLED)
    world.briefing("elsewhere", kind=Kind.EXTERNAL)
    world.briefing("over", starts_at=NOON - HOUR, ends_at=NOON)

    page = world.database.run(briefings.unanswered, ana, NOON)

    assert (titles(page), page.total) == (["open"], 1)


def test_the_next_is_the_soonest_that_takes_place(world: World) -> None:
    world.briefing("Off", state=State.CANCELLED, starts_at=NOON + HOUR)
    world.briefing("Later", starts_at=NOON + 2 * DAY)
    world.briefing("Sooner", starts_at=NOON + DAY)

    found = world.database.run(briefings.soonest, world.member(), NOON)

    assert found is not None
    assert found.briefing.title == "Sooner"


def test_one_in_full_tells_hosts_guests_and_ones_own_answer(world: World) -> None:
    series = world.add(Series(title="Roadshow"))
    host, other = world.organisation("Host"), world.organisation("Guest")
    briefing = world.briefing("Forum", host_id=host.id, series_id=series.id, capacity=1)
    for role in (PartnerRole.CO_HOST, PartnerRole.ATTENDED):
        world.add(BriefingPartner(briefing_id=briefing.id, organisation_id=other.id, role=role))
    ana, ben, eve = world.member(), world.member(), world.member()
    say(world, ana, briefing, Answer.GOING)
    say(world, ben, briefing, Answer.GOING)
    say(world, eve, briefing, Answer.MAYBE)

    shown = world.database.run(briefings.show, ben, NOON, "forum")

    assert shown.briefing.host is not None
    assert shown.briefing.series is not None
    assert (shown.briefing.host.name, shown.briefing.series.title) == ("Host", "Roadshow")
    assert (shown.co_hosts, shown.attended) == (("Guest",), ("Guest",))
    assert shown.mine is not None
    assert (shown.mine.standing, shown.position) == (Standing.WAITLISTED, 1)
    assert (shown.waiting, shown.maybe) == (1, 1)


def test_a_message_finds_nothing_where_its_reader_may_see_nothing(world: World) -> None:
    briefing = world.briefing(audience=Audience.STAFF)

    seen = [
        world.database.run(briefings.seen, asker, NOON, briefing.id)
        for asker in (world.member(), world.staff())
    ]

    assert [shown is not None for shown in seen] == [False, True]


@pytest.fixture
def attended(world: World) -> tuple[World, Briefing]:
    briefing = world.briefing("Forum", audience=Audience.COMMUNITY, tlp=Tlp.GREEN, capacity=2)
    adobe, hotline = (
        world.organisation("Adobe").id,
        world.organisation("Hotline", kind=OrganisationKind.HOTLINE).id,
    )
    for name, organisation, answer in (
        ("Ben", adobe, Answer.GOING),
        ("Ana", adobe, Answer.GOING),
        ("Cy", hotline, Answer.GOING),
        ("Dee", None, Answer.MAYBE),
        ("Eve", hotline, Answer.DECLINED),
    ):
        role = Role.EXTERNAL if organisation == hotline else Role.MEMBER
        person = world.person(name, role=role, organisation_id=organisation)
        say(world, world.asker(person), briefing, answer)
    return world, briefing


def who(world: World, asker: Asker) -> list[tuple[str | None, str | None, str, int, int]]:
    seen = world.database.run(attendance.who, asker, NOON, "Forum")
    return [
        (p.organisation, p.kind, p.standing.value, p.people, len(p.names)) for p in seen.parties
    ]


def test_members_and_staff_read_names(attended: tuple[World, Briefing]) -> None:
    world, _ = attended

    told = who(world, world.member())

    assert sorted(told, key=str) == sorted(
        [
            ("Adobe", "member", "going", 2, 2),
            ("Hotline", "hotline", "waitlisted", 1, 1),
            ("Hotline", "hotline", "declined", 1, 1),
            (None, None, "maybe", 1, 1),
        ],
        key=str,
    )
    assert told == who(world, world.staff())
    parties = world.database.run(attendance.who, world.member(), NOON, "Forum").parties
    assert ("Ana", "Ben") in {party.names for party in parties}


def test_outside_bodies_read_numbers(attended: tuple[World, Briefing]) -> None:
    world, _ = attended

    told = who(world, world.external())

    assert {(organisation, names) for organisation, _, _, _, names in told} == {(None, 0)}
    assert {(kind, standing, people) for _, kind, standing, people, _ in told} == {
        ("member", "going", 2),
        ("hotline", "waitlisted", 1),
        ("hotline", "declined", 1),
        (None, "maybe", 1),
    }


def test_under_the_chatham_house_rule_nobody_but_staff_reads_who_comes(
    attended: tuple[World, Briefing],
) -> None:
    world, briefing = attended
    with altering(world.database) as session:
        ruled = sa.update(Briefing).where(Briefing.id == briefing.id)
        session.execute(ruled.values(notices=[Notice.CHATHAM_HOUSE]))

    told = who(world, world.member())

    assert told == who(world, world.external())
    assert {(organisation, names) for organisation, *_, names in told} == {(None, 0)}
    assert ("Adobe", "member", "going", 2, 2) in who(world, world.staff())


def test_the_totals_are_of_the_moment_that_is_named(attended: tuple[World, Briefing]) -> None:
    world, _ = attended

    seen = world.database.run(attendance.who, world.member(), NOON, "Forum")

    assert (seen.as_of, seen.is_chatham_house) == (NOON, False)
    assert seen.by_kind(Standing.GOING) == {OrganisationKind.MEMBER: 2}
    assert seen.by_kind(Standing.MAYBE) == {None: 1}
    assert seen.by_kind(Standing.OFFERED) == {}


def test_staff_alone_read_who_recorded_an_answer(attended: tuple[World, Briefing]) -> None:
    world, briefing = attended
    dana = world.staff("Dana")
    with altering(world.database) as session:
        recorded = sa.update(Rsvp).where(Rsvp.briefing_id == briefing.id)
        session.execute(recorded.values(recorded_by_id=dana.person))

    def recorded_of(asker: Asker) -> set[tuple[str, str]]:
        seen = world.database.run(attendance.who, asker, NOON, "Forum")
        return {pair for party in seen.parties for pair in party.recorded}

    assert ("Ana", "Dana") in recorded_of(dana)
    assert recorded_of(world.member()) == recorded_of(world.external()) == set()


def test_who_comes_is_not_for_people_nobody_has_linked(small: World) -> None:
    small.briefing("Forum", audience=Audience.PUBLIC, tlp=Tlp.CLEAR)

    with pytest.raises(Refusal, match="linked"):
        small.database.run(attendance.who, small.unknown(), NOON, "Forum")


def test_what_a_digest_lists_starts_before_its_end_and_is_on(world: World) -> None:
    world.briefing("now", starts_at=NOON - HOUR, ends_at=NOON + HOUR)
    world.briefing("soon", starts_at=NOON + DAY)
    world.briefing("late", starts_at=NOON + 14 * DAY)
    world.briefing("off", state=State.CANCELLED)
    member = world.member()

    def until(limit: int) -> list[str]:
        end = NOON + 14 * DAY
        found = world.database.run(agendas.until, Crowd((member,)), NOON, end, limit)
        return [line.title for line in found.seen(member)]

    assert until(10) == ["now", "soon"]
    assert until(1) == ["now"]

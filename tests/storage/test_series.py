"""Series: one briefing repeated by the clock on the wall, and changed as one."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from storage import authoring, publishing, rsvps, series, sharing
from storage.asker import Asker
from storage.database import Database
from storage.errors import Refusal
from storage.models import Answer, Audience, Briefing, Kind, Precision, Rsvp, Standing, State, Tlp
from storage.series import Reach, Rhythm
from tests.factories import NOON, World, altering, noted, seeing_all

BRUSSELS = "Europe/Brussels"


@pytest.fixture
def here(database: Database) -> World:
    return World(database)


def at(year: int, month: int, day: int, hour: int, zone: str = BRUSSELS) -> datetime:
    return datetime(year, month, day, hour, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def weekly(here: World, dana: Asker, times: int = 3, **given: object) -> list[Briefing]:
    """Repeat one that is on Tuesdays at ten in Brussels; give all of them."""
    values = {"starts_at": at(2027, 3, 16, 10), "zone": BRUSSELS, **given}
    first = here.briefing("Stand-up", **values)
    called = f"E{first.id}"
    repeated = here.database.run(series.repeat, dana, NOON, called, Rhythm.WEEKLY, times)
    return [repeated.first, *repeated.made]


def rows(here: World) -> list[Briefing]:
    with seeing_all(here.database) as session:
        return session.query(Briefing).order_by(Briefing.id).all()


def hours(here: World) -> list[str]:
    return [
        f"{row.starts_at.astimezone(ZoneInfo(row.zone)):%d %b %H:%M}"
        for row in rows(here)
        if row.state is not State.CANCELLED
    ]


def change(here: World, dana: Asker, number: int, reach: Reach, **anew: object) -> None:
    form = here.database.run(authoring.show, dana, NOON, f"E{number}")
    what = replace(form.what, **anew)  # type: ignore[arg-type]
    seen = authoring.mark(form.what)
    here.database.run(series.revise, dana, NOON, number, seen, what, reach)


def test_each_comes_at_the_same_hour_also_once_the_clocks_are_put_forward(here: World) -> None:
    made = weekly(here, here.staff("Dana"), 3)

    assert hours(here) == ["16 Mar 10:00", "23 Mar 10:00", "30 Mar 10:00", "06 Apr 10:00"]
    assert [one.starts_at.hour for one in made] == [9, 9, 8, 8]
    assert len({one.series_id for one in made}) == 1


@pytest.mark.parametrize(
    ("day", "following"),
    [
        ((2027, 1, 5), ["02 Feb", "02 Mar", "06 Apr"]),  # the first Tuesday
        ((2027, 3, 30), ["27 Apr", "25 May", "29 Jun"]),  # the fifth, or else the last
        ((2027, 11, 9), ["14 Dec", "11 Jan", "08 Feb"]),  # the second
    ],
)
def test_monthly_is_on_the_same_weekday_of_the_month(
    here: World, day: tuple[int, int, int], following: list[str]
) -> None:
    dana = here.staff("Dana")
    first = here.briefing(starts_at=datetime(*day, tzinfo=UTC), zone="UTC")

    here.database.run(series.repeat, dana, NOON, f"E{first.id}", Rhythm.MONTHLY, 3)

    assert [hour[:6] for hour in hours(here)[1:]] == following


def test_whole_days_stay_whole_where_one_has_23_hours(here: World) -> None:
    first = here.briefing(
        starts_at=at(2027, 3, 21, 0),
        ends_at=at(2027, 3, 22, 0),
        zone=BRUSSELS,
        precision=Precision.DAY,
    )
    dana, called = here.staff("Dana"), f"E{first.id}"
    (second,) = here.database.run(series.repeat, dana, NOON, called, Rhythm.WEEKLY, 1).made

    assert (second.starts_at, second.ends_at) == (at(2027, 3, 28, 0), at(2027, 3, 29, 0))


def test_only_so_many_are_made_at_once_and_only_by_who_keeps_it(here: World) -> None:
    first, ana = here.briefing(), here.member("Ana")
    dana = here.staff("Dana")

    for asker, times, sentence in ((dana, 53, "from 1 to 52"), (dana, 0, "from 1 to 52"), (
        ana, 2, "Only the secretariat")):  # fmt: skip
        with pytest.raises(Refusal, match=sentence):
            here.database.run(series.repeat, asker, NOON, f"E{first.id}", Rhythm.WEEKLY, times)

    assert len(rows(here)) == 1


def test_what_everybody_sees_is_repeated_for_fewer_until_two_say_so(here: World) -> None:
    dana = here.staff("Dana")
    _, second = weekly(here, dana, 1, audience=Audience.PUBLIC, tlp=Tlp.CLEAR)

    assert (second.audience, second.tlp) == (Audience.COMMUNITY, Tlp.CLEAR)


@pytest.mark.parametrize(
    ("reach", "cities"),
    [
        (Reach.THIS, [None, "Ghent", None, None]),
        (Reach.LATER, [None, "Ghent", "Ghent", "Ghent"]),
        (Reach.ALL, ["Ghent", "Ghent", "Ghent", "Ghent"]),
    ],
)
def test_a_change_goes_as_far_as_its_author_says(
    here: World, reach: Reach, cities: list[str | None]
) -> None:
    dana = here.staff("Dana")
    second = weekly(here, dana)[1]

    change(here, dana, second.id, reach, city="Ghent")

    assert [row.city for row in rows(here)] == cities


def test_moved_by_an_hour_and_a_day_all_keep_to_the_clock(here: World) -> None:
    dana = here.staff("Dana")
    first = weekly(here, dana)[0]
    later = timedelta(days=1, hours=1)

    change(
        here, dana, first.id, Reach.ALL,
        starts_at=first.starts_at + later, ends_at=first.ends_at + later,
    )  # fmt: skip

    assert hours(here) == ["17 Mar 11:00", "24 Mar 11:00", "31 Mar 11:00", "07 Apr 11:00"]


def test_an_edition_elsewhere_keeps_its_own_hour_and_zone(here: World) -> None:
    dana = here.staff("Dana")
    first, second = weekly(here, dana, 1)
    tokyo = {"zone": "Asia/Tokyo", "starts_at": at(2027, 3, 24, 16, "Asia/Tokyo")}
    change(here, dana, second.id, Reach.THIS, **tokyo, ends_at=at(2027, 3, 24, 17, "Asia/Tokyo"))

    change(here, dana, first.id, Reach.ALL, ends_at=first.ends_at + timedelta(minutes=30))

    assert hours(here) == ["16 Mar 10:00", "24 Mar 16:00"]
    assert [row.ends_at - row.starts_at for row in rows(here)] == [timedelta(minutes=90)] * 2


def test_what_was_called_off_stays_so_whatever_is_done_with_the_others(here: World) -> None:
    dana = here.staff("Dana")
    first, second, *_ = weekly(here, dana)
    here.database.run(series.cancel, dana, NOON, second.id)

    change(here, dana, first.id, Reach.ALL, city="Ghent")

    called_off = rows(here)[1]
    assert (called_off.state, called_off.city) == (State.CANCELLED, None)


def test_called_off_together_they_come_back_together(here: World) -> None:
    dana, ana = here.staff("Dana"), here.member("Ana")
    first, second, third, fourth = weekly(here, dana)
    for one in (third, fourth):
        here.add(
            Rsvp(briefing_id=one.id, person_id=ana.person, standing=Standing.GOING,
                 answered_at=NOON)
        )  # fmt: skip
    here.database.run(publishing.cancel, dana, NOON - timedelta(minutes=1), second.id)

    ended = here.database.run(series.cancel, dana, NOON, third.id, Reach.LATER)
    states = [row.state for row in rows(here)]
    here.database.run(series.restore, dana, NOON + timedelta(minutes=9), third.id)

    assert [one.told for one in ended] == [1, 1]
    assert states == [State.PUBLISHED, State.CANCELLED, State.CANCELLED, State.CANCELLED]
    assert [row.state for row in rows(here)] == [
        State.PUBLISHED,
        State.CANCELLED,
        State.PUBLISHED,
        State.PUBLISHED,
    ]
    assert first.state is State.PUBLISHED


def test_a_chair_changes_of_a_series_what_is_for_their_group_alone(here: World) -> None:
    dana, chair = here.staff("Dana"), here.person("Chair")
    group = here.group("Hashing", chairs=(chair,))
    first, second = weekly(here, dana, 1, audience=Audience.GROUP, audience_group_id=group.id)
    with here.database.writing() as session:
        session.get_one(
            Briefing, second.id, execution_options={"unscoped": "a test"}
        ).audience = Audience.MEMBERS

    change(here, here.asker(chair), first.id, Reach.ALL, city="Ghent")

    assert [row.city for row in rows(here)] == ["Ghent", None]


def test_what_comes_later_is_what_came_later_before_it_was_moved(here: World) -> None:
    dana = here.staff("Dana")
    second = weekly(here, dana)[1]
    times = {"starts_at": at(2027, 3, 31, 10), "ends_at": at(2027, 3, 31, 11)}

    change(here, dana, second.id, Reach.LATER, **times)

    assert hours(here) == ["16 Mar 10:00", "31 Mar 10:00", "07 Apr 10:00", "14 Apr 10:00"]


def test_of_one_that_is_red_no_body_is_written_by_way_of_another(here: World) -> None:
    dana = here.staff("Dana")
    first, second = weekly(here, dana, 1)
    with altering(here.database) as session:
        there = session.get_one(Briefing, second.id)
        there.audience, there.tlp = Audience.STAFF, Tlp.RED

    with pytest.raises(Refusal, match="TLP:RED is for what is said in the room"):
        change(here, dana, first.id, Reach.ALL, summary="What was said")

    assert [row.summary for row in rows(here)] == ["", ""]


def test_no_change_moves_another_into_the_past(here: World) -> None:
    dana = here.staff("Dana")
    first, second = weekly(here, dana, 1, starts_at=NOON + timedelta(days=3), zone="UTC")
    by = timedelta(days=7)

    with pytest.raises(Refusal, match=f"E{first.id} of its series would be over by then"):
        change(
            here, dana, second.id, Reach.ALL,
            starts_at=second.starts_at - by, ends_at=second.ends_at - by,
        )  # fmt: skip

    assert [row.starts_at for row in rows(here)] == [first.starts_at, second.starts_at]


def test_made_shorter_than_another_lasts_both_last_as_long(here: World) -> None:
    dana = here.staff("Dana")
    first, second = weekly(here, dana, 1, ends_at=at(2027, 3, 16, 13))
    change(here, dana, second.id, Reach.THIS, ends_at=second.starts_at + timedelta(hours=1))

    change(here, dana, first.id, Reach.ALL, ends_at=first.starts_at + timedelta(hours=1))

    assert [row.ends_at - row.starts_at for row in rows(here)] == [timedelta(hours=1)] * 2


def test_registration_moves_along_by_the_same_days(here: World) -> None:
    dana = here.staff("Dana")
    first, second = weekly(here, dana, 1, closes_at=at(2027, 3, 15, 0))
    with altering(here.database) as session:
        session.get_one(Briefing, second.id).closes_at = at(2027, 3, 22, 0)
    by = timedelta(days=14)

    change(
        here, dana, first.id, Reach.ALL,
        starts_at=first.starts_at + by, ends_at=first.ends_at + by,
    )  # fmt: skip

    assert [row.closes_at for row in rows(here)] == [at(2027, 3, 29, 0), at(2027, 4, 5, 0)]


def test_from_an_hour_to_whole_days_each_is_a_whole_day(here: World) -> None:
    dana = here.staff("Dana")
    first, second = weekly(here, dana, 1)
    change(
        here, dana, second.id, Reach.THIS,
        starts_at=second.starts_at - timedelta(hours=5), ends_at=second.ends_at,
    )  # fmt: skip

    change(
        here, dana, first.id, Reach.ALL, precision=Precision.DAY,
        starts_at=at(2027, 3, 16, 0), ends_at=at(2027, 3, 17, 0),
    )  # fmt: skip

    assert [(row.starts_at, row.ends_at) for row in rows(here)] == [
        (at(2027, 3, 16, 0), at(2027, 3, 17, 0)),
        (at(2027, 3, 22, 0), at(2027, 3, 23, 0)),
    ]


def test_fifty_two_with_many_hosts_are_made_in_few_statements(here: World) -> None:
    dana, first = here.staff("Dana"), here.briefing("Stand-up")
    names = [here.organisation().name for _ in range(9)]
    form = here.database.run(authoring.show, dana, NOON, f"E{first.id}")
    wanted = replace(form.terms, hosts=tuple(names))
    here.database.run(authoring.settle, dana, NOON, first.id, authoring.mark(form.terms), wanted)

    with noted(here.database.writer) as asked:
        here.database.run(series.repeat, dana, NOON, f"E{first.id}", Rhythm.WEEKLY, 52)

    looked_up = [one for one, _ in asked if "FROM organisations" in one and "name" in one]
    assert len(looked_up) < 10
    made = here.database.run(authoring.show, dana, NOON, f"E{first.id + 52}")
    assert sorted(made.terms.hosts) == sorted(names)


@pytest.mark.parametrize("precision", [Precision.MONTH, Precision.YEAR])
def test_another_title_leaves_a_month_a_month(here: World, precision: Precision) -> None:
    dana = here.staff("Dana")
    first = here.briefing(
        starts_at=at(2027, 1, 1, 0), ends_at=at(2027, 2, 1, 0), zone=BRUSSELS, precision=precision
    )

    change(here, dana, first.id, Reach.THIS, title="Another", precision=Precision.DAY)

    assert (rows(here)[0].title, rows(here)[0].precision) == ("Another", precision)


def test_what_people_answered_does_not_become_somebody_elses(here: World) -> None:
    dana, ana = here.staff("Dana"), here.member("Ana")
    first, second = weekly(here, dana, 1)
    here.database.run(rsvps.answer, ana, NOON, second.id, Answer.MAYBE)

    for number, reach in ((second.id, Reach.THIS), (first.id, Reach.ALL)):
        with pytest.raises(Refusal, match="cannot become somebody else's event"):
            change(here, dana, number, reach, kind=Kind.EXTERNAL)

    assert {row.kind for row in rows(here)} == {Kind.BRIEFING}


def test_an_ask_to_show_a_draft_to_everybody_ends_with_its_terms(here: World) -> None:
    dana, ben = here.staff("Dana"), here.staff("Ben")
    draft = here.briefing("Draft", state=State.DRAFT)
    wish = sharing.Wish(Audience.PUBLIC)
    here.database.run(sharing.share, dana, NOON, f"E{draft.id}", wish)
    form = here.database.run(authoring.show, dana, NOON, f"E{draft.id}")
    narrower = replace(form.terms, audience=Audience.STAFF, tlp=Tlp.AMBER_STRICT)
    here.database.run(authoring.settle, dana, NOON, draft.id, authoring.mark(form.terms), narrower)

    with pytest.raises(Refusal, match="There is nothing here that waits"):
        here.database.run(sharing.confirm, ben, NOON, 1)

    assert rows(here)[0].audience is Audience.STAFF


def test_a_draft_that_something_came_of_can_be_discarded(here: World) -> None:
    dana = here.staff("Dana")
    draft = here.briefing("Draft", state=State.DRAFT)
    here.initiative("Lantern", origin_briefing_id=draft.id)
    here.resource("Guide", origin_briefing_id=draft.id)

    ended = here.database.run(publishing.cancel, dana, NOON, draft.id)

    assert ended.was_draft
    assert rows(here) == []

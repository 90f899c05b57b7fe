"""What somebody wishes of the messages to them, and that what must be told is told all the same."""

from datetime import UTC, datetime, time, timedelta

import pytest
import sqlalchemy as sa

from bot.digests import KINDS
from storage import own_digests, preferences, reminders, rsvps, wishes
from storage.asker import Asker
from storage.database import Database
from storage.deliveries import Claim
from storage.editions import Section, Selection
from storage.errors import Refusal
from storage.models import Answer, Delivery, Preference
from storage.preferences import OF, News, Rest, Wishes
from storage.quiet import Hours
from storage.wishes import Wanted
from tests.factories import NOON, World, every_row

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NIGHT = Hours(time(22), time(7))
# What is told whatever somebody wishes, and why.
ALWAYS = {
    "one ordered it": {"attendance_file", "own_digest", "calendar_file", "my_data", "not_posted"},
    "they rely on it": {"briefing_changed", "agenda_changed"},
    "it is theirs now": {
        *("promoted", "handed_on", "linked", "seat_handed", "answer_recorded", "swap_answered"),
        "seat_decided",
    },
    "a colleague waits for their word": {"swap_asked"},
    "it is theirs if they take it": {"seat_offered", "seat_sent"},
    "nobody else may see to it": {
        *("in_doubt", "post_refused", "share_asked", "to_link", "to_offboard", "update_overdue"),
        "contact_seated",
    },
    "it takes back what was said": {"recall"},
    "it is for a channel": {"posted_here", "redraw", "weekly_digest"},
}


@pytest.fixture
def world(database: Database) -> World:
    return World(database)


def wished(world: World, asker: Asker, wishes_: Wishes, now: datetime = NOON) -> None:
    world.database.run(wishes.save, asker, now, None, wishes_)


def rest(world: World, asker: Asker, kind: str, now: datetime = NOON) -> Rest | None:
    claimed = Claim(1, world.id, "key", kind, asker.slack_user, {}, 1, 1)
    return world.database.run(preferences.rest, claimed, now)


def test_every_kind_of_message_may_be_muted_or_says_why_not() -> None:
    always = [kind for kinds in ALWAYS.values() for kind in kinds]

    assert {*OF, *always, "update_due"} == set(KINDS)
    assert len(always) + len(OF) + 1 == len(KINDS)


def test_what_is_muted_is_not_told_and_nothing_else(world: World) -> None:
    ana, bo = world.member(), world.member()
    wished(world, ana, Wishes(muted=frozenset(News)))

    assert {kind for kind in KINDS if rest(world, ana, kind)} == set(OF)
    assert {kind for kind in KINDS if rest(world, bo, kind)} == set()


def test_each_sort_of_news_is_muted_by_itself(world: World) -> None:
    for news in News:
        ana = world.member()
        wished(world, ana, Wishes(muted=frozenset({news})))

        assert {kind for kind in KINDS if rest(world, ana, kind)} == {
            kind for kind in OF if OF[kind] is news
        }


def test_on_leave_one_gets_what_must_be_told_and_then_all_again(world: World) -> None:
    ana = world.member()
    wished(world, ana, Wishes(back_at=NOON + 3 * DAY))

    untold = [
        {kind for kind in KINDS if rest(world, ana, kind, NOON + days * DAY)} for days in (0, 2, 3)
    ]

    assert untold == [{*OF, "update_due"}] * 2 + [set()]
    assert rest(world, ana, "reminder") == Rest("They are on leave.")


def test_news_waits_until_the_quiet_hours_are_over(world: World) -> None:
    ana = world.member(zone="Asia/Tokyo")
    wished(world, ana, Wishes(hours=NIGHT))
    late = datetime(2026, 11, 23, 14, 30, tzinfo=UTC)  # 23:30 in Tokyo

    found = rest(world, ana, "action_proposed", late)

    assert found == Rest("These are their quiet hours.", datetime(2026, 11, 23, 22, tzinfo=UTC))
    assert rest(world, ana, "action_proposed", NOON) is None
    assert rest(world, ana, "promoted", late) is None
    assert rest(world, ana, "reminder", late) is None


def test_a_reminder_comes_before_the_quiet_hours_that_somebody_chose(world: World) -> None:
    ana, bo = world.member(zone="UTC"), world.member(zone="UTC")
    wished(world, ana, Wishes(hours=Hours(time(11), time(15))))
    briefing = world.briefing(starts_at=NOON + 2 * DAY)
    for asker in (ana, bo):
        world.database.run(rsvps.answer, asker, NOON - DAY, briefing.id, Answer.GOING)

    world.database.run(reminders.plan, NOON + 10 * HOUR)

    with world.database.reading() as session:
        first = sa.select(Delivery.recipient, Delivery.due_at).where(Delivery.key.contains(":24h:"))
        rows = session.execute(first).all()
    due = {row.recipient: row.due_at for row in rows}
    assert due == {ana.slack_user: NOON + DAY - 3 * HOUR, bo.slack_user: NOON + DAY}


def test_whoever_is_on_leave_is_owed_no_digest_and_later_the_next_alone(world: World) -> None:
    ana = world.member(zone="UTC")
    wanted = Wanted(None, time(9), Selection())
    world.database.run(wishes.save, ana, NOON, wanted, Wishes(back_at=NOON + 3 * DAY))

    planned = [world.database.run(own_digests.plan, NOON + days * DAY) for days in (1, 2, 3)]

    assert planned == [0, 0, 1]


def test_all_that_is_wished_is_kept_and_taken_back_again(world: World) -> None:
    ana = world.member()
    chosen = Selection(frozenset({Section.ITEMS}), ())
    all_of_it = Wishes(frozenset({News.ACTIONS}), NOON + DAY, NIGHT)

    kept = world.database.run(wishes.save, ana, NOON, Wanted(0, time(8), chosen), all_of_it)
    read = world.database.run(wishes.form, ana, NOON)
    back = world.database.run(wishes.form, ana, NOON + DAY)
    gone = world.database.run(wishes.save, ana, NOON, None, Wishes())

    assert kept == read
    assert kept.order is not None
    assert (kept.order.selection, kept.wishes) == (chosen, all_of_it)
    assert back.wishes.back_at is None
    assert (gone.order, gone.wishes) == (None, Wishes())
    assert every_row(world.database)[Preference.__tablename__] == []


@pytest.mark.parametrize(
    ("wishes_", "why"),
    [
        (Wishes(back_at=NOON), "A leave ends on a day to come."),
        (Wishes(hours=Hours(time(6), time(21))), "Quiet hours last at most 14 hours."),
    ],
)
def test_what_nobody_can_mean_is_refused(world: World, wishes_: Wishes, why: str) -> None:
    with pytest.raises(Refusal, match=why):
        wished(world, world.member(), wishes_)


def test_a_topic_one_cannot_see_is_not_kept(world: World) -> None:
    world.resource(topics=["secret"], audience="staff")
    wanted = Wanted(0, time(9), Selection(topics=("secret",)))

    with pytest.raises(Refusal, match="not there any more"):
        world.database.run(wishes.save, world.member(), NOON, wanted, Wishes())


def test_whom_the_bot_has_not_met_wishes_nothing(world: World) -> None:
    with pytest.raises(Refusal, match="does not know you yet"):
        wished(world, Asker(world.id), Wishes())

"""How digests look: as exact as what is known, and within Slack's limits whatever they tell."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from bot.workspace.checks.messages import check_content
from commands import blocks, cards, digests, own_digest
from commands.digests import Pen
from commands.words import width
from storage import actions, briefings, initiatives, progress, resources
from storage.asker import Asker
from storage.database import Database
from storage.errors import Refusal
from storage.initiatives import MilestoneLine, UpdateLine
from storage.models import Health, Kind, Precision
from storage.overview import Overview
from storage.own_digests import Told
from storage.pages import Page
from storage.progress import Attention, Moved, Progress
from storage.waiting import Own, Suggested
from tests.factories import NOON, World
from tests.figures import figure
from tests.hostile import HOSTILE

AS_POSTED = 3_900  # the bot's own limit for a message's text, so that it may be changed later
SIZES = st.sampled_from((0, 1, 5, 6, 99, 100))
WORDS = (
    st.sampled_from(HOSTILE)
    | st.sampled_from(("&", "<", "*", "@here ", "\U0001f469\u200d\U0001f680", "Ordinary words "))
    | st.text(max_size=20)
).map(lambda text: (text * 200)[:320])
MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)).map(  # noqa: DTZ001
    lambda moment: moment.replace(tzinfo=UTC)
)
GIVEN: dict[Any, Any] = {
    str: WORDS,
    str | None: st.none() | WORDS,
    datetime: MOMENTS,
    datetime | None: st.none() | MOMENTS,
}
# What fails is large: it is not made smaller.
MANY = settings(max_examples=figure(ci=20, full=2000), deadline=None, phases=[Phase.generate])
LARGE = pytest.mark.filterwarnings("ignore:Generating overly large repr")
ZONES = {"zone": st.sampled_from(("Europe/London", "Pacific/Chatham"))}


def lines(of: type[Any], **fixed: Any) -> st.SearchStrategy[tuple[Any, ...]]:
    """Draw a long list of *of*: one or two rows, many times."""
    told = {
        name: GIVEN[field.type]
        for name, field in of.__dataclass_fields__.items()
        if field.type in GIVEN
    }
    rows = st.lists(st.builds(of, **{**told, **fixed}), min_size=1, max_size=2)
    return st.builds(lambda drawn, size: tuple(drawn * size)[:size], rows, SIZES)


def first_page(rows: tuple[Any, ...]) -> Page[Any]:
    return Page(rows[:5], 0, len(rows))


ITEMS = lines(actions.Line, due_on=st.none(), due_at=st.none()) | lines(
    actions.Line, due_on=st.dates(date(2000, 1, 1), date(2100, 1, 1)), due_at=MOMENTS
)
COMING = lines(briefings.Line, **ZONES)


DUE = {"due": st.none() | st.sampled_from(("2026", "2026-11", "2026-11-23"))}
MOVED = st.builds(
    Moved,
    attention=st.builds(
        Attention,
        troubled=lines(initiatives.Line, milestone_due=st.none()),
        stale=lines(initiatives.Line, milestone_due=st.none()),
        overdue=lines(MilestoneLine, **DUE),
    ),
    overdue=ITEMS,
    progressed=st.builds(
        Progress, updates=lines(UpdateLine), milestones=lines(MilestoneLine, **DUE)
    ),
    coming=COMING,
    done=ITEMS,
    resources=lines(resources.Line),
    waits=ITEMS,
    health=st.dictionaries(st.sampled_from(Health), st.integers(0, 10**9)),
)
TOLD = st.builds(
    Told,
    own=st.builds(
        Overview,
        unanswered=COMING.map(first_page),
        proposed=ITEMS.map(first_page),
        coming=COMING.map(first_page),
        actions=ITEMS.map(first_page),
        groups=st.just(Page((), 0, 0)),
    ),
    moved=MOVED,
    waits=st.builds(
        Own, asked=lines(Suggested), given=ITEMS.map(first_page), suggested=lines(Suggested)
    ),
)


def sections_of(message: blocks.Message) -> dict[str, list[str]]:
    """Read the points of each section below its title."""
    texts = [block["text"]["text"] for block in message["blocks"] if block["type"] == "section"]
    return {text.split("\n")[0]: text.split("\n")[1:] for text in texts}


def check(message: blocks.Message) -> None:
    check_content(message)
    assert width(message["text"]) <= AS_POSTED
    for points in sections_of(message).values():
        assert all(point.startswith("• ") for point in points)
        assert len(points) <= digests.SHOWN + 1
    plain = blocks.without_charts(message)
    assert plain["text"] == message["text"]
    check_content(plain)


@LARGE
@MANY
@given(MOVED, st.booleans())
def test_whatever_a_digest_tells_slack_takes_it_and_it_counts_what_is_missing(
    moved: Moved, for_many: bool
) -> None:
    drawn = digests.drawn(moved, "Asia/Kathmandu", for_many=for_many)

    assert (drawn is None) == (
        not (moved.is_anything or moved.waits or any_standing(moved, for_many))
    )
    if drawn is not None:
        check(drawn)
        told = sections_of(drawn)
        if len(moved.resources) > digests.SHOWN:
            at_least = "at least " if len(moved.resources) == progress.AT_MOST else ""
            more = len(moved.resources) - digests.SHOWN
            assert told["*New resources*"][-1] == f"• and {at_least}{more} more"


def any_standing(moved: Moved, for_many: bool) -> bool:
    return for_many and any(moved.health.get(one) for one in digests.STANDING)


@LARGE
@MANY
@given(TOLD)
def test_whatever_ones_own_digest_tells_slack_takes_it(told: Told) -> None:
    drawn = own_digest.drawn(Pen(), told, Asker(1, 1, zone="Asia/Kathmandu"), NOON)

    if drawn is not None:
        check(drawn)
    if not told.is_daily and told.own.actions.total > digests.SHOWN:
        assert drawn is not None
        left = told.own.actions.total - digests.SHOWN
        assert sections_of(drawn)["*Your action items*"][-1] == f"• and {left} more"


def test_five_hundred_stale_initiatives_fit(world: World) -> None:
    moved_at = NOON - timedelta(days=40)
    for number in range(500):
        world.initiative(f"{number} & {'<' * 140}", cadence_days=14, moved_at=moved_at)
    moved = world.database.run(progress.gather, world.member(), NOON, NOON)

    drawn = digests.drawn(moved, "UTC", for_many=True)

    assert drawn is not None
    check(drawn)
    assert sections_of(drawn)["*Needs attention*"][-1] == "• and at least 95 more"
    assert "500 on track" in drawn["text"]


@pytest.fixture
def world(sqlite_url: str) -> Iterator[World]:
    database = Database(sqlite_url)
    yield World(database)
    database.close()


@pytest.mark.parametrize("for_many", [True, False])
def test_a_digest_gives_no_hour_that_nobody_knows(world: World, for_many: bool) -> None:
    reader = world.member()
    world.briefing("Fair", kind=Kind.EXTERNAL, precision=Precision.DAY)
    moved = world.database.run(progress.gather, reader, NOON, NOON)

    drawn = digests.drawn(moved, "America/New_York", for_many=for_many)

    assert drawn is not None
    assert "Fair*: Tue 24 Nov 2026, online\n" in drawn["text"]


def test_neither_does_a_choice(world: World) -> None:
    ends = datetime(2027, 1, 1, tzinfo=UTC)
    for month in (11, 12):
        starts = datetime(2026, month, 1, tzinfo=UTC)
        world.briefing("Forum", starts_at=starts, ends_at=ends, precision=Precision.MONTH)

    with pytest.raises(Refusal) as refusal:
        world.database.run(briefings.show, world.member(), NOON, "Forum")

    text = cards.refusal(refusal.value, "America/New_York")["text"]
    assert "Dec 2026 · online" in text
    assert "your time" not in text

"""Reminders by direct message, once each, to whoever is going: a day before, and as it begins."""

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from storage.models import Briefing
from tests.bot.conftest import Story, items
from tests.factories import altering

# Singapore briefing: 12 days after Monday 23 November, 10:00 there, 02:00 UTC.
DAY_BEFORE = timedelta(days=10, hours=14)


def told(story: Story, user: str) -> list[str]:
    return items(story.workspace.messages(story.workspace.dm(user), seen_by=user))


def of_singapore(story: Story, user: str) -> list[str]:
    return [text for text in told(story, user) if "Singapore" in text]


async def later(story: Story, by: timedelta) -> None:
    """Let that much time pass, and do the work there is then."""
    story.workspace.clock.advance(by)
    for _ in range(2):
        await story.bot.scheduler.beat()
        story.workspace.clock.advance(timedelta(seconds=2))


async def test_whoever_goes_is_reminded_once_a_day_before(story: Story) -> None:
    await later(story, DAY_BEFORE - timedelta(hours=1))
    before = of_singapore(story, "U0ANH")
    await later(story, timedelta(hours=2))
    await later(story, timedelta(hours=5))

    after = of_singapore(story, "U0ANH")
    assert (before, len(after)) == ([], 1)
    assert after[0].startswith("Coming up: *E16 Generative AI briefing, Singapore*")
    assert "Sat 5 Dec 2026, 10:00 your time" in after[0]
    assert "Join: <https://" in after[0]


async def test_shortly_before_it_begins_it_comes_with_the_link_at_any_hour(story: Story) -> None:
    heard = []
    for by in (DAY_BEFORE, timedelta(hours=23, minutes=44), timedelta(minutes=2)):
        await later(story, by)
        heard.append(len(of_singapore(story, "U0ANH")))

    assert heard == [1, 1, 2]
    last = of_singapore(story, "U0ANH")[1]
    assert last.startswith("Begins in 14 minutes: *E16 Generative AI briefing, Singapore*")
    assert "Join: <https://" in last


async def test_who_may_go_or_does_not_is_left_alone(story: Story) -> None:
    for by in (DAY_BEFORE, timedelta(hours=23, minutes=50), timedelta(days=1)):
        await later(story, by)

    reminded = [text for text in of_singapore(story, "U0ANH") if not text.startswith("How was")]
    assert len(reminded) == 2  # the control
    assert of_singapore(story, "U0HARUTO") == []
    assert of_singapore(story, "U0GARETH") == []


async def test_no_reminder_comes_by_night_where_its_reader_lives(
    story: Story, coalition: dict[str, Any]
) -> None:
    zones = {person["slack"]: ZoneInfo(person["zone"]) for person in coalition["people"]}
    await story.says("U0YUSUF", "/briefings rsvp small safety team yes")

    await story.workspace.advance(timedelta(days=19))

    hours = {
        (sent.args["channel"], sent.at.astimezone(zones[sent.args["channel"]]).hour)
        for sent in story.workspace.sent
        if sent.method == "chat.postMessage" and sent.args["text"].startswith("Coming up")
    }
    assert ("U0YUSUF", 18) in hours
    assert all(8 <= hour < 20 for _, hour in hours)


async def test_whoever_said_no_meanwhile_is_not_reminded(story: Story) -> None:
    await later(story, DAY_BEFORE - timedelta(hours=1))
    await story.says("U0ANH", "/briefings rsvp Singapore no")
    await later(story, timedelta(hours=6))

    assert of_singapore(story, "U0ANH") == []


async def test_after_an_outage_a_reminder_is_late_but_never_after_the_start(story: Story) -> None:
    story.workspace.clock.advance(DAY_BEFORE + timedelta(hours=20))
    await story.bot.scheduler.beat()
    late = of_singapore(story, "U0ANH")
    story.workspace.clock.advance(timedelta(days=30))
    await story.bot.scheduler.beat()

    assert len(late) == 1
    assert len(of_singapore(story, "U0ANH")) == 1


async def test_a_link_ends_where_it_ends_whatever_stands_in_it(story: Story) -> None:
    with altering(story.bot.units.database) as session:
        briefing = session.get_one(Briefing, 16)
        briefing.join_link = "https://meet.example/a|b> <!channel"
    await later(story, DAY_BEFORE + timedelta(hours=1))
    with altering(story.bot.units.database) as session:
        session.get_one(Briefing, 16).join_link = "https://meet.example/?a=1&b=2|c"
    await later(story, timedelta(hours=22, minutes=50))

    first, last = of_singapore(story, "U0ANH")
    assert "<!channel" not in first
    assert "Join: <https://meet.example/?a=1&amp;b=2%7Cc|" in last

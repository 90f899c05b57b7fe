"""What a picky user expects of an answer, each as docs/briefings.md says it."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from storage.models import Delivery, Rsvp
from tests.bot.conftest import Story
from tests.bot.test_authoring import STAFF, TITLE, edits, fills, publishes
from tests.bot.test_canaries import presses
from tests.bot.test_wishes import beats, told
from tests.factories import seeing_all

FIRST, SECOND, THIRD, FOURTH = "U0LUKAS", "U0PRIYA", "U0MARCUS", "U0HARUTO"
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
pytestmark = pytest.mark.parametrize("story", ["http"], indirect=True)


async def says(story: Story, user: str, number: int, answer: str) -> str:
    where = story.workspace.dm(user).id
    return await story.says(user, f"/briefings rsvp E{number} {answer}", where)


async def test_what_is_over_says_when_it_ended_in_the_readers_own_time(story: Story) -> None:
    number = await publishes(story)
    story.workspace.clock.advance(16 * DAY)

    answer = await says(story, SECOND, number, "yes")

    assert "This briefing ended Tue 8 Dec 2026, 02:30 your time" in answer


async def test_outside_registration_each_sentence_has_its_day_and_no_is_taken(
    story: Story,
) -> None:
    number = await publishes(story, opens="2026-11-30", closes="2026-12-02")

    early = await says(story, FIRST, number, "yes")
    no = await says(story, FIRST, number, "no")
    story.workspace.clock.advance(8 * DAY)
    yes = await says(story, SECOND, number, "yes")
    story.workspace.clock.advance(3 * DAY)
    late = await says(story, FIRST, number, "yes")
    leave = await says(story, SECOND, number, "no")

    assert early.startswith("Registration opens Mon 30 Nov 2026, 00:00 your time")
    assert no.startswith("You are not going to")
    assert yes.startswith("You are going to")
    assert late.startswith("Registration closed Thu 3 Dec 2026, 00:00 your time")
    assert leave.startswith("You are not going to")


async def test_the_same_answer_again_says_since_when_and_tells_nobody(story: Story) -> None:
    number = await publishes(story)
    await says(story, FIRST, number, "yes")
    story.workspace.clock.advance(DAY)
    with seeing_all(story.bot.units.database) as session:
        before = session.scalar(sa.select(sa.func.count()).select_from(Delivery))

    again = await says(story, FIRST, number, "yes")

    assert "Nothing changed: you said so on 23 Nov 2026." in again
    with seeing_all(story.bot.units.database) as session:
        own = sa.select(sa.func.count()).select_from(Rsvp).where(Rsvp.briefing_id == number)
        assert session.scalar(own) == 1
        assert session.scalar(sa.select(sa.func.count()).select_from(Delivery)) == before


async def test_who_turns_to_maybe_frees_a_seat_and_the_next_is_told(story: Story) -> None:
    number = await publishes(story, capacity="1")
    await says(story, FIRST, number, "yes")
    queued = await says(story, SECOND, number, "yes")
    before = len(told(story, SECOND))

    await says(story, FIRST, number, "maybe")
    await beats(story)

    assert "You are number 1 on the waitlist" in queued
    (news,) = told(story, SECOND)[before:]
    assert news.startswith(f"A seat was freed: you are now going to *E{number} {TITLE}*.")


async def test_full_without_a_waitlist_it_takes_maybe_and_no(story: Story) -> None:
    number = await publishes(story, capacity="1", waitlist=[])
    await says(story, FIRST, number, "yes")

    full = await says(story, SECOND, number, "yes")
    maybe = await says(story, SECOND, number, "maybe")
    no = await says(story, SECOND, number, "no")

    assert "there is no waitlist" in full
    assert maybe.startswith("You said maybe to")
    assert no.startswith("You are not going to")


async def test_more_seats_go_to_those_who_wait_in_order(story: Story) -> None:
    number = await publishes(story, capacity="1")
    for user in (FIRST, SECOND, THIRD, FOURTH):
        await says(story, user, number, "yes")
    before = {user: len(told(story, user)) for user in (SECOND, THIRD, FOURTH)}

    await edits(story, number)
    await fills(story, STAFF)
    await fills(story, STAFF, capacity="3")
    await beats(story)

    news = {user: told(story, user)[before[user] :] for user in before}
    assert [len(texts) for texts in news.values()] == [1, 1, 0]
    assert "number 1 on the waitlist" in await says(story, FOURTH, number, "yes")


async def test_registration_lasts_to_the_end_of_its_last_day_where_it_is_held(
    story: Story,
) -> None:
    number = await publishes(story, closes="2026-12-02")
    story.workspace.clock.advance(9 * DAY + 10 * HOUR)  # 23:00 on the second, in Brussels

    before = await says(story, FIRST, number, "yes")
    story.workspace.clock.advance(HOUR)
    after = await says(story, SECOND, number, "yes")

    assert before.startswith("You are going to")
    assert after.startswith("Registration closed Wed 2 Dec 2026, 15:00 your time")


async def test_a_series_is_answered_at_once_each_by_its_own_rules(story: Story) -> None:
    number = await publishes(story, capacity="1")
    await story.says(STAFF, f"/briefings repeat E{number} weekly 3")
    await says(story, SECOND, number + 1, "yes")
    await story.says(STAFF, f"/briefings cancel E{number + 3}")
    await story.clicks(STAFF, "briefings.cancel")
    where = story.workspace.dm(FIRST).id

    first = await says(story, FIRST, number, "yes")
    labels = [each["text"]["text"] for each in story.last(FIRST, where).blocks[-1]["elements"]]
    then = await story.clicks(FIRST, "briefings.going_later", channel=where)

    assert first.startswith("You are going to")
    assert "The same for 2 later ones" in labels
    assert then == (
        f"What comes later than *E{number} {TITLE}*:\n"
        f"• E{number + 1}, Tue 15 Dec 2026, 10:00 your time (Brussels): you are on the waitlist, "
        "number 1\n"
        f"• E{number + 2}, Tue 22 Dec 2026, 10:00 your time (Brussels): you are going"
    )


async def test_a_series_without_anything_later_says_so(story: Story) -> None:
    number = await publishes(story)

    await presses(story, FIRST, "briefings.going_later", str(number))
    await story.settled()
    home = story.workspace.home(FIRST)

    assert home is not None
    assert "Nothing of its series that you can see comes later" in str(home.blocks)

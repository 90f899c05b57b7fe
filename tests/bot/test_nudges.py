"""What whoever organises briefings hears is missing at them: one message a morning, each once."""

from datetime import timedelta

import pytest

from storage.models import Notice
from tests.bot.conftest import Story
from tests.bot.test_seats import alter
from tests.bot.test_wishes import beats, told, wishes

DANA, ANA, CHAIR, MARCUS = "U0DANA", "U0ANA", "U0PRIYA", "U0MARCUS"
MEETING = "Generative AI members' group: regular meeting"
PLANNING = "Secretariat planning"
HOUR = timedelta(hours=1)
HEAD = "What is missing at briefings you organise"
pytestmark = pytest.mark.parametrize("story", ["http"], indirect=True)


def nudges(story: Story, user: str) -> list[str]:
    return [text for text in told(story, user) if text.startswith(HEAD)]


async def mornings(story: Story, days: int = 3) -> None:
    await beats(story)
    for _ in range(days * 4):
        await beats(story, 6 * HOUR)


async def test_staff_hear_once_that_there_is_no_agenda(story: Story) -> None:
    number = alter(story, PLANNING, agenda=[])

    await mornings(story, 2)

    for user in (DANA, ANA):
        (text,) = [text for text in nudges(story, user) if f"*E{number} {PLANNING}*" in text]
        assert f"*E{number} {PLANNING}*: no agenda yet, 2 days to go" in text
    assert nudges(story, MARCUS) == []


async def test_once_it_took_place_they_hear_what_is_left_to_do(story: Story) -> None:
    number = alter(story, PLANNING, agenda=["Plan"], notices=[Notice.RECORDING])

    await mornings(story, 5)

    (text,) = [text for text in nudges(story, DANA) if f"*E{number} {PLANNING}*" in text]
    assert f"*E{number} {PLANNING}* took place on 25 Nov 2026:" in text
    assert "• Check-in: nobody is noted to have come" in text
    assert f"• Recap: once that is noted, `/briefings recap E{number}`" in text
    assert f"`/briefings recording E{number} https://…`" in text


async def test_chairs_hear_of_their_own_group(story: Story) -> None:
    number = alter(story, MEETING, notices=[Notice.RECORDING])

    await mornings(story)

    (text,) = nudges(story, CHAIR)
    assert f"*E{number} {MEETING}* took place on" in text
    assert "Check-in" not in text
    assert [text for text in nudges(story, DANA) if MEETING in text] == []


async def test_who_wishes_to_hear_of_none_hears_of_none(story: Story) -> None:
    alter(story, PLANNING, agenda=[])
    text = await wishes(story, DANA, muted=["organising"])

    await mornings(story)

    assert "Not told: What is missing at briefings you organise." in text
    assert nudges(story, DANA) == []
    assert nudges(story, ANA)

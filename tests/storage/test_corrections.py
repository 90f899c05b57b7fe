"""An update that was corrected is told once, in its last form, with the health from before it."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage import corrections, progress, updates
from storage.corrections import last_forms
from storage.database import Database
from storage.models import Health
from storage.updates import Draft, UpdateLine
from tests.factories import NOON, World

HOUR = timedelta(hours=1)
ON_TRACK, AT_RISK, OFF_TRACK = Health.ON_TRACK, Health.AT_RISK, Health.OFF_TRACK


def line(number: int, hours: float, **given: Any) -> UpdateLine:
    values = {
        "initiative_id": 1,
        "initiative": "Code",
        "health": ON_TRACK,
        "was": ON_TRACK,
        "text": f"Text {number}",
        "next_step": "",
        "reason": None,
        "author": "Ana",
        **given,
    }
    return UpdateLine(id=number, made_at=NOON + hours * HOUR, **values)


def told(*lines: UpdateLine) -> list[tuple[str, Health | None, bool]]:
    return [(one.text, one.was, one.is_corrected) for one in last_forms(reversed(lines))]


def test_what_is_said_again_within_a_day_takes_the_place_of_what_was_said() -> None:
    first = line(1, 0, health=OFF_TRACK, was=ON_TRACK)
    second = line(2, 20, health=AT_RISK, was=OFF_TRACK)
    third = line(3, 44, health=AT_RISK, was=AT_RISK)

    assert told(first, second, third) == [("Text 3", ON_TRACK, True)]


@pytest.mark.parametrize(
    "second",
    [
        line(2, 24.1),
        line(2, 1, author="Bo"),
        line(2, 1, initiative_id=2),
    ],
)
def test_news_is_no_correction(second: UpdateLine) -> None:
    assert told(line(1, 0), second) == [("Text 2", ON_TRACK, False), ("Text 1", ON_TRACK, False)]


def test_what_the_erased_said_corrects_nothing() -> None:
    first, second = line(1, 0, author=None), line(2, 1, author=None)

    assert len(told(first, second)) == 2


@given(
    st.lists(st.tuples(st.integers(1, 3), st.sampled_from("AB"), st.integers(1, 40)), max_size=12)
)
def test_the_last_word_of_each_is_always_told_and_none_twice(
    said: list[tuple[int, str, int]],
) -> None:
    hours, lines = 0, []
    for number, (initiative, author, later) in enumerate(said):
        hours += later
        lines.append(line(number, hours, initiative_id=initiative, author=author))

    kept = last_forms(reversed(lines))

    assert [one.id for one in kept] == sorted({one.id for one in kept}, reverse=True)
    last = {(one.initiative_id, one.author): one.id for one in lines}
    assert set(last.values()) <= {one.id for one in kept}
    for one in kept:
        again = [
            other
            for other in lines
            if (other.initiative_id, other.author) == (one.initiative_id, one.author)
            and timedelta() < other.made_at - one.made_at <= corrections.WITHIN
        ]
        assert again == []


def test_what_a_lead_posts_and_corrects_stands_once_in_what_moved(database: Database) -> None:
    world = World(database)
    ana = world.member("Ana")
    code = world.initiative("Code", lead_id=ana.person)
    for hours, draft in (
        (1, Draft(AT_RISK, "The draft is late", reason="Too few readers")),
        (2, Draft(AT_RISK, "The draft is two days late", reason="Too few readers")),
    ):
        database.run(updates.post, ana, NOON + hours * HOUR, code.id, draft)

    moved = database.run(progress.gather, ana, NOON + 3 * HOUR, NOON)

    (one,) = last_forms(moved.progressed.updates)
    assert (one.text, one.was, one.health) == ("The draft is two days late", ON_TRACK, AT_RISK)

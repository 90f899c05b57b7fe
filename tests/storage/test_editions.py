"""What one digest tells of all there is: every field has its section, and none slips through."""

from dataclasses import fields, replace
from datetime import timedelta
from typing import Any

import pytest

from storage import editions, waiting
from storage.editions import COMMON, EVERYTHING, OWN, PERSONAL, Section, Selection
from storage.models import Health
from storage.overview import Own
from storage.pages import Page
from storage.progress import Attention, Moved, Progress
from tests.factories import NOON


class Row:
    """A line of which only what a filter reads is known."""

    def __init__(self, **known: Any) -> None:
        self.__dict__.update(known)


LINE: Any = Row(starts_at=NOON + timedelta(days=3), topics=["Law enforcement"])
FULL = Moved(
    Attention((LINE,), (LINE,), (LINE,)),
    (LINE,),
    Progress((LINE,), (LINE,)),
    (LINE,),
    (LINE,),
    (LINE,),
    (LINE,),
    {Health.ON_TRACK: 1},
)
OWN_PARTS = Own(*(Page((LINE,), 0, 1) for _ in fields(Own)))
# Which section tells which field: what is new among them is missing here until it has one.
TOLD = {
    Section.ATTENTION: {"attention", "overdue"},
    Section.MOVED: {"progressed.updates"},
    Section.STANDING: {"health"},
    Section.COMING: {"coming"},
    Section.WAITS: {"waits"},
    Section.DONE: {"done", "progressed.milestones"},
    Section.RESOURCES: {"resources"},
}
WAITS = {
    Section.WAITING: {"unanswered", "proposed"},
    Section.ITEMS: {"actions"},
    Section.BRIEFINGS: {"coming"},
}


def told(moved: Moved) -> set[str]:
    whole = {field.name for field in fields(Moved)} - {"progressed", "attention"}
    parts = {f"progressed.{name}" for name in ("updates", "milestones")}
    parts = {name for name in parts if getattr(moved.progressed, name.split(".")[1])}
    worries = {"attention"} if moved.attention != editions.NO_WORRIES else set()
    return {name for name in whole if getattr(moved, name)} | parts | worries


@pytest.mark.parametrize("section", COMMON)
def test_a_section_tells_its_own_and_nothing_else(section: Section) -> None:
    assert told(editions.of_moved(FULL, Selection(frozenset({section})))) == TOLD[section]


def test_all_that_moves_and_all_that_waits_has_its_section() -> None:
    assert told(FULL) == set().union(*TOLD.values())
    assert {field.name for field in fields(Own)} == set().union(*WAITS.values())
    assert {*OWN, *COMMON} == {*PERSONAL, *COMMON} == set(Section)


@pytest.mark.parametrize("section", OWN)
def test_of_ones_own_a_section_tells_its_own(section: Section) -> None:
    own = editions.of_own(OWN_PARTS, Selection(frozenset({section})))

    assert {field.name for field in fields(Own) if getattr(own, field.name).total} == WAITS[section]


def test_without_a_selection_everything_is_told() -> None:
    assert editions.of_moved(FULL, EVERYTHING) == FULL
    assert editions.of_own(OWN_PARTS, EVERYTHING) == OWN_PARTS


@pytest.mark.parametrize(
    ("topics", "kept"),
    [
        (("law-enforcement",), True),
        (("reporting", "LAW ENFORCEMENT"), True),
        (("law",), False),
        ((), True),
    ],
)
def test_topics_keep_the_resources_that_have_one_and_all_else(
    topics: tuple[str, ...], kept: bool
) -> None:
    found = editions.of_moved(FULL, Selection(topics=topics))

    assert bool(found.resources) is kept
    assert replace(found, resources=FULL.resources) == FULL


def test_daily_tells_what_is_due_or_overdue_alone() -> None:
    near: Any = Row(starts_at=NOON + timedelta(hours=36), topics=[])

    found = editions.due(replace(FULL, coming=(near, LINE)), NOON)

    assert told(found) == {"attention", "overdue", "coming"}
    assert found.attention == Attention((), (LINE,), (LINE,))
    assert found.coming == (near,)


def test_a_section_that_is_no_more_was_not_chosen() -> None:
    assert editions.selected(["done", "gone"], []) == Selection(frozenset({Section.DONE}))


def test_who_waits_goes_with_what_waits() -> None:
    waits: Any = Row()

    assert editions.of_waits(waits, EVERYTHING) is waits
    assert editions.of_waits(waits, Selection(frozenset({Section.DONE}))) == waiting.Own()

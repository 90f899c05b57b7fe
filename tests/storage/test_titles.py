"""What people call things, and what is said when that fits several things or none."""

import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from storage import titles
from storage.asker import Asker
from storage.database import Database
from storage.errors import Refusal
from storage.models import Answer, Audience, AuditEntry, Briefing, Rsvp, State, folded
from storage.rsvps import answer_called
from tests.factories import NOON, World, seeing_all


@pytest.fixture
def world(database: Database) -> World:
    return World(database)


@pytest.fixture
def small(sqlite_url: str) -> Iterator[World]:
    database = Database(sqlite_url)
    yield World(database)
    database.close()


def find(world: World, asker: Asker, called: str) -> str:
    def verb(session: Session) -> str:
        return titles.find(session, asker, Briefing, called).title

    return world.database.run(verb)


def refused(world: World, asker: Asker, called: str) -> Refusal:
    with pytest.raises(Refusal) as refusal:
        find(world, asker, called)
    return refusal.value


def test_the_number_goes_before_the_title(world: World) -> None:
    first = world.briefing("Forum")
    world.briefing(f"E{first.id}")

    assert find(world, world.member(), f"E{first.id}") == "Forum"


@pytest.mark.parametrize("form", ["E{}", "e{}", "{}", "#{}", "E#{}", "  e{}  "])
def test_a_number_is_read_however_it_is_written(small: World, form: str) -> None:
    briefing = small.briefing("Forum")

    assert find(small, small.member(), form.format(briefing.id)) == "Forum"


def test_the_title_goes_before_titles_that_begin_so(world: World) -> None:
    for title in ("Safety forum Brussels", "Safety forum", "The safety forum"):
        world.briefing(title)

    assert find(world, world.member(), "safety forum") == "Safety forum"


def test_the_beginning_goes_before_the_words(world: World) -> None:
    world.briefing("Brussels forum on safety")
    world.briefing("The Brussels forum")

    assert find(world, world.member(), "brussels for") == "Brussels forum on safety"


def test_words_are_found_in_any_order(world: World) -> None:
    world.briefing("Brussels GenAI briefing")
    world.briefing("London GenAI briefing")

    assert find(world, world.member(), "briefing london") == "London GenAI briefing"


@pytest.mark.parametrize(
    "called",
    [
        "COIMISIÚN NA MEÁN",
        "coimisiun na mean",
        "Coimisiu\u0301n na Mea\u0301n",
        "  Coimisiún   na\tMeán ",
        "«Coimisiún na Meán»",
        "“coimisiún na meán”",
        "'coimisiún na meán'",
        "„Coimisiún“ na Meán",
    ],
)
def test_case_accents_spaces_and_quotes_do_not_matter(small: World, called: str) -> None:
    small.briefing("Coimisiún na Meán")
    small.briefing("Coimisiún na Meán, second edition")

    assert find(small, small.member(), called) == "Coimisiún na Meán"


@pytest.mark.parametrize("apostrophe", "'’‘`´")
def test_every_apostrophe_is_the_same(small: World, apostrophe: str) -> None:
    small.briefing("The Children's forum")
    small.briefing("The children forum")

    assert find(small, small.member(), f"children{apostrophe}s forum") == "The Children's forum"


@given(st.text(max_size=40))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert folded(folded(text).upper()) in {folded(folded(text.upper())), folded(text.upper())}
    assert folded(text) == " ".join(folded(text).split())


def test_several_are_listed_and_nothing_is_written(world: World) -> None:
    asker = world.member()
    made = [world.briefing("Forum", city="Paris" if n else None) for n in range(3)]

    with pytest.raises(Refusal) as refusal:
        world.database.run(answer_called, asker, NOON, "Forum", Answer.GOING)

    choices = refusal.value.choices
    assert [choice.id for choice in choices] == [f"E{row.id}" for row in reversed(made)]
    assert [(choice.at, choice.where) for choice in choices] == [
        (NOON + timedelta(days=1), "Paris"),
        (NOON + timedelta(days=1), "Paris"),
        (NOON + timedelta(days=1), "online"),
    ]
    assert "(and more)" not in refusal.value.sentence
    with seeing_all(world.database) as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Rsvp)) == 0
        assert session.scalar(sa.select(sa.func.count()).select_from(AuditEntry)) == 0


def test_at_most_five_are_listed(small: World) -> None:
    for number in range(7):
        small.briefing(f"Forum {number}")

    refusal = refused(small, small.member(), "forum")

    assert len(refusal.choices) == 5
    assert "(and more)" in refusal.sentence


def test_hidden_and_missing_read_alike(world: World) -> None:
    staff, member = world.staff(), world.member()
    world.briefing("Brussels briefing")
    hidden = world.briefing("Quiet forum", audience=Audience.STAFF)
    draft = world.briefing("Draft forum", state=State.DRAFT)
    elsewhere = World(world.database, "T0OTHER").briefing("Distant forum")
    missing = elsewhere.id + 100

    def told(called: str) -> tuple[str, object]:
        refusal = refused(world, member, called)
        return refusal.sentence.replace(called, "…"), refusal.choices

    assert find(world, staff, "quiet forum") == "Quiet forum"
    assert len({told(f"E{number}") for number in (hidden.id, draft.id, elsewhere.id, missing)}) == 1
    assert len({told(title) for title in ("Quiet forum", "Draft forum", "Nobody knows it")}) == 1


def test_the_same_words_are_told_before_and_after_a_hidden_one_exists(world: World) -> None:
    member = world.member()
    world.briefing("Quiet meeting in Brussels")
    before = refused(world, member, "Quiet forum")

    world.briefing("Quiet forum", audience=Audience.STAFF)
    after = refused(world, member, "Quiet forum")

    assert before.sentence.encode() == after.sentence.encode()
    assert before.choices == after.choices


def test_the_nearest_are_offered_at_most_three(small: World) -> None:
    for title in ("Brussels one", "Brussels two", "Brussels three", "Brussels four", "Oslo"):
        small.briefing(title)

    refusal = refused(small, small.member(), "brusels")

    assert len(refusal.choices) == 3
    assert all("Brussels" in choice.title for choice in refusal.choices)
    assert "«brusels»" in refusal.sentence


def test_nothing_near_is_invented(small: World) -> None:
    small.briefing("Brussels forum")

    refusal = refused(small, small.member(), "xyzzy")

    assert refusal.choices == ()
    assert "Check the spelling" in refusal.sentence


@pytest.mark.parametrize("called", ["", "   ", "«»", '""', "\u0301", "´"])
def test_nothing_said_is_asked_for_and_names_no_row(small: World, called: str) -> None:
    small.briefing("The only one")

    assert refused(small, small.member(), called).sentence.startswith("Say which one")


@pytest.mark.parametrize("called", ["%", "_", "\\", "100%", "50_"])
def test_wildcards_are_text(small: World, called: str) -> None:
    small.briefing("Forum 50")
    small.briefing("Forum 100 percent")

    assert "There is nothing called" in refused(small, small.member(), called).sentence


def test_a_past_one_does_not_count_for_an_answer_unless_alone(world: World) -> None:
    asker = world.member()
    over = {"starts_at": NOON - timedelta(days=2), "ends_at": NOON - timedelta(days=1)}
    world.briefing("Forum", **over)
    coming = world.briefing("Forum, next edition")

    outcome = world.database.run(answer_called, asker, NOON, "Forum", Answer.GOING)

    assert outcome.briefing.id == coming.id
    world.briefing("Hackathon", **over)
    with pytest.raises(Refusal, match="ended"):
        world.database.run(answer_called, asker, NOON, "Hackathon", Answer.GOING)


def test_a_very_long_name_is_answered_soon(small: World) -> None:
    small.briefing("Forum")
    began = time.monotonic()

    refusal = refused(small, small.member(), "nothing " * 1500)

    assert len(refusal.sentence) < 300
    assert time.monotonic() - began < 1

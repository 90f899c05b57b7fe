"""What is found by words is what it was when every title was read, and no word outlives it."""

import copy
import re
from dataclasses import replace
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from storage import (
    facts,
    forgetting,
    item_words,
    lookups,
    pages,
    publishing,
    redaction,
    resources,
    schema,
    search,
    titles,
)
from storage.asker import SEES, Asker
from storage.database import Database, Session, writes
from storage.errors import Refusal
from storage.models import (
    ActionState,
    Briefing,
    Initiative,
    ItemWord,
    Kind,
    Resource,
    ResourceKind,
    Role,
    Row,
    State,
    Titled,
    Workspace,
    folded,
    spaced,
)
from storage.models.row import TITLE_LIMIT
from storage.models.words import LONGEST, words_of
from storage.policy import scope
from storage.resources import Query
from tests.factories import NOON, World, altering, seeing_all
from tests.storage.test_facts import FACTS, TEAM

worlds = count(1)
WORDS = (
    *(
        "lighthouse",
        "light",
        "lights",
        "ai",
        "aims",
        "a",
        "gen",
        "genai",
        "csam",
        "child",
        "sexual",
    ),
    *("abuse", "material", "Coimisiún", "E4", "E42", "%", "_", "a_b", "ai-generated", "(light)"),
    *("безопасность", "опас", "安全会议", "全", "straße", "strasse", "x" * 210, "x" * 199),
)
texts = st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(" ".join)
# As long as a topic may be: of longer ones that begin alike only one would be known.
named = texts.filter(lambda text: len(text) <= TITLE_LIMIT)
drawn = st.tuples(texts, st.none() | texts, st.lists(named, max_size=2))
searches = st.lists(
    st.sampled_from(WORDS) | st.sampled_from(WORDS).map(lambda word: word[: len(word) // 2 + 1]),
    min_size=1,
    max_size=3,
)
examples = settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(params=[0, 1, 300])
def few(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """Let so many items with one word be few."""
    monkeypatch.setattr(item_words, "FEW", request.param)
    return int(request.param)


@writes
def make(session: Session, made: list[tuple[str, str | None, list[str]]]) -> int:
    """Make a briefing and a resource of each in a workspace of their own; give its id."""
    space = Workspace(team=f"TWORDS{next(worlds)}", name="", zone="UTC")
    session.add(space)
    session.flush()
    for number, (title, other, topics) in enumerate(made):
        begins = NOON + (number - 2) * timedelta(days=1)
        session.add(
            Briefing(
                workspace_id=space.id,
                title=title,
                city=other,
                state=State.PUBLISHED,
                starts_at=begins,
                ends_at=begins + timedelta(hours=1),
                zone="UTC",
            )
        )
        kind = ResourceKind.GUIDE
        session.add(
            Resource(
                workspace_id=space.id,
                title=title,
                summary=other or "",
                topics=topics,
                words=resources.searchable(title, topics, other or "", None, kind),
                kind=kind,
                link="https://example.org",
                added_at=NOON + timedelta(hours=number),
            )
        )
    return space.id


def everything(workspace: int) -> Asker:
    return Asker(workspace, zone="UTC", role=Role.STAFF, audiences=SEES[Role.STAFF])


def tokens(*said: str | None) -> list[str]:
    return [word for text in said if text for word in words_of(text) if " " not in word]


def have(word: str, *said: str | None) -> bool:
    return any(one.startswith(folded(word)[:LONGEST]) for one in tokens(*said))


def listed(session: Session, asker: Asker, *conditions: sa.ColumnElement[bool]) -> set[str]:
    statement = sa.select(Briefing.title).where(scope(Briefing), *conditions)
    return set(session.scalars(statement, asker.binds()))


@given(made=st.lists(drawn, min_size=1, max_size=6), words=searches)
@examples
def test_a_search_for_briefings_finds_what_has_words_that_begin_so(
    database: Database, few: int, made: Any, words: list[str]
) -> None:
    asker = everything(database.run(make, made))

    found = database.run(lookups.find, asker, NOON, words)

    fits = [title for title, city, _ in made if all(have(word, title, city) for word in words)]
    coming, over = fits_in_time(made, words)
    assert [line.title for line in found.rows] == [*coming, *over][: pages.SIZE]
    assert found.total == len(fits)
    with database.reading() as session:
        assert {line.title for line in found.rows} >= listed(
            session,
            asker,
            *(
                Briefing.folded.startswith(folded(word), autoescape=True)
                | Briefing.folded.contains(f" {folded(word)}", autoescape=True)
                for word in words
            ),
        ) or found.has_next


def fits_in_time(made: Any, words: list[str]) -> tuple[list[str], list[str]]:
    fits = [all(have(word, title, city) for word in words) for title, city, _ in made]
    titled = [title for title, _, _ in made]
    coming = [titled[at] for at in range(2, len(made)) if fits[at]]
    over = [titled[at] for at in reversed(range(min(2, len(made)))) if fits[at]]
    return coming, over


@given(made=st.lists(drawn, min_size=1, max_size=6), words=searches)
@examples
def test_a_search_of_the_library_finds_what_reading_all_of_it_finds_in_the_same_order(
    database: Database, few: int, made: Any, words: list[str]
) -> None:
    asker = everything(database.run(make, made))
    sought = search.terms(" ".join(words))
    ranks = [search.found_in(Resource.words, sought, after) for after in (3, 2, 1, 0)]
    rank = sa.case(*((one, place) for place, one in enumerate(ranks)))
    order = (rank, Resource.added_at.desc(), Resource.id.desc())
    whole = sa.select(Resource.id).where(scope(Resource), ranks[-1]).order_by(*order)

    found = database.run(resources.find, asker, NOON, Query(" ".join(words)))

    with database.reading() as session:
        all_of_it = session.scalars(whole, asker.binds()).all()
    assert [line.id for line in found.page.rows] == all_of_it[: pages.SIZE]
    assert found.page.total == len(all_of_it)


@given(made=st.lists(drawn, min_size=1, max_size=6), topics=st.lists(texts, min_size=1, max_size=2))
@examples
def test_a_topic_is_found_whole(database: Database, few: int, made: Any, topics: list[str]) -> None:
    asker = everything(database.run(make, made))
    asked = {spaced(topic) for topic in topics}
    has = [title for title, _, given in made if asked & {spaced(topic) for topic in given}]

    try:
        found = database.run(resources.find, asker, NOON, Query(topics=tuple(topics))).page
        assert [line.title for line in found.rows] == has[::-1][: pages.SIZE]
    except Refusal:
        assert not has


@given(made=st.lists(drawn, min_size=1, max_size=6), words=searches)
@examples
def test_a_title_is_met_exactly_then_by_its_beginning_its_words_and_what_stands_in_them(
    database: Database, few: int, made: Any, words: list[str]
) -> None:
    called = " ".join(words)
    assume(not re.fullmatch(r"E?#?\d+", called, re.IGNORECASE))
    asker = everything(database.run(make, made))
    text = folded(called)
    within = [one for one in made if all(part in folded(one[0]) for part in text.split())]
    readings = (
        [one for one in made if folded(one[0]) == text],
        [one for one in made if folded(one[0]).startswith(text)],
        [one for one in within if all(have(part, one[0], one[1]) for part in text.split())],
        within,
    )
    meant = next(filter(None, readings), [])

    def verb(session: Session) -> str:
        return titles.find(session, asker, Briefing, called).title

    if len(meant) == 1:
        assert database.run(verb) == meant[0][0]
        return
    with pytest.raises(Refusal) as refused:
        database.run(verb)
    choices = [choice.title for choice in refused.value.choices]
    assert not meant or choices == [title for title, *_ in meant[::-1]][: titles.CHOICES]
    assert ("There is nothing called" in refused.value.sentence) is (not meant)


@given(made=st.lists(drawn, max_size=6))
@examples
def test_each_topic_of_what_one_may_see_is_named_once(database: Database, made: Any) -> None:
    asker = everything(database.run(make, made))
    outsider = replace(asker, audiences=SEES[Role.UNKNOWN])

    named = database.run(resources.topics, asker)

    known = [topic for *_, topics in made for topic in topics]
    assert sorted(map(spaced, named)) == sorted({spaced(topic) for topic in known})
    assert set(named) <= set(known)
    assert database.run(resources.topics, outsider) == ()


def stored(database: Database) -> list[tuple[Any, ...]]:
    of = ItemWord
    with database.reading() as session:
        rows = session.connection().execute(sa.select(of.item_table, of.item_id, of.word))
        return sorted(map(tuple, rows))


def needed(database: Database) -> list[tuple[Any, ...]]:
    needed = []
    with seeing_all(database) as session:
        models: list[Any] = [mapper.class_ for mapper in Row.registry.mappers]
        for model in (one for one in models if issubclass(one, Titled)):
            for row in session.scalars(sa.select(model)):
                more = [getattr(row, name, None) for name in ("city", "words")]
                traits = (row.kind, row.place) if model is Briefing else ()
                topics = row.topics if model is Resource else ()
                words = words_of(row.title, *more, topics=topics, traits=traits)
                needed += [(model.__tablename__, row.id, word) for word in words]
    return sorted(needed)


def test_words_come_change_and_go_with_what_they_are_words_of(database: Database) -> None:
    database.run(facts.load, copy.deepcopy(FACTS), TEAM, NOON)
    world = World(database, "T0OTHER")
    assert len(stored(database)) > 500
    assert stored(database) == needed(database)

    told = copy.deepcopy(FACTS)
    told["resources"][0] |= {"summary": "Zanzibar", "topics": ["quaint"]}
    database.run(facts.load, told, TEAM, NOON)
    staff = world.staff()
    draft = world.briefing("Draft xylophone", state=State.DRAFT, city="Quito")
    renamed = world.briefing("Old xylophone", city="Quito")
    removed = world.resource("Secret xylophone", topics=["hidden"], summary="whispered")
    old = {"state": ActionState.DONE, "done_at": NOON - timedelta(days=4000)}
    world.action(world.member(), "Done xylophone", created_at=NOON - timedelta(days=4000), **old)
    deleted = world.initiative("Gone xylophone")
    with altering(database) as session:
        session.get_one(Briefing, renamed.id).title = "New violin"
        session.get_one(Briefing, renamed.id).kind = Kind.HACKATHON
        session.delete(session.get_one(Initiative, deleted.id))
    database.run(redaction.redact, staff, NOON, f"R{removed.id}")
    database.run(publishing.cancel, staff, NOON, draft.id)
    database.run(forgetting.purge, NOON)

    words = {word for *_, word in stored(database)}
    assert stored(database) == needed(database)
    assert {"violin", "quito", "zanzibar", "| quaint |"} <= words
    assert not {"xylophone", "secret", "whispered", "hidden", "| hidden |"} & words


def test_an_older_database_is_given_the_words_of_what_it_has(database: Database) -> None:
    database.run(facts.load, copy.deepcopy(FACTS), TEAM, NOON)
    before = stored(database)
    with database.writer.begin() as connection:
        config = schema._config()
        config.attributes["connection"] = connection
        command.downgrade(config, "0020")

    schema.upgrade(database)

    assert stored(database) == before == needed(database)


@pytest.mark.parametrize("script", ["安全会议", "全", "безопасность"])
def test_any_part_of_a_word_is_found_where_a_script_has_no_spaces(
    database: Database, few: int, script: str
) -> None:
    world = World(database)
    world.resource(f"关于{script}的指南")

    found = database.run(resources.find, world.member(), NOON, Query(script))

    assert [line.title for line in found.page.rows] == [f"关于{script}的指南"]

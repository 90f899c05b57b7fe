"""The library: who sees what of it, what is new, and what a search finds first."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from storage import policy, resources
from storage.asker import Asker
from storage.crowds import Crowd
from storage.database import Database
from storage.errors import Refusal
from storage.models import Audience, Resource, ResourceKind, State, Tlp
from storage.resources import Query
from tests.factories import MARKS, NOON, World, seeing_all


def find(world: World, words: str = "", asker: Asker | None = None, **filters: Any) -> list[str]:
    found = world.database.run(
        resources.find, asker or world.member(), NOON, Query(words, **filters)
    )
    return [line.title for line in found.page.rows]


def one_of_each(world: World) -> None:
    for audience, tlp in MARKS.items():
        world.resource(f"For {audience}", audience=audience, tlp=tlp)


def askers(world: World) -> dict[str, Asker]:
    return {
        "unknown": world.unknown(),
        "external": world.external(),
        "member": world.member(),
        "staff": world.staff(),
        "public channel": policy.readers(world.id, Audience.PUBLIC, None, "UTC"),
        "members' channel": policy.readers(world.id, Audience.MEMBERS, None, "UTC"),
    }


SEEN = {
    "unknown": {"For public"},
    "external": {"For public", "For community"},
    "member": {"For public", "For community", "For members"},
    "staff": {"For public", "For community", "For members", "For staff"},
    "public channel": {"For public"},
    "members' channel": {"For public", "For community", "For members"},
}


def test_each_sees_what_their_audience_sees_in_every_list(database: Database) -> None:
    world = World(database)
    one_of_each(world)
    before = NOON - timedelta(days=1)

    for who, asker in askers(world).items():
        new = database.run(resources.new, asker, NOON)
        since = database.run(resources.since, Crowd((asker,)), NOON, before, 10).seen(asker)
        assert {line.title for line in new.rows} == SEEN[who], who
        assert new.total == len(SEEN[who])
        assert {line.title for line in since} == SEEN[who]
        assert set(find(world, "for", asker)) == SEEN[who]


def test_what_one_may_not_see_reads_as_if_it_were_not_there(database: Database) -> None:
    world = World(database)
    hidden = world.resource("Quiet paper", audience=Audience.STAFF)

    with pytest.raises(Refusal) as by_number:
        database.run(resources.show, world.member(), NOON, f"R{hidden.id}")
    with pytest.raises(Refusal) as missing:
        database.run(resources.show, world.member(), NOON, "R99999")
    found = database.run(resources.find, world.member(), NOON, Query("quiet papers"))

    said = by_number.value.sentence.replace(f"R{hidden.id}", "R99999")
    assert (said, by_number.value.choices) == (missing.value.sentence, ())
    assert (found.page.total, found.nearest) == (0, ())


def test_a_groups_resource_is_for_those_who_sit_there(database: Database) -> None:
    world = World(database)
    insider = world.person()
    group = world.group("Lantern contacts", insider)
    paper = world.resource(
        "Group paper", audience=Audience.GROUP, audience_group_id=group.id, tlp=Tlp.RED
    )

    assert find(world, "paper", world.asker(insider)) == ["Group paper"]
    assert find(world, "paper", world.staff()) == ["Group paper"]
    for outsider in (world.member(), world.external(), world.unknown()):
        assert find(world, "paper", outsider) == []
    shown = database.run(resources.show, world.asker(insider), NOON, f"R{paper.id}")
    assert shown.group is not None
    assert (shown.group.id, shown.group.title) == (f"G{group.id}", "Lantern contacts")


def test_another_workspace_has_its_own_library(database: Database) -> None:
    here, there = World(database), World(database, team="T0OTHER")
    one_of_each(there)

    assert find(here, "for", here.staff()) == []
    assert database.run(resources.new, here.staff(), NOON).total == 0


def test_new_is_newest_first_in_pages(database: Database) -> None:
    world = World(database)
    for number in range(7):
        world.resource(f"Added {number}", added_at=NOON + timedelta(hours=number))
    asker = world.member()

    first = database.run(resources.new, asker, NOON)
    second = database.run(resources.new, asker, NOON, 1)

    assert [line.title for line in first.rows] == [f"Added {n}" for n in (6, 5, 4, 3, 2)]
    assert [line.title for line in second.rows] == ["Added 1", "Added 0"]
    assert (second.total, second.has_next) == (7, False)


def test_since_gives_only_what_came_after_newest_first(database: Database) -> None:
    world = World(database)
    for number in range(4):
        world.resource(f"Added {number}", added_at=NOON + timedelta(hours=number))

    ana = world.member()
    two, all_new = (
        database.run(resources.since, Crowd((ana,)), NOON, NOON, limit).seen(ana)
        for limit in (2, 9)
    )

    assert [line.title for line in two] == ["Added 3", "Added 2"]
    assert len(all_new) == 3


def test_a_line_says_what_a_list_shows(database: Database) -> None:
    world = World(database)
    made = world.resource(
        "Paper",
        publisher="Thorn",
        topics=["grooming"],
        kind=ResourceKind.PAPER,
        published="2023-11",
    )

    (line,) = database.run(resources.new, world.member(), NOON).rows

    assert line == resources.Line(
        made.id,
        "Paper",
        "https://example.org/guide",
        ResourceKind.PAPER,
        ["grooming"],
        Audience.MEMBERS,
        Tlp.AMBER,
        "2023-11",
        "Thorn",
        NOON,
    )


def test_titles_come_before_topics_before_summaries_before_publishers(database: Database) -> None:
    world = World(database)
    newer = iter(NOON + timedelta(hours=hour) for hour in range(9))
    world.resource("In the title: grooming", added_at=next(newer))
    world.resource("By topic", topics=["grooming"], added_at=next(newer))
    world.resource("By summary", summary="About grooming online", added_at=next(newer))
    world.resource("By publisher", publisher="Grooming Institute", added_at=next(newer))
    world.resource("Nothing of it", added_at=next(newer))

    assert find(world, "grooming") == [
        "In the title: grooming",
        "By topic",
        "By summary",
        "By publisher",
    ]


def test_within_one_rank_the_newest_comes_first(database: Database) -> None:
    world = World(database)
    for number in (1, 3, 2):
        world.resource(f"Grooming {number}", added_at=NOON + timedelta(hours=number))

    assert find(world, "grooming") == ["Grooming 3", "Grooming 2", "Grooming 1"]


def test_all_words_must_appear_wherever_they_stand(database: Database) -> None:
    world = World(database)
    world.resource("Reporting", summary="A template for hotlines")
    world.resource("Reporting", summary="Nothing else")

    assert len(find(world, "template reporting")) == 1
    assert find(world, "template reporting lantern") == []


@pytest.mark.parametrize(
    "words",
    [
        "coimisiún",
        "COIMISIUN",
        "«Coimisiún»",
        "coimisi",
        "na meán",
        "d.c.",
        "dc-free",
        "100%",
        "東京",
    ],
)
def test_case_accents_and_marks_do_not_matter(database: Database, words: str) -> None:
    world = World(database)
    world.resource("Coimisiún na Meán in Washington, D.C. (DC-free, 100%) 新東京")

    assert len(find(world, words)) == 1


@pytest.mark.parametrize("words", ["o_her", "%%%a", "ther", "o%r"])
def test_wildcards_and_middles_of_words_match_nothing(database: Database, words: str) -> None:
    world = World(database)
    world.resource("Other")

    assert find(world, words) == []


def test_a_short_word_stands_alone(database: Database) -> None:
    world = World(database)
    world.resource("Aims of the campaign")
    world.resource("AI for hotlines")

    assert find(world, "ai") == ["AI for hotlines"]


def test_a_plural_finds_the_singular(database: Database) -> None:
    world = World(database)
    world.resource("Assessing a harm")

    assert find(world, "harms") == ["Assessing a harm"]


@pytest.mark.parametrize("words", ["NCMEC", "ncmec", "Missing and Exploited"])
def test_an_acronym_finds_the_name_and_itself(database: Database, words: str) -> None:
    world = World(database)
    world.resource("Form", publisher="National Center for Missing and Exploited Children")

    assert find(world, words) == ["Form"]


@pytest.mark.parametrize("words", ["genai", "GenAI", "generative AI", "AI-generated", "gen ai"])
def test_names_of_the_same_thing_find_each_other(database: Database, words: str) -> None:
    world = World(database)
    world.resource("GenAI primer")
    world.resource("Generative-AI paper")
    world.resource("On AI-generated material")
    world.resource("Aims")

    assert len(find(world, words)) == 3


def test_a_search_says_which_other_names_it_looked_for(database: Database) -> None:
    world = World(database)

    found = database.run(resources.find, world.member(), NOON, Query("csam policy"))

    assert found.also == ("child sexual abuse material",)


def test_filters_narrow_and_values_of_one_filter_widen(database: Database) -> None:
    world = World(database)
    public = {"audience": Audience.PUBLIC, "tlp": Tlp.CLEAR}
    world.resource("A", kind=ResourceKind.PAPER, topics=["grooming", "law-and-policy"])
    world.resource("B", kind=ResourceKind.GUIDE, topics=["grooming"], **public)
    world.resource("C", kind=ResourceKind.BLOG, topics=["grooming pilot"], summary="grooming")

    assert set(find(world, kinds=(ResourceKind.PAPER, ResourceKind.GUIDE))) == {"A", "B"}
    assert set(find(world, topics=("Grooming",))) == {"A", "B"}
    assert find(world, topics=("law and policy",)) == ["A"]
    assert find(world, levels=(Audience.PUBLIC,)) == ["B"]
    assert find(world, "grooming", kinds=(ResourceKind.BLOG,)) == ["C"]
    assert find(world, topics=("grooming",), kinds=(ResourceKind.BLOG,)) == []


def test_a_topic_nobody_has_is_answered_with_those_one_may_see(database: Database) -> None:
    world = World(database)
    world.resource("A", topics=["hashing", "grooming"])
    world.resource("B", topics=["quiet"], audience=Audience.STAFF)

    with pytest.raises(Refusal, match=r"topic «quiet»\. Topics: grooming, hashing\."):
        find(world, topics=("quiet",))
    with pytest.raises(Refusal, match="None has a topic yet"):
        find(world, asker=world.unknown(), topics=("quiet",))


def test_a_level_above_ones_own_finds_nothing(database: Database) -> None:
    world = World(database)
    one_of_each(world)

    assert find(world, asker=world.external(), levels=(Audience.STAFF, Audience.MEMBERS)) == []


def test_no_hit_names_the_nearest_titles(database: Database) -> None:
    world = World(database)
    paper = world.resource("Sextortion primer")
    world.resource("Transparency report")

    found = database.run(resources.find, world.member(), NOON, Query("sextorsion"))

    assert found.page.total == 0
    assert [(near.id, near.title) for near in found.nearest] == [
        (f"R{paper.id}", "Sextortion primer")
    ]


def test_no_hit_says_how_many_fit_without_the_filters(database: Database) -> None:
    world = World(database)
    world.resource("Grooming")

    query = Query("grooming", kinds=(ResourceKind.PAPER,))
    found = database.run(resources.find, world.member(), NOON, query)

    assert (found.page.total, found.unfiltered, found.nearest) == (0, 1, ())


def test_a_search_comes_in_pages(database: Database) -> None:
    world = World(database)
    for number in range(6):
        world.resource(f"Grooming {number}", added_at=NOON + timedelta(hours=number))

    found = database.run(resources.find, world.member(), NOON, Query("grooming"), 1)

    assert [line.title for line in found.page.rows] == ["Grooming 0"]
    assert (found.page.number, found.page.total) == (1, 6)


def test_one_rank_follows_the_other_across_pages(database: Database) -> None:
    world = World(database)
    for number in (2, 4, 1, 3):
        at = NOON + timedelta(hours=number)
        world.resource(f"Grooming {number}", added_at=at)
        world.resource(f"Summary {number}", summary="Of grooming", added_at=at)
    asker = world.member()

    found = [database.run(resources.find, asker, NOON, Query("grooming"), page) for page in (0, 1)]

    assert [line.title for each in found for line in each.page.rows] == [
        f"{where} {number}" for where in ("Grooming", "Summary") for number in (4, 3, 2, 1)
    ]


def test_show_gives_the_publisher_and_where_it_came_from(database: Database) -> None:
    world = World(database)
    briefing, initiative = world.briefing("Brussels"), world.initiative("Template")
    made = world.resource(
        "Paper",
        publisher="Thorn",
        origin_briefing_id=briefing.id,
        origin_initiative_id=initiative.id,
    )

    shown = database.run(resources.show, world.member(), NOON, "paper")

    assert shown.resource.id == made.id
    assert shown.resource.publisher is not None
    assert [origin.id for origin in shown.origins] == [f"E{briefing.id}", f"I{initiative.id}"]
    assert shown.group is None


def test_an_origin_one_may_not_see_is_not_named(database: Database) -> None:
    world = World(database)
    draft = world.briefing("Draft", state=State.DRAFT)
    inner = world.initiative("Inner", audience=Audience.STAFF)
    public = {"audience": Audience.PUBLIC, "tlp": Tlp.CLEAR}
    one = world.resource("One", origin_briefing_id=draft.id, **public)
    two = world.resource("Two", origin_initiative_id=inner.id, **public)

    for row in (one, two):
        for asker in (world.unknown(), world.external(), world.member()):
            assert database.run(resources.show, asker, NOON, f"R{row.id}").origins == ()
        assert len(database.run(resources.show, world.staff(), NOON, f"R{row.id}").origins) == 1


def test_words_hold_the_fields_in_the_order_of_their_rank(database: Database) -> None:
    words = resources.searchable("Título", ["law-and-policy"], "Súm", "Thorn", ResourceKind.PAPER)

    assert words == " titulo \n| law and policy | \n sum \n thorn paper "
    world = World(database)
    world.resource("Título")
    with seeing_all(database) as session:
        stored = session.scalars(sa.select(Resource.words)).one()
    assert stored.startswith(" titulo \n")

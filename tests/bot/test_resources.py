"""The library, as members use it: what is new, searching, turning pages, one in full."""

import pytest

from tests.bot.conftest import Story

MARCUS, DELPHINE, KWAME, DANA = "U0MARCUS", "U0DELPHINE", "U0KWAME", "U0DANA"
HTTP = pytest.mark.parametrize("story", ["http"], indirect=True)


async def test_bare_lists_the_newest_with_their_level_first(story: Story) -> None:
    text = await story.says(MARCUS, "/resources")

    first = text.splitlines()[:3]
    assert first == [
        "Resources, newest first",
        "*R18 Reporting template for NCMEC referrals (draft)*",
        "For the community · TLP:GREEN",
    ]
    assert text.endswith("1–5 of 32 resources.")


async def test_the_pages_turn_in_place_and_end_on_both_sides(story: Story) -> None:
    first = await story.says(MARCUS, "/resources")
    before = len(story.workspace.messages("C0ANNOUNCE", seen_by=MARCUS))
    text = first
    for page in range(1, 7):
        await story.workspace.click(
            MARCUS, story.last(MARCUS), "resources.more_new", value=str(page)
        )
        await story.settled()
        text = story.last(MARCUS).text

    assert text.endswith("31–32 of 32 resources.")
    assert "More" not in str(story.last(MARCUS).blocks)
    assert len(story.workspace.messages("C0ANNOUNCE", seen_by=MARCUS)) == before


async def test_a_search_finds_says_how_many_and_turns_its_own_pages(story: Story) -> None:
    first = await story.says(MARCUS, "/resources search reporting")
    second = await story.clicks(MARCUS, "resources.more_found")
    back = await story.clicks(MARCUS, "resources.more_found")

    assert first.startswith("Resources for «reporting»\n*R18 ")
    assert first.endswith("1–5 of 6 resources.")
    assert second.endswith("\n6 of 6 resources.")
    assert back == first


@HTTP
async def test_a_search_says_what_else_it_looked_for(story: Story) -> None:
    text = await story.says(MARCUS, "/resources search NCMEC")

    assert "Also looked for: national center for missing and exploited children." in text
    assert text.endswith("2 resources in all.")


@HTTP
async def test_filters_narrow_however_they_are_typed(story: Story) -> None:
    for asked, first in (
        ("type:guide", "*R17 "),
        ("TYPE:Guide LEVEL:Members", "*R17 "),
        ("type:“guide”", "*R17 "),
        ("topic:law-enforcement type:guide", "*R19 "),
        ("  “safety by design”  ", "*R20 "),
    ):
        text = await story.says(MARCUS, f"/resources search {asked}")

        lines = [line for line in text.splitlines() if line.startswith("*R")]
        assert lines[0].startswith(first), asked


@HTTP
async def test_a_search_that_finds_nothing_says_what_to_do(story: Story) -> None:
    for asked, sentence in (
        ("", "Say what to look for, such as /resources search"),
        ("type:film", "There is no type «film». Choose one of: paper, guide,"),
        ("level:secret", "There is no level «secret». Choose one of: public, community, members"),
        ("topic:cooking", "No resource you can see has the topic «cooking». Topics: asia-pacific,"),
        ("lang:en x", "There is no filter «lang:». The filters are type:, topic: and level:,"),
        ("x" * 40_000, "Your search has 40000 characters; 200 fit."),
        ("a b c d e f g h i j k l m", "Your search has 13 words; 12 fit."),
        ("zzzz", "Nothing you can see in the library fits «zzzz». Try fewer or other words"),
        ("type:guide hashing", "Nothing you can see in the library fits «type:guide hashing»."),
        ("\0", "Say what to look for"),
        ("‘’“”", "Say what to look for"),
    ):
        text = await story.says(MARCUS, f"/resources search {asked}")

        assert text.startswith(sentence), asked[:40]


async def test_one_in_full_says_whom_it_is_for_first(story: Story) -> None:
    text = await story.says(MARCUS, "/resources show R20")
    origin = await story.clicks(MARCUS, "briefings.show")

    assert text.splitlines()[:2] == [
        "R20 Showcase: safety by design in members' products",
        "*For members · TLP:GREEN*",
    ]
    assert text.endswith("It came out of E9 Generative AI briefing, Brussels")
    assert origin.startswith("E9 Generative AI briefing, Brussels")


@HTTP
async def test_a_line_of_a_list_leads_to_the_whole(story: Story) -> None:
    await story.says(MARCUS, "/resources search type:guide level:members")

    assert (await story.clicks(MARCUS, "resources.show")).startswith("R17 Testing and mitigation")


@HTTP
async def test_each_sees_what_is_for_them_and_no_more(story: Story) -> None:
    dm = story.workspace.dm(KWAME).id
    counts = {
        user: (await story.says(user, "/resources", dm if user == KWAME else "C0ANNOUNCE"))
        .splitlines()[-1]
        .split(" of ")[-1]
        for user in (KWAME, DELPHINE, MARCUS, DANA)
    }

    assert counts == {
        KWAME: "27 resources.",
        DELPHINE: "29 resources.",
        MARCUS: "32 resources.",
        DANA: "33 resources.",
    }


@HTTP
async def test_hidden_and_missing_read_alike_and_search_finds_neither(story: Story) -> None:
    hidden = await story.says(DELPHINE, "/resources show R17")
    missing = await story.says(DELPHINE, "/resources show R99")

    assert hidden == missing.replace("R99", "R17")
    assert "R17" not in await story.says(DELPHINE, "/resources search testing mitigation")
    assert "R17" not in await story.says(DELPHINE, "/resources search level:members")


@HTTP
async def test_a_title_nearly_right_is_met_with_what_was_meant(story: Story) -> None:
    text = await story.says(MARCUS, "/resources show clasification")
    shown = await story.clicks(MARCUS, "resources.show")

    assert text.startswith("There is nothing called «clasification» here that you can see.")
    assert "Did you mean one of these?\n*R16 Industry Classification System*" in text
    assert shown.startswith("R16 Industry Classification System")

"""What people read of the library, by value, and how a search is read."""

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.workspace.checks import check_reply
from commands import words
from commands.blocks import Message
from commands.resources import ROUTES, views
from commands.resources.reading import read_query, read_turn
from storage.asker import Asker
from storage.errors import Choice, Refusal
from storage.models import (
    Audience,
    Organisation,
    OrganisationKind,
    Resource,
    ResourceKind,
    Tlp,
)
from storage.pages import Page
from storage.resources import Detail, Found, Line, Query

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
NASTY = "<!channel> <https://evil.example|click> \u202eevil"


def line(**given: Any) -> Line:
    values = {
        "id": 20,
        "title": "Harms guide",
        "link": "https://example.org/harms",
        "kind": ResourceKind.GUIDE,
        "topics": ["grooming", "lantern"],
        "audience": Audience.PUBLIC,
        "tlp": Tlp.CLEAR,
        "published": "2023-11",
        "publisher": "Thorn",
        "added_at": NOON,
        **given,
    }
    return Line(**values)


def resource(**given: Any) -> Resource:
    values = {
        "id": 20,
        "title": "Harms guide",
        "link": "https://example.org/harms",
        "kind": ResourceKind.GUIDE,
        "topics": ["grooming"],
        "summary": "Helps a company judge.",
        "version": "2",
        "published": "2023-11-07",
        "publisher": Organisation(name="Thorn", kind=OrganisationKind.PARTNER),
        "audience": Audience.MEMBERS,
        "tlp": Tlp.AMBER,
        "added_at": NOON,
        **given,
    }
    return Resource(**values)


def found(*lines: Line, total: int = 0, **given: Any) -> Found:
    return Found(Page(lines, 0, total or len(lines)), **{"also": (), **given})


def buttons(message: Message) -> list[tuple[str, str]]:
    drawn = [
        element
        for block in message["blocks"]
        for element in [*block.get("elements", ()), block.get("accessory", {})]
    ]
    return [(e["action_id"], e["value"]) for e in drawn if e.get("type") == "button"]


def checked(message: Message) -> Message:
    check_reply(message)
    return message


def test_new_says_level_first_and_when_each_was_added() -> None:
    seen = checked(views.new(Page((line(),), 0, 1), "UTC"))

    assert seen["text"] == (
        "Resources, newest first\n"
        "*R20 Harms guide*\n"
        "For everyone · TLP:CLEAR\n"
        "guide · grooming and lantern · Thorn · published Nov 2023\n"
        "<https://example.org/harms|https://example.org/harms> · added 23 Nov 2026\n"
        "1 resource in all."
    )
    assert buttons(seen) == [("resources.show", "20")]


def test_new_turns_its_pages() -> None:
    page = Page(tuple(line(id=number) for number in range(1, 6)), 1, 12)

    assert buttons(checked(views.new(page, "UTC")))[-2:] == [
        (views.MORE_NEW, "0"),
        (views.MORE_NEW, "2"),
    ]


def test_an_empty_library_says_so() -> None:
    assert "holds nothing you can see yet" in checked(views.new(Page((), 0, 0), "UTC"))["text"]


def test_a_found_page_turns_with_its_search() -> None:
    page = Page(tuple(line(id=number) for number in range(1, 6)), 1, 12)

    seen = checked(views.found(Found(page, ()), "harms type:guide", "UTC"))

    assert seen["text"].startswith("Resources for «harms type:guide»\n")
    turns = buttons(seen)[-2:]
    assert turns == [
        (views.MORE_FOUND, "0 harms type:guide"),
        (views.MORE_FOUND, "2 harms type:guide"),
    ]
    assert read_turn(turns[1][1]) == (2, "harms type:guide")


def test_other_names_looked_for_are_said() -> None:
    text = checked(views.found(found(line(), also=("gen ai", "ai generated")), "genai", "UTC"))

    assert "Also looked for: gen ai and ai generated." in text["text"]


def test_no_hit_offers_the_nearest_titles() -> None:
    result = found(nearest=(Choice("R3", "Sextortion primer"),))

    seen = checked(views.found(result, "sextorsion", "UTC"))

    assert seen["text"] == (
        "Nothing you can see in the library fits «sextorsion». The nearest titles are these.\n"
        "*R3 Sextortion primer*"
    )
    assert buttons(seen) == [("resources.show", "3")]


def test_no_hit_without_anything_near_says_what_to_try() -> None:
    assert "Try fewer or other words" in checked(views.found(found(), "qqq", "UTC"))["text"]


@pytest.mark.parametrize(("fits", "said"), [(1, "there is 1 resource"), (3, "there are 3")])
def test_no_hit_says_when_the_filters_are_why(fits: int, said: str) -> None:
    assert said in checked(views.found(found(unfiltered=fits), "a type:blog", "UTC"))["text"]


def test_one_resource_says_everything_with_its_level_first() -> None:
    shown = Detail(resource(), None, (Choice("E12", "Brussels"), Choice("I3", "Template")))

    seen = checked(views.detail(shown, Asker(1)))

    assert seen["text"] == (
        "R20 Harms guide\n"
        "*For members · TLP:AMBER*\n"
        "<https://example.org/harms|https://example.org/harms>\n"
        "Helps a company judge.\n"
        "Guide on grooming\n"
        "Version 2\n"
        "Published 7 Nov 2023 by Thorn\n"
        "Added 23 Nov 2026\n"
        "It came out of E12 Brussels\n"
        "It came out of I3 Template"
    )
    assert buttons(seen) == [("briefings.show", "12"), ("initiatives.show", "3")]


def test_a_bare_resource_leaves_out_what_is_not_known() -> None:
    bare = resource(topics=[], summary="", version=None, published=None, publisher=None)

    assert checked(views.detail(Detail(bare, None, ()), Asker(1)))["text"].endswith(
        "harms>\nGuide\nAdded 23 Nov 2026"
    )


def test_a_groups_resource_names_the_group() -> None:
    marked = resource(audience=Audience.GROUP, tlp=Tlp.RED)

    text = checked(views.detail(Detail(marked, Choice("G4", "Lantern"), ()), Asker(1)))["text"]

    assert "*For one working group · TLP:RED*\nWorking group G4 Lantern\n" in text


@pytest.mark.parametrize(
    ("address", "drawn"),
    [
        ("https://example.org/a", "<https://example.org/a|https://example.org/a>"),
        (
            "http://example.org?a=1&b=2",
            "<http://example.org?a=1&amp;b=2|http://example.org?a=1&amp;b=2>",
        ),
        ("https://a.example/x|y>z", "<https://a.example/x%7Cy%3Ez|https://a.example/x|y&gt;z>"),
        ("javascript:alert(1)", "javascript:alert(1)"),
        ("data:text/html,x", "data:text/html,x"),
        ("ftp://example.org/a", "ftp://example.org/a"),
        ("https://", "https://"),
        ("https://[broken", "https://[broken"),
        ("https://example.org/a b", "https://example.org/a b"),
        ("<!channel>", "&lt;!channel&gt;"),
    ],
)
def test_only_web_addresses_become_links(address: str, drawn: str) -> None:
    assert words.link(address) == drawn


def test_what_people_wrote_stays_text() -> None:
    nasty = resource(
        title=NASTY,
        link=NASTY,
        topics=[NASTY],
        summary=NASTY,
        version=NASTY,
        publisher=Organisation(name=NASTY, kind=OrganisationKind.VENDOR),
    )
    origin = Choice("E12", NASTY)
    drawn = [
        views.detail(Detail(nasty, Choice("G4", NASTY), (origin,)), Asker(1)),
        views.new(
            Page((line(title=NASTY, link=NASTY, topics=[NASTY], publisher=NASTY),), 0, 1), "UTC"
        ),
        views.found(found(line()), NASTY, "UTC"),
        views.found(found(nearest=(Choice("R3", NASTY),)), NASTY, "UTC"),
    ]

    for message in drawn:
        text = checked(message)["text"]
        assert "<!" not in text
        assert "<https://evil" not in text
        assert "\u202e" not in text


def test_the_longest_search_still_fits_its_buttons_and_title() -> None:
    asked = "a" * 200
    page = Page(tuple(line(id=number) for number in range(1, 6)), 0, 6)

    seen = checked(views.found(Found(page, ()), asked, "UTC"))

    assert read_turn(buttons(seen)[-1][1]) == (1, asked)


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("grooming", Query("grooming")),
        (" reporting  template ", Query("reporting template")),
        ("harms type:guide", Query("harms", kinds=(ResourceKind.GUIDE,))),
        ("TYPE:Guides harms", Query("harms", kinds=(ResourceKind.GUIDE,))),
        ("type: guide", Query("", kinds=(ResourceKind.GUIDE,))),
        (
            "type:guide type:paper",
            Query("", kinds=(ResourceKind.GUIDE, ResourceKind.PAPER)),
        ),
        ("topic:grooming level:members", Query("", (), ("grooming",), (Audience.MEMBERS,))),
        ("topic:“law and policy” eu", Query("eu", topics=("law and policy",))),
        ("level:member", Query("", levels=(Audience.MEMBERS,))),
        ("Trust: voluntary framework", Query("Trust: voluntary framework")),
        ("https://example.org/a", Query("https://example.org/a")),
        ("at 12:30", Query("at 12:30")),
    ],
)
def test_words_and_filters_are_read_apart(text: str, query: Query) -> None:
    assert read_query(text) == query


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Say what to look for"),
        ("???", "Say what to look for"),
        ("%_", "Say what to look for"),
        ("a" * 201, "has 201 characters; 200 fit"),
        ("x" * 40_000, "has 40000 characters; 200 fit"),
        ("a " * 13, "has 13 words; 12 fit"),
        ("author:ana", r"no filter «author:».*type:, topic: and level:"),
        ("type:book", r"no type «book»\. Choose one of: paper, guide, .*statement"),
        ("level:secret", r"no level «secret»\. Choose one of: public, community, members"),
        ("type:", r"no type «»\. Choose one of"),
        ("topic: ", "Say which topic"),
        ("topic:???", "Say which topic"),
    ],
)
def test_what_cannot_be_looked_for_says_what_can(text: str, sentence: str) -> None:
    with pytest.raises(Refusal, match=sentence):
        read_query(text)


def test_a_button_of_another_shape_is_the_first_page() -> None:
    assert read_turn("-1 a") == (0, "a")
    assert read_turn("") == (0, "")


def test_every_button_drawn_has_its_handler() -> None:
    assert set(ROUTES.buttons) == {
        "resources.show",
        views.MORE_NEW,
        views.MORE_FOUND,
        views.POST_HERE,
    }

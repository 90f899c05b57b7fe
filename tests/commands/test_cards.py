"""How a briefing, a page and a refusal look wherever they are shown."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.workspace.checks import check_reply
from commands import blocks, cards
from commands.blocks import Message
from storage.briefings import Line
from storage.errors import Choice, Refusal
from storage.models import Audience, Kind, Place, Precision, Standing, State, Tlp
from storage.pages import Page
from tests.factories import NOON

LINE = Line(
    id=12,
    title="GenAI briefing",
    kind=Kind.BRIEFING,
    state=State.PUBLISHED,
    starts_at=NOON + timedelta(days=1),
    ends_at=NOON + timedelta(days=1, hours=1),
    zone="Europe/London",
    precision=Precision.MINUTE,
    place=Place.HYBRID,
    city="London",
    capacity=40,
    taken=38,
    needs_approval=False,
    mine=None,
    waiting=0,
)


def drawn(line: Line) -> Message:
    message = blocks.message(*cards.briefing(line, "Europe/Brussels", NOON))
    check_reply(message)
    return message


def buttons(message: Message) -> list[tuple[str, str]]:
    return [
        (element["action_id"], element["value"])
        for block in message["blocks"]
        for element in [*block.get("elements", []), block.get("accessory", {})]
        if element.get("type") == "button"
    ]


def test_a_briefing_says_what_when_where_and_how_full() -> None:
    message = drawn(LINE)

    assert message["text"].splitlines() == [
        "*E12 GenAI briefing*",
        "Tue 24 Nov 2026, 13:00 your time (12:00 London)",
        "London, or online · briefing · 38 of 40 seats taken",
    ]
    assert buttons(message) == [
        (cards.SHOW_BRIEFING, "12"),
        (cards.GOING, "12"),
        (cards.MAYBE, "12"),
        (cards.DECLINED, "12"),
    ]


@pytest.mark.parametrize(
    ("mine", "hours", "facts"),
    [
        (None, 1, "38 of 40 seats taken · organisers give the seats"),
        (Standing.MAYBE, 1, "38 of 40 seats taken · *You said maybe*"),
        (None, -30, "38 of 40 seats taken"),
    ],
)
def test_where_organisers_approve_a_line_says_so_to_whoever_may_still_ask(
    mine: Standing | None, hours: int, facts: str
) -> None:
    starts_at = NOON + timedelta(hours=hours)
    asked = replace(
        LINE,
        needs_approval=True,
        mine=mine,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=1),
    )

    assert drawn(asked)["text"].splitlines()[2] == f"London, or online · briefing · {facts}"


@pytest.mark.parametrize(
    ("mine", "said", "offered"),
    [
        (Standing.GOING, "*You are going*", [cards.MAYBE, cards.DECLINED]),
        (Standing.WAITLISTED, "*You are on the waitlist*", [cards.MAYBE, cards.DECLINED]),
        (Standing.MAYBE, "*You said maybe*", [cards.GOING, cards.DECLINED]),
        (Standing.DECLINED, "*You are not going*", [cards.GOING, cards.MAYBE]),
    ],
)
def test_ones_own_answer_is_said_and_the_others_offered(
    mine: Standing, said: str, offered: list[str]
) -> None:
    message = drawn(replace(LINE, mine=mine))

    assert message["text"].endswith(said)
    assert [action for action, _ in buttons(message)][1:] == offered


def test_a_cancelled_one_says_so_and_takes_no_answer() -> None:
    message = drawn(replace(LINE, state=State.CANCELLED))

    assert message["text"].startswith("*CANCELLED · E12")
    assert buttons(message) == [(cards.SHOW_BRIEFING, "12")]


@pytest.mark.parametrize("given", [{"kind": Kind.EXTERNAL}, {"ends_at": NOON}])
def test_what_takes_no_answers_offers_none(given: dict[str, Any]) -> None:
    line = replace(LINE, **given)

    assert not cards.takes_answers(line, NOON)
    assert len(buttons(drawn(line))) == 1


def test_an_event_of_others_has_no_seats_here() -> None:
    assert "seat" not in drawn(replace(LINE, kind=Kind.EXTERNAL))["text"]


@given(st.text(max_size=400), st.none() | st.text(max_size=200))
def test_a_card_of_any_text_is_one_slack_takes(title: str, city: str | None) -> None:
    drawn(replace(LINE, title=title, city=city))


@pytest.mark.parametrize(
    ("capacity", "taken", "waiting", "said"),
    [
        (None, 0, 0, "no people going"),
        (None, 1, 0, "1 person going"),
        (40, 0, 0, "0 of 40 seats taken"),
        (1, 0, 0, "0 of 1 seat taken"),
        (40, 40, 0, "full (40 seats)"),
        (40, 40, 3, "full (40 seats), 3 waiting"),
        (40, 39, 2, "39 of 40 seats taken"),
    ],
)
def test_seats_are_said_as_a_sentence(
    capacity: int | None, taken: int, waiting: int, said: str
) -> None:
    assert cards.seats(capacity, taken, waiting) == said


@pytest.mark.parametrize(
    ("place", "city", "said"),
    [
        (Place.VIRTUAL, "London", "online"),
        (Place.IN_PERSON, "London", "London"),
        (Place.IN_PERSON, None, "place to be announced"),
        (Place.HYBRID, "<!here>", "&lt;!here&gt;, or online"),
    ],
)
def test_a_place_is_said_as_one_takes_part(place: Place, city: str | None, said: str) -> None:
    assert cards.where(place, city) == said


@pytest.mark.parametrize(
    ("number", "total", "said", "turns"),
    [
        (0, 0, "no briefings in all.", []),
        (0, 1, "1 briefing in all.", []),
        (0, 5, "5 briefings in all.", []),
        (0, 12, "1–5 of 12 briefings.", [("More", "1")]),
        (1, 12, "6–10 of 12 briefings.", [("Back", "0"), ("More", "2")]),
        (2, 12, "11–12 of 12 briefings.", [("Back", "1")]),
    ],
)
def test_a_page_says_which_of_how_many_and_turns(
    number: int, total: int, said: str, turns: list[tuple[str, str]]
) -> None:
    rows = tuple(range(min(5, total - number * 5)))

    message = blocks.message(*cards.pages(Page(rows, number, total), "room.more", "briefing"))

    check_reply(message)
    assert message["text"] == said
    labels = [
        (element["text"]["text"], element["value"])
        for block in message["blocks"]
        if block["type"] == "actions"
        for element in block["elements"]
    ]
    assert labels == turns


def test_a_page_of_more_than_was_counted_says_so() -> None:
    page = Page((1, 2, 3, 4, 5), 1, 105, is_cut=True)

    message = blocks.message(*cards.pages(page, "room.more", "briefing"))

    assert message["text"] == "6–10 of 105 or more briefings."


def test_a_label_says_whom_it_is_for_and_what_one_may_do() -> None:
    assert cards.label(Audience.MEMBERS, Tlp.AMBER_STRICT) == "For members · TLP:AMBER+STRICT"


def test_a_refusal_tells_moments_in_the_readers_zone() -> None:
    refused = Refusal("It ended $ended, so that is that.", ended=NOON)

    message = cards.refusal(refused, "America/New_York")

    assert message["text"] == "It ended Mon 23 Nov 2026, 07:00 your time, so that is that."


@given(st.text(max_size=300), st.text(max_size=300))
def test_a_refusal_offers_what_may_have_been_meant(title: str, called: str) -> None:
    choices = (
        Choice("E12", title, NOON, "Paris"),
        Choice("G4", "Group"),
        Choice("A7", title),
        Choice("R20", title),
        Choice("I3", title),
    )

    message = cards.refusal(Refusal(f"«{called}» could be any of these.", choices), "UTC")

    check_reply(message)
    assert buttons(message) == [
        ("briefings.show", "12"),
        ("groups.show", "4"),
        ("actions.show", "7"),
        ("resources.show", "20"),
        ("initiatives.show", "3"),
    ]
    assert "Mon 23 Nov 2026, 12:00 your time · Paris" in message["text"]


@pytest.mark.parametrize(
    ("given", "is_offered"),
    [
        ({}, False),
        ({"starts_at": NOON}, True),
        ({"starts_at": NOON, "precision": Precision.DAY}, False),
    ],
)
def test_who_waits_may_ask_for_a_free_seat_once_it_has_begun(
    given: dict[str, Any], is_offered: bool
) -> None:
    message = drawn(replace(LINE, mine=Standing.WAITLISTED, **given))

    assert ((cards.GOING, "12") in buttons(message)) == is_offered

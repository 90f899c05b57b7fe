"""Reading what people type, from any keyboard and through Slack's escapes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commands.typing import (
    CALLED_LIMIT,
    QUOTES,
    called,
    nearest,
    page_asked,
    page_number,
    unescaped,
    unquoted,
)


@pytest.mark.parametrize(
    ("sent", "typed"),
    [
        ("show R&amp;D &lt;forum&gt;", "show R&D <forum>"),
        ("&amp;lt;", "&lt;"),
        ("&amp;amp;", "&amp;"),
        (
            "see <https://example.org/a?b=1&amp;c=2|example.org>",
            "see https://example.org/a?b=1&c=2",
        ),
        ("see <https://example.org>", "see https://example.org"),
        ("<@U123|ana> to do it", "<@U123> to do it"),
        ("<@W123>", "<@W123>"),
        ("in <#C123|general>", "in #general"),
        ("in <#C123|>", "in #C123"),
        ("<!here>", "@here"),
        ("<!subteam^S1|@policy>", "@policy"),
        ("no escapes at all", "no escapes at all"),
    ],
)
def test_what_slack_did_to_a_text_is_undone_once(sent: str, typed: str) -> None:
    assert unescaped(sent) == typed


@given(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=80))
def test_what_was_escaped_comes_back_as_it_was(text: str) -> None:
    sent = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")

    assert unescaped(sent) == text


@given(st.text(st.characters(exclude_characters=QUOTES), min_size=1), st.sampled_from(QUOTES))
def test_quotes_of_every_keyboard_are_taken_off(text: str, quote: str) -> None:
    assert unquoted(f" {quote}{text}{quote} ") == text.strip()


def test_quotes_inside_stay() -> None:
    assert unquoted("“The “new” forum, again”") == "The “new” forum, again"


@pytest.mark.parametrize(
    ("text", "number"),
    [("3", 3), ("0", 0), ("", 0), ("two", 0), ("-1", 0), ("²", 0), ("٣", 0), ("9" * 30, 0)],
)
def test_what_is_no_page_is_the_first(text: str, number: int) -> None:
    assert page_number(text) == number


@pytest.mark.parametrize(
    ("word", "known"),
    [("upcomming", "upcoming"), ("MINE", "mine"), ("rspv", "rsvp"), ("xyzzy", None), ("", None)],
)
def test_a_slip_finds_the_word_that_was_meant(word: str, known: str | None) -> None:
    assert nearest(word, ["upcoming", "next", "show", "rsvp", "mine", "who"]) == known


def test_people_count_pages_from_one_and_buttons_from_nought() -> None:
    typed = [page_asked("", text) for text in ("", "0", "1", "2", "two")]
    pressed = [page_asked(value, "") for value in ("0", "1", "2")]

    assert typed == [0, 0, 0, 1, 0]
    assert pressed == [0, 1, 2]


def test_what_somebody_calls_a_thing_is_one_short_line_without_quotes() -> None:
    assert called(" “Brussels\u202e\n forum” ") == "Brussels forum"
    assert len(called("x" * 5000)) == CALLED_LIMIT

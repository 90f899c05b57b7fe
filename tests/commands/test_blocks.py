"""Whatever is put into a block, Slack takes it."""

import re
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.workspace.checks import check_reply, check_view
from commands import blocks
from commands.words import said, width

texts = (
    st.text(max_size=60) | st.sampled_from(["", "&", "x\ny", "é̂", "👍🏽", "<!channel>", "\u202e"])
).flatmap(lambda text: st.sampled_from([1, 1, 7, 90, 900]).map(lambda times: text * times))
lines = st.lists(texts.map(lambda text: said(text, 3000)), min_size=1, max_size=12)


def whole(block: blocks.Block) -> None:
    check_reply(blocks.message(blocks.section("Text."), block))
    check_view(blocks.home(block), "home")


@given(texts)
def test_a_heading(text: str) -> None:
    whole(blocks.header(text))


@given(lines, texts, texts, st.sampled_from([None, "primary", "danger"]))
def test_a_paragraph_with_a_button(
    paragraph: list[str], label: str, about: str, style: str | None
) -> None:
    button = blocks.button(label, "room.verb", 12, style=style, about=about)

    whole(blocks.section(*paragraph, accessory=button))
    whole(blocks.section(*paragraph))


@given(lines)
def test_small_print(small: list[str]) -> None:
    whole(blocks.context(*small))


@given(st.integers(1, 40), texts)
def test_a_row_of_buttons(number: int, label: str) -> None:
    whole(blocks.actions(*(blocks.button(label, f"room.{n}", n) for n in range(number))))


@given(st.lists(texts, max_size=70))
@settings(max_examples=40)
def test_a_message_of_any_length(given: list[str]) -> None:
    drawn = [blocks.header("Title"), blocks.divider()]
    drawn += [blocks.section(said(text, 3000)) for text in given]

    message = blocks.message(*drawn)

    check_reply(message)
    assert width(message["text"]) <= blocks.UPDATE_LIMIT
    if len(drawn) > blocks.MESSAGE_BLOCKS:
        assert "did not fit" in message["blocks"][-1]["elements"][0]["text"]


@given(texts, texts, texts, st.booleans(), st.integers(1, 3000), st.text(max_size=90))
def test_a_form(
    title: str, label: str, initial: str, optional: bool, limit: int, metadata: str
) -> None:
    options = [(str(number), f"{label}{number}") for number in range(5)]
    fields = [
        blocks.section(said(label)),
        blocks.text_input(
            "note",
            label,
            initial=initial,
            hint=label,
            lines=optional,
            optional=optional,
            limit=limit,
        ),
        blocks.select_input("health", label, options, initial="3", hint=initial),
    ]

    view = blocks.modal("room.verb", title, fields, submit=label or "Save", metadata=metadata)

    check_view(view)
    assert view["blocks"][2]["element"]["initial_option"]["value"] == "3"


@given(texts)
def test_a_form_without_fields_only_closes(title: str) -> None:
    view = blocks.modal("room.verb", title, [blocks.section("Done.")])

    check_view(view)
    assert view["close"]["text"] == "Close"


def test_an_option_that_is_not_there_is_not_chosen() -> None:
    made = blocks.select_input("kind", "Kind", [("a", "A")], initial="b")

    assert "initial_option" not in made["element"]


def test_the_text_says_all_that_the_blocks_say() -> None:
    button: Any = blocks.button("Details", "room.show", 1)
    message = blocks.message(
        blocks.header("R&D <forum>"),
        blocks.section("*E12*", "", "Tuesday", accessory=button),
        blocks.context("3 in all.", "For members"),
        blocks.actions(button),
        blocks.divider(),
    )

    assert message["text"] == "R&amp;D &lt;forum&gt;\n*E12*\nTuesday\n3 in all.\nFor members"


@pytest.mark.parametrize(
    "text",
    [
        "&amp;" * 900,
        "<https://example.org/|a link> " * 200,
        "<!date^1795532400^{time} your time|14:00 UTC> " * 100,
        "short\n" * 700,
        "short\n" + "&lt;" * 900,
    ],
)
def test_a_paragraph_is_never_cut_inside_an_escape_a_link_or_a_date(text: str) -> None:
    cut = blocks.section(text)["text"]["text"]

    assert width(cut) <= blocks.TEXT_LIMIT
    assert cut.endswith("…")
    assert len(re.findall("<", cut)) == len(re.findall(">", cut))
    assert re.sub(r"&(amp|lt|gt);", "", cut).count("&") == 0
    assert text.startswith(cut.removesuffix("…").rstrip("\n"))


def test_a_long_first_line_is_not_lost() -> None:
    cut = blocks.section("&amp;" * 900)["text"]["text"]

    assert width(cut) > blocks.TEXT_LIMIT - 10


def test_a_very_long_text_is_cut_soon() -> None:
    began = time.monotonic()

    blocks.section("x" * 400_000)
    blocks.section("x\n" * 200_000)

    assert time.monotonic() - began < 1

"""Help: after every command, for one word, and for whoever mistypes."""

import re

import pytest

from commands import catalog
from tests.bot.conftest import Story

MARCUS, KWAME = "U0MARCUS", "U0KWAME"
ROOMS = [room for room in catalog.FEATURES if room.words]
pytestmark = pytest.mark.parametrize("story", ["http"], indirect=True)


async def test_bare_coalition_says_what_comes_first_and_names_all_else(story: Story) -> None:
    text = await story.says(KWAME, "/coalition", story.workspace.dm(KWAME).id)

    assert text.startswith("What you can say\n")
    for room in ROOMS:
        for word in room.words[:5]:
            assert f"• `{word.example}` – {word.sentence}" in text
        (others,) = re.findall(f"with `{room.command} help`: (.*)", text) or [""]
        rest = room.words[5:] if others else ()
        assert [word.word for word in rest] == [name for name in others.split(", ") if name]
        for word in room.words[5:] if not others else ():
            assert f"• `{word.example}` – {word.sentence}" in text
    assert text.endswith("Answers are seen by you alone.")


async def test_help_after_each_command_says_that_commands_words(story: Story) -> None:
    for room in ROOMS:
        for typed in ("help", "HELP", " Help  me "):
            text = await story.says(MARCUS, f"{room.command} {typed}")

            if room.command != "/coalition":
                assert text.startswith(f"*{room.description}*\n• `{room.words[0].example}`")
                assert len(text.splitlines()) == len(room.words) + 1


async def test_every_example_that_help_gives_is_understood(story: Story) -> None:
    for room in ROOMS:
        for word in room.words:
            exchange = await story.workspace.command(MARCUS, "C0ANNOUNCE", word.example)
            await story.settled()

            assert exchange.error is None, word.example
            if not story.workspace.modals(MARCUS):
                text = story.last(MARCUS).text
                assert "does not know" not in text, word.example
                assert "cannot be read" not in text, word.example


async def test_an_unknown_word_is_met_with_the_nearest_or_all_of_them(story: Story) -> None:
    for typed, answer in (
        ("/briefings upcomming", "`/briefings` does not know «upcomming». Did you mean "
         "`/briefings upcoming`?\nIt knows:\n• `/briefings upcoming`"),
        ("/groups JION G4", "`/groups` does not know «JION». Did you mean `/groups join`?"),
        ("/briefings E12", "`/briefings` does not know «E12». Did you mean `/briefings show E12`?"),
        ("/groups i3", "`/groups` does not know «i3». Did you mean `/initiatives show i3`?"),
        ("/coalition E12", "`/coalition` does not know «E12». Did you mean `/briefings show E12`?"),
        ("/actions xyzzy", "`/actions` does not know «xyzzy».\nIt knows:\n• `/actions mine`"),
        ("/groups <!here> *x*", "`/groups` does not know «&lt;!here&gt;».\nIt knows:"),
        ("/groups 🙂", "`/groups` does not know «🙂».\nIt knows:"),
    ):  # fmt: skip
        assert (await story.says(MARCUS, typed)).startswith(answer), typed


async def test_help_on_one_word_is_the_lines_that_mention_it(story: Story) -> None:
    text = await story.says(MARCUS, "/coalition help RSVP")

    assert text.startswith("*Help on «RSVP»*\n• `/briefings rsvp E12 yes arriving late` – answer ")
    assert len(text.splitlines()) == 3


async def test_help_on_a_room_is_that_rooms_words(story: Story) -> None:
    for typed in ("groups", "/groups", " Groups "):
        text = await story.says(MARCUS, f"/coalition help {typed}")

        assert text == await story.says(MARCUS, "/groups help")


async def test_help_on_what_it_does_not_mention_says_so_and_gives_all(story: Story) -> None:
    text = await story.says(MARCUS, "/coalition help xyzzy")

    assert text.startswith(
        "The help says nothing about «xyzzy». This is all you can say.\nWhat you can say\n"
    )


async def test_about_says_what_never_belongs_here(story: Story) -> None:
    text = await story.says(MARCUS, "/coalition about")

    assert "*It takes no reports, signals or case material.*" in text

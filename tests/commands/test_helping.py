"""Help is read from the rooms themselves."""

from bot.workspace.checks import check_reply
from commands import helping
from commands.blocks import Message
from commands.routes import Routes, Word


async def nothing() -> None:
    """Do nothing: these words are only read."""


def word(name: str, sentence: str) -> Word:
    return Word(name, nothing, sentence, f"/teas {name} T1")


TEAS = Routes(
    "teas",
    "/teas",
    "Tea and what goes with it",
    (word("brew", "make a pot"), word("pour", "fill a cup"), word("steep", "wait for a pot")),
)
SILENT = Routes("silent")


def text(message: Message) -> str:
    check_reply(message)
    told: str = message["text"]
    return told


def test_the_whole_help_shows_every_word_with_an_example() -> None:
    told = text(helping.whole([TEAS, SILENT]))

    assert all(f"`{one.example}` – {one.sentence}" in told for one in TEAS.words)
    assert TEAS.description in told
    assert "E12, A7, I3, R20, G4" in told


def test_the_help_of_one_command_shows_its_own_words() -> None:
    assert text(helping.of(TEAS)).splitlines() == [
        "*Tea and what goes with it*",
        "• `/teas brew T1` – make a pot",
        "• `/teas pour T1` – fill a cup",
        "• `/teas steep T1` – wait for a pot",
    ]


def test_a_word_nearly_right_is_offered_right() -> None:
    told = text(helping.unknown(TEAS, "brwe"))

    assert told.startswith("`/teas` does not know «brwe». Did you mean `/teas brew`?")
    assert "• `/teas pour T1` – fill a cup" in told


def test_a_word_like_none_is_met_with_all_there_are() -> None:
    told = text(helping.unknown(TEAS, "<!channel>" * 40))

    assert "Did you mean" not in told
    assert "<!channel>" not in told
    assert "• `/teas brew T1` – make a pot" in told


def test_help_on_a_command_is_that_commands_help() -> None:
    for asked in ("teas", "/teas", "TEAS"):
        assert helping.found([TEAS, SILENT], asked) == helping.of(TEAS)


def test_help_on_a_thing_shows_the_lines_that_name_it() -> None:
    told = text(helping.found([TEAS, SILENT], "Pot"))

    assert "`/teas brew T1`" in told
    assert "`/teas steep T1`" in told
    assert "pour" not in told


def test_help_on_nothing_known_says_so_and_is_the_whole_help() -> None:
    found = helping.found([TEAS, SILENT], "xyzzy")

    assert found["text"].startswith("The help says nothing about «xyzzy».")
    assert found["blocks"][1:] == helping.whole([TEAS, SILENT])["blocks"]

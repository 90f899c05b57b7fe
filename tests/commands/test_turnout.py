"""What staff see of who came, and the same as a file in which nothing becomes a formula."""

import csv
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.workspace.checks import check_reply
from commands.briefings import ROUTES, checkin_form, turnout
from storage.asker import Asker
from storage.checking_in import Last
from storage.models import Briefing, OrganisationKind, Role, Standing
from storage.turnouts import Line, Turnout
from tests.factories import NOON

DANA = Asker(1, 9, "U3", "Dana", "Europe/Brussels", Role.STAFF)
MEMBER = OrganisationKind.MEMBER
LINES = (
    Line("Ana", "Adobe", MEMBER, Standing.GOING, True),
    Line("Ben", "Adobe", MEMBER, Standing.GOING, True),
    Line("Cy", "Adobe", MEMBER, Standing.GOING, False),
    Line("Dee", "Hotline", OrganisationKind.HOTLINE, Standing.MAYBE, True),
    Line("Eve", None, None, Standing.GOING, None),
)


def made(
    *lines: Line, may_export: bool = True, last: Last | None = None, asks: tuple[str, ...] = ()
) -> Turnout:
    briefing = Briefing(
        id=12, title="GenAI briefing", starts_at=NOON, ends_at=NOON, questions=list(asks)
    )
    return Turnout(briefing, lines, NOON, last, may_export)


def text(drawn: Any) -> str:
    check_reply(drawn)
    return str(drawn["text"])


def buttons(drawn: Any) -> list[str]:
    return [one["action_id"] for one in drawn["blocks"][-1].get("elements", []) if "value" in one]


def test_it_is_told_by_what_is_noted_and_by_organisation() -> None:
    drawn = turnout.drawn(made(*LINES, last=Last("Dana", NOON)), DANA)

    assert text(drawn).splitlines() == [
        "Who came to E12 GenAI briefing",
        "As of Mon 23 Nov 2026, 13:00 your time",
        "Last noted by Dana, Mon 23 Nov 2026, 13:00 your time.",
        "For the secretariat alone: who did not come is told to nobody else.",
        "*Came: 3 people*",
        "• Adobe (member, 2): Ana and Ben",
        "• Hotline (hotline, 1): Dee",
        "*Did not come: 1 person*",
        "• Adobe (member, 1): Cy",
        "*Not noted: 1 person*",
        "• No organisation (1): Eve",
    ]
    assert buttons(drawn) == [checkin_form.CHECK_IN, turnout.FILE]
    assert set(buttons(drawn)) <= set(ROUTES.buttons)


def test_what_may_not_be_taken_away_has_no_button_for_it() -> None:
    assert buttons(turnout.drawn(made(*LINES, may_export=False), DANA)) == [checkin_form.CHECK_IN]


def test_nobody_is_said() -> None:
    assert "nobody is noted to have come" in text(turnout.drawn(made(), DANA))


def test_a_long_list_says_how_many_organisations_are_left_out() -> None:
    lines = [Line("Ana", f"Co {n}", MEMBER, Standing.GOING, True) for n in range(45)]

    told = text(turnout.drawn(made(*lines), DANA))

    assert "*Came: 45 people*" in told
    assert told.endswith("• and 5 more organisations")


def test_the_file_has_a_row_for_each() -> None:
    rows = list(csv.reader(turnout.written(made(*LINES)).decode("utf-8-sig").splitlines()))

    assert rows == [
        ["organisation", "kind", "name", "answer", "came"],
        ["Adobe", "member", "Ana", "going", "yes"],
        ["Adobe", "member", "Ben", "going", "yes"],
        ["Adobe", "member", "Cy", "going", "no"],
        ["Hotline", "hotline", "Dee", "maybe", "yes"],
        ["", "", "Eve", "going", ""],
    ]


def test_no_name_becomes_a_formula() -> None:
    line = Line("=1+1", '@SUM(A1)"', MEMBER, Standing.GOING, True)

    (_, row) = csv.reader(turnout.written(made(line)).decode("utf-8-sig").splitlines())

    assert (row[0], row[2]) == ("'@SUM(A1)\"", "'=1+1")


@given(st.text(max_size=500), st.lists(st.text(max_size=300), max_size=60))
def test_any_text_makes_a_message_slack_takes(words: str, people: list[str]) -> None:
    lines = [Line(name, words, MEMBER, Standing.GOING, True) for name in people]

    check_reply(turnout.drawn(made(*lines, last=Last(words, NOON)), DANA))

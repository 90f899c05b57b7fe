"""What is said of whom the bot takes somebody for: no day that is past as if it lay ahead."""

from datetime import timedelta

import pytest

from commands.members import views
from storage.linking import Standing
from storage.models import Role
from storage.pages import Page
from storage.proposals import Line
from tests.conftest import NOON

PAST, AHEAD = NOON - timedelta(days=20), NOON + timedelta(days=10)


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (10, "The secretariat confirms this again by 3 Dec 2026; after that you see what outside"),
        (-20, "This was to be confirmed again by 3 Nov 2026. Until the secretariat does, you see"),
        (0, "This was to be confirmed again by 23 Nov 2026."),
        (None, "The secretariat has yet to confirm this; until then you see what outside"),
    ],
)
def test_a_guest_reads_until_when_the_link_holds(days: int | None, said: str) -> None:
    until = None if days is None else NOON + timedelta(days=days)
    lapsed = until is None or until <= NOON
    text = views.me(Standing("Ana", "Adobe", Role.EXTERNAL, 0, until, lapsed), "UTC")["text"]

    assert said in text


def test_whoever_is_no_guest_reads_of_no_day() -> None:
    text = views.me(Standing("Ana", "Adobe", Role.MEMBER, 1, None, False), "UTC")["text"]

    assert "confirm" not in text


def line(**given: object) -> Line:
    known = {
        "id": 7,
        "slack_user": "U7",
        "name": "Ana",
        "organisation_id": 3,
        "organisation": "Adobe",
        "role": Role.MEMBER,
        "is_outsider": True,
        "proposal_id": None,
        "proposal": None,
        "until": AHEAD,
        "has_lapsed": False,
        **given,
    }
    return Line(**known)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("listed", "said", "label"),
    [
        (line(), "*Ana* · member for Adobe, confirmed until 3 Dec 2026 · a guest", "Confirm again"),
        (
            line(until=PAST, has_lapsed=True),
            "member for Adobe, to be confirmed again since 3 Nov 2026",
            "Confirm again",
        ),
        (line(until=None, has_lapsed=True), "member for Adobe, to be confirmed ·", "Confirm again"),
        (line(organisation_id=None, organisation=None), "*Ana* · member, confirmed until", None),
        (
            line(role=Role.UNKNOWN, proposal_id=3, proposal="Adobe"),
            "*Ana* · not linked · a guest",
            "Link as Adobe",
        ),
        (line(role=Role.UNKNOWN), "*Ana* · not linked", None),
    ],
)
def test_staff_read_until_when_and_decide_with_a_button(
    listed: Line, said: str, label: str | None
) -> None:
    message = views.waiting(Page((listed,), 0, 1), "UTC")
    buttons = [e for block in message["blocks"] for e in block.get("elements", []) if "value" in e]

    assert said in message["text"]
    assert [(b["text"]["text"], b["value"]) for b in buttons] == ([(label, "7 3")] if label else [])

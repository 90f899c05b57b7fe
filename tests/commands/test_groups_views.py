"""What people read of working groups, by value."""

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.workspace.checks import check_reply
from commands import cards, words
from commands.blocks import Block, Message
from commands.groups import ROUTES, views
from storage.asker import Asker
from storage.groups import Detail, Line, Meeting, Party, Seated
from storage.models import (
    Audience,
    OrganisationKind,
    Place,
    Precision,
    Role,
    Tlp,
    WorkingGroup,
)
from storage.pages import Page
from storage.seats import Outcome

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
MEMBER = Asker(1, 7, role=Role.MEMBER, zone="Europe/Brussels")
EXTERNAL = Asker(1, 8, role=Role.EXTERNAL)
UNKNOWN = Asker(1, 9)
NASTY = "<!channel> <https://evil.example|click> \u202eevil"


def group(**given: Any) -> WorkingGroup:
    values = {
        "id": 4,
        "title": "Reporting template",
        "purpose": "A common form.",
        "cadence": "Monthly",
        "channel": "C0REPORT",
        "is_open": True,
        "audience": Audience.MEMBERS,
        "tlp": Tlp.AMBER,
        **given,
    }
    return WorkingGroup(**values)


def line(**given: Any) -> Line:
    values = {
        "id": 4,
        "title": "Reporting template",
        "purpose": "A common form.",
        "cadence": "Monthly",
        "channel": "C0REPORT",
        "is_open": True,
        "people": 9,
        "since": None,
        "is_chair": None,
        "next_at": NOON,
        **given,
    }
    return Line(**values)


ANA = Seated(1, "U0ANA", "Ana", "Adobe", OrganisationKind.MEMBER, is_chair=True)
ADOBE = Party("Adobe", OrganisationKind.MEMBER, 2, ("Ana", "Ben"))
MEETING = Meeting(12, "Review", NOON, "Europe/London", Precision.MINUTE, Place.HYBRID, "Brussels")


def detail(**given: Any) -> Detail:
    values: dict[str, Any] = {
        "group": group(),
        "since": None,
        "chairs": (ANA,),
        "parties": (ADOBE,),
        "people": 2,
        "meeting": MEETING,
        **given,
    }
    return Detail(**values)


def buttons(message: Message) -> list[str]:
    drawn = [
        element
        for block in message["blocks"]
        for element in [*block.get("elements", ()), block.get("accessory", {})]
    ]
    return [element["action_id"] for element in drawn if element.get("type") == "button"]


def checked(message: Message) -> Message:
    check_reply(message)
    return message


def text_of(block: Block) -> str:
    text: str = block["text"]["text"]
    return text


def test_a_line_says_what_the_group_is_and_what_it_is_to_the_reader() -> None:
    drawn = cards.group(line(since=NOON, is_chair=True), "Europe/Brussels")

    assert text_of(drawn) == (
        "*G4 Reporting template*\n"
        "A common form.\n"
        "Monthly · 9 people · next meeting Mon 23 Nov 2026, 13:00 your time · "
        "*You chair it, since 23 Nov 2026*\n"
        "Channel: <#C0REPORT>"
    )


def test_a_bare_line_leaves_out_what_is_not_known() -> None:
    bare = line(purpose="", cadence="", channel=None, next_at=None, people=1, is_open=False)

    assert text_of(cards.group(bare, "UTC")) == (
        "*G4 Reporting template*\n1 person · joined through its chairs"
    )


@pytest.mark.parametrize("name", ["wg-reporting", "C0REPORT|x", "<!here>", "c0report", "D0DIRECT"])
def test_only_a_channel_id_becomes_a_mention(name: str) -> None:
    assert "<#" not in words.channel(name)
    assert "<!" not in words.channel(name)


def test_lists_offer_joining_only_where_one_can() -> None:
    page = Page((line(), line(id=5, is_open=False), line(id=6, since=NOON, is_chair=False)), 0, 3)

    seen = checked(views.every(page, MEMBER))

    assert buttons(seen).count(views.JOIN) == 1
    assert seen["text"].endswith("3 groups in all.")
    assert views.JOIN not in buttons(checked(views.every(page, UNKNOWN)))


def test_a_list_of_many_turns_its_pages() -> None:
    page = Page(tuple(line(id=number) for number in range(1, 6)), 1, 12)

    assert buttons(checked(views.mine(page, MEMBER)))[-2:] == [views.MORE_MINE, views.MORE_MINE]


def test_empty_lists_say_what_to_do() -> None:
    nothing: Page[Line] = Page((), 0, 0)

    assert "`/groups all`" in checked(views.mine(nothing, MEMBER))["text"]
    assert "no working group you can see" in checked(views.every(nothing, UNKNOWN))["text"]


def test_one_group_says_everything_in_its_text() -> None:
    assert checked(views.detail(detail(since=NOON), MEMBER))["text"] == (
        "G4 Reporting template\n"
        "A common form.\n"
        "Meets: Monthly\n"
        "Channel: <#C0REPORT>\n"
        "Chair: Ana (Adobe)\n"
        "*2 people*\n"
        "• Adobe: Ana and Ben\n"
        "Next meeting: E12 Review\n"
        "Mon 23 Nov 2026, 13:00 your time (12:00 London)\n"
        "Brussels, or online\n"
        "For members · TLP:AMBER\n"
        "You joined on 23 Nov 2026."
    )


@pytest.mark.parametrize(
    ("shown", "asker", "offered"),
    [
        (detail(), MEMBER, views.JOIN),
        (detail(since=NOON), MEMBER, views.LEAVE),
        (detail(group=group(is_open=False)), MEMBER, None),
        (detail(), UNKNOWN, None),
    ],
)
def test_one_group_offers_what_the_reader_can_do(
    shown: Detail, asker: Asker, offered: str | None
) -> None:
    seen = buttons(checked(views.detail(shown, asker)))

    assert [action for action in seen if action != cards.SHOW_BRIEFING] == (
        [offered] if offered else []
    )


def test_an_outside_reader_sees_numbers_and_why() -> None:
    kinds = (
        Party(None, OrganisationKind.LAW_ENFORCEMENT, 3, ()),
        Party(None, None, 1, ()),
    )

    text = checked(views.detail(detail(chairs=(), parties=kinds, people=4), EXTERNAL))["text"]

    assert "• Law enforcement: 3\n• No organisation: 1\nNames are shown to those who sit" in text
    assert "Chair" not in text


def test_an_outside_reader_who_sits_there_is_not_told_that_names_are_hidden() -> None:
    text = checked(views.detail(detail(since=NOON), EXTERNAL))["text"]

    assert "Ana and Ben" in text
    assert "Names are shown" not in text


def test_who_is_not_linked_is_told_how_to_see_the_roster() -> None:
    shown = detail(chairs=(), parties=(), people=0, meeting=None)

    text = checked(views.detail(shown, UNKNOWN))["text"]

    assert "Ask the secretariat to link you." in text
    assert "No next meeting you can see is planned." in text


def test_an_empty_group_says_so() -> None:
    bare = group(purpose="", cadence="", channel=None)
    shown = detail(group=bare, chairs=(), parties=(), people=0)

    text = checked(views.detail(shown, MEMBER))["text"]

    assert "Its purpose is not written down yet.\nNobody sits here yet." in text


def test_a_large_roster_is_cut_with_a_count() -> None:
    many = tuple(
        Party(f"Company {n}", OrganisationKind.MEMBER, 12, tuple(f"P{m}" for m in range(12)))
        for n in range(45)
    )

    text = checked(views.detail(detail(parties=many, people=540), MEMBER))["text"]

    assert "P7 and 4 more" in text
    assert "• and 5 more organisations" in text


def test_joining_says_for_whom_and_who_hears_of_it() -> None:
    outcome = Outcome(group(), "Adobe", NOON, changed=True, told=("Ana", "Ben"))

    seen = checked(views.joined(outcome, "UTC"))

    assert seen["text"] == (
        "You now sit in *G4 Reporting template* for Adobe. Ana and Ben, who chair it, will be "
        "told.\nMeets: Monthly\nChannel: <#C0REPORT>"
    )
    assert buttons(seen) == ["groups.show", views.LEAVE]


def test_joining_again_says_since_when() -> None:
    text = checked(views.joined(Outcome(group(), None, NOON, changed=False), "UTC"))["text"]

    assert text.startswith(
        "You already sit in *G4 Reporting template*, since 23 Nov 2026. Nothing changed."
    )


def test_leaving_offers_the_way_back() -> None:
    free = Outcome(group(), "Adobe", NOON, changed=True, told=("Ana",), may_join=True)
    closed = Outcome(group(), "Adobe", NOON, changed=True)

    assert checked(views.left(free))["text"] == (
        "You have left *G4 Reporting template*. Ana, who chairs it, will be told.\n"
        "You can join again whenever you like."
    )
    assert buttons(views.left(free)) == [views.JOIN]
    assert "ask one of its chairs or the secretariat" in checked(views.left(closed))["text"]
    assert buttons(views.left(closed)) == []


def test_what_people_wrote_stays_text() -> None:
    nasty = group(title=NASTY, purpose=NASTY, cadence=NASTY, channel=NASTY)
    party = Party(NASTY, OrganisationKind.MEMBER, 1, (NASTY,))
    chair = Seated(1, "U0", NASTY, NASTY, OrganisationKind.MEMBER, is_chair=True)
    outcome = Outcome(nasty, NASTY, NOON, changed=True, told=(NASTY,), may_join=True)

    drawn = [
        views.detail(detail(group=nasty, parties=(party,), chairs=(chair,)), MEMBER),
        views.joined(outcome, "UTC"),
        views.left(outcome),
        views.every(Page((line(title=NASTY, purpose=NASTY, channel=NASTY),), 0, 1), MEMBER),
    ]

    for message in drawn:
        text = checked(message)["text"]
        assert "<!" not in text
        assert "<http" not in text
        assert "\u202e" not in text


def test_every_button_drawn_has_its_handler() -> None:
    assert set(ROUTES.buttons) == {
        "groups.show",
        views.MORE_MINE,
        views.MORE_ALL,
        views.JOIN,
        views.LEAVE,
    }

"""How action items are read from words, and what people see of them."""

from datetime import date, timedelta
from typing import Any

import pytest

from bot.workspace.checks import check_reply
from commands import blocks, cards
from commands.actions import ROUTES, views
from commands.actions.reading import read_called, read_draft
from commands.blocks import Message
from storage.actions import Detail, Line, Outcome
from storage.asker import Asker
from storage.assignments import Draft
from storage.errors import Refusal
from storage.models import (
    ActionItem,
    ActionState,
    Audience,
    Organisation,
    OrganisationKind,
    Person,
    Role,
    Tlp,
)
from storage.pages import Page
from tests.factories import NOON

OPEN, PROPOSED = ActionState.OPEN, ActionState.PROPOSED
DONE, DECLINED = ActionState.DONE, ActionState.DECLINED
JUNE = date(2027, 6, 3)
TOMORROW = date(2026, 11, 24)
ANA, EVE, DANA = (
    Asker(1, 1, name="Ana Silva", zone="Europe/Brussels", role=Role.MEMBER),
    Asker(1, 2, name="Eve Tan", zone="Europe/Brussels", role=Role.MEMBER),
    Asker(1, 3, name="Dana Roe", zone="Europe/Brussels", role=Role.STAFF),
)


def person(asker: Asker, organisation: str = "") -> Person:
    speaks_for = Organisation(name=organisation, kind=OrganisationKind.MEMBER)
    return Person(
        id=asker.person, name=asker.name, organisation=speaks_for if organisation else None
    )


def item(state: ActionState = OPEN, owner: Asker = EVE, **given: Any) -> ActionItem:
    made = ActionItem(
        id=7,
        title="Send <the> notes",
        state=state,
        owner_id=owner.person,
        owner=person(owner, "Adobe"),
        creator_id=ANA.person,
        creator=person(ANA, "Zoom"),
        created_at=NOON,
        audience=Audience.MEMBERS,
        tlp=Tlp.AMBER,
    )
    if state is DONE:
        made.done_at, made.done_by, made.done_by_id = NOON, person(EVE), EVE.person
    for name, value in given.items():
        setattr(made, name, value)
    return made


def buttons(message: Message) -> list[str]:
    return [
        element["action_id"]
        for block in message["blocks"]
        for element in (
            *block.get("elements", ()),
            *([block["accessory"]] if "accessory" in block else ()),
        )
        if element["type"] == "button"
    ]


def text(message: Message) -> str:
    check_reply(message)
    said: str = message["text"]
    return said


@pytest.mark.parametrize(
    ("typed", "draft"),
    [
        ("Draft the agenda", Draft("Draft the agenda")),
        ("Draft the agenda due 3 June", Draft("Draft the agenda", due_on=JUNE)),
        ("Draft the agenda, due: tomorrow.", Draft("Draft the agenda", due_on=TOMORROW)),
        ("Draft the agenda (due on 3 June)", Draft("Draft the agenda", due_on=JUNE)),
        ("«Draft the agenda due 3 June»", Draft("Draft the agenda", due_on=JUNE)),
        (
            "Ana Silva to send the notes - due tomorrow",
            Draft(
                "send the notes",
                "Ana Silva",
                whole="Ana Silva to send the notes",
                due_on=TOMORROW,
            ),
        ),
        ("<@U123> to send the notes", Draft("send the notes", user="U123")),
        ("<@U123>  send it due 3 June", Draft("send it", user="U123", due_on=JUNE)),
        ("me to call Europol", Draft("call Europol")),
        ("I to call Europol due +1d", Draft("call Europol", due_on=TOMORROW)),
        (
            "Send the notes to Ana",
            Draft("Ana", "Send the notes", whole="Send the notes to Ana"),
        ),
        ("Check due process", Draft("Check due process")),
        (
            "Find what is due to members",
            Draft("members", "Find what is due", whole="Find what is due to members"),
        ),
        ("Pay what is due, due tomorrow", Draft("Pay what is due", due_on=TOMORROW)),
        ("  two\nlines ", Draft("two lines")),
    ],
)
def test_an_item_is_read_from_words(typed: str, draft: Draft) -> None:
    assert read_draft(typed, NOON, "Europe/Brussels") == draft


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Write what is to be done"),
        ("\u202e", "Write what is to be done"),
        ("Draft it due 03/12/2027", "can be read in two ways"),
        ("Draft it due 12 Mar 2026", "That day is over"),
        ("Draft it due 31 June", "no 31 June"),
        ("Draft it - due whenever", "cannot be read as one certain day"),
        ("Draft it due next week", "cannot be read as one certain day"),
        ("Draft it due tomorrow EST", "means different zones"),
    ],
)
def test_a_day_that_is_none_is_refused_and_never_invented(typed: str, sentence: str) -> None:
    with pytest.raises(Refusal, match=sentence):
        read_draft(typed, NOON, "Europe/Brussels")


def test_today_is_the_day_where_the_writer_is() -> None:
    assert read_draft("call due today", NOON, "Pacific/Auckland").due_on == TOMORROW


@pytest.mark.parametrize(
    ("typed", "called"),
    [
        ("A7", ("A7", None)),
        ("7", ("7", None)),
        ("a7 sent on Friday", ("a7", "sent on Friday")),
        ("#7: sent", ("#7", "sent")),
        ("3 slides for Brussels", ("3 slides for Brussels", None)),
        ("Send the notes", ("Send the notes", None)),
        ("“Send the notes” sent", ("Send the notes", "sent")),
        ('"Send the notes"', ("Send the notes", None)),
        ("'Send the notes'", ("Send the notes", None)),
        ("", ("", None)),
    ],
)
def test_which_item_is_told_from_what_is_said_of_it(
    typed: str, called: tuple[str, str | None]
) -> None:
    assert read_called(typed) == called


def line(number: int, state: ActionState = OPEN, **given: Any) -> Line:
    values: dict[str, Any] = {
        "title": "Send <the> notes",
        "due_on": None,
        "due_at": None,
        "done_at": None,
        "owner_id": EVE.person,
        "owner": "Eve Tan",
        "organisation": "Adobe",
        "creator": "Ana Silva",
        "done_by": None,
        **given,
    }
    return Line(id=number, state=state, **values)


def test_my_items_show_what_is_overdue_proposed_and_undated_with_their_buttons() -> None:
    late: dict[str, Any] = {
        "due_on": NOON.date() - timedelta(days=1),
        "due_at": NOON - timedelta(hours=12),
    }
    soon: dict[str, Any] = {"due_on": TOMORROW, "due_at": NOON + timedelta(days=1)}
    lines = (line(1, **late), line(2, PROPOSED, **soon), line(3))

    message = views.mine(Page(lines, 0, 3), EVE, NOON)

    said = text(message)
    assert "*A1 Send &lt;the&gt; notes*\n*OVERDUE*, was due 22 Nov 2026" in said
    assert "due 24 Nov 2026 · proposed by Ana Silva, not taken yet" in said
    assert "no due date" in said
    assert "3 action items in all." in said
    assert buttons(message) == [
        "actions.show",
        "actions.done",
        "actions.show",
        "actions.accept",
        "actions.decline",
        "actions.show",
        "actions.done",
    ]


def test_my_items_are_paged() -> None:
    message = views.mine(Page(tuple(line(n) for n in range(5)), 1, 12), EVE, NOON)

    assert "6–10 of 12 action items." in text(message)
    assert buttons(message)[-2:] == [views.MORE_MINE, views.MORE_MINE]


def test_nothing_to_do_says_how_to_note_something() -> None:
    assert "/actions add" in text(views.mine(Page((), 0, 0), EVE, NOON))


def test_anothers_item_names_its_owner_and_has_no_buttons_to_act() -> None:
    drawn = blocks.message(*cards.action(line(1, PROPOSED), ANA.person, NOON))

    assert "Eve Tan (Adobe)" in text(drawn)
    assert buttons(drawn) == ["actions.show"]


@pytest.mark.parametrize(
    ("outcome", "asker", "sentence", "offered"),
    [
        (
            Outcome(item(owner=ANA, due_on=JUNE), changed=True),
            ANA,
            "*A7 Send &lt;the&gt; notes* is yours. Due 3 Jun 2027.",
            ["actions.done"],
        ),
        (
            Outcome(item(PROPOSED), changed=True),
            ANA,
            "is proposed to Eve Tan (Adobe). It is theirs once they take it; you will hear. "
            "It has no due date.",
            ["actions.show"],
        ),
        (
            Outcome(item(), changed=True),
            ANA,
            "is given to Eve Tan (Adobe), who is told.",
            ["actions.done"],
        ),
        (
            Outcome(item(owner=ANA), changed=False),
            ANA,
            "You had just added it, so nothing changed.",
            ["actions.done"],
        ),
    ],
)
def test_adding_says_whose_it_is_and_until_when(
    outcome: Outcome, asker: Asker, sentence: str, offered: list[str]
) -> None:
    message = views.added(outcome, asker)

    assert sentence in text(message)
    assert buttons(message) == offered


def test_done_says_so_and_offers_undo() -> None:
    message = views.done(Outcome(item(DONE, note="by <mail>"), changed=True), EVE)

    assert text(message) == "*A7 Send &lt;the&gt; notes* is done.\nNote: by &lt;mail&gt;"
    assert buttons(message) == ["actions.reopen"]


def test_done_twice_says_by_whom_and_when() -> None:
    message = views.done(Outcome(item(DONE), changed=False), ANA)

    assert "is already done by Eve Tan on 23 Nov 2026. Nothing changed." in text(message)


def test_reopening_says_how_it_stands() -> None:
    again = views.reopened(Outcome(item(), changed=True), EVE)
    proposed = views.reopened(Outcome(item(PROPOSED), changed=True), ANA)
    unchanged = views.reopened(Outcome(item(), changed=False), EVE)

    assert "is open again." in text(again)
    assert "is proposed again." in text(proposed)
    assert "is open. Nothing changed." in text(unchanged)
    assert buttons(again) == ["actions.done"]


@pytest.mark.parametrize(
    ("outcome", "sentence"),
    [
        (
            Outcome(item(due_on=JUNE), changed=True),
            "is yours. Due 3 Jun 2027. Ana Silva is told.",
        ),
        (Outcome(item(), changed=True), "It has no due date."),
        (Outcome(item(), changed=False), "is yours already. Nothing changed."),
        (Outcome(item(DONE), changed=False), "is already done by Eve Tan"),
    ],
)
def test_taking_an_item_says_what_became_of_it(outcome: Outcome, sentence: str) -> None:
    assert sentence in text(views.accepted(outcome, EVE))


@pytest.mark.parametrize(
    ("outcome", "sentence", "offered"),
    [
        (
            Outcome(item(DECLINED, note="not ours"), changed=True),
            "is declined. Ana Silva is told. Reason: not ours",
            ["actions.accept"],
        ),
        (
            Outcome(item(DECLINED), changed=False),
            "is declined already. Nothing changed.",
            ["actions.accept"],
        ),
        (Outcome(item(DONE), changed=False), "is already done by", ["actions.reopen"]),
    ],
)
def test_declining_says_so_and_offers_to_take_it_after_all(
    outcome: Outcome, sentence: str, offered: list[str]
) -> None:
    message = views.declined(outcome, EVE)

    assert sentence in text(message)
    assert buttons(message) == offered


@pytest.mark.parametrize(
    ("shown", "asker", "lines", "offered"),
    [
        (item(PROPOSED), EVE, ["Proposed: Eve Tan has not"], ["actions.accept", "actions.decline"]),
        (item(PROPOSED), ANA, ["Owner: Eve Tan (Adobe)"], []),
        (item(), ANA, ["*Open* · no due date", "Added by Ana Silva (Zoom)"], ["actions.done"]),
        (item(), DANA, ["For members · TLP:AMBER"], ["actions.done"]),
        (item(owner=ANA), EVE, ["Owner: Ana Silva"], []),
        (item(DONE, note="sent"), EVE, ["*Done* by Eve Tan on 23", "Note: sent"], [views.REOPEN]),
        (item(DONE, done_by=None), EVE, ["by somebody who has left"], [views.REOPEN]),
        (item(DECLINED, note="no"), EVE, ["Declined by Eve", "Reason: no"], ["actions.accept"]),
        (item(DECLINED), ANA, ["Declined by Eve Tan"], []),
    ],
)
def test_one_item_in_full_shows_how_it_stands_and_what_one_may_do(
    shown: ActionItem, asker: Asker, lines: list[str], offered: list[str]
) -> None:
    message = views.detail(Detail(shown, (("E12", "Brussels"),)), asker, NOON)

    said = text(message)
    assert said.startswith("A7 Send &lt;the&gt; notes")
    assert "From E12 Brussels" in said
    assert [wanted for wanted in lines if wanted not in said] == []
    assert buttons(message) == offered


def test_every_button_drawn_is_the_rooms_own() -> None:
    drawn = {cards.SHOW_ACTION, cards.DONE, cards.ACCEPT, cards.DECLINE}

    assert drawn | {views.REOPEN, views.MORE_MINE} == set(ROUTES.buttons)

"""What people see of briefings."""

import json
import re
from dataclasses import fields, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.workspace.checks import check_reply
from commands import blocks, cards
from commands.blocks import Message
from commands.briefings import (
    ROUTES,
    checkin_form,
    feedback,
    roster,
    swapping,
    undoing,
    views,
    without_slack,
)
from commands.routes import Invalid
from storage.asker import Asker
from storage.attendance import Attendance, Party
from storage.briefings import Detail, Line
from storage.companies import Company
from storage.contacts import Contact
from storage.feedback import Results, Said
from storage.feedback import Shown as ShownFeedback
from storage.models import (
    Audience,
    Briefing,
    Kind,
    Organisation,
    OrganisationKind,
    Place,
    Precision,
    Role,
    Rsvp,
    Series,
    Standing,
    State,
    Tlp,
    Verdict,
)
from storage.pages import Page
from storage.rsvps import Outcome
from storage.swapping import Holder, Holders
from storage.undoing import Undone
from tests.factories import NOON

ANA = Asker(1, 7, "U1", "Ana", "Europe/Brussels", Role.MEMBER)
DANA = Asker(1, 9, "U3", "Dana", "Europe/Brussels", Role.STAFF)
STRANGER = Asker(1, 8, "U2", "Eve", "Europe/Brussels", Role.UNKNOWN)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
LINK = "https://meet.example.org/a?b=1&c=2"


def briefing(**given: Any) -> Briefing:
    values = {
        "id": 12,
        "title": "GenAI briefing",
        "kind": Kind.BRIEFING,
        "state": State.PUBLISHED,
        "summary": "",
        "agenda": [],
        "starts_at": NOON + DAY,
        "zone": "Europe/London",
        "precision": Precision.MINUTE,
        "place": Place.VIRTUAL,
        "taken": 1,
        "capacity": 2,
        "audience": Audience.MEMBERS,
        "tlp": Tlp.AMBER,
        "host": None,
        "series": None,
        "notices": [],
        **given,
    }
    values.setdefault("ends_at", values["starts_at"] + HOUR)
    return Briefing(**values)


def detail(
    mine: Standing | None = None, *, position: int | None = None, waiting: int = 0, **given: Any
) -> Detail:
    own = Rsvp(standing=mine) if mine else None
    return Detail(briefing(**given), (), (), own, position, waiting, 0)


def text(message: Message) -> str:
    check_reply(message)
    told: str = message["text"]
    return told


def buttons(message: Message) -> list[str]:
    return [
        element["action_id"]
        for block in message["blocks"]
        for element in [*block.get("elements", []), block.get("accessory", {})]
        if element.get("type") == "button"
    ]


def line(number: int) -> Line:
    made = briefing(id=number, title=f"Number {number}")
    values: dict[str, Any] = {field.name: getattr(made, field.name, None) for field in fields(Line)}
    return Line(**values | {"waiting": 0})


@pytest.mark.parametrize("draw", [views.upcoming, views.mine])
def test_a_list_shows_each_and_how_many(draw: Any) -> None:
    page = Page(tuple(line(number) for number in range(5)), 1, 12)

    message = draw(page, "UTC", NOON)

    told = text(message)
    assert all(f"*E{number} Number {number}*" in told for number in range(5))
    assert "6–10 of 12 briefings." in told
    assert set(buttons(message)) <= set(ROUTES.buttons)


def test_an_empty_list_says_what_to_do() -> None:
    empty: Page[Line] = Page((), 0, 0)

    assert "New ones appear here" in text(views.upcoming(empty, "UTC", NOON))
    assert "`/briefings`" in text(views.mine(empty, "UTC", NOON))


def test_one_in_full_says_everything_there_is_to_know() -> None:
    shown = Detail(
        briefing(
            host=Organisation(name="Adobe"),
            series=Series(title="Roadshow"),
            edition="third",
            summary="What & why.",
            agenda=["Welcome", "<b>"],
            venue="Room 1",
            city="London",
            place=Place.HYBRID,
        ),
        ("Google", "Meta"),
        (),
        Rsvp(standing=Standing.WAITLISTED),
        2,
        3,
        1,
    )

    assert text(views.detail(shown, ANA, NOON)).splitlines() == [
        "E12 GenAI briefing",
        "Tue 24 Nov 2026, 13:00 your time (12:00 London)",
        "Room 1 · London, or online",
        "Briefing · third edition · part of Roadshow",
        "Hosts: Adobe, Google and Meta",
        "1 of 2 seats taken, 1 maybe",
        "*You are on the waitlist, number 2*",
        "What &amp; why.",
        "• Welcome",
        "• &lt;b&gt;",
        "For members · TLP:AMBER",
    ]


def test_the_way_in_is_shown_to_who_is_going() -> None:
    told = {
        mine: text(views.detail(detail(mine, join_link=LINK), ANA, NOON))
        for mine in (None, *Standing)
    }

    link = LINK.replace("&", "&amp;")
    assert f"Join: <{link}|{link}>" in told[Standing.GOING]
    for mine in (None, Standing.MAYBE, Standing.WAITLISTED, Standing.DECLINED):
        assert "meet.example.org" not in told[mine]
        assert "shown to those who are going" in told[mine]


def test_a_link_that_is_none_cannot_forge_anything() -> None:
    forged = detail(
        Standing.GOING, join_link="https://x.y|bank> <!channel", recording_link="<!here>"
    )

    assert "<" not in text(views.detail(forged, ANA, NOON))


def test_what_is_over_shows_its_recording_and_no_buttons() -> None:
    over = detail(
        Standing.GOING, starts_at=NOON - DAY, join_link=LINK, recording_link="https://e.org/v"
    )

    message = views.detail(over, ANA, NOON)

    assert "Recording: <https://e.org/v|https://e.org/v>" in text(message)
    assert "Join" not in text(message)
    assert buttons(message) == [views.WHO]


def test_what_is_cancelled_says_so_and_takes_no_answer() -> None:
    message = views.detail(detail(state=State.CANCELLED), ANA, NOON)

    assert text(message).startswith("CANCELLED · E12")
    assert buttons(message) == [views.WHO, views.ICS]
    assert "Take off calendar" in json.dumps(message)


def test_who_comes_is_offered_to_people_who_may_ask() -> None:
    assert views.WHO not in buttons(views.detail(detail(), STRANGER, NOON))
    assert views.WHO not in buttons(views.detail(detail(kind=Kind.EXTERNAL), ANA, NOON))


@pytest.mark.parametrize(
    ("standing", "changed", "position", "told"),
    [
        (Standing.GOING, True, None, "You are going to *E12 GenAI briefing*."),
        (
            Standing.GOING,
            False,
            None,
            "You are going to *E12 GenAI briefing*. Nothing changed: you said so on 23 Nov 2026.",
        ),
        (
            Standing.WAITLISTED,
            True,
            3,
            "*E12 GenAI briefing* is full (2 seats). You are number 3 on the waitlist and move up "
            "when a seat is freed.",
        ),
        (
            Standing.MAYBE,
            True,
            None,
            "You said maybe to *E12 GenAI briefing*. Maybe holds no seat.",
        ),
        (Standing.DECLINED, True, None, "You are not going to *E12 GenAI briefing*."),
    ],
)
def test_an_answer_is_told_with_what_became_of_it(
    standing: Standing, changed: bool, position: int | None, told: str
) -> None:
    message = views.answered(Outcome(briefing(), standing, NOON, changed, position), "UTC")

    assert text(message).splitlines() == [
        told,
        "Tue 24 Nov 2026, 12:00 your time (London)",
        "online",
    ]
    assert (views.ICS in buttons(message)) is (standing is not Standing.DECLINED)
    assert len([action for action in buttons(message) if action in cards.ANSWERS]) == 2


def test_an_answer_that_may_be_undone_has_the_button_for_it_and_no_other_has() -> None:
    outcome = Outcome(briefing(), Standing.GOING, NOON, changed=True, change=(31, 4))

    drawn = views.answered(outcome, "UTC")

    assert buttons(drawn)[-1] == undoing.UNDO
    assert undoing.read(drawn["blocks"][-1]["elements"][-1]["value"]) == (31, 4)
    assert undoing.UNDO not in buttons(views.answered(replace(outcome, change=None), "UTC"))


@pytest.mark.parametrize(
    ("undone", "told"),
    [
        (Undone(briefing(), None), "Undone: you have not answered *E12 GenAI briefing*."),
        (Undone(briefing(), Standing.MAYBE), "Undone: you said maybe to *E12 GenAI briefing*."),
        (
            Undone(briefing(), Standing.DECLINED),
            "Undone: you are not going to *E12 GenAI briefing*.",
        ),
        (
            Undone(briefing(), Standing.OFFERED, until=NOON),
            "Undone: a seat at *E12 GenAI briefing* is held for you until Mon 23 Nov 2026, 12:00 "
            "your time.",
        ),
        (
            Undone(
                briefing(), Standing.WAITLISTED, 2, Company("Adobe", 1, 1, ("Ben",)), is_lost=True
            ),
            "*E12 GenAI briefing*: The one seat of Adobe is taken by Ben, so it is not taken back. "
            "You are number 2 on the waitlist and move up when a seat is freed.",
        ),
    ],
)
def test_what_was_undone_is_told_as_it_is_now(undone: Undone, told: str) -> None:
    message = undoing.drawn(undone, "UTC")

    assert text(message) == told
    assert set(buttons(message)) <= set(cards.ANSWERS)


@pytest.mark.parametrize(
    ("value", "read"), [("31 4", (31, 4)), ("31", (31, 0)), ("", (0, 0)), ("E1 x", (0, 0))]
)
def test_a_forged_button_names_no_change(value: str, read: tuple[int, int]) -> None:
    assert undoing.read(value) == read


def test_whoever_meets_a_full_company_may_ask_those_whose_names_they_read() -> None:
    offered = [
        buttons(
            views.answered(
                Outcome(briefing(), Standing.WAITLISTED, NOON, True, 1, company=company), "UTC"
            )
        )
        for company in (Company("Adobe", 1, 1, ("Ben",)), Company("Adobe", 1, 1, ()), None)
    ]

    assert [swapping.SWAP in each for each in offered] == [True, False, False]


def test_whom_one_may_ask_is_listed_each_with_a_button_of_their_own() -> None:
    company = Company("Adobe", 2, 2, ("Ben", "*Eve*"))
    holders = (Holder(31, "Ben", is_asked=True), Holder(32, "*Eve*", is_asked=False))

    drawn = swapping.listed(Holders(briefing(), company, holders))
    nobody = swapping.listed(Holders(briefing(), company, ()))
    many = swapping.listed(Holders(briefing(), company, holders[1:] * 20))

    assert text(drawn).splitlines()[1:] == ["Ben: asked already", "\u2060*Eve\u2060*"]
    assert buttons(drawn) == [swapping.ASK]
    assert drawn["blocks"][-1]["accessory"]["value"] == "32"
    assert text(nobody).endswith("so nobody can be asked for now.")
    assert text(many).endswith("The first 20 are shown.")


def shown(results: Results | None, mine: Said | None = None) -> str:
    return text(feedback.drawn(ShownFeedback(briefing(), mine, results)))


def test_what_few_say_is_not_shown_and_what_many_say_is() -> None:
    spread = {Verdict.USEFUL: 4, Verdict.PARTLY: 1, Verdict.NOT_USEFUL: 0}

    few = shown(Results(12, 4, None, ()))
    many = shown(Results(12, 7, spread, ("Fine <b>", "*Loud*")))
    one = shown(Results(1, 0, None, ()))

    assert few.splitlines()[1:3] == [
        "4 of 12 people who took part answered.",
        "Too few to show what they said: it is shown from 5 answers on.",
    ]
    assert many.splitlines()[2] == ("*Useful 4 · Partly 1 · Not useful 0*, and 2 not counted yet")
    assert many.splitlines()[-2:] == ["“Fine &lt;b&gt;”", "“\u2060*Loud\u2060*”"]
    assert "0 of 1 person who took part answered." in one


def test_of_many_texts_some_are_shown_and_the_rest_counted() -> None:
    assert shown(Results(99, 0, None, ("x",) * 33)).endswith("and 3 more")


def test_what_one_said_oneself_is_shown_with_the_other_buttons() -> None:
    said = Said(briefing(), Verdict.PARTLY, "Too short")

    message = feedback.kept(said)

    assert text(message).splitlines()[:2] == [
        "You said of *E12 GenAI briefing*: *partly*.",
        "And: “Too short”",
    ]
    assert buttons(message) == ["briefings.useful", "briefings.not_useful", feedback.MORE]
    assert shown(None, Said(briefing(), None, "")).splitlines()[1] == (
        "You have not said how *E12 GenAI briefing* was."
    )


def test_a_text_for_organisers_is_read_whole_or_refused_at_its_field() -> None:
    fine = feedback.read({"remark": " Well \n prepared "}, "12")

    assert fine == (12, "Well\nprepared")
    assert feedback.read({}, "x") == (0, "")
    for bad in ("x" * 1001, "see " + "0badc0de" * 4):
        with pytest.raises(Invalid) as wrong:
            feedback.read({"remark": bad}, "12")
        assert set(wrong.value.fields) == {"remark"}


def test_an_answer_names_no_hour_that_nobody_knows() -> None:
    outcome = Outcome(briefing(precision=Precision.MONTH), Standing.MAYBE, NOON, changed=True)

    assert text(views.answered(outcome, "UTC")).splitlines()[1] == "Nov 2026"


def attendance(*parties: Party, **given: Any) -> Attendance:
    return Attendance(briefing(**given), parties, NOON)


def test_who_comes_is_told_by_answer_and_organisation() -> None:
    member, hotline = OrganisationKind.MEMBER, OrganisationKind.HOTLINE
    told = attendance(
        Party("Adobe", member, Standing.GOING, 2, ("Ana", "Ben")),
        Party("Hotline", hotline, Standing.GOING, 1, ("Cy",)),
        Party("Roblox", member, Standing.GOING, 1, ("Dee",)),
        Party("Adobe", member, Standing.OFFERED, 1, ("Eve",)),
        Party(None, None, Standing.MAYBE, 1, ()),
    )

    assert text(roster.who(told, ANA)).splitlines() == [
        "Who comes to E12 GenAI briefing",
        "As of Mon 23 Nov 2026, 13:00 your time",
        "*Going: 4 people*",
        "By kind: member 3, hotline 1",
        "• Adobe (member, 2): Ana and Ben",
        "• Hotline (hotline): Cy",
        "• Roblox (member): Dee",
        "*Offered a seat: 1 person*",
        "By kind: member 1",
        "• Adobe (member): Eve",
        "*Maybe: 1 person*",
        "• No organisation: 1",
    ]


def test_outside_bodies_are_told_numbers_by_kind() -> None:
    told = attendance(
        Party(None, OrganisationKind.MEMBER, Standing.GOING, 2, ()),
        Party(None, OrganisationKind.HOTLINE, Standing.GOING, 3, ()),
    )

    assert text(roster.who(told, ANA)).splitlines()[2:] == [
        "*Going: 5 people*",
        "• Member: 2",
        "• Hotline: 3",
    ]


def test_every_answer_there_is_has_its_label() -> None:
    assert set(roster.LABELS) == set(Standing)


def test_under_the_chatham_house_rule_it_says_who_reads_names() -> None:
    told = attendance(notices=["recording", "chatham_house"])

    assert roster.RULE in text(roster.who(told, ANA))
    assert roster.CHECK_IN in text(roster.who(told, DANA))
    assert "Chatham" not in text(roster.who(attendance(), DANA))


def test_beside_an_answer_stands_who_recorded_it() -> None:
    party = Party(
        *("Adobe", OrganisationKind.MEMBER, Standing.GOING, 1, ("Ana",)),
        recorded=(("Ana", "Dana"),),
    )

    assert text(roster.who(attendance(party), DANA)).endswith("    Ana: recorded by Dana")


@pytest.mark.parametrize(
    ("reader", "starts", "there"),
    [(DANA, NOON, True), (ANA, NOON, False), (DANA, NOON + 2 * HOUR, False)],
)
def test_staff_check_in_from_there_once_it_is_time(
    reader: Asker, starts: datetime, there: bool
) -> None:
    shown = buttons(roster.who(attendance(starts_at=starts), reader))

    assert shown == ([checkin_form.CHECK_IN, roster.ATTENDANCE] if there else [])
    assert set(shown) <= set(ROUTES.buttons)


def test_nobody_yet_is_said() -> None:
    assert "Nobody has answered yet." in text(roster.who(attendance(), ANA))


def test_a_long_roster_says_how_many_are_left_out() -> None:
    kind = OrganisationKind.MEMBER
    parties = [Party(f"Co {n}", kind, Standing.GOING, 1, ("Ana",)) for n in range(45)]

    told = text(roster.who(attendance(*parties), ANA))

    assert "*Going: 45 people*" in told
    assert told.endswith("• and 5 more organisations")


@given(st.text(max_size=1500), st.lists(st.text(max_size=500), max_size=25))
def test_any_text_makes_a_message_slack_takes(words: str, points: list[str]) -> None:
    shown = detail(
        Standing.GOING,
        title=words,
        summary=words,
        agenda=points,
        venue=words,
        city=words,
        join_link=words,
        recording_link=words,
        host=Organisation(name=words),
    )
    party = Party(words, OrganisationKind.MEMBER, Standing.GOING, 1, tuple(points))

    check_reply(views.detail(shown, ANA, NOON))
    check_reply(roster.who(Attendance(shown.briefing, (party,) * 45, NOON), ANA))
    check_reply(views.answered(Outcome(shown.briefing, Standing.GOING, NOON, True), "UTC"))


def test_every_button_leads_somewhere() -> None:
    drawn = [*buttons(views.detail(detail(), ANA, NOON)), cards.SHOW_BRIEFING]

    assert set(drawn) <= set(ROUTES.buttons)


def before(**given: Any) -> views.Before:
    at = briefing().starts_at
    usual: dict[str, Any] = {"starts_at": at, "ends_at": at + HOUR, "state": State.PUBLISHED}
    return views.Before(**{**usual, "precision": Precision.MINUTE, **given})


@pytest.mark.parametrize(
    ("was", "told"),
    [
        ({}, []),
        (
            {"starts_at": NOON, "ends_at": NOON + HOUR},
            ["Now: *Tue 24 Nov 2026, 13:00 your time*", "Before: Mon 23 Nov 2026, 13:00 your time"],
        ),
        ({"ends_at": NOON + 3 * DAY}, ["It ends: Tue 24 Nov 2026, 14:00 your time"]),
        ({"state": State.CANCELLED}, ["It takes place after all."]),
    ],
)
def test_a_change_is_told_beside_what_was_known(was: dict[str, Any], told: list[str]) -> None:
    hour: dict[str, Any] = {"zone": ANA.zone, "ends_at": briefing().starts_at + HOUR}
    for mine, asked in (
        (Standing.GOING, ["Your answer stands. Are you still coming?"]),
        (None, []),
    ):
        drawn = views.changed(detail(mine, **hour), ANA, before(**was), frozenset())

        lines = text(blocks.message(*drawn)).splitlines() if drawn else []
        assert lines[1:] == told + (asked if told else [])


def test_all_whom_staff_have_to_tell_are_named_also_where_they_are_many() -> None:
    many = [Contact(n, f"Person {n}", "Hotline", Standing.GOING, 9) for n in range(25)]

    shown = blocks.message(*without_slack.to_tell(many, briefing()))

    assert all(re.search(rf"\bPerson {one.answer}\b", text(shown)) for one in many)
    assert buttons(shown) == [without_slack.HAND_OUT] * without_slack.SHOWN
    undated = without_slack.to_tell(many, briefing(precision=Precision.MONTH))
    assert buttons(blocks.message(*undated)) == []


def test_who_waits_may_ask_for_a_free_seat_once_it_has_begun() -> None:
    offered = [
        cards.GOING
        in json.dumps(views.detail(detail(Standing.WAITLISTED, starts_at=at), ANA, NOON))
        for at in (NOON + DAY, NOON)
    ]

    assert offered == [False, True]

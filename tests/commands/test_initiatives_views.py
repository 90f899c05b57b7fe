"""How the form about an initiative is read, and what people see of initiatives."""

from datetime import date, timedelta
from typing import Any

import pytest

from bot.workspace.checks import check_reply, check_view
from commands import blocks, cards
from commands.blocks import Message
from commands.initiatives import ROUTES, views
from commands.initiatives.form import read_update
from commands.routes import Invalid
from storage.asker import Asker
from storage.cadence import Silence
from storage.initiatives import Detail, Line
from storage.models import (
    Audience,
    Health,
    Initiative,
    InitiativeParticipant,
    InitiativeUpdate,
    Milestone,
    Organisation,
    OrganisationKind,
    Part,
    Person,
    Role,
    Tlp,
)
from storage.pages import Page
from storage.updates import Draft, Form, Outcome
from tests.commands.test_actions_views import buttons, text
from tests.factories import NOON

ANA = Asker(1, 1, name="Ana Silva", zone="Europe/Brussels", role=Role.MEMBER)
STRANGER = Asker(1, 9)
TYPED = {"health": "at_risk", "text": "Slow", "next_step": "Call", "reason": "No staff"}


def line(**given: Any) -> Line:
    values: dict[str, Any] = {
        "id": 3,
        "title": "Red <teaming>",
        "health": Health.ON_TRACK,
        "moved_at": NOON,
        "cadence_days": 14,
        "is_stale": False,
        "days": 9,
        "lead": "Ana Silva",
        "lead_organisation": "Adobe",
        "milestone": None,
        "milestone_due": None,
        "milestone_due_on": None,
        **given,
    }
    return Line(**values)


def update(number: int = 1, **given: Any) -> InitiativeUpdate:
    values: dict[str, Any] = {
        "author": Person(id=1, name="Ana Silva"),
        "health": Health.AT_RISK,
        "was": Health.ON_TRACK,
        "text": "Two <agencies>",
        "next_step": "Ask the third",
        "reason": "No staff",
        "made_at": NOON,
        "is_suggestion": False,
        **given,
    }
    return InitiativeUpdate(id=number, **values)


def initiative(**given: Any) -> Initiative:
    values: dict[str, Any] = {
        "title": "Red <teaming>",
        "goal": "Test models",
        "summary": "",
        "health": Health.AT_RISK,
        "audience": Audience.MEMBERS,
        "tlp": Tlp.AMBER,
        "alternate": None,
        "participants": [],
        "milestones": [],
        **given,
    }
    return Initiative(id=3, **values)


def participant(name: str, kind: OrganisationKind, part: Part) -> InitiativeParticipant:
    return InitiativeParticipant(organisation=Organisation(name=name, kind=kind), part=part)


@pytest.mark.parametrize(
    ("given", "facts"),
    [
        ({}, "on track · led by Ana Silva (Adobe) · last moved 9 days ago"),
        ({"days": 0}, "last moved today"),
        ({"days": 1}, "last moved 1 day ago"),
        ({"health": Health.OFF_TRACK}, "*OFF TRACK* · led by"),
        ({"health": Health.AT_RISK}, "*AT RISK* · led by"),
        ({"health": Health.PAUSED}, "paused · led by"),
        ({"is_stale": True, "days": 23}, "*no update for 23 days (due every 14)*"),
        ({"lead": None}, "led by Adobe"),
        ({"lead": None, "lead_organisation": None}, "no lead yet"),
        ({"milestone": "Second <x>", "milestone_due": "2027-03"}, "Second &lt;x&gt;, due Mar 2027"),
        ({"milestone": "Second", "milestone_due": "early 2027"}, "Next: Second, due early 2027"),
        ({"milestone": "Second"}, "Next: Second"),
    ],
)
def test_a_line_says_how_it_stands(given: dict[str, Any], facts: str) -> None:
    message = views.active(Page((line(**given),), 0, 1))

    said = text(message)
    assert "*I3 Red &lt;teaming&gt;*" in said
    assert facts in said
    assert "1 initiative in all." in said
    assert buttons(message) == ["initiatives.show"]


def test_what_is_under_way_is_paged_and_says_when_there_is_nothing() -> None:
    page = views.active(Page(tuple(line(id=n) for n in range(5)), 0, 7))

    assert "1–5 of 7 initiatives." in text(page)
    assert buttons(page)[-1] == views.MORE_ACTIVE
    assert "No initiative you can see" in text(views.active(Page((), 0, 0)))


def test_one_in_full_says_all_there_is() -> None:
    shown = initiative(
        summary="With input",
        lead_organisation=Organisation(name="Thorn", kind=OrganisationKind.PARTNER),
        participants=[
            participant("Zoom", OrganisationKind.MEMBER, Part.PARTICIPANT),
            participant("Adobe", OrganisationKind.MEMBER, Part.PARTICIPANT),
            participant("Verizon", OrganisationKind.MEMBER, Part.PILOT),
            participant("Department of Justice", OrganisationKind.GOVERNMENT, Part.INPUT),
        ],
        milestones=[
            Milestone(title="First", is_done=True, done_at=NOON, due="2026-11"),
            Milestone(title="Second", is_done=False, due="2027", due_on=date(2027, 12, 31)),
            Milestone(title="Third", is_done=False),
            Milestone(title="Older", is_done=True),
        ],
    )
    detail = Detail(shown, line(), ("E12", "Washington"), (update(),), (), applies=False)

    message = views.detail(detail, ANA, NOON)

    said = text(message)
    for wanted in (
        "I3 Red &lt;teaming&gt;",
        "Leading organisation: Thorn\nGoal: Test models\nWith input\nCame from E12 Washington",
        "*Taking part*\nMembers, taking part: Adobe and Zoom\nMembers, piloting: Verizon\n"
        "Outside, giving input: Department of Justice",
        "• First: reached 23 Nov 2026\n• Second: due 2027\n• Third: no date\n• Older: reached",
        "_23 Nov 2026, Ana Silva: at risk_\nTwo &lt;agencies&gt;\nNext: Ask the third\n"
        "Why: No staff",
        "For members · TLP:AMBER",
    ):
        assert wanted in said
    assert buttons(message) == ["initiatives.update"]


def test_a_bare_initiative_is_shown_without_empty_headings() -> None:
    detail = Detail(initiative(goal=""), line(), None, (), (), applies=False)

    said = text(views.detail(detail, STRANGER, NOON))

    assert all(word not in said for word in ("Goal", "Taking part", "Milestones", "Last updates"))
    assert buttons(views.detail(detail, STRANGER, NOON)) == []


def test_many_milestones_are_counted() -> None:
    shown = initiative(milestones=[Milestone(title=f"M{n}", is_done=False) for n in range(25)])

    said = text(views.detail(Detail(shown, line(), None, (), (), applies=False), ANA, NOON))

    assert "• and 5 more" in said


@pytest.mark.parametrize("applies", [True, False])
def test_a_suggestion_can_be_taken_over_by_whoever_may(applies: bool) -> None:
    suggestion = update(8, is_suggestion=True, author=None, reason=None, next_step="")
    detail = Detail(initiative(), line(), None, (), (suggestion,), applies=applies)

    message = views.detail(detail, ANA, NOON)

    said = text(message)
    assert "*Suggested*\n_23 Nov 2026, somebody who has left: at risk_" in said
    assert ("initiatives.take_over" in buttons(message)) is applies


def test_a_reason_is_no_longer_told_once_it_is_on_track_again() -> None:
    outcome = Outcome(initiative(), update(health=Health.ON_TRACK), changed=True)

    assert "Why" not in text(views.posted(outcome, "UTC"))


def form(**given: Any) -> Form:
    values: dict[str, Any] = {
        "title": "Red <teaming>",
        "before": Health.AT_RISK,
        "draft": Draft(Health.AT_RISK, "Slow", "Call", "No staff"),
        "applies": True,
        **given,
    }
    return Form(3, **values)


def test_the_form_is_filled_with_what_was_said_last() -> None:
    view = views.form(form())

    check_view(view)
    fields = {
        block["block_id"]: block["element"] for block in view["blocks"] if block["type"] == "input"
    }
    assert (view["callback_id"], view["private_metadata"]) == (views.SAVE, "3")
    assert list(fields) == ["health", "text", "next_step", "reason"]
    assert fields["health"]["initial_option"]["value"] == "at_risk"
    assert [fields[name]["initial_value"] for name in ("text", "next_step", "reason")] == [
        "Slow",
        "Call",
        "No staff",
    ]


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({}, "Your update moves it."),
        ({"applies": False, "draft": Draft(Health.ON_TRACK, "")}, "a suggestion to its lead"),
        ({"title": "x" * 150, "draft": Draft(Health.DONE, "y" * 1000, "z" * 300)}, "now at risk"),
    ],
)
def test_the_form_says_what_an_update_would_do(given: dict[str, Any], sentence: str) -> None:
    view = views.form(form(**given))

    check_view(view)
    assert sentence in view["blocks"][0]["text"]["text"]


def test_a_filled_form_is_read() -> None:
    assert read_update(TYPED, Health.ON_TRACK) == Draft(Health.AT_RISK, "Slow", "Call", "No staff")


def test_lines_stay_lines_and_what_cannot_be_seen_is_left_out() -> None:
    draft = read_update({**TYPED, "text": " one \r\n\u202etwo\x00 "}, Health.AT_RISK)

    assert draft.text == "one\ntwo"
    assert read_update({**TYPED, "text": "\x00\none\n\x00"}, Health.AT_RISK).text == "one"


@pytest.mark.parametrize(
    ("given", "fields"),
    [
        ({"health": ""}, {"health"}),
        ({"health": "splendid"}, {"health"}),
        ({"text": " \n "}, {"text"}),
        ({"text": "\x00\n\u202e"}, {"text"}),
        ({"text": "x" * 1001}, {"text"}),
        ({"text": "👍" * 501}, {"text"}),
        ({"next_step": "x" * 301, "reason": "x" * 301}, {"next_step", "reason"}),
        ({"reason": ""}, {"reason"}),
        ({"reason": "  "}, {"reason"}),
    ],
)
def test_a_form_that_cannot_be_taken_says_so_by_field(
    given: dict[str, str], fields: set[str]
) -> None:
    with pytest.raises(Invalid) as invalid:
        read_update({**TYPED, **given}, Health.ON_TRACK)

    assert set(invalid.value.fields) == fields


def test_a_reason_is_asked_for_only_when_things_got_worse() -> None:
    assert read_update({**TYPED, "reason": ""}, Health.AT_RISK).reason == ""


def posted(**given: Any) -> Message:
    values: dict[str, Any] = {"update": update(), "changed": True, **given}
    return views.posted(Outcome(initiative(), **values), "Europe/Brussels")


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({}, "*I3 Red &lt;teaming&gt;* is now *at risk*; it was on track."),
        ({"update": update(was=Health.AT_RISK)}, "is posted; it is at risk."),
        ({"changed": False}, "You had just said the same"),
        (
            {"update": update(is_suggestion=True), "lead": "Eve Tan"},
            "is saved. Eve Tan, who leads it, is told and can take it over.",
        ),
        ({"update": update(is_suggestion=True)}, "ask the secretariat to."),
    ],
)
def test_posting_says_what_became_of_it_and_how_to_correct_it(
    given: dict[str, Any], sentence: str
) -> None:
    message = posted(**given)

    said = text(message)
    assert sentence in said
    assert "`/initiatives update I3`" in said
    assert buttons(message) == []


def test_a_long_story_stays_within_what_a_message_holds() -> None:
    long = {"text": "x" * 1000, "next_step": "y" * 300, "reason": "z" * 300}
    shown = initiative(
        goal="g" * 2000,
        summary="s" * 2000,
        milestones=[Milestone(title="m" * 150, is_done=False) for _ in range(40)],
        participants=[
            participant(f"{'p' * 70}{n}", OrganisationKind.MEMBER, part)
            for part in Part
            for n in range(60)
        ],
    )
    updates = tuple(update(n, **long, made_at=NOON - timedelta(days=n)) for n in range(3))

    check_reply(
        views.detail(Detail(shown, line(), None, updates, updates, applies=True), ANA, NOON)
    )


def test_every_button_and_form_drawn_is_the_rooms_own() -> None:
    drawn = {
        cards.SHOWN_BY["I"],
        views.UPDATE,
        views.TAKE_OVER,
        views.MORE_ACTIVE,
        views.POST_HERE,
    }

    assert drawn == set(ROUTES.buttons)
    assert set(ROUTES.forms) == {views.SAVE}


@pytest.mark.parametrize("organisation", [None, "Adobe"])
def test_whoever_speaks_for_the_lead_is_named(organisation: str | None) -> None:
    home = Organisation(name=organisation) if organisation else None
    bo = Person(name="Bo <x>", organisation=home)

    shown = Detail(initiative(alternate=bo), line(), None, (), (), applies=False)

    said = text(views.detail(shown, ANA, NOON))

    assert ("Alternate: Bo &lt;x&gt; (Adobe)" if home else "Alternate: Bo &lt;x&gt;") in said


@pytest.mark.parametrize(
    ("lead", "alternate", "is_lead", "told", "next_one"),
    [
        ("Ana", None, True, "", "the secretariat hears of it"),
        ("Ana", "Bo", True, "", "Bo hears of it"),
        (
            "Ana",
            "Bo",
            False,
            "the alternate of *Ana*, who was asked a week ago.",
            "the secretariat",
        ),
        (None, "Bo", False, "It has no lead now, and you are the alternate.", "the secretariat"),
    ],
)
def test_whoever_is_asked_hears_why_and_who_is_next(
    lead: str | None, alternate: str | None, is_lead: bool, told: str, next_one: str
) -> None:
    asked = Silence(initiative(cadence_days=14), lead, alternate, 23)

    said = text(blocks.message(*views.update_due(asked, is_lead=is_lead)))

    assert "23 days old; one is due every 14." in said
    assert told in said
    assert f"If it stays silent, {next_one}" in said


@pytest.mark.parametrize(
    ("names", "away", "told"),
    [
        (("Ana", "Bo"), (), "*Ana* leads it and was asked; *Bo*, the alternate, was asked."),
        (("Ana", None), (), "*Ana* leads it and was asked."),
        (("Ana", None), (True,), "*Ana* leads it and is on leave."),
        (
            ("Ana", "Bo"),
            (True, True),
            "leads it and is on leave; *Bo*, the alternate, is on leave.",
        ),
        ((None, "Bo"), (), "It has no lead; *Bo*, the alternate, was asked."),
        ((None, None), (), "Nobody leads it."),
    ],
)
def test_staff_hear_who_was_asked(
    names: tuple[str | None, str | None], away: tuple[bool, ...], told: str
) -> None:
    asked = Silence(initiative(cadence_days=14), *names, 23, *away)

    assert told in text(blocks.message(*views.update_overdue(asked)))

"""Each unasked message is true at the moment it goes, and stays away when it no longer is."""

from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import Any

import pytest

from storage import actions, assignments, comings, offboarding, rsvps, seats, updates
from storage.asker import Asker
from storage.models import (
    ActionItem,
    Answer,
    Audience,
    Briefing,
    GroupSeat,
    Health,
    Initiative,
    Person,
    Role,
    State,
    Subscription,
    Tlp,
)
from storage.people import Profile
from tests.bot.office import SECOND, Office, opened
from tests.factories import NOON

DAY = timedelta(days=1)
PUBLIC = {"audience": Audience.PUBLIC, "tlp": Tlp.CLEAR}


@pytest.fixture
async def office(sqlite_url: str) -> AsyncIterator[Office]:
    async with opened(sqlite_url) as made:
        yield made


def run(office: Office, verb: Callable[..., Any], asker: Asker, *given: Any) -> Any:
    return office.world.database.run(verb, asker, NOON, *given)


def change_person(office: Office, asker: Asker, **values: Any) -> None:
    person = office.world.database.run(lambda session: session.get_one(Person, asker.person))
    office.change(person, **values)


def unneeded(office: Office) -> list[str | None]:
    return [row.reason for row in office.rows() if row.state == "skipped"]


def reminded(office: Office, **given: Any) -> tuple[Asker, Briefing]:
    briefing = office.world.briefing("Talk", starts_at=NOON + DAY, **given)
    ana = office.member()
    office.going(ana, briefing)
    starts = int(briefing.starts_at.timestamp())
    office.owe(ana, briefing, f"remind:{briefing.id}:24h:{starts}:{ana.person}", kind="reminder")
    return ana, briefing


async def test_a_reminder_tells_the_title_and_the_link_of_now(office: Office) -> None:
    ana, briefing = reminded(office, place="virtual", join_link="https://example.org/old")
    office.change(briefing, title="Another talk", join_link="https://example.org/new")

    await office.sender.pump()

    (text,) = office.texts(ana)
    assert "Another talk" in text
    assert "https://example.org/new" in text
    assert "/old" not in text


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"state": State.CANCELLED}, "does not take place"),
        ({"state": State.DRAFT}, "does not take place"),
        ({"audience": Audience.STAFF}, "no longer see it"),
        ({"starts_at": NOON + 2 * DAY, "ends_at": NOON + 3 * DAY}, "was moved"),
    ],
)
async def test_a_reminder_of_what_no_longer_takes_place_stays_away(
    office: Office, values: dict[str, Any], why: str
) -> None:
    _, briefing = reminded(office)
    office.change(briefing, **values)

    await office.sender.pump()

    assert (office.states, office.calls()) == (["skipped"], 0)
    assert why in str(office.row.reason)


@pytest.mark.parametrize("answer", [Answer.MAYBE, Answer.DECLINED])
async def test_whoever_no_longer_goes_is_not_reminded(office: Office, answer: Answer) -> None:
    ana, briefing = reminded(office)
    run(office, rsvps.answer, ana, briefing.id, answer)

    await office.sender.pump()

    assert unneeded(office) == ["They are not going any more."]


async def test_the_news_of_a_seat_given_up_again_stays_away(office: Office) -> None:
    briefing = office.world.briefing()
    ana = office.promoted("Ana", briefing)
    run(office, rsvps.answer, ana, briefing.id, Answer.DECLINED)

    await office.sender.pump()

    assert unneeded(office) == ["They gave the seat up again."]


async def test_whoever_lost_their_role_hears_nothing_of_what_is_for_members(office: Office) -> None:
    ana = office.promoted()
    reminded_too, _ = reminded(office)
    for asker in (ana, reminded_too):
        change_person(office, asker, role=Role.UNKNOWN)

    await office.sender.pump()

    assert office.calls() == 0
    assert [str(why).rpartition("may no longer see ")[2] for why in unneeded(office)] == [
        "this briefing.",
        "it.",
    ]


async def test_whoever_left_hears_nothing_at_all(office: Office) -> None:
    bo = office.member("Bo")
    ana = office.promoted("Ana", office.world.briefing(**PUBLIC))
    run(office, assignments.give, bo, assignments.Draft("Write", user=ana.slack_user))
    change_person(office, ana, is_active=False)

    await office.sender.pump()

    assert unneeded(office) == ["They have left.", "They have left."]
    assert office.calls() == 0


async def test_the_news_of_a_briefing_that_is_gone_stays_away(office: Office) -> None:
    ana = office.member()
    office.owe(ana, office.world.briefing(), details={"briefing": 999, "person": ana.person})
    office.owe(ana, office.world.briefing(), details={"briefing": 1, "person": 999})

    await office.sender.pump()
    await office.pump_after(2 * SECOND)

    assert unneeded(office) == ["They may no longer see this briefing."] * 2


async def test_a_digest_switched_off_since_stays_away(office: Office) -> None:
    office.digest()
    (order,) = office.all_of(Subscription)
    office.change(order, is_on=False)

    await office.sender.pump()

    assert unneeded(office) == ["The digest was switched off."]


async def test_a_digest_without_news_stays_away(office: Office) -> None:
    office.digest()
    (briefing,) = office.all_of(Briefing)
    office.change(briefing, state=State.CANCELLED)

    await office.sender.pump()

    assert unneeded(office) == ["Nothing new since the last digest."]


async def test_a_digest_tells_no_more_than_its_readers_may_see(office: Office) -> None:
    channel = office.digest(Audience.COMMUNITY)
    office.world.briefing("For members only")

    await office.sender.pump()

    (text,) = office.texts(channel)
    assert "Round table" in text
    assert "For members only" not in text


@pytest.fixture
def proposal(office: Office) -> tuple[Asker, Asker, ActionItem]:
    """Let Bo propose something to Ana."""
    ana, bo = office.member("Ana Silva"), office.member("Bo Lind")
    draft = assignments.Draft("Draft the agenda", user=ana.slack_user)
    return ana, bo, run(office, assignments.give, bo, draft).item


async def test_a_proposal_asks_for_an_answer(
    office: Office, proposal: tuple[Asker, Asker, ActionItem]
) -> None:
    ana, _, item = proposal
    office.change(item, title="Draft another agenda")

    await office.sender.pump()

    (text,) = office.texts(ana)
    assert text.startswith("Bo Lind")
    assert "proposes to you" in text
    assert "Draft another agenda" in text


@pytest.mark.parametrize("verb", [actions.accept, actions.decline])
async def test_a_proposal_that_was_answered_is_not_asked_again(
    office: Office, proposal: tuple[Asker, Asker, ActionItem], verb: Callable[..., Any]
) -> None:
    ana, bo, item = proposal
    run(office, verb, ana, f"A{item.id}")

    await office.sender.pump()

    assert office.texts(ana) == []
    assert unneeded(office) == ["The item stands otherwise by now."]
    (text,) = office.texts(bo)
    assert ("took" if verb is actions.accept else "declined") in text


async def test_an_answer_taken_back_is_told_as_it_is_now(
    office: Office, proposal: tuple[Asker, Asker, ActionItem]
) -> None:
    ana, bo, item = proposal
    run(office, actions.decline, ana, f"A{item.id}", "no time")
    run(office, actions.accept, ana, f"A{item.id}")

    await office.sender.pump()
    await office.pump_after(2 * SECOND)

    (text,) = office.texts(bo)
    assert "took" in text
    assert "no time" not in text


async def test_what_a_colleague_gives_is_ones_own_until_it_is_done(office: Office) -> None:
    bo = office.member("Bo")
    ana = office.member("Ana", organisation_id=bo.organisation)
    given = [
        run(office, assignments.give, bo, assignments.Draft(title, user=ana.slack_user)).item
        for title in ("Write", "Sing")
    ]
    run(office, actions.done, ana, f"A{given[1].id}")

    await office.sender.pump()
    await office.pump_after(2 * SECOND)

    (text,) = office.texts(ana)
    assert "gave you" in text
    assert "Write" in text
    assert unneeded(office) == ["The item stands otherwise by now."]


@pytest.fixture
def chair(office: Office) -> tuple[Asker, Any]:
    """Make a group that Chris chairs."""
    chris = office.member("Chris")
    person = office.world.database.run(lambda session: session.get_one(Person, chris.person))
    return chris, office.world.group("Standards", chairs=(person,), is_open=True)


async def test_a_chair_hears_who_joined(office: Office, chair: tuple[Asker, Any]) -> None:
    chris, group = chair
    run(office, seats.join, office.member("Ana Silva"), f"G{group.id}")

    await office.sender.pump()

    (text,) = office.texts(chris)
    assert "Ana Silva" in text
    assert "has joined" in text
    assert "2 people sit in it now" in text


async def test_who_left_again_has_not_joined(office: Office, chair: tuple[Asker, Any]) -> None:
    chris, group = chair
    ana = office.member("Ana")
    run(office, seats.join, ana, f"G{group.id}")
    run(office, seats.leave, ana, f"G{group.id}")

    await office.sender.pump()
    await office.pump_after(2 * SECOND)

    (text,) = office.texts(chris)
    assert "has left" in text
    assert "has no seat in it now" in text
    assert len(unneeded(office)) == 1


async def test_who_came_back_has_not_left(office: Office, chair: tuple[Asker, Any]) -> None:
    chris, group = chair
    ana = office.member("Ana")
    for verb in (seats.join, seats.leave, seats.join):
        run(office, verb, ana, f"G{group.id}")

    for _ in range(3):
        await office.pump_after(2 * SECOND)

    assert all("has joined" in text for text in office.texts(chris))
    assert unneeded(office) == ["They are back, or the reader no longer chairs the group."]


async def test_whoever_chairs_no_more_hears_nothing(
    office: Office, chair: tuple[Asker, Any]
) -> None:
    _, group = chair
    run(office, seats.join, office.member("Ana"), f"G{group.id}")
    held = office.world.database.run(lambda session: list(session.query(GroupSeat)))
    office.change(held[0], is_chair=False)

    await office.sender.pump()

    assert office.calls() == 0
    assert len(unneeded(office)) == 1


@pytest.fixture
def led(office: Office) -> tuple[Asker, Initiative]:
    """Make an initiative that Lea leads, with a suggestion of Bo's."""
    lea = office.member("Lea")
    initiative = office.world.initiative("Hashes", lead_id=lea.person)
    draft = updates.Draft(Health.AT_RISK, "Late", "Ask again", "Nobody answered")
    run(office, updates.post, office.member("Bo Lind"), initiative.id, draft)
    return lea, initiative


async def test_a_lead_hears_what_is_suggested(
    office: Office, led: tuple[Asker, Initiative]
) -> None:
    lea, _ = led

    await office.sender.pump()

    (text,) = office.texts(lea)
    assert text.startswith("Bo Lind")
    assert "suggests an update" in text
    assert "Late" in text
    assert "Next: Ask again" in text
    assert "Why: Nobody answered" in text


async def test_a_suggestion_overtaken_by_an_update_stays_away(
    office: Office, led: tuple[Asker, Initiative]
) -> None:
    lea, initiative = led
    draft = updates.Draft(Health.ON_TRACK, "All is well")
    office.world.database.run(updates.post, lea, NOON + SECOND, initiative.id, draft)

    await office.sender.pump()

    assert len(unneeded(office)) == 1
    assert office.calls() == 0


async def test_a_suggestion_to_somebody_who_leads_no_more_stays_away(
    office: Office, led: tuple[Asker, Initiative]
) -> None:
    _, initiative = led
    office.change(initiative, lead_id=office.member("New").person)

    await office.sender.pump()

    assert len(unneeded(office)) == 1
    assert office.calls() == 0


async def test_a_lead_who_may_not_see_it_any_more_hears_nothing(
    office: Office, led: tuple[Asker, Initiative]
) -> None:
    lea, _ = led
    change_person(office, lea, role=Role.UNKNOWN)

    await office.sender.pump()

    assert len(unneeded(office)) == 1
    assert office.calls() == 0


def heard_of(office: Office, verb: Any = comings.noted, **said: Any) -> tuple[Asker, Asker]:
    """Let Slack say something of Noa; give a member of staff, and Noa."""
    dana = office.world.staff("Dana")
    office.workspace.add_user("Dana", id=dana.slack_user)
    noa = office.world.person("Noa", role=said.pop("role", Role.UNKNOWN))
    profile = Profile(office.world.team, noa.slack_user, "Noa", None, **said)
    run(office, verb, dana, profile)
    return dana, Asker(office.world.id, noa.id, noa.slack_user)


async def test_staff_are_asked_to_link_whoever_is_new(office: Office) -> None:
    dana, _ = heard_of(office, comings.joined)

    await office.sender.pump()

    (text,) = office.texts(dana)
    assert text.startswith("*Noa* · not linked\nThey see what is public until you link them")


async def test_nobody_is_asked_to_link_whom_somebody_has_linked(office: Office) -> None:
    _, noa = heard_of(office)
    change_person(office, noa, role=Role.MEMBER)

    await office.sender.pump()

    assert unneeded(office) == ["They were linked, or are not there any more."]


@pytest.mark.parametrize("said", [{}, {"role": Role.MEMBER, "is_active": False}])
async def test_only_who_still_is_staff_hears_of_comings_and_goings(
    office: Office, said: dict[str, Any]
) -> None:
    dana, _ = heard_of(office, **said)
    change_person(office, dana, role=Role.MEMBER)

    await office.sender.pump()

    assert unneeded(office) == ["The reader is not of the secretariat any more."]


@pytest.mark.parametrize("meanwhile", [{"is_active": True}, {"role": Role.UNKNOWN}])
async def test_a_leaver_who_is_back_or_offboarded_is_no_news(
    office: Office, meanwhile: dict[str, Any]
) -> None:
    _, noa = heard_of(office, role=Role.MEMBER, is_active=False)
    change_person(office, noa, **meanwhile)

    await office.sender.pump()

    assert unneeded(office) == ["They are back, or were offboarded."]


async def test_an_heir_is_told_what_they_still_may_see(office: Office) -> None:
    ana, bo, dana = office.world.person("Ana"), office.member("Bo"), office.world.staff()
    items = [office.world.initiative(title, lead_id=ana.id) for title in ("Open", "Closed")]
    run(office, offboarding.carry_out, dana, f"person {ana.id} to {bo.person}")
    office.change(items[1], audience=Audience.STAFF)

    await office.sender.pump()

    (text,) = office.texts(bo)
    assert f"• *I{items[0].id} Open*" in text
    assert "Closed" not in text


async def test_an_heir_who_may_see_nothing_of_it_is_told_nothing(office: Office) -> None:
    ana, bo, dana = office.world.person("Ana"), office.member("Bo"), office.world.staff()
    item = office.world.initiative(lead_id=ana.id)
    run(office, offboarding.carry_out, dana, f"person {ana.id} to {bo.person}")
    office.change(item, audience=Audience.STAFF)

    await office.sender.pump()

    assert unneeded(office) == ["They may not see any of it any more."]

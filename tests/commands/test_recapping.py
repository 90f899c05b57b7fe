"""The paragraph that staff may publish: what it says, and what it does not."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.workspace.checks import check_reply
from commands.briefings import recapping
from storage.models import Audience, Briefing, OrganisationKind, Precision, Tlp
from storage.recaps import Recap
from tests.factories import NOON


def recap(*, members: int = 6, title: str = "GenAI briefing", **given: Any) -> Recap:
    marks = {"audience": Audience.PUBLIC, "tlp": Tlp.CLEAR, **given.pop("marks", {})}
    values = {"zone": "Europe/London", "precision": Precision.MINUTE, **marks}
    briefing = Briefing(id=12, title=title, starts_at=NOON, ends_at=NOON, **values)
    parts: dict[str, Any] = {"others": {}, "hosts": (), "speakers": (), "is_checked": True}
    return Recap(briefing, members, **{**parts, "is_chatham_house": False, **given})


def text(found: Recap) -> list[str]:
    message = recapping.drawn(found)
    check_reply(message)
    return str(message["text"]).splitlines()


def test_it_counts_by_kind_and_names_hosts_and_speakers() -> None:
    others = {OrganisationKind.HOTLINE: 2, OrganisationKind.LAW_ENFORCEMENT: 1}
    found = recap(others=others, hosts=("Office", "Roblox"), speakers=("Childline",))

    assert text(found) == [
        "A recap of E12, to publish or to change:",
        "6 member companies took part in “GenAI briefing” on 23 Nov 2026, hosted by Office and "
        "Roblox, with speakers from Childline. Also there: 2 hotlines and 1 law enforcement "
        "agency.",
        "It counts the organisations of those who were seen to come.",
        "Hosts, co-hosts and speakers are named. Others are counted, not named.",
    ]


def test_where_nobody_was_checked_in_it_says_so_and_claims_no_more() -> None:
    told = text(recap(members=1, is_checked=False, others={OrganisationKind.REGULATOR: 1}))

    assert told[1] == (
        "1 member company signed up for “GenAI briefing” on 23 Nov 2026. Also signed up: "
        "1 regulator."
    )
    assert told[2].startswith("Nobody was checked in")


def test_few_and_none_are_numbers_too() -> None:
    assert text(recap(members=0))[1].startswith("No member companies took part")


def test_under_the_chatham_house_rule_it_says_whom_it_names() -> None:
    told = text(recap(is_chatham_house=True, hosts=("Office",)))

    assert "Held under the Chatham House Rule: besides the hosts nobody is named." in told


def test_what_is_not_for_everyone_is_marked_before_it_goes_further() -> None:
    marks = {"audience": Audience.MEMBERS, "tlp": Tlp.AMBER}

    assert "«For members · TLP:AMBER»" in text(recap(marks=marks))[-1]


def test_a_date_is_as_exact_as_it_is_known() -> None:
    assert "“GenAI briefing” in Nov 2026." in text(recap(marks={"precision": Precision.MONTH}))[1]


def test_every_kind_of_outside_body_has_its_words() -> None:
    inside = {OrganisationKind.MEMBER, OrganisationKind.SECRETARIAT}

    assert set(recapping.KINDS) == set(OrganisationKind) - inside


@given(st.text(max_size=1500), st.lists(st.text(max_size=300), max_size=30))
def test_any_text_makes_a_message_slack_takes(words: str, names: list[str]) -> None:
    text(recap(title=words, hosts=tuple(names), speakers=tuple(names)))

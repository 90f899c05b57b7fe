"""What people read of their data and of removed words, from the data alone."""

from datetime import UTC, datetime

from commands.coalition import views
from storage.models import Person, Role
from storage.privacy import NOTHING, Overview
from storage.redaction import Redaction
from storage.retention import Term

TERMS = (Term("answers", 90, "after each", "deleted", "so it is"),)
MET = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def overview(**given: object) -> Overview:
    values = {
        "id": 7,
        "slack_team": "T1",
        "slack_user": "U1",
        "name": "Ana <b>",
        "role": Role.MEMBER,
        "zone": "Europe/Brussels",
        "is_guest": False,
        "is_stranger": False,
        "met_at": MET,
        **given,
    }
    return Overview(Person(**values), "Adobe", (("answers to briefings", 3), ("updates", 0)), TERMS)


def test_ones_profile_is_told_in_plain_words_and_what_is_empty_is_left_out() -> None:
    lines = views.privacy(overview(), "UTC")["text"].splitlines()

    assert lines[:5] == [
        "What the bot holds about you",
        "*Ana &lt;b&gt; (Adobe)*, role: member",
        "Slack account: U1 of T1, met on 23 Nov 2026, time zone Europe/Brussels",
        "Besides:",
        "• answers to briefings: 3",
    ]
    assert lines[5].startswith("*How long:*")
    assert lines[6] == "• answers: 90 days after each, then deleted"


def test_all_of_a_guests_profile_is_told() -> None:
    guest = overview(
        title="Lead", domain="adobe.com", is_guest=True, is_stranger=True, linked_at=MET
    )

    text = views.privacy(guest, "UTC")["text"]

    assert "role: member, linked on 23 Nov 2026\nJob title: Lead\nE-mail domain: adobe.com" in text
    assert "Slack says: a guest and from another organisation" in text


def test_whom_the_bot_has_not_met_is_told_so() -> None:
    assert views.privacy(None, "UTC")["text"] == views.to_delete(None)["text"] == NOTHING


def test_who_asks_twice_in_a_minute_is_told_that_it_comes_once() -> None:
    assert views.on_its_way(is_new=False)["text"].startswith("You asked for it a moment ago.")


def test_removing_says_how_many_copies_go() -> None:
    for copies, told in (
        (0, "The bot has posted nothing in Slack that named it."),
        (1, "Taken back in Slack: 1 message of the bot's that named it"),
        (2, "Taken back in Slack: 2 messages of the bot's that named it"),
    ):
        asked = views.to_redact(Redaction("E12", "Forum", copies))["text"]

        assert asked.startswith("*E12 Forum*: its title and texts")
        assert told in asked

"""Reading who is meant and for whom they speak: "@Ana Adobe", "@Dana Our Coalition as admin"."""

import re

from commands.typing import called, read_contact
from storage.errors import Refusal

USAGE = "Say who and for whom they speak, for example: /members link @Ana Adobe"
ROLE = "Say who and what they are, for example: /members role @Ana external"
UNLINK = "Say who: /members unlink @Ana"
MERGE = (
    "Say who it is without Slack, and who with it, for example: "
    '/members merge "Ana Example" at Hotline with @Ana'
)
WHO = "Say who: /members offboard @Ana, or the name of an organisation. To hand on: @Ana to @Bo."
_LINK = re.compile(r"<@([A-Za-z0-9]+)>\s*(?:to\s+)?(.+?)(?:\s+as\s+([A-Za-z]+))?\s*")
_ROLE = re.compile(r"<@([A-Za-z0-9]+)>\s+(?:(?:as|to)\s+)?([A-Za-z]+)")
_HEIR = re.compile(r"(.+?)\s+to\s+<@([A-Za-z0-9]+)>", re.DOTALL)
_MERGE = re.compile(r"(.+?)\s+with\s+<@([A-Za-z0-9]+)>", re.DOTALL | re.IGNORECASE)
_PERSON = re.compile(r"<@([A-Za-z0-9]+)>")


def read_link(text: str) -> tuple[str, str, str]:
    """Read whom (a Slack id), for which organisation, and the role if one is named."""
    asked = _LINK.fullmatch(text.strip())
    if asked is None:
        raise Refusal(USAGE)
    return asked[1], called(asked[2]), (asked[3] or "").casefold()


def read_role(text: str) -> tuple[str, str]:
    """Read whom (a Slack id), and which role."""
    asked = _ROLE.fullmatch(text.strip())
    if asked is None:
        raise Refusal(ROLE)
    return asked[1], asked[2].casefold()


def read_who(text: str) -> str:
    """Read whom (a Slack id)."""
    person = _PERSON.fullmatch(text.strip())
    if person is None:
        raise Refusal(UNLINK)
    return person[1]


def read_merge(text: str) -> tuple[str, str, str]:
    """Read the name of somebody without Slack, whom they speak for, and a Slack id."""
    asked = _MERGE.fullmatch(text.strip())
    contact = read_contact(asked[1]) if asked else None
    if asked is None or contact is None:
        raise Refusal(MERGE)
    return *contact, asked[2]


def read_leaving(text: str) -> tuple[str, str, str]:
    """Read a person's Slack id, or an organisation's name, and whose it all will be; or empty."""
    given = _HEIR.fullmatch(text.strip())
    text, heir = (given[1], given[2]) if given else (text, "")
    person = _PERSON.fullmatch(text.strip())
    if person is not None:
        return person[1], "", heir
    if not called(text):
        raise Refusal(WHO)
    return "", called(text), heir


def read_change(value: str) -> tuple[int, str]:
    """Read a button's "7 external": the id of a person and a role; 0 where there is none."""
    change = re.fullmatch(r"([0-9]{1,9}) ([a-z]+)", value)
    return (int(change[1]), change[2]) if change else (0, "")


def read_pair(value: str) -> tuple[int, int]:
    """Read a button's "7 3": the ids of a person and an organisation; 0 where there is none."""
    pair = re.fullmatch(r"([0-9]{1,9}) ([0-9]{1,9})", value)
    return (int(pair[1]), int(pair[2])) if pair else (0, 0)

"""Reading whom an item is shown to ("R20 with G4 TLP:AMBER") and what is asked of privacy."""

import re
from dataclasses import dataclass
from datetime import time
from enum import StrEnum

from commands.typing import called, read_contact
from storage.errors import Refusal
from storage.models import Audience, Tlp
from storage.sharing import Wish
from storage.wall_time import WORKDAYS

USAGE = (
    "Say which one and with whom: public, community, members, staff, a group or people, for "
    "example: /coalition share E12 with members"
)
DIGEST = (
    "Say /coalition digest alone for one now; weekly friday 16:00, weekdays 8:30 or daily 8:30 "
    "after it for one by direct message; preview to look ahead, off to stop that; here to order "
    "one for this channel; status for when channels get theirs."
)
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_ORDER = re.compile(
    r"(?P<often>weekly|weekdays|daily)(?:\s+(?:on\s+)?(?P<day>[a-z]{2,9}))?"
    r"(?:\s+(?:at\s+)?(?P<hour>[0-9]{1,2})[:.](?P<minute>[0-9]{2}))?"
)
_ASKED = re.compile(r"(\S+)\s+(?:with\s+)?(.+)", re.IGNORECASE)
_LABEL = re.compile(r"\s+TLP:\s*([A-Za-z+ ]+)$", re.IGNORECASE)
_PEOPLE = re.compile(r"(?:<@[A-Za-z0-9]+>[\s,]*(?:and\s+)?)+")
_PERSON = re.compile(r"<@([A-Za-z0-9]+)>")
_DEPARTED = re.compile(r"delete\s+<@([A-Za-z0-9]+)>", re.IGNORECASE)
_NAMES = {
    "public": Audience.PUBLIC,
    "everyone": Audience.PUBLIC,
    "everybody": Audience.PUBLIC,
    "community": Audience.COMMUNITY,
    "members": Audience.MEMBERS,
    "staff": Audience.STAFF,
    "the secretariat": Audience.STAFF,
    "secretariat": Audience.STAFF,
}


@dataclass(frozen=True)
class Wanted:
    """A digest of one's own: on which *weekday* (as `next_weekly` takes it) and when."""

    weekday: int | None
    at: time


class Digest(StrEnum):
    """What else one may ask of digests: one now, one's own ahead, this channel's, when they go."""

    NOW = ""
    HERE = "here"
    PREVIEW = "preview"
    STATUS = "status"
    OFF = "off"


def read_digest(text: str) -> Digest | Wanted:
    """Read what is asked of digests: "", "here", "status", "off", "weekly friday 16:00", "daily".

    Raises Refusal.
    """
    asked = called(text).casefold()
    if asked in set(Digest):
        return Digest(asked)
    found = _ORDER.fullmatch(asked)
    if found is None or (found["often"] != "weekly" and found["day"]):
        raise Refusal(DIGEST)
    days = [day for day in DAYS if found["day"] and day.startswith(found["day"])]
    if found["day"] and len(days) != 1:
        raise Refusal(f"{found['day']} is no day of the week. {DIGEST}")
    at = time(9) if found["hour"] is None else _time(found["hour"], found["minute"])
    often = {"daily": None, "weekdays": WORKDAYS, "weekly": DAYS.index((days or DAYS)[0])}
    return Wanted(often[found["often"]], at)


def _time(hour: str, minute: str) -> time:
    try:
        return time(int(hour), int(minute))
    except ValueError:
        raise Refusal(f"{hour}:{minute} is no time of the day. {DIGEST}") from None


class Privacy(StrEnum):
    """What one may ask of one's own data."""

    SHOW = ""
    MY_DATA = "my data"
    DELETE_ME = "delete me"


def read_privacy(text: str) -> Privacy:
    """Read what is asked of one's own data. Raises Refusal."""
    asked = called(text).casefold()
    if asked not in set(Privacy):
        raise Refusal(
            "Say /coalition privacy alone, or after it: my data, to get it; delete me, to have it "
            "deleted."
        )
    return Privacy(asked)


def read_departed(text: str) -> str:
    """Read whom an admin wants deleted because they have left: a Slack id, or "" for nobody."""
    asked = _DEPARTED.fullmatch(text.strip())
    return asked[1] if asked is not None else ""


def read_contact_to_delete(text: str) -> tuple[str, str] | None:
    """Read whom without Slack staff want deleted: their name, and whom they speak for."""
    verb, _, whom = text.strip().partition(" ")
    return read_contact(whom) if verb.casefold() == "delete" else None


def read_share(text: str) -> tuple[str, Wish]:
    """Read which item, whom it is for and which label it gets. Raises Refusal."""
    asked = _ASKED.fullmatch(text.strip())
    if asked is None:
        raise Refusal(USAGE)
    whom, tlp = _labelled(asked[2].strip())
    if _PEOPLE.fullmatch(whom):
        people = tuple(dict.fromkeys(_PERSON.findall(whom)))
        return asked[1], Wish(Audience.NAMED, tlp, people=people)
    named = _NAMES.get(whom.casefold().removeprefix("the ").strip())
    if named is not None:
        return asked[1], Wish(named, tlp)
    return asked[1], Wish(Audience.GROUP, tlp, group=whom.removeprefix("group ").strip())


def _labelled(whom: str) -> tuple[str, Tlp | None]:
    label = _LABEL.search(whom)
    if label is None:
        return whom, None
    given = label[1].upper().replace(" ", "")
    if given not in set(Tlp):
        there = ", ".join(f"TLP:{tlp}" for tlp in Tlp)
        raise Refusal(f"There is no label TLP:{label[1]}. Choose one of {there}.")
    return whom[: label.start()], Tlp(given)

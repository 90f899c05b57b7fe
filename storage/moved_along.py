"""The sessions of a briefing that is moved, called off or restored, and go along with it."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from storage import changes, talk_news, talks
from storage.asker import Asker
from storage.database import Session
from storage.errors import Refusal
from storage.models import Briefing, Talk
from storage.wall_time import moment


def follow(
    session: Session, asker: Asker, now: datetime, briefing: Briefing, was: Mapping[str, Any]
) -> int:
    """Bring the sessions along with *briefing*, which was as `changes.noted` says.

    Where all of it was moved they move by as much as the clock on the wall; where only its
    beginning or end was, they stay. Who has some on their agenda and hears nothing of the briefing
    itself is owed the news; their number is given. Raises Refusal where one would be outside it.
    """
    found = talks.of(session, asker, briefing.id)
    before = talk_news.noted(found, was["state"])
    if any(was[name] != getattr(briefing, name) for name in changes.TIMES):
        by = _moved(was, briefing)
        for talk in found:
            _move(talk, by, was["zone"], briefing.zone)
        _check_within(briefing, found)
        session.flush()
    return talk_news.announce(session, now, briefing, found, before, but_answered=True)


def is_within(briefing: Briefing, starts_at: datetime, ends_at: datetime) -> bool:
    """Say whether *briefing* lasts from *starts_at* to *ends_at*, and perhaps longer."""
    return briefing.starts_at <= starts_at and ends_at <= briefing.ends_at


def _check_within(briefing: Briefing, found: Sequence[Talk]) -> None:
    outside = [talk for talk in found if not is_within(briefing, talk.starts_at, talk.ends_at)]
    if outside:
        more = f" and {len(outside) - 1} more of its sessions" if outside[1:] else ""
        raise Refusal(
            f"«{outside[0].title}»{more} would be outside it. Sessions move along when its "
            "beginning and its end move by as much, else they stay. Move both, or change its "
            f"sessions first: /briefings sessions E{briefing.id}"
        )


def _moved(was: Mapping[str, Any], briefing: Briefing) -> timedelta:
    begins, ends = (
        _local(getattr(briefing, name), briefing.zone) - _local(was[name], was["zone"])
        for name in ("starts_at", "ends_at")
    )
    return begins if begins == ends else timedelta()


def _move(talk: Talk, by: timedelta, before: str, zone: str) -> None:
    if not by and before == zone:
        return
    length = talk.ends_at - talk.starts_at
    begins, ends = (_at(_local(at, before) + by, zone) for at in (talk.starts_at, talk.ends_at))
    # Where the clocks are put back meanwhile, an end may be shown before its beginning.
    talk.starts_at, talk.ends_at = begins, ends if ends > begins else begins + length


def _at(wall: datetime, zone: str) -> datetime:
    return moment(wall.date(), wall.time(), zone)


def _local(at: datetime, zone: str) -> datetime:
    """Give what a clock in *zone* shows."""
    return at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)

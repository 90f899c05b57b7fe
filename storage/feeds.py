"""Somebody's own address for calendars: made, shown once, taken back, and read as they may see."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from storage import audit, people, policy, privacy
from storage.asker import Asker
from storage.briefings import Detail, names
from storage.database import Session, writes
from storage.models import (
    Briefing,
    BriefingPartner,
    CalendarFeed,
    Precision,
    Rsvp,
    Standing,
    State,
    Workspace,
)
from storage.policy import Act, scope

BACK = timedelta(days=30)
AT_MOST = 500
COMING = (Standing.GOING, Standing.OFFERED, Standing.MAYBE, Standing.WAITLISTED)


class Which(StrEnum):
    """What a calendar reads: what its owner goes or may go to, or sees, or sees of one group."""

    MINE = "mine"
    ALL = "all"
    GROUP = "group"


@dataclass(frozen=True)
class Feed:
    """What a calendar shows of the workspace *team*: each with whether its label closes it."""

    team: str
    name: str
    briefings: tuple[tuple[Detail, bool], ...]


_OWNED = sa.select(CalendarFeed).where(CalendarFeed.digest == sa.bindparam("digest"))
_SHOWN = (
    sa.select(Briefing, Rsvp)
    .outerjoin(
        Rsvp, sa.and_(Rsvp.briefing_id == Briefing.id, Rsvp.person_id == sa.bindparam("asker"))
    )
    .where(
        scope(Briefing),
        Briefing.ends_at > sa.bindparam("since"),
        Briefing.state != State.DRAFT,
        Briefing.precision.in_((Precision.MINUTE, Precision.DAY)),
        sa.or_(
            sa.bindparam("all", type_=sa.Boolean),
            Rsvp.standing.in_(COMING),
            Briefing.audience_group_id == sa.bindparam("group"),
        ),
        sa.or_(
            ~sa.bindparam("is_group", type_=sa.Boolean),
            Briefing.audience_group_id == sa.bindparam("group"),
        ),
    )
    .options(
        selectinload(Briefing.host),
        selectinload(Briefing.partners).selectinload(BriefingPartner.organisation),
    )
    .order_by(Briefing.starts_at, Briefing.id)
    .limit(AT_MOST)
)


def made_at(session: Session, asker: Asker, now: datetime) -> datetime | None:
    """Say since when whoever asks has an address; None without one."""
    found = _own(session, asker)
    return found.made_at if found is not None else None


@writes
def make(session: Session, asker: Asker, now: datetime, about: str) -> str:
    """Make an address of 256 random bits, in the place of an older one; give what is secret of it.

    What is kept is a digest, by which it can be known again but not read. *about* names whoever
    asks ("person 7"): nobody makes one for somebody else. Raises Refusal.
    """
    privacy.check(asker, about)
    secret = secrets.token_urlsafe(32)
    found = _own(session, asker)
    if found is None:
        found = CalendarFeed(workspace_id=asker.workspace, person_id=asker.person)
        session.add(found)
    found.digest, found.made_at = digest(secret), now
    audit.record(session, asker, now, "make feed", about)
    return secret


@writes
def stop(session: Session, asker: Asker, now: datetime, about: str) -> bool:
    """Let the address of whoever asks lead nowhere from now on; say whether there was one.

    *about* names them. Raises Refusal.
    """
    privacy.check(asker, about)
    found = _own(session, asker)
    if found is None:
        return False
    session.delete(found)
    audit.record(session, asker, now, "stop feed", about)
    return True


def read(session: Session, now: datetime, secret: str, which: Which, group: int = 0) -> Feed | None:
    """Gather what the owner of *secret* may see at this moment; None where it is nobody's.

    *group* is the number of the working group where *which* is of one.
    """
    found = session.scalars(_OWNED, {"digest": digest(secret)}).one_or_none()
    owner = people.asker_of(session, found.workspace_id, now, found.person_id) if found else None
    if found is None or owner is None:
        return None
    of_one = {"group": group, "is_group": which is Which.GROUP}
    values = owner.binds() | {"since": now - BACK, "all": which is Which.ALL} | of_one
    rows = session.execute(_SHOWN, values).all()
    place = session.get_one(Workspace, found.workspace_id)
    return Feed(place.team, place.name, tuple(_shown(owner, *row) for row in rows))


def digest(secret: str) -> str:
    """Give what is kept of a secret."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _shown(owner: Asker, briefing: Briefing, mine: Rsvp | None) -> tuple[Detail, bool]:
    told = Detail(briefing, names(briefing, "co_host"), (), mine, None, 0, 0)
    return told, not policy.decide(owner, briefing, Act.EXPORT)


def _own(session: Session, asker: Asker) -> CalendarFeed | None:
    mine = CalendarFeed.person_id == asker.person, CalendarFeed.workspace_id == asker.workspace
    return session.scalars(sa.select(CalendarFeed).where(*mine)).one_or_none()

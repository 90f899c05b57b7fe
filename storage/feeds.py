"""Addresses for calendars, one's own or everybody's: made, shown once, taken back, and read."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from storage import audit, people, picks, policy, privacy
from storage.asker import Asker
from storage.briefings import Detail, names
from storage.database import Session, writes
from storage.errors import Refusal
from storage.models import (
    Briefing,
    BriefingPartner,
    CalendarFeed,
    Precision,
    Rsvp,
    Standing,
    State,
    Talk,
    Workspace,
)
from storage.policy import Act, scope

BACK = timedelta(days=30)
AT_MOST = 500
PUBLIC = "public"  # names everybody, where else somebody is named
COMING = (Standing.GOING, Standing.OFFERED, Standing.MAYBE, Standing.WAITLISTED)


class Which(StrEnum):
    """What a calendar reads.

    It is what its owner goes or may go to, or sees, or sees of one group; or what everybody sees.
    """

    MINE = "mine"
    ALL = "all"
    GROUP = "group"
    PUBLIC = "public"


EVERY = (Which.ALL, Which.PUBLIC)


@dataclass(frozen=True)
class Feed:
    """What a calendar shows of the workspace *team*: each with whether its label closes it.

    *talks* are sessions that its owner chose, for what is their own alone.
    """

    team: str
    name: str
    briefings: tuple[tuple[Detail, bool], ...]
    talks: tuple[tuple[Talk, bool], ...] = ()


_OWNED = sa.select(CalendarFeed).where(CalendarFeed.digest == sa.bindparam("digest"))
_PUBLISHED = sa.select(Workspace.id).where(Workspace.public_feed == sa.bindparam("digest"))
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


def made_at(session: Session, asker: Asker, now: datetime, about: str = "") -> datetime | None:
    """Say since when whoever asks has an address, or with *about* everybody; None without one.

    Raises Refusal to whoever is not staff and asks about everybody's.
    """
    if about == PUBLIC:
        return _everybodys(session, asker).public_feed_at
    found = _own(session, asker)
    return found.made_at if found is not None else None


@writes
def make(session: Session, asker: Asker, now: datetime, about: str) -> str:
    """Make an address of 256 random bits, in the place of an older one; give what is secret of it.

    What is kept is a digest, by which it can be known again but not read. *about* names whoever
    asks ("person 7"), since nobody makes one for somebody else; or everybody, for whom staff make
    one. Raises Refusal.
    """
    secret = secrets.token_urlsafe(32)
    if about == PUBLIC:
        place = _everybodys(session, asker)
        place.public_feed, place.public_feed_at = digest(secret), now
        audit.record(session, asker, now, "make feed", about)
        return secret
    privacy.check(asker, about)
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

    *about* names them, or everybody. Raises Refusal.
    """
    if about == PUBLIC:
        place = _everybodys(session, asker)
        if place.public_feed is None:
            return False
        place.public_feed = place.public_feed_at = None
        audit.record(session, asker, now, "stop feed", about)
        return True
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
    owner = _reader(session, now, digest(secret), which)
    if owner is None:
        return None
    of_one = {"group": group, "is_group": which is Which.GROUP}
    values = owner.binds() | {"since": now - BACK, "all": which in EVERY} | of_one
    rows = session.execute(_SHOWN, values).all()
    place = session.get_one(Workspace, owner.workspace)
    own = picks.chosen(session, owner, now - BACK) if which is Which.MINE else ()
    closed = tuple((talk, is_closed(owner, talk.briefing)) for talk in own)
    return Feed(place.team, place.name, tuple(_shown(owner, *row) for row in rows), closed)


def is_closed(owner: Asker, briefing: Briefing) -> bool:
    """Say whether the label of *briefing* lets nobody take it away but for its time."""
    return not policy.decide(owner, briefing, Act.EXPORT)


def digest(secret: str) -> str:
    """Give what is kept of a secret."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _reader(session: Session, now: datetime, kept: str, which: Which) -> Asker | None:
    if which is Which.PUBLIC:
        workspace = session.scalars(_PUBLISHED, {"digest": kept}).one_or_none()
        return Asker(workspace) if workspace is not None else None
    found = session.scalars(_OWNED, {"digest": kept}).one_or_none()
    return people.asker_of(session, found.workspace_id, now, found.person_id) if found else None


def _everybodys(session: Session, asker: Asker) -> Workspace:
    if not asker.is_staff:
        raise Refusal("The calendar for everybody is the secretariat's to publish. Ask them.")
    return session.get_one(Workspace, asker.workspace)


def _shown(owner: Asker, briefing: Briefing, mine: Rsvp | None) -> tuple[Detail, bool]:
    told = Detail(briefing, names(briefing, "co_host"), (), mine, None, 0, 0)
    return told, is_closed(owner, briefing)


def _own(session: Session, asker: Asker) -> CalendarFeed | None:
    mine = CalendarFeed.person_id == asker.person, CalendarFeed.workspace_id == asker.workspace
    return session.scalars(sa.select(CalendarFeed).where(*mine)).one_or_none()

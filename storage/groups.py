"""Working groups: what they are for, who sits in them and when they meet next."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import bindparam

from storage import titles
from storage.asker import Asker
from storage.crowds import line_of
from storage.database import Session
from storage.models import (
    Briefing,
    GroupSeat,
    Organisation,
    OrganisationKind,
    Person,
    Place,
    Precision,
    Role,
    State,
    WorkingGroup,
    folded,
)
from storage.pages import Listing, Page, listing
from storage.policy import scope


@dataclass(frozen=True)
class Line:
    """A group in a list. *since* is when the asker joined; None for who does not sit in it."""

    id: int
    title: str
    purpose: str
    cadence: str
    channel: str | None
    is_open: bool
    people: int
    since: datetime | None
    is_chair: bool | None
    next_at: datetime | None


@dataclass(frozen=True)
class Seated:
    """Somebody who sits in a group, for the organisation they held their seat for."""

    person: int
    slack_user: str
    name: str
    organisation: str | None
    kind: OrganisationKind | None
    is_chair: bool


@dataclass(frozen=True)
class Party:
    """The people of one organisation, or without names of one kind of organisation."""

    organisation: str | None
    kind: OrganisationKind | None
    people: int
    names: tuple[str, ...]


@dataclass(frozen=True)
class Meeting:
    """The next briefing that is for this group."""

    id: int
    title: str
    starts_at: datetime
    zone: str
    precision: Precision
    place: Place
    city: str | None


@dataclass(frozen=True)
class Detail:
    """One group in full; *chairs*, *parties* and *people* hold what the asker may know."""

    group: WorkingGroup
    since: datetime | None
    chairs: tuple[Seated, ...]
    parties: tuple[Party, ...]
    people: int
    meeting: Meeting | None


_OWN = sa.orm.aliased(GroupSeat)
_PEOPLE = (
    sa.select(sa.func.count())
    .select_from(GroupSeat)
    .join(Person, GroupSeat.person_id == Person.id)
    .where(GroupSeat.group_id == WorkingGroup.id, Person.is_active)
    .correlate(WorkingGroup)
    .scalar_subquery()
)
_TO_COME = (
    scope(Briefing),
    Briefing.state == State.PUBLISHED,
    Briefing.ends_at > bindparam("now"),
)
_NEXT_AT = (
    sa.select(sa.func.min(Briefing.starts_at))
    .where(Briefing.audience_group_id == WorkingGroup.id, *_TO_COME)
    .correlate(WorkingGroup)
    .scalar_subquery()
)
_MEETING = (
    sa.select(
        Briefing.id,
        Briefing.title,
        Briefing.starts_at,
        Briefing.zone,
        Briefing.precision,
        Briefing.place,
        Briefing.city,
    )
    .where(Briefing.audience_group_id == bindparam("group"), *_TO_COME)
    .order_by(Briefing.starts_at, Briefing.id)
    .limit(1)
)
_BY_TITLE = (WorkingGroup.folded, WorkingGroup.id)
_LINE = (
    sa.select(
        WorkingGroup.id,
        WorkingGroup.title,
        WorkingGroup.purpose,
        WorkingGroup.cadence,
        WorkingGroup.channel,
        WorkingGroup.is_open,
        _PEOPLE.label("people"),
        _OWN.joined_at.label("since"),
        _OWN.is_chair.label("is_chair"),
        _NEXT_AT.label("next_at"),
    )
    .outerjoin(
        _OWN,
        sa.and_(_OWN.group_id == WorkingGroup.id, _OWN.person_id == bindparam("asker")),
    )
    .where(scope(WorkingGroup))
)
_I_SIT = WorkingGroup.id.in_(
    sa.select(GroupSeat.group_id).where(GroupSeat.person_id == bindparam("asker"))
)
_ALL = listing(WorkingGroup, _LINE, _BY_TITLE)
_MY_OWN = listing(WorkingGroup, _LINE, _BY_TITLE, _I_SIT)
_SEATED = (
    sa.select(
        Person.id.label("person"),
        Person.slack_user,
        Person.name,
        Organisation.name.label("organisation"),
        Organisation.kind,
        GroupSeat.is_chair,
    )
    .select_from(GroupSeat)
    .join(Person, GroupSeat.person_id == Person.id)
    .outerjoin(Organisation, GroupSeat.organisation_id == Organisation.id)
    .where(
        GroupSeat.workspace_id == bindparam("workspace"),
        GroupSeat.group_id == bindparam("group"),
        Person.is_active,
    )
)


def mine(session: Session, asker: Asker, now: datetime, page: int = 0) -> Page[Line]:
    """List the groups the asker sits in, by title."""
    return _page(session, asker, now, _MY_OWN, page)


def every(session: Session, asker: Asker, now: datetime, page: int = 0) -> Page[Line]:
    """List the groups the asker may see, by title."""
    return _page(session, asker, now, _ALL, page)


def show(session: Session, asker: Asker, now: datetime, called: str) -> Detail:
    """Show the group *called* so. Raises Refusal where none or several are.

    Members and staff read names; outside bodies read them only where they sit themselves, and
    else numbers by kind of organisation; who is not linked reads no roster at all.
    """
    group = titles.find(session, asker, WorkingGroup, called)
    own = own_seat(session, asker, group)
    there = seated(session, asker, group) if asker.is_linked else ()
    named = reads_names(asker, own)
    values = asker.binds() | {"now": now, "group": group.id}
    meeting = session.execute(_MEETING, values).mappings().one_or_none()
    return Detail(
        group,
        own.joined_at if own else None,
        tuple(one for one in there if one.is_chair and named),
        _parties(there, with_names=named),
        len(there),
        Meeting(**meeting) if meeting else None,
    )


def own_seat(session: Session, asker: Asker, group: WorkingGroup) -> GroupSeat | None:
    """Load the seat *asker* has in *group*, if any."""
    return session.scalars(
        sa.select(GroupSeat).where(
            GroupSeat.group_id == group.id, GroupSeat.person_id == asker.person
        )
    ).one_or_none()


def sits(session: Session, group: WorkingGroup, person: int) -> bool:
    """Say whether *person* has a seat in *group*."""
    seat = sa.select(GroupSeat.id).where(
        GroupSeat.group_id == group.id, GroupSeat.person_id == person
    )
    return session.scalar(seat) is not None


def seated(session: Session, asker: Asker, group: WorkingGroup) -> tuple[Seated, ...]:
    """List who sits in *group*, by organisation and name; not those who have left Slack."""
    rows = session.execute(_SEATED, {"workspace": asker.workspace, "group": group.id}).mappings()
    # Sorted here: the two databases order letters, and what is missing, differently.
    return tuple(
        sorted(
            (Seated(**row) for row in rows),
            key=lambda one: (
                one.organisation is None,
                folded(one.organisation or ""),
                folded(one.name),
                one.person,
            ),
        )
    )


def reads_names(asker: Asker, own: GroupSeat | None) -> bool:
    """Say whether *asker*, whose seat in a group is *own*, may read who sits there."""
    if asker.role is Role.EXTERNAL:
        return own is not None
    return asker.is_linked


def _page(
    session: Session,
    asker: Asker,
    now: datetime,
    paged: Listing,
    page: int,
) -> Page[Line]:
    values = asker.binds() | {"now": now}
    return paged.read(session, values, page).made(line_of(Line))


def _parties(there: tuple[Seated, ...], *, with_names: bool) -> tuple[Party, ...]:
    together: dict[tuple[str | None, OrganisationKind | None], list[str]] = {}
    for one in there:
        key = (one.organisation if with_names else None, one.kind)
        together.setdefault(key, []).append(one.name)
    return tuple(
        Party(organisation, kind, len(names), tuple(names) if with_names else ())
        for (organisation, kind), names in together.items()
    )

"""Ordering a digest for a channel: who may, for whom, and what the form begins with."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from storage import initiatives, orders, policy, resources, titles
from storage.asker import Asker
from storage.database import Session, writes
from storage.editions import COMMON, Section
from storage.errors import Refusal
from storage.models import Audience, Initiative, Subscription, Tlp, WorkingGroup, Workspace
from storage.policy import scope
from storage.scoping import unscoped
from storage.wall_time import is_known, next_weekly

# How far what a channel's digest tells may travel.
LABELS = {
    Audience.PUBLIC: Tlp.CLEAR,
    Audience.COMMUNITY: Tlp.GREEN,
    Audience.MEMBERS: Tlp.AMBER,
    Audience.GROUP: Tlp.AMBER,
    Audience.STAFF: Tlp.AMBER,
}
ELSEWHERE = (
    "Only the secretariat orders a digest here. A chair orders one in the channel of their group."
)
TAKEN = "This channel has a digest already, and it is the secretariat's to change. Ask them."
_GROUPS = (
    sa.select(WorkingGroup.id, WorkingGroup.title, WorkingGroup.channel)
    .where(scope(WorkingGroup))
    .order_by(WorkingGroup.folded, WorkingGroup.id)
)


@dataclass(frozen=True)
class For:
    """Whom an edition is for: one of the audiences, or the *group* called *title*."""

    audience: Audience
    group: int | None = None
    title: str = ""


@dataclass(frozen=True)
class Draft:
    """What somebody orders: on which days (as a `Subscription`'s *weekday*), when, for whom, what.

    No *sections* and no *topics* are all; with an *initiative* it is of that alone.
    """

    weekday: int | None
    at: str
    zone: str
    audience: Audience
    group: int | None = None
    sections: tuple[Section, ...] = ()
    topics: tuple[str, ...] = ()
    initiative: int | None = None


@dataclass(frozen=True)
class Form:
    """What the form about *channel* begins with: the order there is, or the usual one.

    *initiatives* are that of the order and those under way, each its id and title.
    """

    channel: str
    draft: Draft
    editions: tuple[For, ...]
    topics: tuple[str, ...]
    initiatives: tuple[tuple[int, str], ...]
    is_new: bool


def form(session: Session, asker: Asker, now: datetime, channel: str) -> Form:
    """Say what may be ordered for *channel*. Raises Refusal."""
    editions = _editions(session, asker, channel)
    there = _there(session, asker, channel)
    is_new = there is None or there.called_off_at is not None
    first = editions[0]
    draft = Draft(0, "09:00", asker.zone, first.audience, first.group)
    if there is not None and not is_new:
        draft = _drafted(there)
    topics, of_one = resources.topics(session, asker), _initiatives(session, asker, now, draft)
    return Form(channel, draft, editions, topics, of_one, is_new)


def form_of(session: Session, asker: Asker, now: datetime, order: int) -> Form:
    """Say what may be changed of an order. Raises Refusal."""
    return form(session, asker, now, orders.found(session, asker, order).channel)


def drafted(
    session: Session, asker: Asker, now: datetime, channel: str, draft: Draft
) -> Subscription:
    """Make the order that *draft* would be, without storing it. Raises Refusal."""
    wanted = [one for one in _editions(session, asker, channel) if _is_for(one, draft)]
    if not wanted:
        raise Refusal("That is not yours to choose for this channel. Choose whom it is for again.")
    if not is_known(draft.zone):
        raise Refusal("There is no such time zone. Write one such as Europe/Brussels.")
    known = set(resources.topics(session, asker))
    if not set(draft.topics) <= known:
        raise Refusal("A topic that was chosen is not there any more. Choose again.")
    _check_initiative(session, asker, now, draft)
    _there(session, asker, channel)
    return Subscription(
        workspace_id=asker.workspace,
        channel=channel,
        audience=draft.audience,
        audience_group_id=draft.group,
        tlp=LABELS[draft.audience],
        **_times(draft),
        **_what(draft),
    )


@writes
def save(session: Session, asker: Asker, now: datetime, channel: str, draft: Draft) -> orders.Line:
    """Order a digest for *channel*, or change the one there is. Raises Refusal."""
    # Two who order at once wait for each other, or one would find the other's order in the way.
    session.execute(
        sa.select(Workspace.id).where(Workspace.id == asker.workspace).with_for_update()
    )
    made = drafted(session, asker, now, channel, draft)
    there = _there(session, asker, channel)
    if there is None:
        made.next_at = next_weekly(draft.weekday, draft.at, draft.zone, now)
        session.add(made)
        session.flush()
        orders.record(session, asker, now, made, "order")
        return _line(session, asker, now, made)
    session.refresh(there, with_for_update=True)
    verb = "order" if there.called_off_at is not None else "change"
    there.next_at = next_weekly(draft.weekday, draft.at, draft.zone, _told_until(there, now))
    if there.called_off_at is not None:
        there.is_on, there.called_off_at = True, None
    marks = {"audience": made.audience, "audience_group_id": made.audience_group_id}
    for name, value in {**marks, "tlp": made.tlp, **_times(draft), **_what(draft)}.items():
        setattr(there, name, value)
    orders.record(session, asker, now, there, verb)
    return _line(session, asker, now, there)


def _editions(session: Session, asker: Asker, channel: str) -> tuple[For, ...]:
    orders.check(asker)
    if not channel or channel.startswith("D"):
        raise Refusal(
            "Say it in the channel that is to get the digest, and after inviting the bot."
        )
    groups = session.execute(_GROUPS, asker.binds()).all()
    of_groups = [For(Audience.GROUP, one.id, one.title) for one in groups]
    if asker.is_staff:
        first = [group for group, one in zip(of_groups, groups, strict=True) if one[2] == channel]
        rest = [group for group in of_groups if group not in first]
        wide = [For(audience) for audience in LABELS if audience is not Audience.GROUP]
        return (*first, *wide, *rest)
    own = {one.id for one in groups if one.channel == channel and one.id in asker.chairs}
    if not own:
        raise Refusal(ELSEWHERE)
    return tuple(group for group in of_groups if group.group in own)


def _initiatives(
    session: Session, asker: Asker, now: datetime, draft: Draft
) -> tuple[tuple[int, str], ...]:
    under_way = dict(initiatives.under_way(session, asker))
    if draft.initiative is None:
        return tuple(under_way.items())
    # Left out, it would be lost with the next change: the channel would be told of everything.
    own = initiatives.line(session, asker, now, draft.initiative)
    return tuple(({draft.initiative: own.title if own else ""} | under_way).items())


def _check_initiative(session: Session, asker: Asker, now: datetime, draft: Draft) -> None:
    if draft.initiative is None:
        return
    found = titles.by_id(session, asker, Initiative, draft.initiative)
    readers = policy.readers(asker.workspace, draft.audience, draft.group, draft.zone)
    if not policy.decide(readers, found):
        raise Refusal(
            f"Those it is for may not see I{found.id}. Choose another, or for whom else it is."
        )


def _there(session: Session, asker: Asker, channel: str) -> Subscription | None:
    """Load what is ordered for *channel*, or was. Raises Refusal where another keeps it."""
    there = session.scalars(
        unscoped(
            sa.select(Subscription).where(
                Subscription.workspace_id == asker.workspace,
                Subscription.channel == channel,
                Subscription.kind == "weekly",
            ),
            "whether they keep it is decided of the row",
        )
    ).one_or_none()
    if there is not None and there.called_off_at is None and not orders.keeps(asker, there):
        raise Refusal(TAKEN)
    return there


def _told_until(there: Subscription, now: datetime) -> datetime:
    """Give from when on the next may go: what was sent early stands for its own time."""
    own = next_weekly(there.weekday, there.at, there.zone, now)
    return own if there.called_off_at is None and there.next_at > own else now


def _is_for(one: For, draft: Draft) -> bool:
    return (one.audience, one.group) == (draft.audience, draft.group)


def _line(session: Session, asker: Asker, now: datetime, kept: Subscription) -> orders.Line:
    groups = session.execute(_GROUPS, asker.binds())
    names = {one.id: one.title for one in groups}
    about = (
        initiatives.line(session, asker, now, kept.initiative_id) if kept.initiative_id else None
    )
    title = about.title if about else None
    return orders.line(kept, names.get(kept.audience_group_id or 0), title)


def _drafted(there: Subscription) -> Draft:
    return Draft(
        there.weekday,
        there.at,
        there.zone,
        there.audience,
        there.audience_group_id if there.audience is Audience.GROUP else None,
        tuple(Section(one) for one in there.sections if one in set(COMMON)),
        tuple(there.topics),
        there.initiative_id,
    )


def _times(draft: Draft) -> dict[str, object]:
    return {"weekday": draft.weekday, "at": draft.at, "zone": draft.zone}


def _what(draft: Draft) -> dict[str, object]:
    sections, topics = _names(draft.sections), list(draft.topics)
    return {"sections": sections, "topics": topics, "initiative_id": draft.initiative}


def _names(sections: Iterable[Section]) -> list[str]:
    """Name the *sections* of a channel that were chosen; all of them is none, for all to come."""
    kept = [one for one in COMMON if one in set(sections)]
    return [] if len(kept) == len(COMMON) else [one.value for one in kept]

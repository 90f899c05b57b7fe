"""Removing what must not stand here: an item's words, and the copies the bot posted of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from storage import audit, deliveries, posts, resources, sharing, titles
from storage.asker import Asker
from storage.database import Session, writes
from storage.deliveries import Claim, Debt
from storage.errors import Refusal
from storage.models import (
    ActionItem,
    AuditEntry,
    Briefing,
    Delivery,
    DeliveryState,
    FormerTalk,
    Initiative,
    InitiativeUpdate,
    Milestone,
    Organisation,
    Resource,
    Rsvp,
    Talk,
    WorkingGroup,
)
from storage.policy import Act, decide
from storage.scoping import unscoped

REMOVED = "(removed by the secretariat)"
VERB = "redact"
# The words of each kind of item, and of what hangs on it by the column named first.
WORDS: Mapping[Any, tuple[str, ...]] = {
    Briefing: (
        *("title", "summary", "agenda", "edition", "venue", "city"),
        *("join_link", "recording_link", "questions"),
    ),
    WorkingGroup: ("title", "purpose", "cadence"),
    Resource: ("title", "summary", "topics", "link", "version"),
    ActionItem: ("title", "note"),
    Initiative: ("title", "goal", "summary"),
}
BELOW: Mapping[Any, tuple[tuple[Any, str, tuple[str, ...]], ...]] = {
    Briefing: (
        (Rsvp, "briefing_id", ("note", "particulars", "was_note", "remark")),
        (Talk, "briefing_id", ("title", "track", "room")),
        (FormerTalk, "briefing_id", ("room",)),
    ),
    Initiative: (
        (InitiativeUpdate, "initiative_id", ("text", "next_step", "reason")),
        (Milestone, "initiative_id", ("title",)),
    ),
}


@dataclass(frozen=True)
class Redaction:
    """The item *called* so ("E12"), and how many copies of it the bot has posted."""

    called: str
    title: str
    copies: int


def foreseen(session: Session, asker: Asker, now: datetime, called: str) -> Redaction:
    """Say what would be removed. Raises Refusal for anybody but staff."""
    item = _item(session, asker, called)
    known = titles.short_id(item)
    return Redaction(known, item.title, len(_copies(session, asker.workspace, known)))


@writes
def redact(session: Session, asker: Asker, now: datetime, called: str) -> Redaction:
    """Overwrite every word of the item *called* so, and owe it that its copies are taken back.

    What was removed is written down nowhere. Raises Refusal for anybody but staff.
    """
    item = _item(session, asker, called)
    known = titles.short_id(item)
    _overwrite(item, WORDS[type(item)])
    for model, column, words in BELOW.get(type(item), ()):
        below = sa.select(model).where(getattr(model, column) == item.id)
        for row in session.scalars(unscoped(below, "what hangs on an item just found")).all():
            _overwrite(row, words)
    if isinstance(item, Resource):
        publisher = session.get(Organisation, item.publisher_id) if item.publisher_id else None
        item.words = resources.searchable(
            item.title, [], item.summary, publisher.name if publisher else None, item.kind
        )
    copies = _copies(session, asker.workspace, known)
    for copy in copies:
        _take_back(session, copy, now)
    after = {"copies": len(copies)}
    audit.record(session, asker, now, VERB, sharing.subject(item), after=after)
    return Redaction(known, item.title, len(copies))


@writes
def sent(
    session: Session, claimed: Claim, now: datetime, channel: str, ts: str | None, about: str = ""
) -> bool:
    """Record that a message naming *about* (" E12 A7 ") was sent; False when the lease was lost.

    What was removed while it was on its way is taken back at once.
    """
    post = posts.of(session, claimed)
    if not deliveries.sent(session, claimed, now, channel, None if post else ts):
        return False
    ids = [each.id for each in claimed.each]
    rows = sa.select(Delivery).where(Delivery.id.in_(ids)).order_by(Delivery.id)
    sent = session.scalars(rows, execution_options={"populate_existing": True}).all()
    # What was drawn anew stands as what it was first sent as.
    stands = [post] if post else sent
    for row in stands:
        row.about = about
    subjects = [sharing.subject_of(known) for known in about.split()]
    meanwhile = sa.select(AuditEntry.id).where(
        AuditEntry.workspace_id == claimed.workspace,
        AuditEntry.subject.in_(subjects),
        AuditEntry.verb == VERB,
        AuditEntry.at >= min(row.intent_at for row in sent if row.intent_at is not None),
    )
    if ts and subjects and session.scalar(meanwhile.limit(1)) is not None:
        _take_back(session, stands, now)
    return True


def copy(session: Session, claimed: Claim) -> Delivery | None:
    """Load the message that *claimed* takes back; None where nobody knows it any more."""
    found = session.get(Delivery, claimed.details["delivery"])
    return found if found is not None and found.workspace_id == claimed.workspace else None


def _item(session: Session, asker: Asker, called: str) -> Any:
    item = sharing.numbered(session, asker, called)
    if not decide(asker, item, Act.REDACT):
        raise Refusal("Removing what stands here is for the secretariat. Ask them.")
    return item


def _overwrite(row: Any, words: tuple[str, ...]) -> None:
    columns = sa.inspect(type(row)).columns
    for name in words:
        value = getattr(row, name)
        if columns[name].nullable:
            setattr(row, name, None)
        elif value:
            setattr(row, name, [] if isinstance(value, list) else REMOVED)


def _copies(session: Session, workspace: int, known: str) -> list[list[Delivery]]:
    """List the messages that named it, each with all that was told in it."""
    found = sa.select(Delivery).where(
        Delivery.workspace_id == workspace,
        Delivery.state == DeliveryState.SENT,
        Delivery.about.contains(f" {known} ", autoescape=True),
        Delivery.channel.is_not(None),
        Delivery.ts.is_not(None),
    )
    copies: dict[tuple[str | None, str | None], list[Delivery]] = {}
    for row in session.scalars(found.order_by(Delivery.id)):
        copies.setdefault((row.channel, row.ts), []).append(row)
    return list(copies.values())


def _take_back(session: Session, copy: Sequence[Delivery], now: datetime) -> None:
    """Owe it that the message is taken back; if it told of several things, they are told anew."""
    first = copy[0]
    assert first.channel is not None  # noqa: S101 -- a copy is one that stands somewhere
    deliveries.owe(
        session,
        first.workspace_id,
        now,
        key=f"recall:{first.id}",
        kind="recall",
        recipient=first.channel,
        details={"delivery": first.id},
    )
    for row in copy:
        row.about, row.shows = "", None  # it is taken back once, whatever else it named
    if len(copy) > 1:
        _owe_anew(session, copy, now)


def _owe_anew(session: Session, copy: Sequence[Delivery], now: datetime) -> None:
    anew = [
        Debt(row.workspace_id, row.key, row.kind, row.recipient, row.details, now, row.expires_at)
        for row in copy
    ]
    for row in copy:
        row.key = f"{row.key}:{row.id}"  # what is owed anew has its key
    session.flush()
    deliveries.owe_all(session, now, anew)

"""Recordings: a link to one, or to notes, added once a briefing took place, and whom it reaches."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import sqlalchemy as sa

from storage import audit, deliveries, guard, people, titles
from storage.asker import Asker
from storage.database import Session, writes
from storage.deliveries import Debt
from storage.errors import Refusal
from storage.models import (
    Briefing,
    Delivery,
    DeliveryState,
    Person,
    Rsvp,
    Standing,
    State,
)
from storage.policy import Act, decide

KIND = "recording_added"
VERB = "recording"
LIMIT = 500
HOLD = timedelta(minutes=10)  # a link that was wrong is corrected before anybody hears of it
OF_USE = timedelta(days=14)
_LINK = re.compile(r"https://[^\s/<>|\"\\@]+(/[^\s<>|\"\\]*)?")
# Who came, and who had said that they would or may, with a seat or without.
_CONCERNED = (
    sa.select(Person.id)
    .join(Rsvp, Rsvp.person_id == Person.id)
    .where(
        Rsvp.briefing_id == sa.bindparam("briefing"),
        sa.or_(Rsvp.came.is_(True), Rsvp.standing != Standing.DECLINED),
        Person.is_active,
    )
)


@dataclass(frozen=True)
class Added:
    """What became of a link. *told* are those who hear of it, not before *at*.

    *knowing* are those who have heard of it before, and do not again.
    """

    briefing: Briefing
    changed: bool
    told: int
    at: datetime
    knowing: int = 0


@writes
def add(session: Session, asker: Asker, now: datetime, called: str, link: str) -> Added:
    """Put *link* beside a briefing, and owe the news to who came, or had said they would or may.

    Once per link and person, unless another link took its place before they heard; whoever adds
    it knows. Raises Refusal.
    """
    guard.check(recording=link)
    begun = sa.and_(Briefing.starts_at <= now, Briefing.state == State.PUBLISHED)
    briefing = titles.find(session, asker, Briefing, called, among=begun)
    _check(asker, now, briefing)
    _check_link(link)
    before, at = briefing.recording_link, now + HOLD
    if before == link:
        return Added(briefing, changed=False, told=0, at=at)
    briefing.recording_link = link
    had, has = {"recording": before is not None}, {"recording": True}
    audit.record(session, asker, now, VERB, f"briefing {briefing.id}", had, has)
    debts = [
        Debt(
            briefing.workspace_id,
            f"recording:{briefing.id}:{reader.person}:{mark(link)}",
            KIND,
            reader.slack_user,
            {"briefing": briefing.id, "person": reader.person, "link": mark(link)},
            at,
            now + OF_USE,
        )
        for reader in _readers(session, asker, now, briefing)
    ]
    told = _reopened(session, debts, at) + deliveries.owe_all(session, now, debts)
    return Added(briefing, changed=True, told=told, at=at, knowing=len(debts) - told)


def mark(link: str) -> str:
    """Name *link* where its words have no place."""
    return hashlib.sha256(link.encode()).hexdigest()[:12]


def _reopened(session: Session, debts: Sequence[Debt], at: datetime) -> int:
    # What another link had taken the place of is owed anew, so its row gives up its key: what
    # is skipped stays so, and has no job any more. What was yet to come is due with this one.
    keyed = sa.and_(
        Delivery.workspace_id.in_({debt.workspace_id for debt in debts}),
        Delivery.key.in_([debt.key for debt in debts]),
    )
    session.execute(
        sa.update(Delivery)
        .where(keyed, Delivery.state == DeliveryState.SKIPPED)
        .values(key=Delivery.key + ":" + sa.cast(Delivery.id, sa.String))
    )
    again = session.execute(
        sa.update(Delivery)
        .where(keyed, Delivery.state == DeliveryState.PENDING)
        .values(due_at=at, expires_at=at - HOLD + OF_USE)
        .returning(Delivery.id)
    )
    return len(again.all())


def _readers(session: Session, asker: Asker, now: datetime, briefing: Briefing) -> list[Asker]:
    concerned = session.scalars(_CONCERNED, {"briefing": briefing.id}).all()
    readers = people.askers_of(session, briefing.workspace_id, now, concerned)
    return [
        reader
        for reader in readers
        if reader.person != asker.person and decide(reader, briefing, Act.READ)
    ]


def _check(asker: Asker, now: datetime, briefing: Briefing) -> None:
    if not decide(asker, briefing, Act.EDIT):
        raise Refusal(
            "Adding a recording is for the secretariat, and for chairs at their own group's "
            "briefings. Ask them."
        )
    if not decide(asker, briefing, Act.READ):
        raise Refusal("It is TLP:RED: what was said there stays there, so nothing of it is linked.")
    if briefing.state is not State.PUBLISHED:
        why = "is a draft" if briefing.state is State.DRAFT else "was cancelled"
        raise Refusal(f"This briefing {why}, so there is no recording of it.")
    if briefing.starts_at > now:
        raise Refusal("It has not begun yet. Add a link after $starts.", starts=briefing.starts_at)


def _check_link(link: str) -> None:
    if len(link) > LIMIT:
        raise Refusal(f"That link has {len(link)} characters; {LIMIT} fit. Nothing was changed.")
    if not _LINK.fullmatch(link) or not link.isprintable() or not _leads_somewhere(link):
        raise Refusal(
            "That is no link that can be shown. It begins with https://, for example: "
            "/briefings recording E12 https://example.org/notes"
        )


def _leads_somewhere(link: str) -> bool:
    try:
        return bool(urlsplit(link).hostname)
    except ValueError:
        return False

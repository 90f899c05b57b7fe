"""Invitations: whom a briefing is for and who has not answered is asked, once for each start."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from storage import audit, deliveries, owners, people, rsvps, seating, titles
from storage.asker import Asker
from storage.database import Session, writes
from storage.deliveries import Debt
from storage.errors import Refusal
from storage.models import Briefing, Delivery, Person, Rsvp
from storage.policy import Act, decide

KIND = "invited"
AT_MOST = 1000
_UNANSWERED = (
    sa.select(Person.id)
    .where(
        Person.workspace_id == sa.bindparam("workspace"),
        Person.organisation_id.is_not(None),
        Person.is_active,
        ~Person.is_bot,
        ~Person.is_contact,
        ~Person.is_stranger,
        ~sa.exists().where(
            Rsvp.person_id == Person.id, Rsvp.briefing_id == sa.bindparam("briefing")
        ),
    )
    .order_by(Person.id)
)


@dataclass(frozen=True)
class Invited:
    """Who is asked, or would be: *asking* so many, after *asked* before.

    Of those named, *outside* may not see it, *answered* have said what they do, and *unreached* are
    people of other organisations with whom Slack lets the bot begin no conversation.
    """

    briefing: Briefing
    asking: int
    asked: int
    outside: tuple[str, ...] = ()
    answered: tuple[str, ...] = ()
    unreached: tuple[str, ...] = ()


def foresee(session: Session, asker: Asker, now: datetime, called: str) -> Invited:
    """Say how many whom a briefing is for have neither answered nor been asked. Raises Refusal."""
    briefing = _open(session, asker, now, rsvps.named(session, asker, now, called))
    wanting = _wanting(session, asker, now, briefing)
    fresh = _fresh(session, briefing, wanting)
    return Invited(briefing, len(fresh), len(wanting) - len(fresh))


@writes
def invite(session: Session, asker: Asker, now: datetime, number: int) -> Invited:
    """Ask everybody whom briefing *number* is for and who has not answered, at most a thousand.

    Whoever was asked is asked again only once it begins at another time. Raises Refusal.
    """
    briefing = _open(session, asker, now, titles.by_id(session, asker, Briefing, number))
    return _ask(session, asker, now, briefing, _wanting(session, asker, now, briefing)[:AT_MOST])


@writes
def invite_named(
    session: Session, asker: Asker, now: datetime, called: str, users: Sequence[str]
) -> Invited:
    """Ask *users*, Slack's ids, whether they come to the briefing *called* so. Raises Refusal."""
    briefing = _open(session, asker, now, rsvps.named(session, asker, now, called))
    numbers = [owners.mentioned(session, asker, user) for user in users]
    meant = people.askers_of(session, asker.workspace, now, numbers)
    wanting = set(session.scalars(_UNANSWERED, _values(briefing)))
    theirs = [one for one in meant if _is_for(one, briefing)]
    asking = [one for one in theirs if one.person in wanting]
    others = [one for one in theirs if one.person not in wanting]
    silent = [one for one in others if seating.of(session, briefing, one.person) is None]
    invited = _ask(session, asker, now, briefing, asking)
    return Invited(
        briefing,
        invited.asking,
        invited.asked,
        tuple(one.name for one in meant if one not in theirs),
        tuple(one.name for one in others if one not in silent),
        tuple(one.name for one in silent),
    )


def _ask(
    session: Session, asker: Asker, now: datetime, briefing: Briefing, wanting: Sequence[Asker]
) -> Invited:
    debts = [
        Debt(
            briefing.workspace_id,
            _key(briefing, one),
            KIND,
            one.slack_user,
            {"briefing": briefing.id, "person": one.person},
            now,
            briefing.closes_at or briefing.ends_at,
        )
        for one in wanting
    ]
    asking = deliveries.owe_all(session, now, debts)
    if asking:
        audit.record(session, asker, now, "invite", f"briefing {briefing.id}", {}, {"to": asking})
    return Invited(briefing, asking, len(wanting) - asking)


def _open(session: Session, asker: Asker, now: datetime, briefing: Briefing) -> Briefing:
    if not decide(asker, briefing, Act.EDIT):
        raise Refusal(
            "Inviting is for the secretariat, and for chairs at their own group's briefings. Ask "
            "them."
        )
    rsvps.check(asker, now, briefing)
    rsvps.check_window(now, briefing)
    return briefing


def _wanting(session: Session, asker: Asker, now: datetime, briefing: Briefing) -> list[Asker]:
    numbers = session.scalars(_UNANSWERED, _values(briefing)).all()
    unanswered = people.askers_of(session, briefing.workspace_id, now, numbers)
    return [one for one in unanswered if one.person != asker.person and _is_for(one, briefing)]


def _values(briefing: Briefing) -> dict[str, int]:
    return {"workspace": briefing.workspace_id, "briefing": briefing.id}


def _fresh(session: Session, briefing: Briefing, wanting: Sequence[Asker]) -> list[str]:
    keys = [_key(briefing, one) for one in wanting]
    asked = sa.select(Delivery.key).where(
        Delivery.workspace_id == briefing.workspace_id, Delivery.key.in_(keys)
    )
    known = set(session.scalars(asked))
    return [key for key in keys if key not in known]


def _is_for(one: Asker, briefing: Briefing) -> bool:
    return one.is_linked and decide(one, briefing, Act.READ)


def _key(briefing: Briefing, one: Asker) -> str:
    return f"{KIND}:{briefing.id}:{int(briefing.starts_at.timestamp())}:{one.person}"

"""Recaps: how many took part in a briefing, and who of them may be named where it is told."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from storage import attendance, briefings, titles
from storage.asker import Asker
from storage.database import Session
from storage.errors import Refusal
from storage.models import (
    Briefing,
    Organisation,
    OrganisationKind,
    PartnerRole,
    Rsvp,
    Standing,
    State,
)
from storage.policy import Act, decide


@dataclass(frozen=True)
class Recap:
    """How many member companies and *others*, by kind, took part, and whom one may name.

    Organisations count, not people. *is_checked* says that they were seen to come; else they are
    those that had a seat. *hosts* and *speakers* agreed by being so; nobody else has been asked.
    """

    briefing: Briefing
    members: int
    others: Mapping[OrganisationKind, int]
    hosts: tuple[str, ...]
    speakers: tuple[str, ...]
    is_checked: bool
    is_chatham_house: bool


def recap(session: Session, asker: Asker, now: datetime, called: str) -> Recap:
    """Sum up who took part. Raises Refusal for anybody but staff, of nobody, and before its end."""
    is_over = sa.and_(Briefing.ends_at <= now, Briefing.state == State.PUBLISHED)
    briefing = titles.find(session, asker, Briefing, called, among=is_over)
    _check(asker, now, briefing)
    noted = sa.select(Rsvp.id).where(Rsvp.briefing_id == briefing.id, Rsvp.came.is_not(None))
    is_checked = session.scalar(noted.limit(1)) is not None
    kinds = Counter(
        session.scalars(
            sa.select(Organisation.kind).where(
                Organisation.workspace_id == asker.workspace,
                Organisation.id.in_(
                    sa.select(Rsvp.organisation_id).where(
                        Rsvp.briefing_id == briefing.id,
                        Rsvp.came.is_(True) if is_checked else Rsvp.standing == Standing.GOING,
                        Rsvp.organisation_id.is_not(None),
                    )
                ),
            )
        )
    )
    if not kinds:
        raise Refusal(f"Nobody had a seat at E{briefing.id} here, so there is nothing to sum up.")
    members = kinds.pop(OrganisationKind.MEMBER, 0)
    kinds.pop(OrganisationKind.SECRETARIAT, 0)
    found = briefings.by_id(session, asker, now, briefing.id)
    host = [found.briefing.host.name] if found.briefing.host else []
    is_closed = attendance.under_chatham_house(briefing)
    return Recap(
        briefing,
        members,
        {kind: kinds[kind] for kind in OrganisationKind if kinds[kind]},
        (*host, *found.co_hosts),
        () if is_closed else briefings.names(found.briefing, PartnerRole.SPEAKER),
        is_checked,
        is_closed,
    )


def _check(asker: Asker, now: datetime, briefing: Briefing) -> None:
    if not asker.is_staff:
        raise Refusal("A recap is for the secretariat to write. Ask them.")
    if briefing.state is not State.PUBLISHED:
        why = "is a draft" if briefing.state is State.DRAFT else "was cancelled"
        raise Refusal(f"This briefing {why}, so there is nothing to tell of it.")
    if briefing.ends_at > now:
        raise Refusal("It is not over yet. Ask for its recap after $ends.", ends=briefing.ends_at)
    if not decide(asker, briefing, Act.READ):
        raise Refusal("It is TLP:RED: what was said there stays there, so there is no recap.")

"""Turnouts: who came to a briefing, who did not, of whom nothing was noted; and that as a file."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from storage import audit, checking_in, deliveries, titles
from storage.asker import Asker
from storage.checking_in import LISTED, Last
from storage.database import Session, writes
from storage.errors import Refusal
from storage.models import (
    Briefing,
    Organisation,
    OrganisationKind,
    Person,
    Rsvp,
    Standing,
    State,
)
from storage.policy import Act, decide, scope

OF_USE = timedelta(hours=24)


@dataclass(frozen=True)
class Line:
    """One who had a seat or came without; *came* is None where nobody noted it.

    *particulars* answer the briefing's questions, in their order, where they have.
    """

    name: str
    organisation: str | None
    kind: OrganisationKind | None
    standing: Standing
    came: bool | None
    particulars: list[str] | None = None


@dataclass(frozen=True)
class Turnout:
    """Who came to *briefing*, as noted at *as_of*, and who noted it *last*."""

    briefing: Briefing
    lines: tuple[Line, ...]
    as_of: datetime
    last: Last | None
    may_export: bool

    def of(self, came: bool | None) -> list[Line]:
        """List those who came (True), who did not (False), or of whom nothing is noted (None)."""
        return [line for line in self.lines if line.came is came]


def turnout(session: Session, asker: Asker, now: datetime, called: str) -> Turnout:
    """Say who came. Raises Refusal for anybody but staff."""
    taken_place = sa.and_(Briefing.starts_at <= now, Briefing.state == State.PUBLISHED)
    briefing = titles.find(session, asker, Briefing, called, among=taken_place)
    _check(asker)
    return _turnout(session, asker, now, briefing)


def seen(session: Session, asker: Asker, now: datetime, briefing_id: int) -> Turnout | None:
    """Load it for the file; None where *asker* may not have it any more."""
    statement = sa.select(Briefing).where(scope(Briefing), Briefing.id == briefing_id)
    briefing = session.scalars(statement, asker.binds()).one_or_none()
    if briefing is None or not asker.is_staff or not decide(asker, briefing, Act.EXPORT):
        return None
    return _turnout(session, asker, now, briefing)


@writes
def ask(session: Session, asker: Asker, now: datetime, briefing_id: int) -> Briefing:
    """Owe whoever asks the turnout as a file, once a minute. Raises Refusal."""
    briefing = titles.by_id(session, asker, Briefing, briefing_id)
    _check(asker)
    if not decide(asker, briefing, Act.EXPORT):
        raise Refusal(
            f"E{briefing.id} is TLP:{briefing.tlp}, so nothing of it is taken away in a file."
        )
    is_new = deliveries.owe(
        session,
        asker.workspace,
        now,
        key=f"attendance:{briefing.id}:{asker.person}:{int(now.timestamp()) // 60}",
        kind="attendance_file",
        recipient=asker.slack_user,
        details={"briefing": briefing.id, "person": asker.person},
        expires_at=now + OF_USE,
    )
    if is_new:
        audit.record(session, asker, now, "export", f"briefing {briefing.id}")
    return briefing


def _check(asker: Asker) -> None:
    if not asker.is_staff:
        raise Refusal("Who came and who did not is for the secretariat to see. Ask them.")


def _turnout(session: Session, asker: Asker, now: datetime, briefing: Briefing) -> Turnout:
    listed = (
        sa.select(
            Person.name,
            Organisation.name,
            Organisation.kind,
            Rsvp.standing,
            Rsvp.came,
            Rsvp.particulars,
        )
        .join(Person, Rsvp.person_id == Person.id)
        .outerjoin(Organisation, Rsvp.organisation_id == Organisation.id)
        .where(Rsvp.briefing_id == briefing.id, Rsvp.workspace_id == asker.workspace, LISTED)
        .order_by(Organisation.folded.nulls_last(), Person.name, Rsvp.id)
    )
    lines = tuple(Line(*row) for row in session.execute(listed))
    may_export = decide(asker, briefing, Act.EXPORT)
    return Turnout(briefing, lines, now, checking_in.last(session, briefing), may_export)

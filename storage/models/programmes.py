"""The programme of an event: its sessions, how they were, and who has which on their agenda."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage.models.briefings import Briefing
from storage.models.people import Organisation
from storage.models.row import InWorkspace, Row

# Whoever reads these has to ask for the briefing they belong to: see storage/scoping.py.
SEEN_AS = {"seen_as": Briefing.__tablename__}


class Talk(InWorkspace, Row):
    """A session of a briefing's programme; `Session` is the database's word.

    It is seen exactly as its briefing is. *sequence* counts the changes that calendars have to hear
    of. With *gone_at* it does not take place any more, and stays for whoever had chosen it.
    """

    __tablename__ = "talks"
    __table_args__ = (
        sa.CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        sa.Index(None, "briefing_id", "starts_at"),
        {"info": SEEN_AS},
    )

    briefing_id: Mapped[int] = mapped_column(sa.ForeignKey("briefings.id", ondelete="CASCADE"))
    title: Mapped[str]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    track: Mapped[str | None]
    room: Mapped[str | None]
    organisation_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("organisations.id"), index=True
    )
    sequence: Mapped[int] = mapped_column(default=0)
    gone_at: Mapped[datetime | None]
    briefing: Mapped[Briefing] = relationship(lazy="raise")
    organisation: Mapped[Organisation | None] = relationship(lazy="raise")


IN_CALENDARS = ("title", "starts_at", "ends_at", "track", "room", "organisation_id", "gone_at")


@sa.event.listens_for(Talk, "before_update")
def _count_change(_mapper: object, _connection: object, talk: Talk) -> None:
    attributes = sa.inspect(talk).attrs
    if any(attributes[name].history.has_changes() for name in IN_CALENDARS):
        talk.sequence += 1


class FormerTalk(InWorkspace, Row):
    """How a session was before a change of which people have to hear."""

    __tablename__ = "former_talks"
    __table_args__ = ({"info": SEEN_AS},)

    briefing_id: Mapped[int] = mapped_column(
        sa.ForeignKey("briefings.id", ondelete="CASCADE"), index=True
    )
    talk_id: Mapped[int] = mapped_column(sa.ForeignKey("talks.id", ondelete="CASCADE"), index=True)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    room: Mapped[str | None]
    takes_place: Mapped[bool]


class Pick(InWorkspace, Row):
    """A session that somebody has put on their own agenda."""

    __tablename__ = "picks"
    __table_args__ = (
        sa.UniqueConstraint("talk_id", "person_id"),
        sa.Index(None, "person_id", "briefing_id"),
    )

    briefing_id: Mapped[int] = mapped_column(
        sa.ForeignKey("briefings.id", ondelete="CASCADE"), index=True
    )
    talk_id: Mapped[int] = mapped_column(sa.ForeignKey("talks.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id", ondelete="CASCADE"))

"""Initiatives, who takes part, how they progress and what they set out to reach."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage.models.briefings import Briefing
from storage.models.marks import Marked, marks_fit
from storage.models.people import Organisation, Person
from storage.models.row import InWorkspace, Row, Titled, partial


class Health(StrEnum):
    """How an initiative stands, in its lead's own judgement."""

    ON_TRACK = "on_track"
    AT_RISK = "at_risk"
    OFF_TRACK = "off_track"
    PAUSED = "paused"
    DONE = "done"


class Part(StrEnum):
    """An organisation's part in an initiative."""

    PARTICIPANT = "participant"
    INPUT = "input"
    FUNDER = "funder"
    ASSESSOR = "assessor"
    PILOT = "pilot"
    PARTNER = "partner"


class Initiative(InWorkspace, Titled, Marked, Row):
    """A common effort. *moved_at* is when it was last reported on (or begun).

    Whoever is *alternate* speaks for the lead where the lead cannot.
    """

    __tablename__ = "initiatives"
    __table_args__ = (
        *marks_fit(),
        sa.CheckConstraint("cadence_days IS NULL OR cadence_days > 0", name="cadence_positive"),
        sa.Index(None, "workspace_id", "health"),
        partial("ix_initiatives_under_way", "workspace_id", where="health != 'done'"),
    )

    goal: Mapped[str] = mapped_column(default="")
    summary: Mapped[str] = mapped_column(default="")
    lead_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"), index=True)
    alternate_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"), index=True)
    lead_organisation_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("organisations.id"), index=True
    )
    origin_briefing_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("briefings.id"), index=True
    )
    health: Mapped[Health] = mapped_column(default=Health.ON_TRACK)
    cadence_days: Mapped[int | None]
    moved_at: Mapped[datetime]
    lead: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[lead_id])
    alternate: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[alternate_id])
    lead_organisation: Mapped[Organisation | None] = relationship(lazy="raise")
    origin_briefing: Mapped[Briefing | None] = relationship(lazy="raise")
    participants: Mapped[list["InitiativeParticipant"]] = relationship(
        lazy="raise", cascade="all, delete-orphan"
    )
    updates: Mapped[list["InitiativeUpdate"]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="InitiativeUpdate.made_at.desc()"
    )
    milestones: Mapped[list["Milestone"]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="Milestone.position"
    )


class InitiativeParticipant(InWorkspace, Row):
    """An organisation that takes part, from inside or outside the membership."""

    __tablename__ = "initiative_participants"
    __table_args__ = (sa.UniqueConstraint("initiative_id", "organisation_id"),)

    initiative_id: Mapped[int] = mapped_column(sa.ForeignKey("initiatives.id", ondelete="CASCADE"))
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisations.id"), index=True)
    part: Mapped[Part]
    organisation: Mapped[Organisation] = relationship(lazy="raise")


class InitiativeUpdate(InWorkspace, Row):
    """What was said of an initiative at one time.

    *was* is the health before; a worse one has a *reason*. *is_suggestion* marks what somebody
    other than the lead wrote: it moves nothing until the lead takes it over.
    """

    __tablename__ = "initiative_updates"
    __table_args__ = (
        sa.Index(None, "initiative_id", "made_at"),
        sa.Index(None, "workspace_id", "made_at"),
    )

    initiative_id: Mapped[int] = mapped_column(sa.ForeignKey("initiatives.id", ondelete="CASCADE"))
    author_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"), index=True)
    health: Mapped[Health]
    was: Mapped[Health | None]
    text: Mapped[str]
    next_step: Mapped[str] = mapped_column(default="")
    reason: Mapped[str | None]
    is_suggestion: Mapped[bool] = mapped_column(default=False)
    made_at: Mapped[datetime]
    author: Mapped[Person | None] = relationship(lazy="raise")


class Milestone(InWorkspace, Row):
    """Something an initiative set out to reach. *due* is as precise as its source."""

    __tablename__ = "milestones"
    __table_args__ = (
        sa.Index(None, "workspace_id", "done_at"),
        sa.Index(None, "workspace_id", "is_done", "due_on"),
    )

    initiative_id: Mapped[int] = mapped_column(
        sa.ForeignKey("initiatives.id", ondelete="CASCADE"), index=True
    )
    title: Mapped[str]
    position: Mapped[int]
    due: Mapped[str | None]
    due_on: Mapped[date | None]
    is_done: Mapped[bool] = mapped_column(default=False)
    done_at: Mapped[datetime | None]

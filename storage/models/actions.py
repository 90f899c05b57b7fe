"""Action items: who does what by when."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage.models.marks import Marked, marks_fit
from storage.models.people import Organisation, Person
from storage.models.row import InWorkspace, Row, Titled


class ActionState(StrEnum):
    """An item for somebody in another company is only proposed until they take it."""

    PROPOSED = "proposed"
    OPEN = "open"
    DONE = "done"
    DECLINED = "declined"


class ActionItem(InWorkspace, Titled, Marked, Row):
    """One thing to do. *due_on* lasts to the end of that day where the owner is: *due_at*."""

    __tablename__ = "action_items"
    __table_args__ = (
        *marks_fit(),
        sa.CheckConstraint("(due_on IS NULL) = (due_at IS NULL)", name="due_whole"),
        sa.CheckConstraint("(state = 'done') = (done_at IS NOT NULL)", name="done_whole"),
        sa.Index(None, "workspace_id", "state", "due_at"),
        sa.Index(None, "owner_id", "state", "due_at"),
        sa.Index(None, "workspace_id", "done_at"),
    )

    owner_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    organisation_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("organisations.id"), index=True
    )
    creator_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), index=True)
    state: Mapped[ActionState] = mapped_column(default=ActionState.OPEN)
    due_on: Mapped[date | None]
    due_at: Mapped[datetime | None]
    briefing_id: Mapped[int | None] = mapped_column(sa.ForeignKey("briefings.id"), index=True)
    group_id: Mapped[int | None] = mapped_column(sa.ForeignKey("working_groups.id"), index=True)
    initiative_id: Mapped[int | None] = mapped_column(sa.ForeignKey("initiatives.id"), index=True)
    created_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    done_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"), index=True)
    note: Mapped[str | None]
    owner: Mapped[Person] = relationship(lazy="raise", foreign_keys=[owner_id])
    creator: Mapped[Person] = relationship(lazy="raise", foreign_keys=[creator_id])
    done_by: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[done_by_id])
    organisation: Mapped[Organisation | None] = relationship(lazy="raise")

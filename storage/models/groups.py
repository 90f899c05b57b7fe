"""Working groups and the seats in them."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage.models.marks import Marked, marks_fit
from storage.models.people import Organisation, Person
from storage.models.row import InWorkspace, Row, Titled


class WorkingGroup(InWorkspace, Titled, Marked, Row):
    """A group of people from several organisations with a purpose and a cadence."""

    __tablename__ = "working_groups"
    __table_args__ = marks_fit()

    purpose: Mapped[str] = mapped_column(default="")
    cadence: Mapped[str] = mapped_column(default="")
    channel: Mapped[str | None]
    is_open: Mapped[bool] = mapped_column(default=True)
    seats: Mapped[list["GroupSeat"]] = relationship(lazy="raise", cascade="all, delete-orphan")


class GroupSeat(InWorkspace, Row):
    """A person's seat in a working group, held for their organisation."""

    __tablename__ = "group_seats"
    __table_args__ = (sa.UniqueConstraint("group_id", "person_id"),)

    group_id: Mapped[int] = mapped_column(sa.ForeignKey("working_groups.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(
        sa.ForeignKey("people.id", ondelete="CASCADE"), index=True
    )
    organisation_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("organisations.id"), index=True
    )
    is_chair: Mapped[bool] = mapped_column(default=False)
    joined_at: Mapped[datetime]
    person: Mapped[Person] = relationship(lazy="raise")
    organisation: Mapped[Organisation | None] = relationship(lazy="raise")

"""Addresses at which people's calendars read what they may see."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.row import InWorkspace, Row


class CalendarFeed(InWorkspace, Row):
    """Somebody's address for calendars. Of its secret part only the SHA-256 *digest* is kept."""

    __tablename__ = "calendar_feeds"

    person_id: Mapped[int] = mapped_column(
        sa.ForeignKey("people.id", ondelete="CASCADE"), unique=True
    )
    digest: Mapped[str] = mapped_column(unique=True)
    made_at: Mapped[datetime]

"""Who was named as a reader of one item, and what waits for a second person to share it wider."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.marks import Audience, Tlp
from storage.models.row import InWorkspace, Row


class NamedReader(InWorkspace, Row):
    """A person to whom an item of audience `NAMED` is shown.

    *item_table* and *item_id* name the item: "briefings" and its id.
    """

    __tablename__ = "named_readers"
    __table_args__ = (sa.UniqueConstraint("item_table", "item_id", "person_id"),)

    item_table: Mapped[str]
    item_id: Mapped[int]
    person_id: Mapped[int] = mapped_column(
        sa.ForeignKey("people.id", ondelete="CASCADE"), index=True
    )


class Widening(InWorkspace, Row):
    """A wider audience that one member of staff asked for and another has yet to confirm."""

    __tablename__ = "widenings"
    __table_args__ = (sa.UniqueConstraint("item_table", "item_id"),)

    item_table: Mapped[str]
    item_id: Mapped[int]
    audience: Mapped[Audience]
    tlp: Mapped[Tlp]
    asked_by_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id", ondelete="CASCADE"))
    asked_at: Mapped[datetime]

"""The library: links to what the coalition and others have published. No file is ever held."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage.models.briefings import Briefing
from storage.models.marks import Marked, marks_fit
from storage.models.people import Organisation
from storage.models.row import InWorkspace, Row, Titled


class ResourceKind(StrEnum):
    """What sort of document a link leads to."""

    PAPER = "paper"
    GUIDE = "guide"
    TEMPLATE = "template"
    REPORT = "report"
    BLOG = "blog"
    RECORDING = "recording"
    FRAMEWORK = "framework"
    REFERENCE = "reference"
    STATEMENT = "statement"


class Resource(InWorkspace, Titled, Marked, Row):
    """A link in the library.

    *words* is everything a search looks at, folded; *published* is as precise as its source
    ("2023-11" or "2023-11-07").
    """

    __tablename__ = "resources"
    __table_args__ = (
        *marks_fit(),
        sa.Index(None, "workspace_id", "added_at"),
    )

    link: Mapped[str]
    kind: Mapped[ResourceKind]
    topics: Mapped[list[str]] = mapped_column(default=list)
    summary: Mapped[str] = mapped_column(default="")
    words: Mapped[str] = mapped_column(default="")
    version: Mapped[str | None]
    published: Mapped[str | None]
    publisher_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisations.id"), index=True)
    origin_briefing_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("briefings.id"), index=True
    )
    origin_initiative_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("initiatives.id"), index=True
    )
    added_at: Mapped[datetime]
    publisher: Mapped[Organisation | None] = relationship(lazy="raise")
    origin_briefing: Mapped[Briefing | None] = relationship(lazy="raise")

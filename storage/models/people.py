"""Workspaces, the organisations in them, and the people who speak for those."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from storage.models.row import InWorkspace, Row, folded

# With this begins what stands where the Slack id of a contact, who has none, would be.
CONTACT = "contact-"


class OrganisationKind(StrEnum):
    """A member company, or what an outside stakeholder is."""

    MEMBER = "member"
    HOTLINE = "hotline"
    REGULATOR = "regulator"
    LAW_ENFORCEMENT = "law_enforcement"
    GOVERNMENT = "government"
    INTERGOVERNMENTAL = "intergovernmental"
    CIVIL_SOCIETY = "civil_society"
    ACADEMIA = "academia"
    VENDOR = "vendor"
    PARTNER = "partner"
    SECRETARIAT = "secretariat"


class BoardRole(StrEnum):
    """A member company's part in the board."""

    CHAIR = "chair"
    MEMBER = "member"


class Role(StrEnum):
    """What somebody may do. Staff say it; Slack's own flags never raise it."""

    UNKNOWN = "unknown"
    EXTERNAL = "external"
    MEMBER = "member"
    STAFF = "staff"
    ADMIN = "admin"


class Workspace(Row):
    """One Slack workspace (or enterprise) that the bot serves.

    *retention* holds days by kind where they differ from `storage.retention.DEFAULTS`;
    *charts_refused_at* is when Slack last took a message only without its chart; *public_feed* is
    the SHA-256 of the secret part of the address of the calendar for everybody, if there is one.
    """

    __tablename__ = "workspaces"
    __table_args__ = (sa.Index(None, "public_feed", unique=True),)

    team: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    zone: Mapped[str] = mapped_column(default="UTC")
    retention: Mapped[dict[str, Any]] = mapped_column(default=dict)
    charts_refused_at: Mapped[datetime | None]
    public_feed: Mapped[str | None]
    public_feed_at: Mapped[datetime | None]


class Organisation(InWorkspace, Row):
    """A member company or an outside body."""

    __tablename__ = "organisations"
    __table_args__ = (sa.UniqueConstraint("workspace_id", "folded"),)

    name: Mapped[str]
    folded: Mapped[str]
    kind: Mapped[OrganisationKind]
    country: Mapped[str | None]
    joined_on: Mapped[date | None]
    joined_year: Mapped[int | None]
    board_role: Mapped[BoardRole | None]
    aliases: Mapped[list["OrganisationAlias"]] = relationship(
        lazy="raise", cascade="all, delete-orphan"
    )

    @validates("name")
    def _fold_name(self, _key: str, name: str) -> str:
        self.folded = folded(name)
        return name


class OrganisationAlias(InWorkspace, Row):
    """Another name of an organisation: «Snap» for Snap Inc."""

    __tablename__ = "organisation_aliases"
    __table_args__ = (sa.UniqueConstraint("workspace_id", "folded"),)

    organisation_id: Mapped[int] = mapped_column(
        sa.ForeignKey("organisations.id", ondelete="CASCADE"), index=True
    )
    name: Mapped[str]
    folded: Mapped[str]

    @validates("name")
    def _fold_name(self, _key: str, name: str) -> str:
        self.folded = folded(name)
        return name


class OrganisationDomain(InWorkspace, Row):
    """An e-mail domain whose people probably speak for an organisation; staff confirm each."""

    __tablename__ = "organisation_domains"
    __table_args__ = (sa.UniqueConstraint("workspace_id", "domain"),)

    organisation_id: Mapped[int] = mapped_column(
        sa.ForeignKey("organisations.id", ondelete="CASCADE"), index=True
    )
    domain: Mapped[str]


class Person(InWorkspace, Row):
    """Somebody with a Slack account, known by (their own team, user id), or a contact without.

    Slack says *is_active*, *is_bot*, *is_guest* (of either kind), *is_stranger* and, confirmed,
    the *domain* of the e-mail address; staff say *organisation_id*, *role* and thereby
    *linked_at*, when the two were last confirmed. *erased_at* is when the person's own data went.

    A contact is never active, so whatever is for those who read Slack leaves them out; staff say
    all there is of them, and *met_at* is when they last recorded an answer of theirs.
    """

    __tablename__ = "people"
    __table_args__ = (
        sa.UniqueConstraint("workspace_id", "slack_team", "slack_user"),
        sa.Index(None, "workspace_id", "slack_user"),
    )

    slack_team: Mapped[str]
    slack_user: Mapped[str]
    name: Mapped[str]
    title: Mapped[str | None]
    organisation_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("organisations.id", ondelete="SET NULL"), index=True
    )
    role: Mapped[Role] = mapped_column(default=Role.UNKNOWN)
    zone: Mapped[str] = mapped_column(default="UTC")
    is_active: Mapped[bool] = mapped_column(default=True)
    is_bot: Mapped[bool] = mapped_column(default=False)
    is_guest: Mapped[bool] = mapped_column(default=False)
    is_stranger: Mapped[bool] = mapped_column(default=False)
    domain: Mapped[str | None] = mapped_column(index=True)
    linked_at: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]
    met_at: Mapped[datetime]
    organisation: Mapped[Organisation | None] = relationship(lazy="raise")

    @hybrid_property
    def is_contact(self) -> bool:
        """Whether they have no Slack account: staff answer for them, and tell them."""
        return self.slack_user.startswith(CONTACT)

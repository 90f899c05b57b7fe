"""The two marks on whatever people may be kept from: whom it is shown to, and its TLP label."""

from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, declared_attr, mapped_column


class Audience(StrEnum):
    """Whom the bot shows an item to.

    `GROUP` is those who sit in one working group, `NAMED` those whom `named_readers` names.
    """

    PUBLIC = "public"
    COMMUNITY = "community"
    MEMBERS = "members"
    GROUP = "group"
    NAMED = "named"
    STAFF = "staff"


class Tlp(StrEnum):
    """What a reader may do next with an item (FIRST, Traffic Light Protocol 2.0)."""

    CLEAR = "CLEAR"
    GREEN = "GREEN"
    AMBER = "AMBER"
    AMBER_STRICT = "AMBER+STRICT"
    RED = "RED"


FITS = {
    Audience.PUBLIC: (Tlp.CLEAR,),
    Audience.COMMUNITY: (Tlp.CLEAR, Tlp.GREEN),
    Audience.MEMBERS: (Tlp.CLEAR, Tlp.GREEN, Tlp.AMBER, Tlp.AMBER_STRICT),
    Audience.GROUP: tuple(Tlp),
    Audience.NAMED: tuple(Tlp),
    Audience.STAFF: tuple(Tlp),
}


# What is a body wherever it stands: of TLP:RED the bot holds titles, times and places alone.
BODIES = (
    *("agenda", "goal", "link", "note", "purpose", "recording_link", "summary", "updates"),
    *("milestones", "questions"),
)


class Marked:
    """A row with an audience and a label that fit each other.

    A new row is for members, TLP:AMBER, until somebody decides otherwise.
    """

    audience: Mapped[Audience] = mapped_column(default=Audience.MEMBERS)
    tlp: Mapped[Tlp] = mapped_column(default=Tlp.AMBER)

    @declared_attr
    @classmethod
    def audience_group_id(cls) -> Mapped[int | None]:
        """Name the working group an item of audience `GROUP` is for."""
        return mapped_column(sa.ForeignKey("working_groups.id"), index=True)


def marks_fit() -> tuple[sa.CheckConstraint, ...]:
    """Give the constraints by which the database itself refuses marks that do not fit."""
    return (
        sa.CheckConstraint("audience <> 'public' OR tlp = 'CLEAR'", name="public_is_clear"),
        sa.CheckConstraint(
            "audience <> 'community' OR tlp IN ('CLEAR', 'GREEN')", name="community_is_green"
        ),
        sa.CheckConstraint("audience <> 'members' OR tlp <> 'RED'", name="members_not_red"),
    )

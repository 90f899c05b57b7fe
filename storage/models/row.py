"""What every table has in common: its workspace, its naming, its types."""

import enum
import re
import unicodedata
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, validates

from storage.database import Moment

TITLE_LIMIT = 150
# Every keyboard has its own, and a phone changes them as one types.
_QUOTES = str.maketrans("", "", "\"'“”„‟‘’‚‛«»‹›`´")
_NO_WORD = re.compile(r"[\W_]")


def stored_by_value(choices: type[enum.StrEnum]) -> list[str]:
    """Store an enum's values; SQLAlchemy would store its names."""
    return [choice.value for choice in choices]


class Row(DeclarativeBase):
    """A table of ours. Ids are never used twice, so an old button can only meet its own row."""

    metadata = sa.MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 -- SQLAlchemy's own way to configure a base
        datetime: Moment,
        date: sa.Date,
        str: sa.Text,
        dict[str, Any]: sa.JSON,
        list[str]: sa.JSON,
        enum.StrEnum: sa.Enum(
            enum.StrEnum, values_callable=stored_by_value, native_enum=False, length=32
        ),
    }
    __table_args__: Any = {"sqlite_autoincrement": True}  # noqa: RUF012 -- same

    id: Mapped[int] = mapped_column(primary_key=True)


class InWorkspace:
    """A row that belongs to one workspace; no query crosses from one to another."""

    workspace_id: Mapped[int] = mapped_column(
        sa.ForeignKey("workspaces.id", ondelete="CASCADE"), index=True
    )


class Titled:
    """A row that people call by its title."""

    title: Mapped[str]
    folded: Mapped[str] = mapped_column(index=True)

    @validates("title")
    def _fold_title(self, _key: str, title: str) -> str:
        self.folded = folded(title)
        return title


def folded(text: str) -> str:
    """Give *text* without case, accents, quotes and spare spaces: “Coimisiún” is coimisiun."""
    apart = unicodedata.normalize("NFKD", text.casefold().translate(_QUOTES))
    return " ".join("".join(c for c in apart if not unicodedata.combining(c)).split())


def spaced(text: str) -> str:
    """Give *text* as folded words between single spaces: «AI-generated» is « ai generated »."""
    return f" {' '.join(_NO_WORD.sub(' ', folded(text)).split())} "

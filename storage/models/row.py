"""What every table has in common: its workspace, its naming, its types."""

import enum
import re
import unicodedata
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, validates
from sqlalchemy.sql.operators import OperatorType

from storage.database import Moment

TITLE_LIMIT = 150
# Every keyboard has its own, and a phone changes them as one types.
_QUOTES = str.maketrans("", "", "\"'“”„‟‘’‚‛«»‹›`´")
_NO_WORD = re.compile(r"[\W_]")


def stored_by_value(choices: type[enum.StrEnum]) -> list[str]:
    """Store an enum's values; SQLAlchemy would store its names."""
    return [choice.value for choice in choices]


class Choice(sa.Enum):
    """A column of an enum's members. In a condition they are written out, not sent as parameters.

    A statement holds dozens of them, and each parameter costs as much as a column that is read.
    """

    class Comparator(sa.Enum.Comparator):
        """Compares the column with members, one or several."""

        def operate(self, op: OperatorType, *other: Any, **kwargs: Any) -> sa.ColumnElement[Any]:
            """Compare as any column does."""
            return super().operate(op, *map(_written, other), **kwargs)

    comparator_factory = Comparator

    @property
    def _generic_type_affinity(self) -> type[sa.Enum]:
        return Choice  # what SQLAlchemy makes of this for each enum; a plain one else


def _written(other: Any) -> Any:
    if isinstance(other, enum.StrEnum):
        return sa.literal_column(f"'{other.value}'", sa.Text)
    return [*map(_written, other)] if isinstance(other, (list, tuple, set, frozenset)) else other


class Row(DeclarativeBase):
    """A table of ours. Ids are never used twice, so an old button can only meet its own row.

    SQLite needs AUTOINCREMENT for that, which migrations give to each table.
    """

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
        enum.StrEnum: Choice(
            enum.StrEnum, values_callable=stored_by_value, native_enum=False, length=32
        ),
    }

    id: Mapped[int] = mapped_column(primary_key=True)


def partial(name: str, *columns: str, where: str) -> sa.Index:
    """Index those rows alone of which *where* holds, in the words of the statements that ask.

    What is open stays few, however much is over.
    """
    # Not as an argument of each database: that would load the dialect of the one that is not used.
    return sa.Index(name, *columns, info={"where": where})


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

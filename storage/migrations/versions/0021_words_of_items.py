"""The words that things are found by, each in a row, so that a search reads few titles."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.models.words import words_of

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

AT_ONCE = 500
TABLES = ("briefings", "working_groups", "resources", "action_items", "initiatives", "series")
ALL = ("id", "workspace_id", "title")
WORD = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    words = op.create_table(
        "item_words",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("item_table", sa.Text(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("word", WORD, nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_item_words_workspace_id_workspaces"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_words")),
        sa.UniqueConstraint(
            "workspace_id",
            "item_table",
            "word",
            "item_id",
            name=op.f("uq_item_words_workspace_id_item_table_word_item_id"),
        ),
        sqlite_autoincrement=True,
    )
    for table in TABLES:
        for rows in _portions(table):
            op.bulk_insert(words, rows)
    # Made once they are there: that is faster than one by one.
    op.create_index(
        "ix_item_words_item_table_item_id_word", "item_words", ["item_table", "item_id", "word"]
    )


def downgrade() -> None:
    op.drop_table("item_words")


def _portions(name: str) -> Iterator[list[dict[str, Any]]]:
    traits = ["kind", "place"] if name == "briefings" else []
    more = {"briefings": ["city"], "resources": ["words"]}.get(name, [])
    columns: list[sa.ColumnClause[Any]] = [sa.column(column) for column in (*ALL, *more, *traits)]
    if name == "resources":
        columns.append(sa.column("topics", sa.JSON()))
    table, last = sa.table(name, *columns), 0
    while items := op.get_bind().execute(_after(table, last)).mappings().all():
        last = items[-1]["id"]
        yield [
            {
                "workspace_id": item["workspace_id"],
                "item_table": name,
                "item_id": item["id"],
                "word": word,
            }
            for item in items
            for word in words_of(
                item["title"],
                *(item[one] for one in more),
                topics=item.get("topics", ()),
                traits=[item[one] for one in traits],
            )
        ]


def _after(table: Any, last: int) -> sa.Select[Any]:
    return sa.select(*table.c).where(table.c.id > last).order_by(table.c.id).limit(AT_ONCE)

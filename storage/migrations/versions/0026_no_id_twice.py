"""Two tables that were made anew on SQLite, and then gave ids a second time."""

from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

KEPT = {"sqlite_autoincrement": True}


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table in ("initiatives", "own_digests"):
            with op.batch_alter_table(table, recreate="always", table_kwargs=KEPT):
                pass


def downgrade() -> None:
    pass

"""How often a briefing has changed since somebody may have taken it into a calendar."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

KEPT = {"sqlite_autoincrement": True}


def upgrade() -> None:
    with op.batch_alter_table("briefings", schema=None) as batch_op:
        # A plain default: for any other SQLite's table would be made anew, without AUTOINCREMENT.
        batch_op.add_column(sa.Column("sequence", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    with op.batch_alter_table("briefings", schema=None, table_kwargs=KEPT) as batch_op:
        batch_op.drop_column("sequence")

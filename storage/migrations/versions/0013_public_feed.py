"""A calendar for everybody, at an address that staff make and publish."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("workspaces", schema=None) as batch_op:
        batch_op.add_column(sa.Column("public_feed", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("public_feed_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index(batch_op.f("ix_workspaces_public_feed"), ["public_feed"], unique=True)


def downgrade() -> None:
    with op.batch_alter_table("workspaces", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_workspaces_public_feed"))
        batch_op.drop_column("public_feed_at")
        batch_op.drop_column("public_feed")

"""Digests that people order for themselves."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "own_digests",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=True),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.id"],
            name=op.f("fk_own_digests_person_id_people"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_own_digests_workspace_id_workspaces"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_own_digests")),
        sa.UniqueConstraint(
            "workspace_id", "person_id", name=op.f("uq_own_digests_workspace_id_person_id")
        ),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("own_digests", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_own_digests_next_at"), ["next_at"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_own_digests_workspace_id"), ["workspace_id"], unique=False
        )


def downgrade() -> None:
    op.drop_table("own_digests")

"""What digests tell and on which days, and what people wish of the messages to them."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

NOTHING = sa.text("'[]'")


def upgrade() -> None:
    for table in ("subscriptions", "own_digests"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            for name in ("sections", "topics"):
                batch_op.add_column(
                    sa.Column(name, sa.JSON(), nullable=False, server_default=NOTHING)
                )
    with op.batch_alter_table("subscriptions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("called_off_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.alter_column("weekday", existing_type=sa.Integer(), nullable=True)

    op.create_table(
        "preferences",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("muted", sa.JSON(), nullable=False),
        sa.Column("back_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("quiet_from", sa.Text(), nullable=True),
        sa.Column("quiet_until", sa.Text(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.id"],
            name=op.f("fk_preferences_person_id_people"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_preferences_workspace_id_workspaces"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_preferences")),
        sa.UniqueConstraint("person_id", name=op.f("uq_preferences_person_id")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("preferences", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_preferences_workspace_id"), ["workspace_id"], unique=False
        )


def downgrade() -> None:
    op.drop_table("preferences")
    # What goes on several days a week has no day of its own to go back to.
    op.execute(sa.text("DELETE FROM subscriptions WHERE weekday IS NULL OR weekday > 6"))
    op.execute(sa.text("DELETE FROM own_digests WHERE weekday > 6"))
    with op.batch_alter_table("subscriptions", schema=None) as batch_op:
        batch_op.alter_column("weekday", existing_type=sa.Integer(), nullable=False)
        batch_op.drop_column("called_off_at")
    for table in ("subscriptions", "own_digests"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column("topics")
            batch_op.drop_column("sections")

"""Of which initiative a channel's digest tells, if of one alone."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

KEPT = {"sqlite_autoincrement": True}
KEY = "fk_subscriptions_initiative_id_initiatives"


def upgrade() -> None:
    with op.batch_alter_table("subscriptions", schema=None, table_kwargs=KEPT) as batch_op:
        batch_op.add_column(sa.Column("initiative_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f(KEY), "initiatives", ["initiative_id"], ["id"])
        batch_op.create_index(
            batch_op.f("ix_subscriptions_initiative_id"), ["initiative_id"], unique=False
        )


def downgrade() -> None:
    # Told of everything, a channel would hear what nobody ordered for it.
    op.execute(sa.text("DELETE FROM subscriptions WHERE initiative_id IS NOT NULL"))
    with op.batch_alter_table("subscriptions", schema=None, table_kwargs=KEPT) as batch_op:
        batch_op.drop_index(batch_op.f("ix_subscriptions_initiative_id"))
        batch_op.drop_constraint(batch_op.f(KEY), type_="foreignkey")
        batch_op.drop_column("initiative_id")

"""Deliveries in doubt: since when, and when to look for a second copy."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

THERE = sa.text("audit_at IS NOT NULL")


def upgrade() -> None:
    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.add_column(sa.Column("unsure_since", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("audit_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index(
            batch_op.f("ix_deliveries_audit_at"),
            ["audit_at"],
            unique=False,
            sqlite_where=THERE,
            postgresql_where=THERE,
        )


def downgrade() -> None:
    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_deliveries_audit_at"), postgresql_where=THERE)
        batch_op.drop_column("audit_at")
        batch_op.drop_column("unsure_since")

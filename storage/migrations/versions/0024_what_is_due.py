"""Indexes of what is due, in all and in a lane, and of what expires."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

PARTIAL = (
    ("ix_deliveries_due", ["state", "due_at", "id"], "state = 'pending' OR state = 'sending'"),
    (
        "ix_deliveries_lane",
        ["workspace_id", "recipient", "due_at"],
        "state IN ('pending', 'sending')",
    ),
    ("ix_deliveries_state_expires_at", ["state", "expires_at"], "state = 'pending'"),
)


def upgrade() -> None:
    for name, columns, where in PARTIAL:
        only = sa.text(where)
        op.create_index(name, "deliveries", columns, sqlite_where=only, postgresql_where=only)


def downgrade() -> None:
    for name, *_ in PARTIAL:
        op.drop_index(name, "deliveries")

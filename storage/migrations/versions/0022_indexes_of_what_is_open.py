"""Indexes of what is open, which stays little however much is over, and of what was done when."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

PARTIAL = (
    ("ix_deliveries_expiring", "deliveries", ["expires_at"], "state = 'pending'"),
    (
        "ix_deliveries_failed",
        "deliveries",
        ["workspace_id", "due_at"],
        "state IN ('held', 'dead', 'expired')",
    ),
    ("ix_briefings_drafts", "briefings", ["workspace_id", "starts_at"], "state = 'draft'"),
    ("ix_briefings_closing", "briefings", ["closes_at"], "closes_at IS NOT NULL"),
    ("ix_initiatives_under_way", "initiatives", ["workspace_id"], "health != 'done'"),
    ("ix_rsvps_offered", "rsvps", ["offered_until"], "standing = 'offered'"),
)
WHOLE = (
    (
        "ix_milestones_workspace_id_is_done_due_on",
        "milestones",
        ["workspace_id", "is_done", "due_on"],
    ),
    ("ix_action_items_workspace_id_done_at", "action_items", ["workspace_id", "done_at"]),
    ("ix_action_items_done_by_id", "action_items", ["done_by_id"]),
)


def upgrade() -> None:
    for name, table, columns, where in PARTIAL:
        only = sa.text(where)
        op.create_index(name, table, columns, sqlite_where=only, postgresql_where=only)
    for name, table, columns in WHOLE:
        op.create_index(name, table, columns)


def downgrade() -> None:
    for name, table, *_ in (*WHOLE, *PARTIAL):
        op.drop_index(name, table)

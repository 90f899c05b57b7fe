"""An index in which all stands by which a list of briefings is counted."""

from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

OLD, NEW = "ix_briefings_workspace_id_starts_at", "ix_briefings_soonest"
BEGIN = ["workspace_id", "starts_at"]
COUNTED = ["id", "ends_at", "state", "audience", "audience_group_id"]


def upgrade() -> None:
    op.create_index(NEW, "briefings", BEGIN + COUNTED)
    op.drop_index(OLD, "briefings")


def downgrade() -> None:
    op.create_index(OLD, "briefings", BEGIN)
    op.drop_index(NEW, "briefings")
